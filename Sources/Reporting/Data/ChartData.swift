package import Evaluation

/// What the charts of a report show: small, whatever the store's size.
package struct ChartData: Equatable, Sendable {
  /// How sure predictions are, and how rightly so.
  package var confidence = ConfidenceProfile()
  /// Curves of the labels that have the most true posts.
  package var curves: [LabelCurve] = []
  /// How right predictions are for each value of a column, where one was asked for.
  package var slices: SliceTable?
  /// Texts and pictures of a sample, each compared with each; nil without stored vectors of both.
  package var pairs: PairRanks?
  /// A sample of the fused space; nil without stored vectors.
  package var map: FusedMap?
  /// Streams of features; empty for a model without any.
  package var streams: [StreamFacts] = []
  /// The run beside another one, where one was asked for.
  package var comparison: RunComparison?
}

/// How confidences are spread.
package struct ConfidenceProfile: Equatable, Sendable {
  /// The number of equally wide bins from 0 to 1; each holds its upper end.
  package static let bins = 20

  /// Posts whose prediction is right.
  package var right = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// Posts whose prediction is wrong.
  package var wrong = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// Posts without a true label.
  package var unlabelled = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// Confidence against how often it is right, over posts with a true label.
  package var reliability = Reliability()

  /// Counts a post; `isRight` is nil where the truth is not known.
  package mutating func add(confidence: Double, isRight: Bool?) {
    let place = min(max((confidence * Double(Self.bins)).rounded(.up) - 1, 0), Double(Self.bins - 1))
    let bin = place.isNaN ? 0 : Int(place)
    guard let isRight else { return unlabelled[bin] += 1 }
    reliability.add(confidence: confidence, isRight: isRight)
    if isRight { right[bin] += 1 } else { wrong[bin] += 1 }
  }
}

/// A label against all others, by its probability.
package struct LabelCurve: Equatable, Sendable {
  /// The most labels that have a curve.
  package static let limit = 6

  /// The label.
  package var label: String
  /// Its curves over the posts that have a truth and a probability of the label.
  package var curve: RankingCurve
  /// Where 95 % of the draws of the area under its ROC curve lie; nil where that is undefined.
  package var area: MatrixBootstrap.Interval?
  /// The same of its average precision.
  package var precision: MatrixBootstrap.Interval?
}
