import Evaluation

/// The confusion matrix: counts, and each truth's share of predictions as colour.
enum ConfusionBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    let heading = context.heading("True against predicted label")
    guard outcome.labelled > 0, let part = outcome.evaluation[.all] else { return [heading, context.noTruth] }
    let pooled = MatrixPooling(part.matrix)
    let chart = chart(pooled)
    let geometry = MatrixGeometry(chart: chart, typesetter: context.typesetter, width: context.width)
    var words = "Over the \(Format.count(outcome.labelled)) of \(Format.count(outcome.posts)) scored posts that have a "
    words += "true label. Colour and per cent: the share of a true label's posts, so that each row sums to 100 %."
    if geometry.cellLines == 1 { words += " Figures are per cent; the counts: clfa query STORE confusion." }
    if pooled.isPooled {
      words += " The \(MatrixPooling.limit - 1) commonest labels are shown; the rest are pooled as other."
    }
    if !part.matrix.unknownTruths.isEmpty {
      words += " Rows without a column are true labels the model does not know: every such post counts as wrong."
    }
    if outcome.pooledTruths > 0 { words += " \(Format.count(outcome.pooledTruths)) posts have still other labels." }
    return [heading, chart.piece(context.typesetter, width: context.width), context.note(words)]
  }

  package static func chart(_ pooled: MatrixPooling) -> MatrixChart {
    let small = max(pooled.rows.count, pooled.columns.count) > 10
    let cells = pooled.counts.map { row in
      let sum = row.reduce(0, +)
      return row.map { count in
        guard sum > 0 else { return MatrixChart.Cell(value: nil) }
        let share = Double(count) / Double(sum)
        let words = Format.percent(share, decimals: small ? 0 : 1)
        return MatrixChart.Cell(
          value: share, lines: small ? (count > 0 ? [words] : []) : ["\(words) %", Format.count(count)])
      }
    }
    return MatrixChart(
      rowTitle: "true label", columnTitle: "predicted label", rows: pooled.rows, columns: pooled.columns,
      rowNotes: pooled.counts.map { Format.count($0.reduce(0, +)) }, rowNoteTitle: "posts", cells: cells, scale: .share,
      legendTitle: "share of row", outlined: pooled.diagonal.map { ($0.row, $0.column) })
  }
}
