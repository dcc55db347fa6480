package import Bytes
import GRDB
import GRDBSQLite
import Glibc

/// The current row of a statement. Its columns are read from SQLite's memory without copying, which matters for a
/// million rows.
///
/// A value of the wrong type counts as missing.
struct StatementRow {
  private let statement: OpaquePointer

  /// The row of a cursor over this statement; its values are valid until the next step.
  init(_ statement: Statement) { self.statement = statement.sqliteStatement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  /// A column's whole number; 0 for any other value.
  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_type(statement, column) == SQLITE_INTEGER ? sqlite3_column_int64(statement, column) : 0
  }

  /// A column's finite number; nil for any other value.
  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT:
      let value = sqlite3_column_double(statement, column)
      return value.isFinite ? value : nil
    default: return nil
    }
  }

  /// The bytes of a column's text, followed by a zero byte; nil for any other value.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
      let start = sqlite3_column_text(statement, column)
    else { return nil }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  func byteText(_ column: Int32) -> ByteText? { bytes(column).map { ByteText(decoding: $0) } }
}

/// Numbers for labels: the model's first, then any others in order of appearance.
///
/// Labels are looked up by their bytes in the database, without creating strings.
struct LabelDictionary {
  private(set) var names: [ByteText] = []
  private var bytes: [[UInt8]] = []
  private var places: [[UInt8]: Int] = [:]
  /// The number of labels that are compared one by one before the dictionary is used.
  private static let few = 12

  init(_ labels: [ByteText]) {
    for label in labels { _ = Array(label.utf8).withUnsafeBufferPointer { code($0) } }
  }

  /// The label's number; a new label gets the next one.
  mutating func code(_ label: UnsafeBufferPointer<UInt8>) -> Int {
    for place in 0..<min(bytes.count, Self.few) where Self.isSame(bytes[place], label) { return place }
    guard bytes.count >= Self.few else { return append(Array(label)) }
    let key = Array(label)
    return places[key] ?? append(key)
  }

  private mutating func append(_ label: [UInt8]) -> Int {
    places[label] = bytes.count
    bytes.append(label)
    names.append(ByteText(decoding: label))
    return bytes.count - 1
  }

  private static func isSame(_ a: [UInt8], _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    guard let start = b.baseAddress, !a.isEmpty else { return true }
    return a.withUnsafeBytes { $0.baseAddress.map { memcmp($0, start, b.count) == 0 } ?? true }
  }
}

/// Reads the probabilities of some labels from the JSON object that the store has for each post.
///
/// Objects written by this program have the model's labels in order and are read in a single pass; any other object is
/// decoded as JSON.
package struct ProbabilityText {
  /// The labels as written in the JSON text, with quotes and colon.
  private let keys: [[UInt8]]
  private let wanted: [Int]
  private let labels: [ByteText]

  /// A reader of the labels at the indexes `wanted`, in ascending order.
  package init(labels: [ByteText], wanted: [Int]) {
    (self.labels, self.wanted) = (labels, wanted)
    keys = labels.map { Array((JSONWriter.quoted($0.text) + ":").utf8) }
  }

  /// Reads one number for each wanted label; NaN if the object has none.
  ///
  /// - Parameters:
  ///   - text: the text, followed by a zero byte.
  ///   - values: receives the numbers, in the order of `wanted`.
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
        // JSON numbers begin with a digit or a minus and are decimal; strtod accepts more than that.
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
      values[place] = members.first { $0.key == labels[label] }?.value.asNumber ?? .nan
    }
  }
}
