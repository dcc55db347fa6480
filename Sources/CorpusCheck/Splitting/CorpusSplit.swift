package import Bytes

/// A corpus divided into parts for training, validation and test that share no post.
package struct CorpusSplit: Equatable, Sendable {
  /// A part of a corpus.
  package enum Part: Int, CaseIterable, Sendable {
    case train, validation, test

    /// The part's name, as of its file.
    package var name: String { "\(self)" }
  }

  /// How a corpus is divided.
  package struct Plan: Equatable, Sendable {
    /// The shares of the posts for validation and test, from 0 to 1; the rest is for training.
    package var validation: Double
    package var test: Double
    /// Columns whose values are not shared by two parts, such as the author.
    package var groups: [ByteText] = []
    /// The column whose values have the same shares in each part; nil for none. ``label`` is the true label.
    package var stratify: ByteText?
    package var seed: UInt64 = 1

    /// The word for the column of true labels, whatever it is called.
    package static let label: ByteText = "label"

    package init(validation: Double, test: Double) { (self.validation, self.test) = (validation, test) }
  }

  /// The posts with one value in the column by which the split is stratified.
  package struct Stratum: Equatable, Sendable {
    /// The value; nil for posts without one.
    package var value: ByteText?
    /// The number of posts in each part, in the order of ``Part``.
    package var posts: [Int]
  }

  /// The part of each post, in the order of the corpus; faulted rows do not count.
  package let parts: [Part]
  /// The values with the number of posts, in the order of their bytes; the posts without a value are last.
  package let strata: [Stratum]
  /// The number of groups of posts that must stay together.
  package let groups: Int
  /// The number of posts in the largest group.
  package let largest: Int
  /// The number of rows that cannot be read, and are in no part.
  package internal(set) var faulted = 0
  /// The number of posts whose picture cannot be read; only the same path joins them.
  package internal(set) var withoutFile = 0

  /// The number of posts in each part.
  package var posts: [Int] { Part.allCases.map { part in strata.reduce(0) { $0 + $1.posts[part.rawValue] } } }
}

/// A group of posts that must stay together.
struct SplitGroup {
  /// A number from 0 to 1 that depends on the seed and the posts' contents alone.
  var place: Double
  var posts: Int
  /// The index of its most frequent value.
  var stratum: Int
}

extension CorpusSplit {
  /// Divides groups.
  ///
  /// Without strata, a group's number alone decides, so that a group stays in its part when the corpus grows. With
  /// strata, the groups of a stratum are taken in the order of their numbers until the test part has its share, then
  /// the validation part; so only groups near a border move.
  static func parts(of groups: [SplitGroup], strata: Int, _ plan: Plan) -> [Part] {
    guard plan.stratify != nil else {
      return groups.map { $0.place < plan.test ? .test : $0.place < plan.test + plan.validation ? .validation : .train }
    }
    var parts = [Part](repeating: .train, count: groups.count)
    var byStratum = [[Int]](repeating: [], count: strata)
    for (index, group) in groups.enumerated() { byStratum[group.stratum].append(index) }
    // A fraction of a post is carried over to the next stratum, so that rare values get their share, too.
    var carried = [Part: Double]()
    for members in byStratum {
      let order = members.sorted { (groups[$0].place, $0) < (groups[$1].place, $1) }
      let posts = Double(order.reduce(0) { $0 + groups[$1].posts })
      var free = order
      for (part, share) in [(Part.test, plan.test), (.validation, plan.validation)] {
        let quota = share * posts + carried[part, default: 0]
        var taken = 0.0, left: [Int] = []
        for index in free {
          let size = Double(groups[index].posts)
          // A group is taken if that brings the part closer to its share.
          if taken + size / 2 <= quota {
            parts[index] = part
            taken += size
          } else {
            left.append(index)
          }
        }
        carried[part] = min(max(quota - taken, -0.5), 0.5)
        free = left
      }
    }
    return parts
  }
}
