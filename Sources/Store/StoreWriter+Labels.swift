package import Bytes
import GRDB

/// A post's true label from one source.
package struct SourceLabel: Equatable, Sendable {
  /// The post's row in the store.
  package var post: Int64
  /// Where the label is from, such as an annotator's name.
  package var source: String
  /// The label; nil removes the one that the store has, with its note.
  package var label: ByteText?
  /// A note on the label: empty removes the one that the store has, nil leaves it.
  package var note: String?
  /// The time of the label: UTC in ISO 8601.
  package var notedAt: String

  package init(post: Int64, source: String, label: ByteText?, note: String? = nil, notedAt: String) {
    (self.post, self.source, self.label, self.note, self.notedAt) = (post, source, label, note, notedAt)
  }
}

/// What a label changed in the store.
package enum LabelChange: Equatable, Sendable {
  /// The post had no label from this source.
  case new
  /// The post had another label from this source, or another note; both were replaced.
  case changed
  /// The store has label and note already; it keeps their time.
  case unchanged
  /// The label was removed.
  case removed
}

extension StoreWriter {
  /// Stores a post's label from one source, in a transaction of its own: when this returns, it is in the store.
  ///
  /// - Returns: what changed.
  /// - Throws: `interrupted`, `diskFull`, …; the store is then unchanged.
  /// - Complexity: O(log n) in a store of n labels.
  @discardableResult
  package func note(_ label: SourceLabel) throws(StoreError) -> LabelChange {
    try transact { db in try LabelStatements(db).note(label) }
  }
}

/// The statements that store labels, prepared once for a connection.
struct LabelStatements {
  private let find, insert, remove, findNote, insertNote, removeNote: Statement

  init(_ db: Database) throws {
    find = try db.cachedStatement(sql: "SELECT label FROM label WHERE post_id = ? AND source = ?")
    insert = try db.cachedStatement(
      sql: """
        INSERT INTO label (post_id, source, label, noted_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (post_id, source) DO UPDATE SET label = excluded.label, noted_at = excluded.noted_at
        """)
    remove = try db.cachedStatement(sql: "DELETE FROM label WHERE post_id = ? AND source = ?")
    findNote = try db.cachedStatement(sql: "SELECT note FROM label_note WHERE post_id = ? AND source = ?")
    insertNote = try db.cachedStatement(
      sql: """
        INSERT INTO label_note (post_id, source, note) VALUES (?, ?, ?)
        ON CONFLICT (post_id, source) DO UPDATE SET note = excluded.note
        """)
    removeNote = try db.cachedStatement(sql: "DELETE FROM label_note WHERE post_id = ? AND source = ?")
  }

  /// Stores a label within a transaction.
  func note(_ label: SourceLabel) throws -> LabelChange {
    let place: StatementArguments = [label.post, label.source]
    let old: ByteText? = try ByteText.fetchOne(find, arguments: place)
    guard let new = label.label else {
      guard old != nil else { return .unchanged }
      try removeNote.execute(arguments: place)
      try remove.execute(arguments: place)
      return .removed
    }
    if old != new { try insert.execute(arguments: [label.post, label.source, new, label.notedAt]) }
    let change = old.map { $0 == new ? LabelChange.unchanged : .changed } ?? .new
    guard let note = label.note,
      try String.fetchOne(findNote, arguments: place).map({ ByteText($0) }) ?? "" != ByteText(note)
    else { return change }
    if note.isEmpty {
      try removeNote.execute(arguments: place)
    } else {
      try insertNote.execute(arguments: place + [note])
    }
    return change == .unchanged ? .changed : change
  }
}
