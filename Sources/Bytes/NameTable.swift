/// Names as bytes, each once, numbered from 0 in the order of their insertion.
///
/// A million paths take about 30 MB more than their bytes; a dictionary of strings takes several times that. The hash is
/// seeded anew in each process, so names that were chosen to collide do not.
package struct NameTable: Sendable {
  private var bytes: [UInt8] = []
  /// The end of each name in `bytes`.
  private var ends: [Int] = []
  /// Open addressing: the number of a name plus 1; 0 is free.
  private var slots = [UInt32](repeating: 0, count: 16)

  /// An empty table.
  package init() {}

  /// The number of names.
  package var count: Int { ends.count }

  /// The bytes of all names together.
  package var totalBytes: Int { bytes.count }

  /// Adds a name, unless the table has it.
  ///
  /// - Returns: the name's number, and whether it is new.
  @discardableResult
  package mutating func insert(_ name: [UInt8]) -> (number: Int, isNew: Bool) {
    let slot = slot(of: name)
    if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
    precondition(ends.count < UInt32.max, "A table has fewer than 2³² names.")
    bytes += name
    ends.append(bytes.count)
    slots[slot] = UInt32(ends.count)
    if ends.count * 2 > slots.count { grow() }
    return (ends.count - 1, true)
  }

  /// The number of a name; nil if the table does not have it.
  package func find(_ name: [UInt8]) -> Int? {
    let found = slots[slot(of: name)]
    return found == 0 ? nil : Int(found) - 1
  }

  /// A name by its number.
  package subscript(number: Int) -> [UInt8] { Array(bytes[range(of: number)]) }

  private func range(of number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  /// The slot that has a name, or in which it belongs.
  private func slot(of name: [UInt8]) -> Int {
    var place = Self.hash(name[...]) & (slots.count - 1)
    while slots[place] != 0, !bytes[range(of: Int(slots[place]) - 1)].elementsEqual(name) {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for number in ends.indices {
      var place = Self.hash(bytes[range(of: number)]) & (slots.count - 1)
      while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = UInt32(number + 1)
    }
  }

  private static func hash(_ name: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    name.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
