import Bytes
import GRDB

/// `tally(a, b, …)`: how often each combination of values occurs, as a JSON array of `[a, b, …, count]` in the order in
/// which they come.
///
/// SQLite groups by sorting; a table of hashes takes a fraction of that where combinations are few.
struct Tally: DatabaseAggregate {
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

  /// A value as JSON, so that a text and a number stay apart.
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
      scratch += JSONText.quoted(text).utf8
      return
    }
    scratch.append(UInt8(ascii: "\""))
    scratch += text.utf8
    scratch.append(UInt8(ascii: "\""))
  }
}

/// Different strings of bytes, numbered in the order in which they come.
private struct ByteTable {
  /// All strings, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each ends.
  private var ends: [Int] = []
  /// A string's number + 1 at the place that its hash gives, or behind it; 0 is free. A power of two.
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
