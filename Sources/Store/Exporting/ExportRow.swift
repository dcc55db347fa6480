package import Queries

/// A row of a run as the store has it.
package struct ExportRow: Sendable {
  /// What the store has of the row's cells.
  package struct Content: Sendable {
    /// The post.
    package var id: Int64
    package var text: String
    package var knowledge: String
    package var image: String?
    /// The other columns, a JSON object.
    package var extra: String
    /// The corpus' own label.
    package var label: String?
  }

  /// What the scorer says.
  package struct Answer: Sendable {
    package var label: String
    package var confidence: QueryValue
    /// A JSON object of probabilities by label.
    package var probabilities: String
    package var similarity: QueryValue
  }

  /// Where the row stands.
  package var file: String
  package var record: Int
  package var line: Int
  package var key: String?
  /// An `EntryState`'s raw value.
  package var state: String
  /// `nil` for a row that was lost or forgotten.
  package var post: Content?
  package var answer: Answer?
  /// What the row was lost to.
  package var fault: String?

  /// Whether the row is the first of its post in the run.
  package var isFirst: Bool { state == EntryState.scored.rawValue || state == EntryState.withoutPicture.rawValue }
}
