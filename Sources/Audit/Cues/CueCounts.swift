/// How often each value of a cue stands with each label, apart for the half of the corpus that a rule learns from and
/// the half that judges it.
struct CueCounts: Sendable {
  /// The most labels that are told apart.
  static let mostLabels = 64
  /// Values below this are looked up without a hash.
  private static let dense = 64

  /// Whether there were more values than are counted; then nothing is.
  private(set) var isOverfull = false
  private let mostValues: Int
  private var near = [Int32](repeating: -1, count: Self.dense)
  private var far: [UInt64: Int32] = [:]
  private var values: [UInt64] = []
  /// `counts[(slot · 2 + half) · stride + label]`.
  private var counts: [UInt32] = []
  private var stride = 2

  init(mostValues: Int) { self.mostValues = mostValues }

  /// Counts a post.
  ///
  /// - Parameters:
  ///   - value: what the cue shows.
  ///   - label: the post's label, below ``mostLabels``.
  ///   - half: 0 to learn from, 1 to judge by.
  mutating func add(_ value: UInt64, label: Int, half: Int) {
    guard !isOverfull else { return }
    if label >= stride { widen(to: label) }
    guard let slot = slot(value) else {
      isOverfull = true
      (far, values, counts) = ([:], [], [])
      return
    }
    counts[(slot * 2 + half) * stride + label] += 1
  }

  /// The values that occur, each with its counts by label: of the half to learn from, and of the half to judge by.
  func table(labels: [Int]) -> [(value: UInt64, fit: [Int], test: [Int])] {
    values.indices.map { slot in
      func half(_ half: Int) -> [Int] {
        labels.map { $0 < stride ? Int(counts[(slot * 2 + half) * stride + $0]) : 0 }
      }
      return (values[slot], half(0), half(1))
    }
  }

  private mutating func slot(_ value: UInt64) -> Int? {
    if value < Self.dense {
      let known = near[Int(value)]
      if known >= 0 { return Int(known) }
    } else if let known = far[value] {
      return Int(known)
    }
    guard values.count < mostValues else { return nil }
    let slot = values.count
    values.append(value)
    counts.append(contentsOf: repeatElement(0, count: 2 * stride))
    if value < Self.dense { near[Int(value)] = Int32(slot) } else { far[value] = Int32(slot) }
    return slot
  }

  /// Makes room for a label.
  private mutating func widen(to label: Int) {
    var wide = stride
    while wide <= label { wide *= 2 }
    var moved = [UInt32](repeating: 0, count: 2 * values.count * wide)
    for row in 0..<2 * values.count {
      for label in 0..<stride { moved[row * wide + label] = counts[row * stride + label] }
    }
    (counts, stride) = (moved, wide)
  }
}
