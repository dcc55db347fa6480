import Bytes
import Foundation
import GRDB

/// `alike(content, id)`: the ids of rows that have the same content, as a JSON array of arrays. The largest group comes
/// first, equally large ones by their smallest id; ids are ascending. Contents that occur once, and NULL, are left out.
///
/// It keeps a hash of 128 bits for each content and no text, so a million posts take some 50 MB.
struct DuplicateGroups: DatabaseAggregate {
  private struct Content: Hashable {
    var first, second: Int
  }

  /// The number of each content.
  private var places: [Content: Int32] = [:]
  /// A row's id and the number of its content.
  private var rows: [(id: Int64, content: Int32)] = []
  /// How many rows have each content.
  private var counts: [Int32] = []

  mutating func step(_ values: [DatabaseValue]) throws {
    guard values.count == 2, let id = Int64.fromDatabaseValue(values[1]) else {
      throw DatabaseError(message: "alike takes a content and the row's number")
    }
    guard let content = Self.hash(values[0].storage) else { return }
    let next = Int32(counts.count)
    let place = places[content] ?? next
    if place == next {
      places[content] = next
      counts.append(0)
    }
    counts[Int(place)] += 1
    rows.append((id, place))
  }

  func finalize() -> (any DatabaseValueConvertible)? {
    var found: [Int32: [Int64]] = [:]
    for row in rows where counts[Int(row.content)] > 1 { found[row.content, default: []].append(row.id) }
    // The types are written out because the compiler takes too long to infer them.
    var sorted: [[Int64]] = found.values.map { (ids: [Int64]) -> [Int64] in ids.sorted() }
    sorted.sort { (left: [Int64], right: [Int64]) -> Bool in
      left.count == right.count ? left[0] < right[0] : left.count > right.count
    }
    let groups = sorted.map { ids -> String in
      let list = ids.map { String($0) }.joined(separator: ",")
      return "[\(list)]"
    }
    return "[" + groups.joined(separator: ",") + "]"
  }

  private static func hash(_ value: DatabaseValue.Storage) -> Content? {
    func hash(_ seed: UInt8) -> Int? {
      var hasher = Hasher()
      hasher.combine(seed)
      switch value {
      case .null: return nil
      case .int64(let number): hasher.combine(number)
      case .double(let number): hasher.combine(number)
      case .string(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      case .blob(let data): data.withUnsafeBytes { hasher.combine(bytes: $0) }
      }
      return hasher.finalize()
    }
    guard let first = hash(0), let second = hash(1) else { return nil }
    return Content(first: first, second: second)
  }
}

/// `tally(a, b, …)`: how often each combination of values occurs, as a JSON array of `[a, b, …, count]`, in the order
/// of first appearance.
///
/// SQLite groups by sorting; if there are few combinations, a hash table takes a fraction of that time.
struct ValueCounts: DatabaseAggregate {
  private var table = ByteTable()
  private var counts: [Int] = []
  private var scratch: [UInt8] = []

  mutating func step(_ values: [DatabaseValue]) throws {
    scratch.removeAll(keepingCapacity: true)
    for value in values {
      try append(value)
      scratch.append(UInt8(ascii: ","))
    }
    let place = table.place(of: scratch)
    if place == counts.count { counts.append(0) }
    counts[place] += 1
  }

  func finalize() -> (any DatabaseValueConvertible)? {
    var json: [UInt8] = [UInt8(ascii: "[")]
    for (place, count) in counts.enumerated() {
      if place > 0 { json.append(UInt8(ascii: ",")) }
      json.append(UInt8(ascii: "["))
      json += table[place]
      json += "\(count)]".utf8
    }
    json.append(UInt8(ascii: "]"))
    return String(decoding: json, as: UTF8.self)
  }

  /// Appends a value as JSON, so that a text and a number stay different.
  private mutating func append(_ value: DatabaseValue) throws {
    switch value.storage {
    case .null: scratch += "null".utf8
    case .int64(let number): scratch += "\(number)".utf8
    case .double(let number): scratch += (number.isFinite ? "\(number)" : "null").utf8
    case .string(let text): append(text)
    case .blob: throw DatabaseError(message: "tally takes texts and numbers, and this is a blob")
    }
  }

  private mutating func append(_ text: String) {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    guard isPlain else {
      scratch += JSONWriter.quoted(text).utf8
      return
    }
    scratch.append(UInt8(ascii: "\""))
    scratch += text.utf8
    scratch.append(UInt8(ascii: "\""))
  }
}

/// Byte strings, each stored once and numbered in the order of first appearance.
private struct ByteTable {
  /// All strings, concatenated.
  private var bytes: [UInt8] = []
  /// The end of each string.
  private var ends: [Int] = []
  /// A hash table with linear probing: each slot holds a string's number + 1, or 0 if free. The size is a power of two.
  private var slots = [Int32](repeating: 0, count: 256)

  /// A string by its number.
  subscript(place: Int) -> ArraySlice<UInt8> { bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]] }

  /// A string's number; O(1) on the average.
  mutating func place(of string: [UInt8]) -> Int {
    var slot = hash(string[...])
    while slots[slot] != 0 {
      let place = Int(slots[slot]) - 1
      if self[place].elementsEqual(string) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes += string
    ends.append(bytes.count)
    slots[slot] = Int32(ends.count)
    if ends.count * 2 > slots.count { grow() }
    return ends.count - 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for place in ends.indices {
      var slot = hash(self[place])
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place + 1)
    }
  }

  private func hash(_ string: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    string.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize() & (slots.count - 1)
  }
}
