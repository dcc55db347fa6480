import Glibc

/// Labels by number, in the order they came: the model's, then whatever else occurs.
///
/// They are looked up by their bytes as they lie in the database, without a string of their own.
struct LabelCodes {
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
