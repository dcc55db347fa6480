import Bytes
import Corpus

/// Merges the other columns of a post, a JSON object, with those of another row of the post.
enum ExtraColumns {
  /// The name of a post's date among its columns.
  static let date = "posted_at"

  /// The result of merging a post's columns.
  struct MergeResult {
    /// The post's new object; `nil` if nothing changes.
    var json: String?
    /// The columns that were added or changed.
    var changed: [String] = []
    /// The columns in which the row's value differs from the post's, which is kept.
    var differing: [String] = []
  }

  /// Merges a row's columns into a post's: the row's values replace or extend those of the post; everything else stays.
  ///
  /// A blank cell is no value: it neither replaces a value nor adds a column, and any value replaces it.
  /// - Parameters:
  ///   - row: the row's, a JSON object.
  ///   - stored: the post's.
  ///   - onlyAdds: whether values that the post has stay as they are.
  /// - Returns: What changes, and what differs.
  /// - Throws: `DamagedRow` if one of them is not an object.
  /// - Complexity: O(n) for n bytes, if they differ.
  static func merged(_ row: String, over stored: String, onlyAdds: Bool) throws -> MergeResult {
    var merged = MergeResult()
    if ByteText(row) == ByteText(stored) { return merged }
    guard case .object(var members)? = try? JSONParser.parse(Array(stored.utf8)),
      case .object(let added)? = try? JSONParser.parse(Array(row.utf8))
    else { throw DamagedRow(column: "extra") }
    var places = members.map(\.key).places
    for member in added where !isBlank(member.value) {
      guard let place = places[member.key] else {
        places[member.key] = members.count
        members.append(member)
        merged.changed.append(member.key.text)
        continue
      }
      if case .string(let old) = members[place].value, case .string(let new) = member.value,
        ByteText(old) == ByteText(new)
      {
        continue
      }
      if onlyAdds && !isBlank(members[place].value) {
        merged.differing.append(member.key.text)
      } else {
        members[place] = member
        merged.changed.append(member.key.text)
      }
    }
    guard !merged.changed.isEmpty else { return merged }
    // Columns are strings; other values that people added by hand are kept.
    merged.json = JSON.object(members).text()
    return merged
  }

  private static func isBlank(_ value: JSON) -> Bool {
    switch value {
    case .null: true
    case .string(let value): value.isBlank
    default: false
    }
  }
}

/// Names of columns, each once, in the order of first appearance.
package struct ColumnNames: Equatable, Sendable {
  /// The names.
  package private(set) var all: [String] = []
  private var seen: Set<ByteText> = []

  /// Creates a list of none.
  package init() {}

  /// Adds names.
  package mutating func add(_ names: [String]) {
    for name in names where seen.insert(ByteText(name)).inserted { all.append(name) }
  }
}
