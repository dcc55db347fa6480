import Foundation
import GRDB

/// `alike(content, id)`: the ids of rows that share a content, as a JSON array of arrays: the largest group first, of
/// equally large ones that with the smallest id; ids ascending. Contents that occur once, and NULL, are left out.
///
/// It keeps 128 bits of hash for a content and no text, so a million posts take some 50 MB.
struct Alike: DatabaseAggregate {
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
    // Types written out: the compiler does not find them in time.
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
