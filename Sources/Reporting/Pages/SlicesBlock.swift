import Evaluation
import Results

/// The accuracy for each value of a column.
enum SlicesBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let table = context.data.charts.slices else { return [] }
    let name = DisplayText.line(table.column, limit: 60)
    let what = "By \u{201C}\(name)\u{201D}"
    guard context.data.outcome.labelled > 0, let whole = context.data.outcome.evaluation[.all] else {
      return [context.absent(what, context.missingTruthReason)]
    }
    guard table.slices.contains(where: { $0.value != nil }) else {
      return [context.absent(what, "no scored post has a value of it")]
    }
    let hasIntervals = whole.matrix.rows.count <= HeadlineMetrics.maximumLabels
    let rows = table.slices.map(row)
    let chart = IntervalChart(
      panels: [
        .init("accuracy", line: whole.metrics.accuracy.value), .init("macro F1", line: whole.metrics.macro.f1.value),
      ], rows: rows, nameTitle: name, noteTitle: "labelled / scored", noteWidth: 78, figureWidth: 34)
    return [context.heading(what)] + context.answer(context.conclusions.slices)
      + chart.pieces(context.typesetter, width: context.width) + context.key(key(table))
      + [context.note(words(table, hasIntervals: hasIntervals))]
  }

  private static func row(_ slice: SliceTable.Slice) -> IntervalChart.Row {
    let total = slice.matrix.total
    let name =
      slice.pooled > 0
      ? "other (\(Format.count(slice.pooled, "value", "values")))" : slice.value.map(DisplayText.name) ?? "(none)"
    let note = "\(Format.count(total)) / \(Format.count(slice.posts))"
    guard let scores = slice.scores else {
      return IntervalChart.Row(
        name: name, note: note, isQuiet: true, panels: [[], []], figures: [["–"], ["–"]])
    }
    let isSmall = total < SliceTable.few
    let colour = isSmall ? Palette.quiet : Palette.accent
    let measures = [scores.accuracy, scores.macroF1]
    return IntervalChart.Row(
      name: name, note: note + (isSmall ? " *" : ""), isQuiet: isSmall,
      panels: measures.map { measure in
        [.init(value: measure.score.value, interval: measure.interval.map { ($0.low, $0.high) }, colour: colour)]
      },
      figures: measures.map { [Format.decimal($0.score.value, 3)] })
  }

  /// The legend of the figure's marks.
  private static func key(_ table: SliceTable) -> String {
    let isSmall = table.slices.contains { $0.matrix.total < SliceTable.few }
    return "Dashes: all posts. Whiskers: 95 % interval."
      + (isSmall ? " * Grey: fewer than \(SliceTable.few) posts with a true label." : "")
  }

  private static func words(_ table: SliceTable, hasIntervals: Bool) -> String {
    var words =
      "Labelled: posts with a true label. Values with the most posts come first. Dashes: all posts. Whiskers: 95 %, "
    words +=
      hasIntervals
      ? "from 1,000 bootstrap samples; if these are all the same, from the counts for accuracy (Wilson) and none for macro F1. "
      : "none, because there are more than \(HeadlineMetrics.maximumLabels) labels. "
    words += "Macro F1 is the mean over labels that occur in the slice, so slices with other labels are not comparable."
    if table.slices.contains(where: { $0.matrix.total < SliceTable.few }) {
      words +=
        " * Grey: fewer than \(SliceTable.few) posts with a true label, so one post changes a score a lot; accuracy has Wilson's "
        + "interval and macro F1 none."
    }
    return words
  }
}

/// The accuracy of posts with features in a stream and of those without, and the similarity of their text to the features.
enum StreamsBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let streams = context.data.charts.streams
    guard !streams.isEmpty else { return [] }
    let rows = streams.flatMap { stream in
      [
        row("\(DisplayText.name(stream.name)): posts with it", stream.with, stream.pairs),
        row("posts without", stream.without, nil),
      ]
    }
    let chart = IntervalChart(
      panels: [
        .init("accuracy", line: context.data.outcome.evaluation[.all]?.metrics.accuracy.value),
        .init("cosine", -1...1),
      ], rows: rows, nameTitle: "stream", noteTitle: "labelled / scored", noteWidth: 78, figureWidth: 60)
    return [context.heading("Feature streams")] + context.conclusions.streams.flatMap { context.answer($0) }
      + chart.pieces(context.typesetter, width: context.width)
      + [context.note(words(streams))]
  }

  private static func row(_ name: String, _ tally: StreamFacts.Tally, _ pairs: PairRanks?) -> IntervalChart.Row {
    let note = "\(Format.count(tally.labelled)) / \(Format.count(tally.posts))"
    let share = tally.labelled > 0 ? Double(tally.right) / Double(tally.labelled) : nil
    let wilson = WilsonInterval(tally.right, of: max(tally.labelled, 1))
    return IntervalChart.Row(
      name: name, note: note, isQuiet: tally.posts == 0,
      panels: [
        share.map { [.init(value: $0, interval: (wilson.low, wilson.high))] } ?? [],
        pairs.map { [.init(value: $0.matchedMean, mark: $0.posts > 1 ? $0.otherMean : nil)] } ?? [],
      ],
      figures: [
        [share.map { Format.decimal($0, 3) } ?? "–"],
        [pairs.map { "\(Format.decimal($0.matchedMean, 3)) of \(Format.count($0.posts))" } ?? "–"],
      ])
  }

  private static func words(_ streams: [StreamFacts]) -> String {
    var words = "Labelled: posts with a true label. Whiskers: 95 % (Wilson). Dashes: all posts. "
    words +=
      "Posts with and without a stream differ in other ways, too; to see the effect of the stream, score the same posts "
    words += "with a model that lacks it."
    let compared = streams.filter { $0.pairs != nil }
    if compared.isEmpty {
      words += " The store has no vectors of the streams; score the posts again with all embeddings."
    } else {
      words +=
        " Cosine: of a post's text vector and its vector in the stream, the mean over a sample; the mark is the mean "
      words += "with the features of other posts."
      for stream in compared {
        guard let rank = stream.pairs?.medianRank, let posts = stream.pairs?.posts, posts > 1 else { continue }
        words += " Half of the texts have their own \(DisplayText.name(stream.name)) among the nearest "
        words += "\(Format.count(Int(rank.rounded(.up)))) of \(Format.count(posts))."
      }
    }
    return words
  }
}
