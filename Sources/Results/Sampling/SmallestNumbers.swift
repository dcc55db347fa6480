/// The posts with the smallest numbers of all those added, in memory for twice as many.
struct SmallestNumbers {
  /// A post with its number; posts with the same number are in the order of `tie`.
  struct Entry: Comparable {
    var number: Double
    var tie: UInt64
    var post: Int64

    static func < (one: Entry, other: Entry) -> Bool {
      (one.number, one.tie, one.post) < (other.number, other.tie, other.post)
    }
  }

  private let most: Int
  private var entries: [Entry] = []
  /// The largest entry that is still among the smallest; nil while all are kept.
  private var bound: Entry?

  /// Keeps at least `most` posts.
  init(_ most: Int) { self.most = most }

  /// Adds a post. Amortised O(log `most`).
  mutating func add(_ entry: Entry) {
    if let bound, entry > bound { return }
    entries.append(entry)
    guard entries.count >= 2 * most + 64 else { return }
    entries.sort()
    entries.removeLast(entries.count - most)
    bound = entries.last
  }

  /// The first posts, the smallest first.
  ///
  /// - Precondition: `count` is at most the number that are kept.
  func first(_ count: Int) -> [Int64] { entries.sorted().prefix(count).map(\.post) }
}
