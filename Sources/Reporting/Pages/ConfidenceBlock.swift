import Evaluation
import Results

/// The distribution of the confidences of right and of wrong predictions.
enum ConfidenceBlock {
  private static let size = (width: 280.0, height: 170.0)

  static func pieces(_ context: BlockContext) -> [Piece] {
    let profile = context.data.charts.confidence
    let (right, wrong) = (profile.right.reduce(0, +), profile.wrong.reduce(0, +))
    let unlabelled = profile.unlabelled.reduce(0, +)
    guard right + wrong + unlabelled > 0 else {
      return [context.absent("Confidence", "no post was scored")]
    }
    let isLabelled = right + wrong > 0
    let chart = MirroredHistogram(
      x: .unit("confidence"),
      up: .init(
        counts: isLabelled ? profile.right : profile.unlabelled,
        colour: isLabelled ? Palette.accent : Palette.accentLight),
      down: isLabelled ? .init(counts: profile.wrong, colour: Palette.opposite) : nil)
    let legend = SeriesLegend(
      figureNames: ["posts", "over 0.9"],
      entries: isLabelled
        ? [
          entry("right, up", Palette.accent, profile.right),
          entry("wrong, down", Palette.opposite, profile.wrong),
        ] : [entry("all posts", Palette.accentLight, profile.unlabelled)])
    let typesetter = context.typesetter
    let panel = FigurePanel(size: size, legend: legend) { canvas, rect in chart.draw(canvas, rect, typesetter) }
    return [
      context.heading(isLabelled ? "Confidence, right and wrong" : "Confidence")
    ] + context.answer(context.conclusions.confidentMistakes) + [
      panel.piece(typesetter, width: context.width), context.note(words(isLabelled, unlabelled)),
    ]
  }

  private static func entry(_ name: String, _ colour: Colour, _ counts: [Int]) -> SeriesLegend.Entry {
    let total = counts.reduce(0, +), sure = counts.suffix(ConfidenceProfile.bins / 10).reduce(0, +)
    return SeriesLegend.Entry(
      swatch: .bar(colour), name: name, figures: [Format.count(total), Format.share(sure, of: total)])
  }

  private static func words(_ isLabelled: Bool, _ unlabelled: Int) -> String {
    guard isLabelled else {
      return
        "The probability of the predicted label, in \(ConfidenceProfile.bins) bins; bars are shares of all posts, "
        + "from 0. Once posts have true labels, right and wrong are shown apart."
    }
    var words =
      "The probability of the predicted label, in \(ConfidenceProfile.bins) bins. Bars above are shares of the "
    words +=
      "right predictions, bars below of the wrong ones, each summing to 100 %; the legend gives their counts. Wrong "
    words += "predictions at the right end are mistakes with high confidence."
    if unlabelled > 0 {
      words +=
        " \(Format.count(unlabelled, "post", "posts")) without a true label \(unlabelled == 1 ? "is" : "are") left out."
    }
    return words
  }
}

/// The calibration: confidence against accuracy.
enum ReliabilityBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let reliability = context.data.charts.confidence.reliability
    guard let error = reliability.expectedCalibrationError, let over = reliability.overconfidence else {
      return [context.absent("Reliability", context.missingTruthReason)]
    }
    let total = reliability.total, right = reliability.bins.reduce(0) { $0 + $1.right }
    let legend = SeriesLegend(
      figureNames: [],
      entries: [
        fact("calibration error (ECE)", Format.decimal(error, 3)),
        fact("mean confidence", Format.decimal(Double(right) / Double(total) + over, 3)),
        fact("accuracy", Format.decimal(Double(right) / Double(total), 3)),
        fact(over >= 0 ? "overconfident by" : "underconfident by", Format.decimal(over.magnitude, 3)),
        fact("posts with a true label", Format.count(total)),
      ])
    let typesetter = context.typesetter
    let panel = FigurePanel(size: ReliabilityChart.size, legend: legend) { canvas, rect in
      ReliabilityChart(reliability: reliability).draw(canvas, rect, typesetter)
    }
    let words =
      "Posts in \(reliability.bins.count) bins of confidence, the probability of the predicted label. On the dashes "
      + "accuracy equals confidence; below them predictions are overconfident. Whiskers: 95 % from the counts (Wilson); "
      + "grey: bins of fewer than \(ReliabilityChart.few) posts. Bars: posts in each bin, from 0. Calibration error: the bins' distances from the dashes, weighted by "
      + "their posts."
    return [context.heading("Reliability")] + context.answer(context.conclusions.calibration)
      + [panel.piece(typesetter, width: context.width), context.note(words)]
  }

  private static func fact(_ name: String, _ figure: String) -> SeriesLegend.Entry {
    SeriesLegend.Entry(swatch: .none, name: name, figures: [figure])
  }
}
