internal import Seeded

/// The order of an epoch's posts, and whose picture is hidden: the same whenever it is asked for.
package struct EpochOrder {
  /// The posts' numbers.
  package let posts: [Int]
  /// Whether the picture of the post at the same place is hidden.
  package let isHidden: [Bool]

  /// `epoch` counts from 0.
  package init(epoch: Int, posts count: Int, seed: UInt64, pictureDropout: Double) {
    var random = SeededGenerator(seed: seed &+ UInt64(epoch) &* 0xd1b5_4a32_d192_ed03)
    posts = random.shuffled(0..<count)
    isHidden = posts.map { _ in pictureDropout > 0 && random.unit() < pictureDropout }
  }
}
