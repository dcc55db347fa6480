import Evaluation

/// Whether predictions are as often right as they are sure.
enum ReliabilityBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let reliability = context.data.charts.confidence.reliability
    guard let error = reliability.expectedError, let over = reliability.overconfidence else {
      return [context.absent("Reliability", context.whyNoTruth)]
    }
    let total = reliability.total, right = reliability.bins.reduce(0) { $0 + $1.right }
    let legend = SeriesLegend(
      figureNames: [],
      entries: [
        fact("calibration error (ECE)", Format.decimal(error, 3)),
        fact("mean confidence", Format.decimal(Double(right) / Double(total) + over, 3)),
        fact("share that is right", Format.decimal(Double(right) / Double(total), 3)),
        fact(over >= 0 ? "overconfident by" : "underconfident by", Format.decimal(over.magnitude, 3)),
        fact("posts with a true label", Format.count(total)),
      ])
    let typesetter = context.typesetter
    let panel = FigurePanel(size: ReliabilityChart.size, legend: legend) { canvas, rect in
      ReliabilityChart(reliability: reliability).draw(canvas, rect, typesetter)
    }
    let words =
      "Posts in \(reliability.bins.count) bins of confidence, the probability of the label that was chosen. On the dashes "
      + "accuracy equals confidence; below them predictions are overconfident. Whiskers: 95 % by the bin's count (Wilson); "
      + "grey: bins of under \(ReliabilityChart.few) posts. Bars: posts in each bin, from 0. Calibration error: the bins' distances from the dashes, weighted by "
      + "their posts."
    return [context.heading("Reliability")] + context.answer(context.conclusions.calibration)
      + [panel.piece(typesetter, width: context.width), context.note(words)]
  }

  private static func fact(_ name: String, _ figure: String) -> SeriesLegend.Entry {
    SeriesLegend.Entry(swatch: .none, name: name, figures: [figure])
  }
}
