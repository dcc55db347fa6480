import Bytes
import Evaluation
import Results

/// The main scores of a run with their intervals.
enum HeadlineBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard let headline = context.conclusions.headline, let part = outcome.evaluation[.all] else {
      return [context.absent("Headline numbers", context.missingTruthReason)]
    }
    let positive = outcome.positive
    let measures = HeadlineMeasure.all(of: part.matrix.labels, positive: positive)
    let bootstrap = headline.bootstrap
    let commonest = part.metrics.labels.map(\.support).max() ?? 0
    func rows(_ measures: [HeadlineMeasure]) -> [IntervalChart.Row] {
      measures.map { row($0, part.matrix, bootstrap, mark: $0.isAccuracy ? share(commonest, part) : nil) }
    }
    let scores = rows(measures.filter { !$0.isSigned }), correlations = rows(measures.filter(\.isSigned))
    let title = bootstrap == nil ? "value" : "value, 95 % interval"
    var pieces = [context.heading("Headline numbers")] + context.answer(context.conclusions.right)
    for (panel, rows) in [(IntervalChart.Panel(title), scores), (.init("", -1...1), correlations)] {
      let chart = IntervalChart(panels: [panel], rows: rows, figureWidth: 116, namesBeside: measures.map(\.name))
      pieces += chart.pieces(context.typesetter, width: context.width)
    }
    pieces += context.key(part.metrics.labels.isEmpty ? "" : "Orange mark: \(always(part)).")
    let isUndefined = measures.contains { $0.score(part.matrix).undefined > 0 }
    let intervals = (scores + correlations).flatMap(\.panels).joined().compactMap(\.interval)
    let isStill = intervals.count < measures.count
    pieces.append(context.note(words(part, positive: positive, isUndefined: isUndefined, isStill: isStill)))
    return pieces
  }

  private static func row(
    _ measure: HeadlineMeasure, _ matrix: ConfusionMatrix, _ bootstrap: ConfusionMatrixBootstrap?, mark: Double?
  ) -> IntervalChart.Row {
    let score = measure.score(matrix)
    let isUndefined = score.undefined > 0
    let interval = isUndefined ? nil : bootstrap.flatMap { measure.interval(matrix, $0) }
    var figure = Format.score(score)
    if let interval { figure += "   \(Format.decimal(interval.low, 3)) to \(Format.decimal(interval.high, 3))" }
    return IntervalChart.Row(
      name: measure.name,
      panels: [
        [
          .init(
            value: score.value, interval: interval.map { ($0.low, $0.high) },
            colour: isUndefined ? Palette.quiet : Palette.accent, mark: mark)
        ]
      ], figures: [[figure]])
  }

  private static func share(_ commonest: Int, _ part: Evaluation.Part) -> Double {
    Double(commonest) / Double(max(part.metrics.total, 1))
  }

  /// The meaning of the orange mark: the score of always predicting the most common label.
  private static func always(_ part: Evaluation.Part) -> String {
    guard let commonest = part.metrics.labels.max(by: { $0.support < $1.support }) else { return "" }
    return "always predicting \u{201C}\(DisplayText.line(DisplayText.name(commonest.label), limit: 100))\u{201D}, "
      + Format.decimal(share(commonest.support, part), 3)
  }

  /// Explains why a score has no whisker although others have one.
  static let stillNote =
    "A score without a whisker is the same in every bootstrap sample, which does not make it certain; accuracy then has a "
    + "Wilson interval."

  private static func words(
    _ part: Evaluation.Part, positive: ByteText?, isUndefined: Bool, isStill: Bool
  ) -> String {
    let metrics = part.metrics
    var words = "n = \(Format.count(metrics.total, "post", "posts")) with a true label. "
    if let commonest = metrics.labels.max(by: { $0.support < $1.support }) {
      words +=
        "The orange mark is the score of always predicting \u{201C}\(DisplayText.line(DisplayText.name(commonest.label), limit: 40))\u{201D} "
      words += "(\(Format.decimal(share(commonest.support, part), 3))). "
    }
    words +=
      "Macro F1: the unweighted mean over labels that occur; weighted F1: weighted by true posts; balanced accuracy: the "
    words += "unweighted mean of the recalls. "
    words +=
      positive == nil
      ? "No label was named as the positive one, so there is no binary F1. "
      : "The positive label is \u{201C}\(DisplayText.line(DisplayText.name(positive ?? ""), limit: 40))\u{201D}. "
    if let why = HeadlineMetrics.missingIntervalsReason(part.matrix) {
      words += "No intervals: \(why)."
    } else {
      words +=
        "Whiskers: 95 % of 1,000 bootstrap samples of these posts (percentiles, seed 2022); they show how scores vary with "
      words += "other posts, not with another training run."
      if isStill {
        words += " " + stillNote
      }
    }
    return words + (isUndefined ? " " + Format.undefinedNote : "")
  }
}

extension BlockContext {
  /// The line that replaces a section that cannot be shown, with the reason.
  func absent(_ what: String, _ why: String) -> Piece {
    var piece = note("\(what): not shown, since \(why).", gap: 10)
    piece.words = .remark(why)
    return piece
  }

  /// Why there are no results on right and wrong predictions.
  var missingTruthReason: String {
    data.outcome.posts == 0 ? "no post was scored" : "no scored post has a true label"
  }
}
