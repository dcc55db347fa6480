/// Finds texts that share most of their words with an earlier one.
///
/// Candidates come from min-wise hashes in eight bands of four (two texts that share 80 % of their words share a band
/// with a probability of 98 %), and each is then compared word by word. The first `most` different texts are kept, so
/// memory is bounded.
package struct NearDuplicateTexts {
  /// The minimum share of common words for two texts to be close.
  static let threshold = 0.8
  /// Texts with fewer different words are not compared.
  static let minimumWords = 5
  /// Bands, and hashes in each.
  private static let bands = 8, rows = 4
  private static let multipliers: [UInt64] = (1...UInt64(bands * rows)).map {
    TextHash.mixed($0 &* 0x9E37_79B9_7F4A_7C15) | 1
  }

  /// The earlier text to which one is close.
  package struct Match {
    package var place: RowLocation
    package var label: Int?
    /// The share of common words.
    package var overlap: Double
  }

  let most: Int
  /// Texts that were compared.
  package private(set) var compared = 0
  /// Texts that came when no more could be kept; they were compared with the kept ones.
  package private(set) var unkept = 0
  private var words: [UInt32] = []
  private var ends: [Int] = []
  private var places: [RowLocation] = []
  private var labels: [Int32] = []
  private var buckets: [UInt64: Int32] = [:]

  package init(most: Int = 200_000) { self.most = most }

  /// The bands of a text; can be called on any thread.
  package static func bands(of words: [UInt32]) -> [UInt64] {
    guard words.count >= minimumWords else { return [] }
    var least = [UInt64](repeating: .max, count: bands * rows)
    for word in words {
      let spread = TextHash.mixed(UInt64(word))
      for place in least.indices {
        let value = (spread &* multipliers[place]) >> 32
        if value < least[place] { least[place] = value }
      }
    }
    return (0..<bands).map { band in
      var hash = UInt64(band)
      for row in 0..<rows { hash = TextHash.mixed(hash &* 31 &+ least[band * rows + row]) }
      return hash
    }
  }

  /// Compares a text with new folded words with the texts before it, and keeps it.
  package mutating func add(words: [UInt32], bands: [UInt64], label: Int?, place: RowLocation) -> Match? {
    guard !bands.isEmpty else { return nil }
    compared += 1
    var best: Match?
    var tried: [Int32] = []
    for band in bands {
      guard let earlier = buckets[band], !tried.contains(earlier) else { continue }
      tried.append(earlier)
      let overlap = Self.overlap(words[...], self.words(of: Int(earlier)))
      if overlap >= Self.threshold, overlap > best?.overlap ?? 0 {
        let known = labels[Int(earlier)]
        best = Match(place: places[Int(earlier)], label: known < 0 ? nil : Int(known), overlap: overlap)
      }
    }
    guard places.count < most else {
      unkept += 1
      return best
    }
    let number = Int32(places.count)
    self.words += words
    ends.append(self.words.count)
    places.append(place)
    labels.append(label.map(Int32.init) ?? -1)
    for band in bands where buckets[band] == nil { buckets[band] = number }
    return best
  }

  private func words(of text: Int) -> ArraySlice<UInt32> { words[(text == 0 ? 0 : ends[text - 1])..<ends[text]] }

  /// The share of words that both texts have; both lists are sorted.
  private static func overlap(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>) -> Double {
    var (i, j, shared) = (left.startIndex, right.startIndex, 0)
    while i < left.endIndex, j < right.endIndex {
      if left[i] == right[j] {
        shared += 1
        i += 1
        j += 1
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return Double(shared) / Double(left.count + right.count - shared)
  }
}
