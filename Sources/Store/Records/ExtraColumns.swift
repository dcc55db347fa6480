import Bytes

/// The other columns of a post, as a JSON object, when another row of the post comes.
enum ExtraColumns {
  /// Lays a row's columns over a post's: what the row has replaces or adds to what the post has, all else stays.
  ///
  /// - Parameters:
  ///   - row: the row's, a JSON object.
  ///   - stored: the post's.
  ///   - onlyAdds: whether columns that the post has stay as they are.
  /// - Returns: the post's new object; `nil` where nothing changes.
  /// - Throws: `DamagedRow` where one of both is no object.
  /// - Complexity: O(n) for n bytes, where they differ.
  static func laid(_ row: String, over stored: String, onlyAdds: Bool) throws -> String? {
    if row.hasSameBytes(as: stored) { return nil }
    guard case .object(var members)? = try? JSONParser.parse(Array(stored.utf8)),
      case .object(let added)? = try? JSONParser.parse(Array(row.utf8))
    else { throw DamagedRow(column: "extra") }
    var places: [ByteText: Int] = [:]
    for (place, member) in members.enumerated() { places[ByteText(member.key)] = place }
    var isChanged = false
    for member in added {
      guard let place = places[ByteText(member.key)] else {
        places[ByteText(member.key)] = members.count
        members.append(member)
        isChanged = true
        continue
      }
      if onlyAdds { continue }
      if case .string(let old) = members[place].value, case .string(let new) = member.value, old.hasSameBytes(as: new) {
        continue
      }
      members[place] = member
      isChanged = true
    }
    guard isChanged else { return nil }
    var json = JSONText()
    write(.object(members), into: &json)
    return json.text
  }

  /// Columns are strings; what people put among them by hand is kept as it is.
  private static func write(_ value: JSON, into json: inout JSONText) {
    switch value {
    case .null: json.optional(nil as String?)
    case .bool(let value): json.bool(value)
    case .integer(let value): json.number(value)
    case .real(let value): json.number(value)
    case .string(let value): json.string(value)
    case .array(let values): json.array(values) { write($1, into: &$0) }
    case .object(let members): json.object(members, key: \.key) { write($1.value, into: &$0) }
    }
  }
}
