import Bytes

/// Adds single predictions up to groups that share slice, label, truth and bin.
///
/// SQLite would sort all rows for that; here they are counted where they belong, and only groups are sorted.
struct OutcomeGroups {
  /// What a group has in common; labels and truths by their place in the order they were met.
  private struct Key: Hashable {
    var withoutPicture: Bool
    var withoutText: Bool
    var predicted: Int
    var truth: Int?
    var bin: Int?
  }

  private var names: [ByteText] = []
  private var places: [ByteText: Int] = [:]
  private var groups: [Key: OutcomeTally.Group] = [:]

  /// Adds a prediction: a group of one, or of several.
  mutating func add(_ one: OutcomeTally.Group) {
    let key = Key(
      withoutPicture: one.withoutPicture, withoutText: one.withoutText, predicted: place(of: one.predicted),
      truth: one.truth.map { place(of: $0) }, bin: one.bin)
    groups[key, default: OutcomeTally.Group(nothingOf: one)].add(one)
  }

  /// The groups in an order that does not depend on how rows came.
  func sorted() -> [OutcomeTally.Group] {
    let ranks = names.indices.sorted { names[$0] < names[$1] }
    var rank = Array(repeating: 0, count: names.count)
    for (place, name) in ranks.enumerated() { rank[name] = place }
    func order(_ key: Key) -> (Int, Int, Int, Int, Int) {
      (
        key.withoutPicture ? 1 : 0, key.withoutText ? 1 : 0, rank[key.predicted], key.truth.map { rank[$0] } ?? -1,
        key.bin ?? -1
      )
    }
    return groups.sorted { order($0.key) < order($1.key) }.map(\.value)
  }

  private mutating func place(of name: String) -> Int {
    let bytes = ByteText(name)
    if let known = places[bytes] { return known }
    places[bytes] = names.count
    names.append(bytes)
    return names.count - 1
  }
}

extension OutcomeTally.Group {
  /// An empty group of the same kind.
  fileprivate init(nothingOf other: OutcomeTally.Group) {
    self = other
    (count, confidence, similarity, truncated, unknownShare) = (0, 0, 0, 0, 0)
  }

  fileprivate mutating func add(_ other: OutcomeTally.Group) {
    count += other.count
    confidence += other.confidence
    similarity += other.similarity
    truncated += other.truncated
    unknownShare += other.unknownShare
  }
}
