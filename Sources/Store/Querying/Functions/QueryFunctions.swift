import Bytes
import Foundation
import GRDB

/// The SQL functions that queries have in addition to SQLite's own. Each returns NULL for NULL, and an error with its
/// name for an invalid argument.
enum QueryFunctions {
  /// Adds the functions to a connection.
  static func add(to db: Database) {
    for function in all { db.add(function: function) }
  }

  private static let all = [
    DatabaseFunction("cosine", argumentCount: 2, pure: true) { values in
      guard let left = try vector(values[0], of: "cosine"), let right = try vector(values[1], of: "cosine") else {
        return nil
      }
      guard left.count == right.count else {
        throw DatabaseError(
          message:
            "cosine: the vectors have \(left.count / 4) and \(right.count / 4) numbers; compare those of one space")
      }
      return VectorBytes.cosine(left, right)
    },
    DatabaseFunction("vector_length", argumentCount: 1, pure: true) { values in
      try vector(values[0], of: "vector_length").map(VectorBytes.length)
    },
    DatabaseFunction("probability", argumentCount: 2, pure: true) { values in
      guard let json = try text(values[0], of: "probability"), let label = try text(values[1], of: "probability") else {
        return nil
      }
      do {
        return try ProbabilityScan.value(of: label, in: json)
      } catch {
        throw DatabaseError(message: "probability: the first argument is not a JSON object of numbers")
      }
    },
    DatabaseFunction("day", argumentCount: 1, pure: true) { values in
      SQLTime(values[0].storage)?.day
    },
    DatabaseFunction("week", argumentCount: 1, pure: true) { values in
      SQLTime(values[0].storage)?.week
    },
    DatabaseFunction("fold", argumentCount: 1, pure: true) { values in
      try text(values[0], of: "fold").map(FoldedText.of)
    },
    DatabaseFunction("tally", pure: true, aggregate: ValueCounts.self),
    DatabaseFunction("alike", argumentCount: 2, pure: true, aggregate: DuplicateGroups.self),
    // Not marked as pure, so that SQLite never calls it before it reaches the row.
    DatabaseFunction("refuse", argumentCount: 1) { values in
      throw DatabaseError(message: try text(values[0], of: "refuse") ?? "refused")
    },
  ]

  /// A vector's bytes; `nil` for NULL.
  private static func vector(_ value: DatabaseValue, of function: String) throws -> Data? {
    switch value.storage {
    case .null: return nil
    case .blob(let data):
      guard data.count.isMultiple(of: 4) else {
        throw DatabaseError(
          message: "\(function): \(data.count) bytes are not a vector; a vector is float32, four bytes per number")
      }
      return data
    case .int64, .double, .string:
      throw DatabaseError(message: "\(function) takes vectors, such as embedding.vector, and this is not one")
    }
  }

  /// A text, or a number as one; `nil` for NULL.
  private static func text(_ value: DatabaseValue, of function: String) throws -> String? {
    switch value.storage {
    case .null: return nil
    case .string(let text): return text
    case .int64(let number): return "\(number)"
    case .double(let number): return "\(number)"
    case .blob: throw DatabaseError(message: "\(function) takes texts, and this is a blob")
    }
  }
}

/// Finds a label in a prediction's `probabilities`, `{"label": p, …}`, without parsing the rest.
enum ProbabilityScan {
  /// The text is not a JSON object of numbers.
  struct Malformed: Error {}

  /// A label's number; `nil` if the object does not have the label.
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
        let isAsked = isEscaped ? try ByteText(decoded(key)) == ByteText(label) : key.elementsEqual(label.utf8)
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

  /// Decodes a key with escapes.
  private static func decoded(_ key: Slice<UnsafeBufferPointer<UInt8>>) throws -> String {
    let quote = [UInt8(ascii: "\"")]
    guard case .string(let text)? = try? JSONParser.parse(quote + key + quote) else { throw Malformed() }
    return text
  }
}
