package import Evaluation
import Results

/// A section's conclusion as a value; ``sentence`` puts it into words.
///
/// Title, caption and sentence are worded from the same numbers, so that they cannot disagree.
package enum Conclusion: Equatable, Sendable {
  /// A label and a number about it.
  package struct Named: Equatable, Sendable {
    package var name: String
    package var estimate: Estimate

    package init(_ name: String, _ estimate: Estimate) { (self.name, self.estimate) = (name, estimate) }
  }

  /// How right the run is; of macro F1 there may be no interval. `always` is the label that is true of most posts, and
  /// `reached` the share that always naming it would have right; `run` is named where there are two.
  case right(accuracy: Estimate, macroF1: Estimate?, scored: Int, always: String, reached: Double, run: String? = nil)
  /// No scored post has a true label.
  case noTruth(posts: Int)
  /// The predictions are labels alone.
  case labelsAlone
  /// How many posts have no picture; `isImported` where another system read them.
  case pictures(without: Int, posts: Int, isImported: Bool)
  /// In how many respects the posts are not what the model was trained on.
  case notAsTrained(Int)
  /// Rows that were lost.
  case lost(rows: Int, read: Int)
  /// The commonest predicted label.
  case commonest(Named)
  /// The largest confusion: the share of a true label's posts that is taken for another label.
  case confused(truth: String, predicted: String, mistakes: Int, share: Estimate)
  /// No post with a true label is mistaken; `most` is the share of mistakes that chance could hide.
  case noMistake(posts: Int, most: Double)
  /// The labels with the highest and the lowest F1, and how far these lie apart, with an interval for so many comparisons.
  case labels(best: String, worst: String, f1: (Double, Double), difference: Estimate, comparisons: Int)
  /// The only label that is true of any post.
  case oneTruth(String, posts: Int)
  /// The areas under ROC curves, the lowest and the highest; one where there is one, or where both are the same.
  case areas(lowest: Named, highest: Named)
  /// The average precision with what chance has, of the lowest and the highest.
  case precision(lowest: Named, chance: Double, highest: Named)
  /// A number of a label that every resample gives again, so that it has no interval.
  case withoutInterval(measure: String, label: String, value: Double, posts: Int)
  /// How sure the run is in the mean, and how often it is right.
  case calibration(confidence: Double, right: Estimate)
  /// The share of posts of which the run was sure, over 0.9, where no truth is known.
  case sure(Estimate)
  /// The share of wrong predictions that the run was sure of, over 0.9.
  case confidentMistakes(sure: Int, share: Estimate)
  /// The mean cosine of text and picture, and of two groups those that lie farthest apart.
  case similarity(
    mean: Estimate, highest: Named?, lowest: Named?, difference: Estimate?, isByTruth: Bool, comparisons: Int)
  /// The share of posts whose text and picture point the same way.
  case sameWay(Estimate)
  /// How much more similar texts are to their own picture than to others.
  case gap(Estimate)
  /// In which share of comparisons a text is closer to its own picture than to another.
  case closer(Estimate)
  /// How often a text's own picture comes first among so many.
  case firstOf(PairRetrieval.First)
  /// The vectors of texts, of pictures or of both no longer tell posts apart.
  case collapsed(SpaceGeometry)
  /// How often the own picture is the nearest of a small sample, and what chance reaches.
  case ownFirst(Estimate, found: Int)
  /// How often the nearest post on the map has the same label, and what chance reaches.
  case neighbours(Estimate, chance: Double)
  /// Accuracy by a column's values: the widest difference, of so many values that have enough posts.
  case slices(values: Int, highest: Named, lowest: Named, difference: Estimate, comparisons: Int)
  /// Fewer than two of a column's values have enough posts to be compared.
  case fewSlices(values: Int, few: Int)
  /// Accuracy of posts with features in a stream, less that of posts without.
  case stream(String, difference: Estimate)
  /// This run less another one on the same posts, by name; nil if no interval is drawn.
  case compared(own: String, other: String, accuracy: Estimate, macroF1: Estimate)
  /// Two runs without a true label: how often their labels differ.
  case flips(own: String, other: String, share: Estimate)
  /// Two runs of which too little is known for an interval, since `why`: how often their labels differ, and how often
  /// each alone is right for the `labelled` posts with a true label.
  case counted(own: String, other: String, share: Estimate, labelled: Int, test: McNemar, why: String)
  /// Two runs that give the same label to all posts, or only to all of the `labelled` posts with a true label.
  case agreeing(own: String, other: String, share: Estimate, labelled: Int)
  /// Two runs that have no post to compare; `sameKeys` posts share their key only.
  case nothingInCommon(own: String, other: String, sameKeys: Int)
  /// Where the words of shown posts look: of how many posts attention is flat.
  case attention(flat: Int, posts: Int)
  /// Where one post's text looks: the patch that gets most, against an even share.
  case looks(most: Double, row: Int, column: Int, patches: Int)
  /// The part of one post whose absence changes the label's probability most; the label that would then be given, where that is
  /// another one.
  case without(part: String, label: String, before: Double, after: Double, other: String?)
  /// How right a trained model is with pictures, and with every picture hidden.
  case hidden(with: Estimate, without: Estimate)
  /// Settings of an ablation against a baseline: how many differ beyond chance, and the one that gains most.
  case settings(compared: Int, differing: Int, best: Named?, baseline: String, posts: Int)

  /// Attention under so many times an even share is called flat.
  package static let flat = 1.5

  package static func == (a: Conclusion, b: Conclusion) -> Bool { a.sentence.utf8.elementsEqual(b.sentence.utf8) }
}

