import Evaluation
import Results

/// ROC and precision–recall curves over all thresholds on a label's probability.
enum RankingBlock {
  static func roc(_ context: BlockContext) -> [Piece] {
    let curves = context.data.charts.curves.filter { !$0.curve.roc.isEmpty }
    guard !curves.isEmpty else { return [context.absent("ROC curve", why(context))] }
    let chart = CurveChart(
      frame: PlotFrame(x: .unit("false positive rate"), y: .unit("true positive rate")),
      curves: curves.enumerated().map { .init(points: $1.curve.rocLine, style: .of($0)) },
      chances: [(Point(x: 0, y: 0), Point(x: 1, y: 1), Palette.muted)])
    let legend = legend(
      curves, names: ["area", "its posts", "others"]
    ) { [Format.decimal($0.areaUnderROC.value, 3), Format.count($0.positives), Format.count($0.negatives)] }
    let words =
      "As the threshold on a label's probability falls: the share of its posts found (vertical) and the share of other "
      + "posts included by mistake (horizontal). The upper left corner is best; dashes: chance. The area is the probability that "
      + "a post with the label scores above one without it."
    return [
      context.heading("ROC curve")
    ] + context.answer(context.conclusions.areas) + [
      panel(chart, legend, context), context.note(words + beyond(context)),
    ]
  }

  static func precisionRecall(_ context: BlockContext) -> [Piece] {
    let curves = context.data.charts.curves.filter { !$0.curve.precisionRecall.isEmpty }
    guard !curves.isEmpty else { return [context.absent("Precision–recall curve", why(context))] }
    let chart = CurveChart(
      frame: PlotFrame(x: .unit("recall"), y: .unit("precision")),
      curves: curves.enumerated().map { .init(points: $1.curve.precisionSteps, style: .of($0)) },
      chances: curves.enumerated().map {
        let share = $1.curve.share
        return (Point(x: 0, y: share), Point(x: 1, y: share), SeriesStyle.of($0).colour)
      })
    let legend = legend(
      curves, names: ["average precision", "chance", "its posts"]
    ) {
      [Format.decimal($0.averagePrecision.value, 3), Format.decimal($0.share, 3), Format.count($0.positives)]
    }
    let words =
      "As the threshold falls: recall, the share of the label's posts found (horizontal), and precision, the share of found posts "
      + "with the label (vertical). The upper right corner is best; dashes: chance, the label's share. Average precision is the area."
    return [
      context.heading("Precision–recall curve")
    ] + context.answer(context.conclusions.precision) + [
      panel(chart, legend, context), context.note(words + beyond(context)),
    ]
  }

  private static func panel(_ chart: CurveChart, _ legend: SeriesLegend, _ context: BlockContext) -> Piece {
    let typesetter = context.typesetter
    return FigurePanel(size: (CurveChart.side, CurveChart.side), legend: legend) { canvas, rect in
      chart.draw(canvas, rect, typesetter)
    }.piece(typesetter, width: context.width)
  }

  private static func legend(
    _ curves: [LabelCurve], names: [String], figures: (RankingCurve) -> [String]
  ) -> SeriesLegend {
    SeriesLegend(
      figureNames: names,
      entries: curves.enumerated().map {
        .init(swatch: .line(.of($0)), name: DisplayText.name($1.label), figures: figures($1.curve))
      })
  }

  private static func why(_ context: BlockContext) -> String {
    if context.data.charts.curves.isEmpty || context.data.charts.curves.allSatisfy({ $0.curve.positives == 0 }) {
      return "no label is the true label of only some posts"
    }
    return "all posts with a true label and probabilities have the same one"
  }

  /// A sentence on the labels that are not drawn.
  private static func beyond(_ context: BlockContext) -> String {
    let (all, shown) = (context.data.outcome.labels.count, context.data.charts.curves.count)
    if context.data.outcome.positive != nil, shown < all { return " Only the positive label is drawn." }
    if all == 2, shown == 2 { return "" }
    return shown < all
      ? " \(shown) of \(all) labels are drawn, one against the rest: those with the most true posts."
      : " One against the rest."
  }
}
