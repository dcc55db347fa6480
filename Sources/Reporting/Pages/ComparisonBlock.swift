import Bytes
import Evaluation
import Results

/// The comparison with another run: which posts only one run gets right, the scores side by side, and their
/// differences.
enum ComparisonBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let comparison = context.data.charts.comparison else {
      return [
        context.absent("Comparison with another run", "no other run was named when the report was made")
      ]
    }
    let names = RunNames(comparison, context)
    var pieces = [context.heading("Run \(names.own) against run \(names.other)")]
    pieces += context.answer(context.conclusions.comparison)
    pieces.append(context.note(posts(comparison, names), gap: 2))
    guard comparison.common > 0 else { return pieces }
    pieces += numbers(comparison, names, context)
    pieces += agreement(comparison, names, context)
    pieces += examples(comparison, names, context)
    return pieces
  }

  /// Only the charts: both runs' scores and their differences.
  static func figure(_ context: BlockContext) -> [Piece] {
    guard let comparison = context.data.charts.comparison else { return pieces(context) }
    guard comparison.common > 0 else { return [context.absent("Comparison", "the runs have no post in common")] }
    guard !comparison.patterns.isEmpty else {
      return [context.absent("Comparison", context.missingTruthReason + " that both runs scored")]
    }
    let names = RunNames(comparison, context, limit: 160), pair = PairedCounts(comparison)
    if let why = HeadlineMetrics.missingIntervalsReason(pair.own) ?? HeadlineMetrics.missingIntervalsReason(pair.other)
    {
      return [context.absent("Comparison", "there are \(why)")]
    }
    let measures = HeadlineMeasure.all(of: comparison.labels, positive: context.data.outcome.positive)
    let (typesetter, width) = (context.typesetter, context.width)
    let legend = SeriesLegend(
      figureNames: [],
      entries: [(names.own, "upper", Palette.accent), (names.other, "lower", Palette.opposite)].map {
        .init(swatch: .dot($2), name: "\($0) (\($1))", figures: [])
      }
    ).drawing(typesetter, width: width)
    let list = Piece(height: legend.height) { legend.draw($0, Point(x: $1.x, y: $1.y)) }
    let title = typesetter.shape("Run \(names.own) minus run \(names.other)", .small.bold(), width: width, lines: 4)
    let part = Piece(height: (title?.height ?? 0) + 2, gap: 10) { $0.draw(title, at: Point(x: $1.x, y: $1.y)) }
    return [list] + sideBySide(measures, pair, context) + [part] + differences(measures, comparison, context)
  }

  private static func posts(_ comparison: RunComparison, _ names: RunNames) -> String {
    let labelled = comparison.patterns.reduce(0) { $0 + $1.count }
    var words = "Run \(names.other) \(comparison.origin). "
    words += "Both runs scored \(Format.count(comparison.common, "post", "posts"))"
    words += pairs(comparison)
    words +=
      "; \(Format.count(comparison.ownOnly, "post is", "posts are")) only in run \(names.own), \(Format.count(comparison.otherOnly)) only in run \(names.other). "
    guard comparison.common > 0 else { return words + "There is nothing to compare." }
    words +=
      "\(Format.count(labelled)) of them have a true label\(comparison.differing > 0 ? " that is the same in both runs" : ""). "
    words +=
      "The runs give different labels to \(Format.count(comparison.changed)) of the posts that both scored "
      + "(\(Format.share(comparison.changed, of: comparison.common)))."
    if comparison.differingTruths > 0 {
      let pairs = Format.count(comparison.differingTruths, "pair", "pairs")
      words +=
        " \(pairs) with different true labels \(comparison.differingTruths == 1 ? "was" : "were") left out of the comparison "
        + "of right and wrong."
    }
    return words
  }

  /// How posts are paired, and how many pairs differ in content.
  private static func pairs(_ comparison: RunComparison) -> String {
    guard comparison.isPairedByKey else {
      let others = Format.count(comparison.keyOnly, "more shares only its key", "more share only their keys")
      return (comparison.store == nil ? "" : " of the same key and content")
        + (comparison.keyOnly > 0 ? " (\(others), with other content; pair posts by key to compare those)" : "")
    }
    return
      ", paired by key: \(Format.count(comparison.differing)) of these pairs differ in text, knowledge or picture"
      + (comparison.keyOnly > 0
        ? ", and \(Format.count(comparison.keyOnly, "post is", "posts are")) left out because one of the runs has several posts with the same key"
        : "")
  }

  // MARK: - Numbers

  private static func numbers(
    _ comparison: RunComparison, _ names: RunNames, _ context: BlockContext
  ) -> [Piece] {
    guard !comparison.patterns.isEmpty else {
      return [context.absent("Right and wrong", context.missingTruthReason + " that both runs scored")]
    }
    let (typesetter, width) = (context.typesetter, context.width)
    let pair = PairedCounts(comparison)
    let test = pair.mcNemar
    let flips = Table(
      columns: [
        .init(name: "posts with a true label", alignment: .left, share: 1),
        .init(name: "run \(names.other(limit: 22)) right", width: 140),
        .init(name: "run \(names.other(limit: 22)) wrong", width: 140),
      ],
      rows: [
        .init(cells: ["run \(names.own) right", Format.count(pair.bothRight), Format.count(test.firstOnly)]),
        .init(cells: ["run \(names.own) wrong", Format.count(test.secondOnly), Format.count(pair.bothWrong)]),
      ])
    var words =
      "Only run \(names.own) is right for \(Format.count(test.firstOnly, "post", "posts")), and only run \(names.other) for "
    words += "\(Format.count(test.secondOnly)). "
    words += "If both runs were equally often wrong, a split at least this uneven would occur with probability "
    words += "\(pValueText(test.p)) (McNemar's exact test, two-sided)."
    var pieces = flips.pieces(typesetter, width: width) + [context.note(words)]
    if let why = HeadlineMetrics.missingIntervalsReason(pair.own) ?? HeadlineMetrics.missingIntervalsReason(pair.other)
    {
      return pieces + [context.absent("Numbers with intervals", "there are \(why)")]
    }
    let measures = HeadlineMeasure.all(of: comparison.labels, positive: context.data.outcome.positive)
    pieces.append(context.heading("Side by side"))
    pieces += sideBySide(measures, pair, context)
    pieces.append(
      context.note(
        "Blue, upper: run \(names.own); orange, lower: run \(names.other). \(comparison.differing > 0 ? "Pairs of posts with the same true label" : "Same posts"), n = \(Format.count(pair.total)). Whiskers: 95 % of 1,000 "
          + "bootstrap samples, drawn for each run separately; the differences below are from paired samples."))
    pieces.append(context.heading("Run \(names.own) minus run \(names.other)"))
    pieces += differences(measures, comparison, context)
    guard !comparison.agreesOnTruths else { return pieces }
    pieces.append(
      context.note(
        "Whiskers: 95 % of 1,000 paired bootstrap samples (percentiles, seed 2022); each draws posts with their true label "
          + "and both predictions. Blue: the interval is above 0; orange: below 0; grey: it includes 0. A difference without "
          + "an interval is the same in every sample, which does not make it certain."))
    return pieces
  }

  /// A run's confusion matrix with its bootstrap samples.
  private struct DrawnRun {
    var matrix: ConfusionMatrix
    var colour: Colour
    var bootstrap: ConfusionMatrixBootstrap
  }

  private static func sideBySide(
    _ measures: [HeadlineMeasure], _ pair: PairedCounts, _ context: BlockContext
  ) -> [Piece] {
    let runs = [(pair.own, Palette.accent), (pair.other, Palette.opposite)].map { matrix, colour in
      DrawnRun(matrix: matrix, colour: colour, bootstrap: ConfusionMatrixBootstrap(matrix))
    }
    return sideBySide(measures, .init("value, 95 % interval"), runs, context)
      + sideBySide(measures, .init("", -1...1), runs, context)
  }

  private static func sideBySide(
    _ measures: [HeadlineMeasure], _ panel: IntervalChart.Panel, _ runs: [DrawnRun], _ context: BlockContext
  ) -> [Piece] {
    let rows = measures.filter { $0.isSigned == (panel.range.lowerBound < 0) }.map { measure in
      let found = runs.map { run in
        (
          score: measure.score(run.matrix), interval: measure.interval(run.matrix, run.bootstrap),
          colour: run.colour
        )
      }
      return IntervalChart.Row(
        name: measure.name,
        panels: [
          found.map {
            .init(value: $0.score.value, interval: $0.interval.map { ($0.low, $0.high) }, colour: $0.colour)
          }
        ],
        figures: [
          found.map { score, interval, _ in
            Format.score(score)
              + (interval.map { "   \(Format.decimal($0.low, 3)) to \(Format.decimal($0.high, 3))" } ?? "")
          }
        ])
    }
    return IntervalChart(panels: [panel], rows: rows, figureWidth: 116, namesBeside: measures.map(\.name))
      .pieces(context.typesetter, width: context.width)
  }

  private static func differences(
    _ measures: [HeadlineMeasure], _ comparison: RunComparison, _ context: BlockContext
  ) -> [Piece] {
    if comparison.agreesOnTruths {
      return [
        context.absent("Differences", "both runs give the same labels to the posts with a true label")
      ]
    }
    guard let bootstrap = context.conclusions.compared?.bootstrap else { return [] }
    return DifferenceChart(
      axis: "difference",
      rows: measures.map { measure in
        let difference = bootstrap.difference(in: measure.number)
        return DifferenceChart.Row(
          name: measure.name, interval: (difference.low, difference.value, difference.high),
          hasInterval: difference.interval != nil,
          figure: Format.signed(difference.value, 3)
            + (difference.interval.map { "   \(Format.signed($0.low, 3)) to \(Format.signed($0.high, 3))" } ?? ""))
      }
    ).pieces(context.typesetter, width: context.width)
  }

  static func pValueText(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : "p = \(Format.decimal(p, 3))" }
}

