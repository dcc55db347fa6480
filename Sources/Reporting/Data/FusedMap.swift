/// A sample of posts in the space that the model's head reads, on the two axes along which they differ most.
package struct FusedMap: Equatable, Sendable {
  /// The most posts of a map.
  package static let limit = 2000

  /// One post.
  package struct Post: Equatable, Sendable {
    /// Where it lies along the first axis.
    package var x: Double
    /// Where it lies along the second.
    package var y: Double
    /// The number of its label: the true one where it is known, else the predicted one.
    package var label: Int
    /// Whether the prediction is wrong; nil where the truth is not known.
    package var isWrong: Bool?
  }

  /// The posts, in the order of their content's hash.
  package var posts: [Post]
  /// The labels' names, by their numbers.
  package var labels: [String]
  /// The share of the sample's variance along either axis.
  package var shares: [Double]
  /// The vectors' length.
  package var width: Int
}
