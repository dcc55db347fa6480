import Bytes

/// Recognises files that are one JSON value with the posts in another form than a list of objects.
enum JSONShape {
  /// The number of bytes that are looked at.
  private static let bytes = 1 << 20

  /// Recognises a file.
  ///
  /// - Parameters:
  ///   - source: the file, of which a copy is read.
  ///   - wanted: the names of members that posts have.
  /// - Returns: what it is; `nil` if it is none of these.
  static func find(in source: LineSource, wanted: [ByteText]) -> OtherLines? {
    var source = source
    var text: [UInt8] = []
    while text.count < bytes, let piece = try? source.next() {
      text += source.bytes[piece.content]
      if piece.isLast { text.append(UInt8(ascii: "\n")) }
    }
    return find(in: text, wanted: Set(wanted))
  }

  static func find(in text: [UInt8], wanted: Set<ByteText>) -> OtherLines? {
    // Each record of a JSON text sequence (RFC 7464) begins with this character.
    if text.first(where: { !isBlank($0) }) == 0x1E { return .textSequence }
    var reader = JSONSketchReader(bytes: text)
    guard let value = reader.value(), reader.isAtEnd else { return nil }
    return switch value {
    case .word: nil
    case .list(let elements): list(elements, wanted)
    case .object(let members): object(members, wanted)
    }
  }

  private static func list(_ elements: [JSONSketch], _ wanted: Set<ByteText>) -> OtherLines? {
    guard let first = elements.first else { return nil }
    if elements.allSatisfy(\.isString) { return .valueList }
    guard case .list(let inner) = first, elements.allSatisfy(\.isList) else { return nil }
    if case .object? = inner.first { return .recordLists }
    return inner.contains { $0.text.map(wanted.contains) == true }
      ? .rowLists(hasHeader: true) : .rowLists(hasHeader: false)
  }

  private static func object(_ members: [JSONSketch.Member], _ wanted: Set<ByteText>) -> OtherLines? {
    let values = members.map(\.value)
    if members.contains(where: { $0.key == "columns" && $0.value.isFlatList }),
      members.contains(where: {
        if $0.key == "data", case .list(let rows) = $0.value { rows.allSatisfy(\.isList) } else { false }
      })
    {
      return .splitTable
    }
    if !values.isEmpty, values.allSatisfy(\.isFlatList) { return .columnLists }
    var inner: [JSONSketch.Member] = []
    for value in values {
      guard case .object(let own) = value else { return nil }
      inner += own
    }
    guard let first = inner.first else { return nil }
    if members.contains(where: { wanted.contains($0.key) }) { return .columnObjects }
    if inner.contains(where: { wanted.contains($0.key) }) { return .recordsByKey }
    // Names of other columns: pandas numbers the rows.
    return first.key == "0" ? .columnObjects : members.count > 1 ? .recordsByKey : nil
  }
}

/// The outline of a JSON value: its first levels, and the first elements of each.
indirect enum JSONSketch {
  struct Member {
    var key: ByteText
    var value: JSONSketch
  }

  /// A string, a number or a word; the text of a short string.
  case word(ByteText?)
  case list([JSONSketch])
  case object([Member])

  var isList: Bool { if case .list = self { true } else { false } }
  var text: ByteText? { if case .word(let text) = self { text } else { nil } }
  var isString: Bool { text != nil }
  /// Whether it is a list of words.
  var isFlatList: Bool {
    guard case .list(let elements) = self else { return false }
    return elements.allSatisfy { if case .word = $0 { true } else { false } }
  }
}

/// Reads the outline of a JSON value, of which the end may be missing.
private struct JSONSketchReader {
  private static let levels = 3
  private static let nestingLimit = 64
  private static let kept = 20

  let bytes: [UInt8]
  private var at = 0
  private var isDamaged = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Whether nothing but blanks follows, or the end is missing.
  var isAtEnd: Bool { !isDamaged && bytes[min(at, bytes.count)...].allSatisfy(isBlank) }

  /// The value; `nil` if there is none.
  mutating func value() -> JSONSketch? { value(depth: 0) }

  private mutating func value(depth: Int) -> JSONSketch? {
    skipBlanks()
    guard at < bytes.count, depth < Self.nestingLimit else { return nil }
    switch bytes[at] {
    case UInt8(ascii: "["): return .list(elements(depth, end: UInt8(ascii: "]")) { $0.value(depth: depth + 1) })
    case UInt8(ascii: "{"):
      return .object(
        elements(depth, end: UInt8(ascii: "}")) { reader in
          guard let key = reader.string() else { return nil }
          reader.skipBlanks()
          guard reader.take(UInt8(ascii: ":")), let value = reader.value(depth: depth + 1) else { return nil }
          return JSONSketch.Member(key: key, value: value)
        })
    case UInt8(ascii: "\""): return string().map { .word($0) }
    default:
      let start = at
      while at < bytes.count, !isBlank(bytes[at]), !",]}".utf8.contains(bytes[at]) { at += 1 }
      return at > start ? .word(nil) : nil
    }
  }

  /// The first elements between brackets.
  private mutating func elements<Element>(
    _ depth: Int, end: UInt8, _ element: (inout Self) -> Element?
  ) -> [Element] {
    var found: [Element] = []
    at += 1
    while true {
      skipBlanks()
      if at >= bytes.count || take(end) { return found }
      guard let next = element(&self) else {
        isDamaged = isDamaged || at < bytes.count
        return found
      }
      if found.count < Self.kept, depth < Self.levels { found.append(next) }
      skipBlanks()
      guard at >= bytes.count || take(UInt8(ascii: ",")) || bytes[at] == end else {
        isDamaged = true
        return found
      }
    }
  }

  /// A string as written, without its quotes.
  private mutating func string() -> ByteText? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    guard at < bytes.count else {
      at = bytes.count
      return nil
    }
    at += 1
    return ByteText(String(decoding: bytes[start..<at - 1].prefix(200), as: UTF8.self))
  }

  private mutating func skipBlanks() { while at < bytes.count, isBlank(bytes[at]) { at += 1 } }

  private mutating func take(_ wanted: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == wanted else { return false }
    at += 1
    return true
  }
}
