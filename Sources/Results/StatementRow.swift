import Bytes
import GRDB
import GRDBSQLite
import Glibc

/// The present row of a statement, its columns as SQLite holds them: nothing is copied, which a million rows notice.
///
/// A value of another type counts as none, as in the rest of what is only shown.
struct StatementRow {
  private let statement: OpaquePointer

  /// The current row of a cursor over this statement; its values are valid until the next step.
  init(_ statement: Statement) { self.statement = statement.sqliteStatement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  /// A column's whole number; 0 where it is none.
  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_type(statement, column) == SQLITE_INTEGER ? sqlite3_column_int64(statement, column) : 0
  }

  /// A column's finite number.
  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT:
      let value = sqlite3_column_double(statement, column)
      return value.isFinite ? value : nil
    default: return nil
    }
  }

  /// The bytes of a column's text. SQLite puts a zero after the last.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
      let start = sqlite3_column_text(statement, column)
    else { return nil }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  /// A column's text.
  func text(_ column: Int32) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }
}

/// Labels by number, in the order they came: the model's, then any others that occur.
///
/// They are looked up by their bytes as they lie in the database, without a string of their own.
struct LabelDictionary {
  private(set) var names: [String] = []
  private var bytes: [[UInt8]] = []
  private var places: [[UInt8]: Int] = [:]
  /// So few are compared one by one.
  private static let few = 12

  init(_ labels: [String]) {
    for label in labels { _ = Array(label.utf8).withUnsafeBufferPointer { code($0) } }
  }

  /// The label's number, a new one where it has none yet.
  mutating func code(_ label: UnsafeBufferPointer<UInt8>) -> Int {
    for place in 0..<min(bytes.count, Self.few) where Self.isSame(bytes[place], label) { return place }
    guard bytes.count >= Self.few else { return append(Array(label)) }
    let key = Array(label)
    return places[key] ?? append(key)
  }

  private mutating func append(_ label: [UInt8]) -> Int {
    places[label] = bytes.count
    bytes.append(label)
    names.append(String(decoding: label, as: UTF8.self))
    return bytes.count - 1
  }

  private static func isSame(_ a: [UInt8], _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    guard let start = b.baseAddress, !a.isEmpty else { return true }
    return a.withUnsafeBytes { $0.baseAddress.map { memcmp($0, start, b.count) == 0 } ?? true }
  }
}

/// Reads some labels' probabilities out of the JSON object that the store keeps for each post.
///
/// Objects that this program wrote have the model's labels in the model's order, and are read by one look at each byte;
/// any other JSON object is decoded.
package struct ProbabilityText {
  /// The labels as written in the text, with quotes and colon.
  private let keys: [[UInt8]]
  private let wanted: [Int]
  private let labels: [String]

  /// A reader of the labels at some places of a model's list, in ascending order.
  package init(labels: [String], wanted: [Int]) {
    (self.labels, self.wanted) = (labels, wanted)
    keys = labels.map { Array((JSONWriter.quoted($0) + ":").utf8) }
  }

  /// Reads a text into a list with one number per wanted label; a label without a number has NaN.
  ///
  /// - Parameters:
  ///   - text: the text, followed by a zero byte.
  ///   - values: where the numbers go, in the order of the labels.
  package func read(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) {
    if !readWritten(text, into: &values) { decode(text, into: &values) }
  }

  private func readWritten(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) -> Bool {
    guard text.first == UInt8(ascii: "{"), let start = text.baseAddress, let last = wanted.last else { return false }
    var place = 1, next = 0
    for index in 0...last {
      let key = keys[index]
      guard place + key.count < text.count else { return false }
      let isKey = key.withUnsafeBytes { key in
        key.baseAddress.map { memcmp($0, start + place, key.count) == 0 } ?? false
      }
      guard isKey else { return false }
      place += key.count
      if index == wanted[next] {
        var end: UnsafeMutablePointer<CChar>?
        let number = start + place
        // JSON's numbers begin with a digit or a minus, and none is hexadecimal; strtod would take more than that.
        let digits = number[0] == UInt8(ascii: "-") ? number + 1 : number
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digits[0]), digits[1] | 0x20 != UInt8(ascii: "x") else {
          return false
        }
        let begin = UnsafeRawPointer(number).assumingMemoryBound(to: CChar.self)
        let value = strtod(begin, &end)
        guard let end, value.isFinite else { return false }
        values[next] = value
        next += 1
        place += UnsafeRawPointer(end) - UnsafeRawPointer(begin)
      } else {
        while place < text.count, start[place] != UInt8(ascii: ","), start[place] != UInt8(ascii: "}") { place += 1 }
      }
      let isEnd = place < text.count && index == last && start[place] == UInt8(ascii: "}")
      guard isEnd || place < text.count && start[place] == UInt8(ascii: ",") else { return false }
      place += 1
    }
    return true
  }

  private func decode(_ text: UnsafeBufferPointer<UInt8>, into values: inout [Double]) {
    var members: [JSON.Member] = []
    if case .object(let found)? = try? JSONParser.parse(Array(text)), found.allSatisfy({ $0.value.asNumber != nil }) {
      members = found
    }
    for (place, label) in wanted.enumerated() {
      values[place] = members.first { $0.key.hasSameBytes(as: labels[label]) }?.value.asNumber ?? .nan
    }
  }
}
