internal import Bytes
internal import Evaluation

extension TrainingPosts {
  /// The share of posts that are held out where no validation posts are given.
  package static let heldOutShare = 0.15

  /// Divides the posts into those to learn from and those to validate with, about the same share of each label.
  ///
  /// Posts with the same text or the same picture stay together, so that none is learnt and validated with. The same
  /// seed and posts give the same parts. Faults and notices stay with the first part.
  package func holdingOut(
    _ share: Double = heldOutShare, seed: UInt64
  ) -> (training: TrainingPosts, validation: TrainingPosts) {
    var random = SeededGenerator(seed: seed), held = Set<Int>(), heldCounts: [ByteText: Int] = [:]
    let groups = groups
    for group in random.shuffled(groups.indices).map({ groups[$0] }) {
      // The first post's label speaks for its group.
      let label = posts[group[0]].label
      let wanted = share * Double(labelCounts.first { $0.label == label }?.count ?? 0)
      let count = heldCounts[label, default: 0]
      guard Double(count + group.count) <= wanted.rounded() else { continue }
      heldCounts[label] = count + group.count
      held.formUnion(group)
    }
    func part(_ isPart: (Int) -> Bool, faults: Bool) -> TrainingPosts {
      TrainingPosts(
        files: files, posts: posts.indices.filter(isPart).map { posts[$0] }, pictures: pictures,
        faults: faults ? self.faults : [], notices: faults ? notices : [], reader: reader, streams: streams,
        profile: profile)
    }
    return (part({ !held.contains($0) }, faults: true), part({ held.contains($0) }, faults: false))
  }

  /// The posts' numbers, those that share a text or a picture together, in the order of the corpus.
  private var groups: [[Int]] {
    var leaders = Array(posts.indices), texts: [Int: Int] = [:], pictures: [Int: Int] = [:]
    func leader(_ post: Int) -> Int {
      var post = post
      while leaders[post] != post { post = leaders[post] }
      return post
    }
    func join(_ post: Int, _ other: Int) {
      let (a, b) = (leader(post), leader(other))
      leaders[max(a, b)] = min(a, b)
    }
    for (place, post) in posts.enumerated() {
      if let hash = post.textHash {
        if let other = texts[hash] { join(place, other) } else { texts[hash] = place }
      }
      if let picture = post.picture {
        if let other = pictures[picture] { join(place, other) } else { pictures[picture] = place }
      }
    }
    return Dictionary(grouping: posts.indices, by: leader).sorted { $0.key < $1.key }.map(\.value)
  }
}
