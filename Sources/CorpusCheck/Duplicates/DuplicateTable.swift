/// A row's file and line.
package struct RowLocation: Hashable, Sendable {
  /// The file's number.
  package var file: Int
  /// The line number that an editor shows.
  package var line: Int
  /// The row's entry in the list of findings; 0 without a list, and if only its place was kept.
  var entry = 0

  package init(file: Int, line: Int) { (self.file, self.line) = (file, line) }

  init(file: Int, line: Int, entry: Int) { (self.file, self.line, self.entry) = (file, line, entry) }
}

/// Counts repeated items in a corpus, in bounded memory.
///
/// Items are distinguished by a hash of 64 bits. If there are more than fit, every second hash is dropped, repeatedly:
/// the counts then are of a sample of items, each with all its rows, and one of `scale` items is in the sample.
package struct DuplicateTable: Sendable {
  /// The earlier data of an element that is repeated.
  package struct Earlier {
    /// The number of its occurrences so far.
    package var count: Int
    /// Its first row.
    package var place: RowLocation
    /// The tag of that row.
    package var tag: UInt32
    /// Whether this is the first time that it came with another tag.
    package var isNewlyMixed: Bool
  }

  /// The outcome for an element.
  package enum Outcome {
    /// The sample does not include it.
    case outside
    case first
    case again(Earlier)
  }

  /// The totals; estimates if the table holds a sample.
  package struct Totals: Equatable {
    /// Different items.
    package var groups: Int
    /// Items that occurred more than once.
    package var repeated: Int
    /// Rows beyond the first of each item.
    package var extra: Int
    /// Items that occurred with different tags.
    package var mixed: Int
    /// The rows of those.
    package var mixedRows: Int

    package init(groups: Int = 0, repeated: Int = 0, extra: Int = 0, mixed: Int = 0, mixedRows: Int = 0) {
      (self.groups, self.repeated, self.extra) = (groups, repeated, extra)
      (self.mixed, self.mixedRows) = (mixed, mixedRows)
    }
  }

  private static let mixedBit: UInt16 = 1 << 15
  private let maximumSlots: Int
  private var level = 0
  private var used = 0
  // A hash of 0 is an empty slot.
  private var hashes: [UInt64]
  private var counts: [UInt32]
  private var tags: [UInt32]
  private var lines: [UInt32]
  private var files: [UInt16]

  /// Creates an empty table.
  ///
  /// - Parameter maximumSlots: a power of two; the table holds at most three quarters as many items, at 22 bytes per
  ///   slot.
  package init(maximumSlots: Int = 1 << 21) {
    self.maximumSlots = maximumSlots
    (hashes, counts, tags, lines, files) = Self.empty(min(1 << 10, maximumSlots))
  }

  private static func empty(_ slots: Int) -> ([UInt64], [UInt32], [UInt32], [UInt32], [UInt16]) {
    let zeros = [UInt32](repeating: 0, count: slots)
    return ([UInt64](repeating: 0, count: slots), zeros, zeros, zeros, [UInt16](repeating: 0, count: slots))
  }

  /// One of this many items is in the table.
  package var scale: Int { 1 << level }

  /// The first row of an item, and its tag; nil if it was not added or is not in the sample.
  package func place(of hash: UInt64) -> (place: RowLocation, tag: UInt32)? {
    let hash = max(hash, 1)
    guard hash.leadingZeroBitCount >= level else { return nil }
    let slot = find(hash)
    guard hashes[slot] != 0 else { return nil }
    return (RowLocation(file: Int(files[slot] & ~Self.mixedBit), line: Int(lines[slot])), tags[slot])
  }

  /// Counts an item.
  ///
  /// - Parameters:
  ///   - hash: an evenly spread number that identifies it.
  ///   - tag: a property in which equal items may differ; 0 if unknown, which never counts as different.
  ///   - place: its row.
  /// - Returns: whether it is new, and its earlier data otherwise.
  package mutating func add(_ hash: UInt64, tag: UInt32, at place: RowLocation) -> Outcome {
    let hash = max(hash, 1)
    guard hash.leadingZeroBitCount >= level else { return .outside }
    let slot = find(hash)
    if hashes[slot] == hash {
      counts[slot] &+= 1
      let isMixed = tag != 0 && tags[slot] != 0 && tag != tags[slot]
      let isNew = isMixed && files[slot] & Self.mixedBit == 0
      let first = RowLocation(file: Int(files[slot] & ~Self.mixedBit), line: Int(lines[slot])), earlier = tags[slot]
      if isMixed { files[slot] |= Self.mixedBit }
      if earlier == 0 { tags[slot] = tag }
      return .again(Earlier(count: Int(counts[slot]), place: first, tag: earlier, isNewlyMixed: isNew))
    }
    if used >= hashes.count / 4 * 3 {
      grow()
      return add(hash, tag: tag, at: place)
    }
    used += 1
    hashes[slot] = hash
    counts[slot] = 1
    tags[slot] = tag
    lines[slot] = UInt32(clamping: place.line)
    files[slot] = UInt16(clamping: min(place.file, Int(Self.mixedBit) - 1))
    return .first
  }

  /// The totals over all items. O(slots).
  package var totals: Totals {
    var totals = Totals()
    for slot in hashes.indices where hashes[slot] != 0 {
      totals.groups += 1
      let count = Int(counts[slot])
      if count > 1 {
        totals.repeated += 1
        totals.extra += count - 1
      }
      if files[slot] & Self.mixedBit != 0 {
        totals.mixed += 1
        totals.mixedRows += count
      }
    }
    totals.groups *= scale
    totals.repeated *= scale
    totals.extra *= scale
    totals.mixed *= scale
    totals.mixedRows *= scale
    return totals
  }

  private func find(_ hash: UInt64) -> Int {
    let mask = hashes.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
    return slot
  }

  /// Makes space: doubles the slots, or halves the items.
  private mutating func grow() {
    let old = (hashes, counts, tags, lines, files)
    let slots = min(2 * hashes.count, maximumSlots)
    if slots == hashes.count { level += 1 }
    (hashes, counts, tags, lines, files) = Self.empty(slots)
    used = 0
    for place in old.0.indices where old.0[place] != 0 && old.0[place].leadingZeroBitCount >= level {
      let slot = find(old.0[place])
      used += 1
      hashes[slot] = old.0[place]
      counts[slot] = old.1[place]
      tags[slot] = old.2[place]
      lines[slot] = old.3[place]
      files[slot] = old.4[place]
    }
  }
}

/// The most frequent items in a corpus, each with an excerpt.
package struct CommonestGroups {
  /// One item.
  package struct Group: Sendable, Equatable {
    var hash: UInt64
    /// The number of its rows.
    package var count: Int
    /// Its first row.
    package var place: RowLocation
    /// An excerpt.
    package var excerpt: String
  }

  private static let most = 5
  private(set) var groups: [Group] = []

  /// Records a repetition of an item. Counts only grow, so the most common ones are correct at any time.
  mutating func note(_ hash: UInt64, _ earlier: DuplicateTable.Earlier, _ excerpt: () -> String) {
    if let known = groups.firstIndex(where: { $0.hash == hash }) {
      groups[known].count = earlier.count
      return
    }
    let least = groups.indices.min { groups[$0].count < groups[$1].count }
    if groups.count == Self.most, let least {
      guard groups[least].count < earlier.count else { return }
      groups.remove(at: least)
    }
    groups.append(Group(hash: hash, count: earlier.count, place: earlier.place, excerpt: excerpt()))
  }

  /// The most common first; equally common ones in the order of the corpus.
  var sorted: [Group] {
    groups.sorted {
      ($1.count, $0.place.file, $0.place.line) < ($0.count, $1.place.file, $1.place.line)
    }
  }
}