extension RunComparison {
  /// The origin of the other run's predictions; completes a sentence after the run's name.
  package var origin: String {
    (isImported ? "comes from another system, " : "was scored by the model ") + DisplayText.line(model, limit: 100)
  }
}

/// The names of two runs in sentences.
struct RunNames {
  let own: String
  /// The other run's name, with its store if that is another one.
  let other: String
  private let bareOther: String
  private let isSameName: Bool

  init(_ comparison: RunComparison, _ context: BlockContext, limit: Int = 60) {
    own = DisplayText.middle(context.data.run.name.text, limit: limit)
    bareOther = comparison.name.text
    isSameName = comparison.name == context.data.run.name
    let store = comparison.store.map { " of \(DisplayText.line($0, limit: 60))" } ?? ""
    other = DisplayText.middle(comparison.name.text, limit: limit) + store
  }

  /// The other run's name for a column header; marked if both runs have the same name.
  func other(limit: Int) -> String {
    let name = DisplayText.middle(bareOther, limit: limit)
    return isSameName ? "\(name) (other)" : name
  }
}

/// The predictions of two runs for the same posts against the truth.
struct PairedCounts {
  private(set) var own: ConfusionMatrix
  private(set) var other: ConfusionMatrix
  private(set) var bothRight = 0
  private(set) var bothWrong = 0
  private var ownOnly = 0
  private var otherOnly = 0

  init(_ comparison: RunComparison) {
    own = ConfusionMatrix(labels: comparison.labels)
    other = own
    for pattern in comparison.patterns {
      own.add(truth: pattern.truth, predicted: pattern.first, count: pattern.count)
      other.add(truth: pattern.truth, predicted: pattern.second, count: pattern.count)
      switch (pattern.first == pattern.truth, pattern.second == pattern.truth) {
      case (true, true): bothRight += pattern.count
      case (true, false): ownOnly += pattern.count
      case (false, true): otherOnly += pattern.count
      case (false, false): bothWrong += pattern.count
      }
    }
  }

  var total: Int { own.total }
  var mcNemar: McNemar { McNemar(firstOnly: ownOnly, secondOnly: otherOnly) }
}
