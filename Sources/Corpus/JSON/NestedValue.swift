import Bytes

/// An object or a list where the cell of a role is expected.
struct NestedValue {
  let role: ColumnRole
  /// The member's name.
  let name: String
  let isList: Bool
  /// Whether there is nothing in it, as if the cell were empty.
  let isEmpty: Bool
  private let bytes: [UInt8]

  /// - Returns: `nil` for a value that can be read as it is: one of no role, or a list of pictures' paths.
  init?(_ bytes: UnsafeRawBufferPointer, name: String, role: ColumnRole?, isList: Bool) {
    guard let role else { return nil }
    let first = bytes.dropFirst().first { !isBlank($0) }
    if role == .image, isList, first != UInt8(ascii: "{") { return nil }
    (self.role, self.name, self.isList) = (role, name, isList)
    isEmpty = first == UInt8(ascii: "}") || first == UInt8(ascii: "]")
    self.bytes = isEmpty ? [] : Array(bytes)
  }

  /// What it is, in words.
  var kind: String { isList ? "a list" : "an object" }

  var fault: RecordFault.JSONFault {
    .nestedValue(member: name, kind: kind, role: role, suggestion: suggestion)
  }

  // MARK: What would work

  /// A column that reads a value within it, if there is one: `image.url`, `media.*.url`.
  var suggestion: String? {
    guard let value = try? JSONParser.parse(bytes) else { return nil }
    var found: [Leaf] = []
    collect(value, [], into: &found)
    let best = found.enumerated().min { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
    return best.map { ([name] + $0.element.path).joined(separator: ".") }
  }

  private struct Leaf {
    var path: [String]
    var rank: Int
  }

  /// Names of members that usually have what a role needs.
  private var usualNames: [String] {
    switch role {
    case .image: ["url", "path", "src", "file", "file_name", "filename", "file_path", "media_url", "href", "uri"]
    case .text, .knowledge: ["text", "full_text", "full", "content", "body", "message", "caption", "title"]
    case .label: ["label", "name", "value", "choice", "class"]
    case .id: ["$oid", "id", "id_str", "key", "value"]
    case .date: []
    }
  }

  private static let mostLeaves = 100

  private func collect(_ value: JSON, _ path: [String], into found: inout [Leaf]) {
    guard found.count < Self.mostLeaves else { return }
    switch value {
    case .object(let members):
      for member in members { collect(member.value, path + [member.key.text], into: &found) }
    case .array(let elements):
      // An id is one value.
      if let first = elements.first { collect(first, path + [role == .id ? "0" : "*"], into: &found) }
    case .null: break
    default:
      let isUsual = path.last.map { usualNames.contains($0.lowercased()) } == true
      found.append(Leaf(path: path, rank: (isUsual ? 0 : 100) + (value.asString == nil ? 50 : 0) + min(path.count, 49)))
    }
  }
}
