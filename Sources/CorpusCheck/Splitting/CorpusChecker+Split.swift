internal import Bytes
package import Corpus
package import Preparation

extension CorpusChecker {
  /// Divides a corpus into parts that share no post: no id, no repost group, no text as the check compares texts, no
  /// picture (its bytes, or its path if it cannot be read), and no value of the plan's columns.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - folders: the folders of the pictures.
  ///   - plan: the shares and the columns.
  ///   - observe: called from time to time with the number of rows read, and the share of the files if it is known.
  /// - Returns: each post's part. The same posts in another order get the same parts.
  /// - Throws: errors of the corpus; `CorpusCheckError.interrupted`.
  /// - Complexity: Memory of some 150 bytes for each post.
  package func split(
    _ corpus: consuming CorpusReader, folders: PictureFolders, _ plan: CorpusSplit.Plan,
    observe: (_ rows: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws -> CorpusSplit {
    let hasIDs = corpus.columnsByFile.joined().contains { $0.role == .id }
    let reader = RowReader(folders: folders, features: nil, decodes: false, readsKnowledge: false, model: nil)
    var collector = SplitCollector(plan, hasIDs: hasIDs)
    _ = try read(&corpus, reader, observe) { collector.add($0) }
    return collector.split()
  }
}

/// Collects what the posts of a corpus share.
private struct SplitCollector {
  private let plan: CorpusSplit.Plan
  private let hasIDs: Bool
  private var groups = PostGroups()
  /// For each post, the hash that stays the same when others like it are added, and the number of its value.
  private var identities: [UInt64] = []
  private var values: [Int32] = []
  private var numbers: [ByteText: Int32] = [:]
  private var faulted = 0
  private var withoutFile = 0

  init(_ plan: CorpusSplit.Plan, hasIDs: Bool) { (self.plan, self.hasIDs) = (plan, hasIDs) }

  private static func hash(_ kind: String, _ bytes: some Sequence<UInt8>) -> UInt64 {
    TextHash.of(Array(kind.utf8) + [0] + bytes)
  }

  private static func hash(_ kind: String, _ number: UInt64) -> UInt64 {
    hash(kind, (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
  }

  mutating func add(_ facts: RowFacts) {
    guard case .post(let post) = facts.row, let seen = facts.post else { return faulted += 1 }
    // The further pictures of a post are rows of their own, but belong to it.
    let place = post.part > 1 && groups.count > 0 ? groups.count - 1 : groups.addPost()
    if hasIDs { groups.join(place, sharing: Self.hash("id", post.wholeKey.utf8)) }
    groups.join(place, sharing: Self.hash("content", seen.content))
    if let reposts = seen.reposts { groups.join(place, sharing: Self.hash("reposts", reposts)) }
    if let text = seen.text.folded { groups.join(place, sharing: Self.hash("text", text)) }
    if let picture = facts.picture { groups.join(place, sharing: Self.hash("picture", picture.number)) }
    if let path = post.image {
      groups.join(place, sharing: Self.hash("path", path.utf8))
      if facts.picture == nil { withoutFile += 1 }
    }
    for column in plan.groups {
      guard let value = value(of: column, post) else { continue }
      groups.join(place, sharing: Self.hash("column \(column.text)", value.utf8))
    }
    guard place == identities.count else { return }
    identities.append(
      seen.reposts.map { Self.hash("reposts", $0) } ?? seen.text.folded.map { Self.hash("text", $0) }
        ?? Self.hash("id", post.wholeKey.utf8))
    let value = plan.stratify.flatMap { self.value(of: $0, post) }
    values.append(value.map { number(of: $0) } ?? -1)
  }

  private func value(of column: ByteText, _ post: Post) -> ByteText? {
    let value =
      column == CorpusSplit.Plan.label
      ? post.label : post.extra.first { $0.name == column }.map { ByteText($0.value) }
    return value.flatMap { $0.text.isBlank ? nil : $0 }
  }

  private mutating func number(of value: ByteText) -> Int32 {
    if let number = numbers[value] { return number }
    numbers[value] = Int32(numbers.count)
    return Int32(numbers.count - 1)
  }

  /// The split of all posts that were added.
  mutating func split() -> CorpusSplit {
    let roots = groups.roots()
    // Values in the order of their bytes, then those without one.
    let sorted = numbers.sorted { $0.key < $1.key }
    var order = [Int](repeating: 0, count: sorted.count)
    for (place, entry) in sorted.enumerated() { order[Int(entry.value)] = place }
    let strata = values.map { $0 < 0 ? sorted.count : order[Int($0)] }
    // Groups in the order of their first posts.
    var places: [Int32: Int] = [:], found: [(identity: UInt64, posts: Int, values: [Int: Int])] = []
    var groupOf = [Int](repeating: 0, count: roots.count)
    for (post, root) in roots.enumerated() {
      let place = places[root] ?? found.count
      if place == found.count {
        places[root] = place
        found.append((.max, 0, [:]))
      }
      groupOf[post] = place
      found[place].identity = min(found[place].identity, identities[post])
      found[place].posts += 1
      found[place].values[strata[post], default: 0] += 1
    }
    let divided = found.map { group in
      let number = Self.hash("clfa/split/1 \(plan.seed)", group.identity)
      let most = group.values.max { ($0.value, $1.key) < ($1.value, $0.key) }
      return SplitGroup(place: Double(number >> 11) * 0x1p-53, posts: group.posts, stratum: most?.key ?? 0)
    }
    let parts = CorpusSplit.parts(of: divided, strata: sorted.count + 1, plan)
    var counts = [[Int]](repeating: [0, 0, 0], count: sorted.count + 1)
    for post in roots.indices { counts[strata[post]][parts[groupOf[post]].rawValue] += 1 }
    let names = sorted.map { Optional($0.key) } + [nil]
    var split = CorpusSplit(
      parts: groupOf.map { parts[$0] },
      strata: zip(names, counts).map { CorpusSplit.Stratum(value: $0, posts: $1) }
        .filter { $0.value != nil || $0.posts != [0, 0, 0] },
      groups: found.count, largest: found.map(\.posts).max() ?? 0)
    (split.faulted, split.withoutFile) = (faulted, withoutFile)
    return split
  }
}
