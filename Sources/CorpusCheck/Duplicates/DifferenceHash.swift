package import Inputs

/// The appearance of a picture in 128 bits: whether each cell of a coarse grid is brighter than its neighbour on the
/// left, and than the one above.
package struct DifferenceHash: Hashable, Sendable {
  package private(set) var across: UInt64 = 0
  package private(set) var down: UInt64 = 0

  /// The side of the grid, one more than the bits of a row.
  private static let side = 9
  private static let resampler = PictureResampler()

  /// Computes the hash of a picture. O(pixels).
  package init(_ picture: Picture) {
    let small = Self.resampler.resize(picture, width: Self.side, height: Self.side).pixels
    func grey(_ x: Int, _ y: Int) -> Int {
      let at = 3 * (y * Self.side + x)
      return 299 * Int(small[at]) + 587 * Int(small[at + 1]) + 114 * Int(small[at + 2])
    }
    for y in 0..<8 {
      for x in 0..<8 {
        if grey(x + 1, y) > grey(x, y) { across |= 1 << UInt64(8 * y + x) }
        if grey(x, y + 1) > grey(x, y) { down |= 1 << UInt64(8 * y + x) }
      }
    }
  }

  package init(across: UInt64, down: UInt64) { (self.across, self.down) = (across, down) }

  /// Whether the hash has enough set bits to distinguish pictures: a plain one has none.
  package var isDistinctive: Bool { (across.nonzeroBitCount + down.nonzeroBitCount) >= 16 }

  /// The number of bits in which two pictures differ, of 128.
  package func distance(to other: DifferenceHash) -> Int {
    (across ^ other.across).nonzeroBitCount + (down ^ other.down).nonzeroBitCount
  }
}

/// Finds pictures that look like an earlier one, although their bytes differ.
///
/// Two pictures look alike if at most ``maximumDistance`` of 128 bits differ, so they share at least one of eight parts
/// of 16 bits: those that do are compared. Only the first ``maximumComparisons`` pictures of a part are compared, so if
/// more share it, a match may be missed, which is counted; plain pictures are not compared at all. The first `most`
/// different files are kept.
package struct NearDuplicatePictures {
  package static let maximumDistance = 7
  /// The maximum number of pictures with the same part that are compared; plain skies share theirs with many.
  private static let maximumComparisons = 64

  let most: Int
  private(set) var unkept = 0
  /// Pictures that were not compared because they are too plain.
  package private(set) var plain = 0
  /// Pictures without a match that were not compared with all that share a part.
  package private(set) var crowded = 0
  private var looks: [DifferenceHash] = []
  private var places: [RowLocation] = []
  private var labels: [Int32] = []
  private var buckets: [UInt32: [Int32]] = [:]
  /// Parts that more pictures share than are compared.
  private var overfull: Set<UInt32> = []

  /// A picture that looks like another one.
  package struct Match: Sendable, Equatable {
    package var place: RowLocation
    /// The label's number of the first post with the picture; nil if it has no label.
    package var label: Int?
    /// The number of bits in which they differ, of 128.
    package var distance: Int
  }

  package init(most: Int = 200_000) { self.most = most }

  /// The picture that looks most like this one; `nil` if none does.
  package func match(of look: DifferenceHash) -> Match? {
    guard look.isDistinctive else { return nil }
    var best: (number: Int, distance: Int)?
    for key in Self.keys(look) {
      for number in buckets[key] ?? [] {
        let distance = look.distance(to: looks[Int(number)])
        if distance <= Self.maximumDistance, distance < best?.distance ?? .max { best = (Int(number), distance) }
      }
    }
    return best.map { number, distance in
      Match(place: places[number], label: labels[number] < 0 ? nil : Int(labels[number]), distance: distance)
    }
  }

  /// Whether all kept pictures that share a part with this one are compared.
  package func comparesAll(with look: DifferenceHash) -> Bool {
    overfull.isEmpty || !Self.keys(look).contains(where: overfull.contains)
  }

  private static func keys(_ look: DifferenceHash) -> [UInt32] {
    (0..<8).map { stretch in
      let half = stretch < 4 ? look.across : look.down
      return UInt32(stretch) << 16 | UInt32(truncatingIfNeeded: half >> UInt64(16 * (stretch % 4))) & 0xFFFF
    }
  }

  /// Compares a picture whose bytes are new with those before it, and keeps it.
  package mutating func add(_ look: DifferenceHash, label: Int? = nil, place: RowLocation) -> Match? {
    guard look.isDistinctive else {
      plain += 1
      return nil
    }
    let best = match(of: look), keys = Self.keys(look)
    if best == nil, !comparesAll(with: look) { crowded += 1 }
    guard looks.count < most else {
      unkept += 1
      return best
    }
    let number = Int32(looks.count)
    looks.append(look)
    places.append(place)
    labels.append(label.map(Int32.init) ?? -1)
    for key in keys {
      if (buckets[key]?.count ?? 0) < Self.maximumComparisons {
        buckets[key, default: []].append(number)
      } else {
        overfull.insert(key)
      }
    }
    return best
  }
}
