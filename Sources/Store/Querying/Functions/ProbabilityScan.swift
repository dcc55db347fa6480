import Bytes

/// Finds a label in a prediction's `probabilities`, `{"label": p, …}`, without building anything of the rest.
enum ProbabilityScan {
  /// What is no object of numbers.
  struct Malformed: Error {}

  /// A label's number; `nil` where the object does not have the label.
  /// - Throws: `Malformed`.
  /// - Complexity: O(n) for n bytes of JSON.
  static func value(of label: String, in json: String) throws -> Double? {
    var json = json
    return try json.withUTF8 { try scan($0, for: label) }
  }

  private static func scan(_ bytes: UnsafeBufferPointer<UInt8>, for label: String) throws -> Double? {
    var at = 0
    func skipBlanks() {
      while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
        at += 1
      }
    }
    func take(_ byte: UInt8) -> Bool {
      skipBlanks()
      guard at < bytes.count, bytes[at] == byte else { return false }
      at += 1
      return true
    }
    guard take(UInt8(ascii: "{")) else { throw Malformed() }
    var found: Double?
    if !take(UInt8(ascii: "}")) {
      repeat {
        guard take(UInt8(ascii: "\"")) else { throw Malformed() }
        let start = at
        var isEscaped = false
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
          if bytes[at] == UInt8(ascii: "\\") {
            isEscaped = true
            at += 1
          }
          at += 1
        }
        guard at < bytes.count else { throw Malformed() }
        let key = bytes[start..<at]
        at += 1
        guard take(UInt8(ascii: ":")) else { throw Malformed() }
        skipBlanks()
        let first = at
        while at < bytes.count, isOfNumber(bytes[at]) { at += 1 }
        let isAsked = isEscaped ? try decoded(key).hasSameBytes(as: label) : key.elementsEqual(label.utf8)
        guard first < at else { throw Malformed() }
        if isAsked {
          guard let number = Double(String(decoding: bytes[first..<at], as: UTF8.self)) else { throw Malformed() }
          found = number
        }
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw Malformed() }
    }
    skipBlanks()
    guard at == bytes.count else { throw Malformed() }
    return found
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// A key with escapes, as the text that it spells.
  private static func decoded(_ key: Slice<UnsafeBufferPointer<UInt8>>) throws -> String {
    let quote = [UInt8(ascii: "\"")]
    guard case .string(let text)? = try? JSONParser.parse(quote + key + quote) else { throw Malformed() }
    return text
  }
}
