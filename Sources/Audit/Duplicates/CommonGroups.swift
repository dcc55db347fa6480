/// The things that stand most often in a corpus, with what they look like.
package struct CommonGroups {
  /// One thing.
  package struct Group: Sendable, Equatable {
    var hash: UInt64
    /// How many rows have it.
    package var count: Int
    /// Where it stands first.
    package var place: Place
    /// What it looks like, cut.
    package var excerpt: String
  }

  private static let most = 5
  private(set) var groups: [Group] = []

  /// Notes that a thing has come again. Counts only grow, so the commonest are right at every time.
  mutating func note(_ hash: UInt64, _ earlier: GroupTable.Earlier, _ excerpt: () -> String) {
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

  /// The commonest first, equally common ones in the order of the corpus.
  var sorted: [Group] {
    groups.sorted {
      ($1.count, $0.place.file, $0.place.line) < ($0.count, $1.place.file, $1.place.line)
    }
  }
}