// Names and numbers as sentences hold them.
extension Conclusion {
  /// A name from outside in quotation marks, cut and escaped.
  static func quoted(_ name: String) -> String { "\u{201C}\(plain(name.isEmpty ? "(empty)" : name))\u{201D}" }

  static func plain(_ name: String) -> String { DisplayText.middle(name, limit: 60) }

  static func posts(_ estimate: Estimate) -> String { Format.count(estimate.count, "post", "posts") }

  static func percent(_ share: Double) -> String { Format.percent(share, decimals: 1) + " %" }

  /// `95.5 to 98.3 %`.
  static func percents(_ estimate: Estimate) -> String {
    "\(Format.percent(estimate.low, decimals: 1)) to \(percent(estimate.high))"
  }

  /// `95 % interval 0.955 to 0.983`.
  static func interval(_ estimate: Estimate) -> String {
    "95 % interval \(Format.decimal(estimate.low, 3)) to \(Format.decimal(estimate.high, 3))"
  }

  /// `97.0 % of 600 posts (95 % interval 95.5 to 98.3 %)`.
  static func share(_ estimate: Estimate) -> String {
    "\(percent(estimate.value)) of \(posts(estimate)) (95 % interval \(percents(estimate)))"
  }

  /// `0.970 (95 % interval 0.955 to 0.983)`.
  static func decimals(_ estimate: Estimate) -> String {
    "\(Format.decimal(estimate.value, 3)) (\(interval(estimate)))"
  }

  /// The same within brackets, with its sign: `+0.004, 95 % interval −0.010 to 0.018`.
  static func bracketed(_ estimate: Estimate) -> String {
    "\(Format.signed(estimate.value, 3)), \(interval(estimate))"
  }

  /// The size of a difference, without its sign: the sentence gives the direction in words.
  static func size(_ estimate: Estimate) -> Estimate {
    guard estimate.value < 0 else { return estimate }
    return Estimate(value: -estimate.value, low: -estimate.high, high: -estimate.low, count: estimate.count)
  }

  /// A difference of shares: `2.1 points (95 % interval 0.3 to 3.9)`.
  static func points(_ estimate: Estimate, _ more: String = "") -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return "\(number(estimate.value)) points (95 % interval \(number(estimate.low)) to \(number(estimate.high))\(more))"
  }

  /// The same within brackets, with its sign.
  static func bracketedPoints(_ estimate: Estimate) -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return
      "\(Format.signed(estimate.value * 100, 1)) points, 95 % interval \(number(estimate.low)) to \(number(estimate.high))"
  }
}
