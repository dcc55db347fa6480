/// How a run's posts with features in a stream fare, beside those without.
package struct StreamFacts: Equatable, Sendable {
  /// Posts, and how right they are.
  package struct Tally: Equatable, Sendable {
    /// Scored posts.
    package var posts = 0
    /// Those with a true label.
    package var labelled = 0
    /// Those of them that are right.
    package var right = 0
  }

  /// The stream's name.
  package var name: String
  /// Posts that have something in it.
  package var with: Tally
  /// Posts that have nothing in it.
  package var without: Tally
  /// Texts and features of a sample, each text compared with each post's features; nil without stored vectors of both.
  package var pairs: PairRanks?
}
