import Evaluation

/// How right predictions are for each value of a column.
enum SlicesBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let table = context.data.charts.slices else { return [] }
    let name = DisplayText.line(table.column, limit: 60)
    let what = "By \u{201C}\(name)\u{201D}"
    guard context.data.outcome.labelled > 0, let whole = context.data.outcome.evaluation[.all] else {
      return [context.absent(what, context.whyNoTruth)]
    }
    guard table.slices.contains(where: { $0.value != nil }) else {
      return [context.absent(what, "no scored post has a value of it")]
    }
    let hasIntervals = whole.matrix.rows.count <= HeadlineBlock.mostLabels
    let rows = table.slices.map { row($0, hasIntervals: hasIntervals) }
    let chart = IntervalChart(
      panels: [
        .init("accuracy", line: whole.metrics.accuracy.value), .init("macro F1", line: whole.metrics.macro.f1.value),
      ], rows: rows, nameTitle: name, noteTitle: "labelled / scored", noteWidth: 78, figureWidth: 34)
    return [context.heading(what)] + context.answer(context.conclusions.slices)
      + chart.pieces(context.typesetter, width: context.width) + context.key(key(table))
      + [context.note(words(table, hasIntervals: hasIntervals))]
  }

  private static func row(_ slice: SliceTable.Slice, hasIntervals: Bool) -> IntervalChart.Row {
    let matrix = slice.matrix, total = matrix.total
    let name =
      slice.pooled > 0
      ? "other (\(Format.count(slice.pooled, "value", "values")))" : slice.value.map(DisplayText.name) ?? "(none)"
    let note = "\(Format.count(total)) / \(Format.count(slice.posts))"
    guard total > 0 else {
      return IntervalChart.Row(
        name: name, note: note, isQuiet: true, panels: [[], []], figures: [["–"], ["–"]])
    }
    let metrics = ClassificationMetrics(matrix)
    let isSmall = total < SliceTable.few
    let right = Int((metrics.accuracy.value * Double(total)).rounded())
    let wilson = WilsonInterval(right, of: total)
    let drawn =
      isSmall || !hasIntervals ? nil : MatrixBootstrap(matrix).interval { MatrixNumbers($0).macroF1 }
    let colour = isSmall ? Palette.quiet : Palette.accent
    return IntervalChart.Row(
      name: name, note: note + (isSmall ? " *" : ""), isQuiet: isSmall,
      panels: [
        [.init(value: metrics.accuracy.value, interval: (wilson.low, wilson.high), colour: colour)],
        [.init(value: metrics.macro.f1.value, interval: drawn.map { ($0.low, $0.high) }, colour: colour)],
      ],
      figures: [
        [Format.decimal(metrics.accuracy.value, 3)], [Format.decimal(metrics.macro.f1.value, 3)],
      ])
  }

  /// What a figure's marks stand for.
  private static func key(_ table: SliceTable) -> String {
    let isSmall = table.slices.contains { $0.matrix.total < SliceTable.few }
    return "Dashes: all posts. Whiskers: 95 % interval."
      + (isSmall ? " * Grey: under \(SliceTable.few) posts with a true label." : "")
  }

  private static func words(_ table: SliceTable, hasIntervals: Bool) -> String {
    var words =
      "Posts with a true label over scored posts of each value, most posts first. Dashes: all posts. Whiskers: 95 %, "
    words += "of accuracy by its count (Wilson), of macro F1 "
    words +=
      hasIntervals
      ? "by 1,000 bootstrap draws, and none where no draw changes it. "
      : "none over \(HeadlineBlock.mostLabels) labels. "
    words += "Macro F1 is the mean over labels that occur in the slice, so slices with other labels are not alike."
    if table.slices.contains(where: { $0.matrix.total < SliceTable.few }) {
      words +=
        " * Grey: under \(SliceTable.few) posts, where one post more or less changes much; no interval of macro F1."
    }
    return words
  }
}
