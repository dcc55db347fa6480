internal import Glibc

/// Reads the JSON of one line from left to right, without a tree: for files of millions of lines.
package struct JSONScanner {
  /// Why a line is not what is expected at a place.
  package enum Fault: Error, Equatable {
    /// Something else than this is at a byte of the line, from 0.
    case expected(String, at: Int)
    /// A member of an object comes twice.
    case repeated(String)
    /// Lists and objects are nested too deeply.
    case tooDeep(limit: Int)
  }

  /// The maximum nesting of lists and objects.
  package static let nestingLimit = 16

  private let bytes: UnsafeRawBufferPointer
  package private(set) var at = 0
  private var depth = 0

  /// Begins at the first byte of a line, which must stay valid.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func require(_ byte: UInt8, _ words: String) throws(Fault) {
    skipBlanks()
    guard take(byte) else { throw .expected(words, at: at) }
    skipBlanks()
  }

  /// Checks that nothing follows.
  package mutating func end() throws(Fault) {
    skipBlanks()
    guard at == bytes.count else { throw .expected("the end of the line", at: at) }
  }

  /// Reads an object; `read` must take the value of each member.
  package mutating func object(_ read: (inout JSONScanner, String) throws -> Void) throws {
    try require(UInt8(ascii: "{"), "an object")
    try enter()
    defer { depth -= 1 }
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipBlanks()
      let key = try string()
      try require(UInt8(ascii: ":"), "a colon")
      try read(&self, key)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw Fault.expected("a comma or }", at: at) }
  }

  private mutating func enter() throws(Fault) {
    guard depth < Self.nestingLimit else { throw .tooDeep(limit: Self.nestingLimit) }
    depth += 1
  }

  /// Passes over a value of any kind.
  package mutating func skip() throws {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skip() }
    case UInt8(ascii: "["):
      at += 1
      try enter()
      defer { depth -= 1 }
      skipBlanks()
      if take(UInt8(ascii: "]")) { return }
      repeat {
        try skip()
        skipBlanks()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw Fault.expected("a comma or ]", at: at) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): if !null() { throw Fault.expected("a value", at: at) }
    default: _ = try number()
    }
  }

  /// Whether the value is null, which is then taken.
  package mutating func null() -> Bool { word("null") }

  /// True or false.
  package mutating func bool() throws(Fault) -> Bool {
    if word("true") { return true }
    if word("false") { return false }
    throw .expected("true or false", at: at)
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard let base = bytes.baseAddress, bytes.count - at >= count, memcmp(base + at, word.utf8Start, count) == 0
    else { return false }
    at += count
    return true
  }

  /// A whole number from 0 on.
  package mutating func count() throws(Fault) -> Int {
    let start = at
    var number = 0
    while let byte = next, byte >= 0x30, byte <= 0x39 {
      guard at - start < 18 else { throw .expected("a whole number below 10^18", at: start) }
      number = number * 10 + Int(byte - 0x30)
      at += 1
    }
    guard at > start, bytes[start] != 0x30 || at == start + 1, next.map(Self.endsValue) ?? true else {
      throw .expected("a whole number from 0 on", at: start)
    }
    return number
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0D: true
    default: false
    }
  }

  /// A finite number.
  package mutating func number() throws(Fault) -> Double {
    let start = at
    _ = take(UInt8(ascii: "-"))
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[at - whole] != 0x30 else { throw .expected("a number", at: start) }
    if take(UInt8(ascii: ".")), digits() == 0 { throw .expected("a digit", at: at) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      if digits() == 0 { throw .expected("a digit", at: at) }
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw .expected("a finite number", at: start) }
    return value
  }

  private mutating func digits() -> Int {
    let start = at
    while let byte = next, byte >= 0x30, byte <= 0x39 { at += 1 }
    return at - start
  }

  /// A string, without a NUL character.
  package mutating func string() throws(Fault) -> String {
    guard take(UInt8(ascii: "\"")) else { throw .expected("a string", at: at) }
    let start = at
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        guard let text = String(validating: bytes[start..<at - 1], as: UTF8.self) else {
          throw .expected("UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw .expected("no control character in a string", at: at)
      default: at += 1
      }
    }
    throw .expected("the end of a string", at: at)
  }

  /// The rest of a string in which an escape was found.
  private mutating func escapedString(from start: Int) throws(Fault) -> String {
    var text = [UInt8](bytes[start..<at])
    while let byte = next {
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let valid = String(validating: text, as: UTF8.self) else { throw .expected("UTF-8", at: start) }
        return valid
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw .expected("no control character in a string", at: at - 1)
      default: text.append(byte)
      }
    }
    throw .expected("the end of a string", at: at)
  }

  private mutating func escape(into text: inout [UInt8]) throws(Fault) {
    let start = at
    do { try JSONEscape.read(bytes, at: &at, into: &text) } catch { throw .expected(error.expected, at: error.at) }
    guard text.last != 0 else { throw .expected("a character other than NUL", at: start) }
  }
}

extension JSONScanner.Fault: CustomStringConvertible {
  /// The finding in words.
  package var description: String {
    switch self {
    case .expected(let what, let at): "there is something other than \(what) at byte \(at + 1)"
    case .repeated(let name): "the member \"\(name.printable(upTo: 60))\" comes twice"
    case .tooDeep(let limit): "lists and objects are nested more than \(limit) deep"
    }
  }
}
