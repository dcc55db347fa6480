import Bytes
package import Evaluation
import Results

/// A section's conclusion as a value; ``sentence`` puts it into words.
///
/// Titles, captions and sentences use the same numbers, so that they agree.
package enum Conclusion: Equatable, Sendable {
  /// A label with one of its measures.
  package struct Named: Equatable, Sendable {
    package var name: String
    package var estimate: Estimate

    package init(_ name: String, _ estimate: Estimate) { (self.name, self.estimate) = (name, estimate) }
  }

  /// The accuracy of a run; macro F1 may have no interval. `always` is the most common true label, and `reached` the
  /// accuracy of always predicting it; `run` is named if there are two.
  case right(accuracy: Estimate, macroF1: Estimate?, scored: Int, always: String, reached: Double, run: String? = nil)
  /// The largest estimated shares of labels, and how many other labels there are; `sample` names the sample's design.
  case shares([Named], further: Int, posts: Int, isDistinct: Bool, labelled: Int, sample: String)
  /// Too few posts of a sample are labelled to estimate shares.
  case fewLabels(labelled: Int, sample: String)
  /// The accuracy over all posts, estimated from a sample of a design.
  case sampleAccuracy(Estimate, scored: Int, sample: String)
  /// The two months between which a label's estimated share differs most.
  case months(label: String, highest: Named, lowest: Named, difference: Estimate, comparisons: Int)
  /// Fewer than two months have enough labelled posts to be compared.
  case fewMonths(few: Int)
  /// Shares by month are only counts of predictions.
  case predictionsByMonth
  /// How many true labels are probably wrong.
  case doubts(found: Int, labelled: Int)
  /// No scored post has a true label.
  case noTruth(posts: Int)
  /// The predictions have only labels.
  case labelsAlone
  /// The number of posts without a picture; `isImported` if another system read them.
  case pictures(without: Int, posts: Int, isImported: Bool)
  /// The number of differences between the posts and the model's training data.
  case notAsTrained(Int)
  /// The number of faulted rows.
  case lost(rows: Int, read: Int)
  /// The most common predicted label.
  case commonest(Named)
  /// The largest confusion: the share of a true label's posts that is predicted as another label.
  case confused(truth: String, predicted: String, mistakes: Int, share: Estimate)
  /// No post with a true label is predicted wrongly; `most` is the share of mistakes that chance could hide.
  case noMistake(posts: Int, most: Double)
  /// The labels with the highest and the lowest F1, and their difference, with an interval for all comparisons.
  case labels(best: String, worst: String, f1: (Double, Double), difference: Estimate, comparisons: Int)
  /// The only true label in the run.
  case oneTruth(String, posts: Int)
  /// The lowest and the highest area under a ROC curve; the same twice if there is only one or both are equal.
  case areas(lowest: Named, highest: Named)
  /// The lowest and the highest average precision, with the value for random scores.
  case precision(lowest: Named, chance: Double, highest: Named)
  /// A label's measure that is the same in every bootstrap sample, so it has no interval.
  case withoutInterval(measure: String, label: String, value: Double, posts: Int)
  /// The mean confidence and the accuracy.
  case calibration(confidence: Double, right: Estimate)
  /// The share of posts with a confidence over 0.9, if there are no true labels.
  case sure(Estimate)
  /// The share of wrong predictions with a confidence over 0.9.
  case confidentMistakes(sure: Int, share: Estimate)
  /// The mean cosine of text and picture, and the two groups that differ most.
  case similarity(
    mean: Estimate, highest: Named?, lowest: Named?, difference: Estimate?, isByTruth: Bool, comparisons: Int)
  /// The share of posts whose text and picture have a positive cosine.
  case sameWay(Estimate)
  /// How much more similar texts are to their own picture than to others.
  case gap(Estimate)
  /// The share of comparisons in which a text is closer to its own picture than to another.
  case closer(Estimate)
  /// How often a text's own picture is the nearest of a number of pictures.
  case firstOf(PairRetrieval.First)
  /// The vectors of texts, of pictures or of both no longer tell posts apart.
  case collapsed(SpaceGeometry)
  /// How often the own picture is the nearest in a small sample.
  case ownFirst(Estimate, found: Int)
  /// How often the nearest post on the map has the same label, and the value expected by chance.
  case neighbours(Estimate, chance: Double)
  /// The largest difference in accuracy between two values of a column, among those with enough posts.
  case slices(values: Int, highest: Named, lowest: Named, difference: Estimate, comparisons: Int)
  /// Fewer than two of a column's values have enough posts to be compared.
  case fewSlices(values: Int, few: Int)
  /// The accuracy on posts with features in a stream minus that on posts without.
  case stream(String, difference: Estimate)
  /// This run minus another one on the same posts, by name; nil if there is no interval.
  case compared(own: String, other: String, accuracy: Estimate, macroF1: Estimate)
  /// Two runs without a true label: how often their labels differ.
  case flips(own: String, other: String, share: Estimate)
  /// Two runs with too little data for an interval, because of `why`: how often their labels differ, and how often only
  /// one of them is right for the `labelled` posts with a true label.
  case counted(own: String, other: String, share: Estimate, labelled: Int, test: McNemar, why: String)
  /// Two runs that predict the same label for all posts, or only for all of the `labelled` posts with a true label.
  case agreeing(own: String, other: String, share: Estimate, labelled: Int)
  /// Two runs without a common post; `sameKeys` posts share only their key.
  case nothingInCommon(own: String, other: String, sameKeys: Int)
  /// The number of shown posts whose attention is flat.
  case attention(flat: Int, posts: Int)
  /// The patch with the most attention of one post's text, relative to an even share.
  case looks(most: Double, row: Int, column: Int, patches: Int)
  /// The part of one post whose removal changes the label's probability most, and the label that is then predicted if
  /// it differs.
  case without(part: String, label: String, before: Double, after: Double, other: String?)
  /// The accuracy of a trained model with pictures, and with every picture hidden.
  case hidden(with: Estimate, without: Estimate)
  /// The settings of an ablation against a baseline: how many differ beyond chance, and the one with the largest gain.
  case settings(compared: Int, differing: Int, best: Named?, baseline: String, posts: Int)

  /// Attention below this multiple of an even share is called flat.
  package static let flat = 1.5

  package static func == (a: Conclusion, b: Conclusion) -> Bool { ByteText(a.sentence) == ByteText(b.sentence) }
}

// Names and numbers in the form used in sentences.
extension Conclusion {
  /// A name in quotation marks, shortened and escaped.
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

  /// The same for use in brackets, with its sign: `+0.004, 95 % interval −0.010 to 0.018`.
  static func bracketed(_ estimate: Estimate) -> String {
    "\(Format.signed(estimate.value, 3)), \(interval(estimate))"
  }

  /// The absolute value of a difference; the sentence gives the direction in words.
  static func size(_ estimate: Estimate) -> Estimate {
    guard estimate.value < 0 else { return estimate }
    return Estimate(value: -estimate.value, low: -estimate.high, high: -estimate.low, count: estimate.count)
  }

  /// A difference of shares: `2.1 points (95 % interval 0.3 to 3.9)`.
  static func points(_ estimate: Estimate, _ more: String = "") -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return "\(number(estimate.value)) points (95 % interval \(number(estimate.low)) to \(number(estimate.high))\(more))"
  }

  /// The same for use in brackets, with its sign.
  static func bracketedPoints(_ estimate: Estimate) -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    return
      "\(Format.signed(estimate.value * 100, 1)) points, 95 % interval \(number(estimate.low)) to \(number(estimate.high))"
  }
}
