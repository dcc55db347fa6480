package import Evaluation
package import Queries

/// A run beside another one, over the posts that both scored.
package struct RunComparison: Equatable, Sendable {
  /// A post that both runs label differently.
  package struct Flip: Equatable, Sendable {
    /// The post's row in the store.
    package var post: Int64
    /// Its key.
    package var key = ""
    /// The beginning of its text.
    package var text = ""
    /// The true label, where it is known.
    package var truth: String?
    /// What this run says.
    package var own: Answer
    /// What the other one says.
    package var other: Answer
  }

  /// A label, and how surely it is given.
  package struct Answer: Equatable, Sendable {
    package var label: String
    /// Nil where nobody said how sure the run's system was.
    package var confidence: Double?
  }

  /// The most examples of a kind.
  package static let examples = 8

  /// The other run's name.
  package var name: String
  /// The store it is in, where that is another one.
  package var store: String?
  /// The model that scored it, and its precision.
  package var model: String
  /// The labels of both models: this run's, then what the other one knows beyond them.
  package var labels: [String]
  /// Which posts are pairs.
  package var pairing = Pairing.content
  /// Pairs: posts that both scored.
  package var common: Int
  /// Pairs whose text, knowledge or picture differ; none where only the same posts are pairs.
  package var differing = 0
  /// Posts of this run whose key the other run has with other content, and which are in no pair.
  package var keyOnly = 0
  /// Pairs of other content whose true labels differ. No count of right and wrong has them.
  package var differingTruths = 0
  /// Those of them with two labels.
  package var undecidable = 0
  /// Scored posts of this run alone.
  package var ownOnly: Int
  /// Scored posts of the other alone.
  package var otherOnly: Int
  /// `agreement[own][other]`: posts that this run gives one label and the other one gives another.
  package var agreement: [[Int]]
  /// The pairs with one true label for both runs, by truth and both labels: `first` is this run's.
  package var patterns: [ComparisonBootstrap.Pattern]
  /// Posts that only this run has right, the surest of both runs first.
  package var ownRight: [Flip]
  /// Posts that only the other has right.
  package var otherRight: [Flip]
  /// Other posts with two labels: both wrong, or nobody knows.
  package var undecided: [Flip]

  /// Whether there are pairs with a true label, and both runs label all of these alike.
  package var agreesOnTruths: Bool {
    !patterns.isEmpty && patterns.allSatisfy { $0.first.utf8.elementsEqual($0.second.utf8) }
  }

  /// Posts with two labels.
  package var changed: Int {
    agreement.enumerated().reduce(0) { sum, row in
      sum + row.element.enumerated().reduce(0) { $0 + ($1.offset == row.offset ? 0 : $1.element) }
    }
  }
}
