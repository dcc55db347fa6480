import Evaluation
import Results

/// The confusion matrix: shares of each row as colours and numbers, counts, and shares of each column.
package enum ConfusionBlock {
  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    let heading = context.heading("True against predicted label")
    guard outcome.labelled > 0, let part = outcome.evaluation[.all] else {
      return [heading, context.noTruth]
    }
    let pooled = MatrixPooling(part.matrix)
    let chart = chart(pooled)
    let geometry = MatrixGeometry(chart: chart, typesetter: context.typesetter, width: context.width)
    var pieces = [
      heading, chart.piece(context.typesetter, width: context.width),
      context.note(words(outcome, part.matrix, pooled, lines: geometry.cellLines)),
    ]
    if geometry.cellLines == 1 {
      pieces += [
        context.heading("True against predicted label, posts"),
        self.chart(pooled, figures: .counts).piece(context.typesetter, width: context.width),
        context.note(
          "The same cells in posts; k: thousands, M: millions. In full: \(context.query) confusion."),
      ]
    }
    if geometry.cellLines < 3 {
      pieces += [
        context.heading("True against predicted label, shares of predictions"),
        self.chart(pooled, figures: .columns).piece(context.typesetter, width: context.width),
        context.note(
          "The same cells as shares of the posts with that predicted label, so each column sums to 100 %."
        ),
      ]
    }
    return pieces
  }

  private static func words(_ outcome: Outcome, _ matrix: ConfusionMatrix, _ pooled: MatrixPooling, lines: Int)
    -> String
  {
    var words =
      outcome.labelled == outcome.posts
      ? "Over \(outcome.posts == 1 ? "the one scored post" : "all \(Format.count(outcome.posts)) scored posts")."
      : "Over the \(Format.count(outcome.labelled)) of \(Format.count(outcome.posts)) scored posts that have a true label."
    words += " Colour and per cent: the share of the posts with that true label, so each row sums to 100 %."
    if lines > 1 { words += " Below it: the number of posts." }
    if lines > 2 { words += " ↓: the share of the posts with that predicted label, so each column sums to 100 %." }
    if pooled.isPooled {
      words += " The \(MatrixPooling.limit - 1) most common labels are shown; the rest are pooled as other."
    }
    if !matrix.unknownTruths.isEmpty {
      words +=
        " Rows without a column are true labels that the model does not know; their posts count as wrong."
    }
    if outcome.pooledTruths > 0 {
      words += " \(Format.count(outcome.pooledTruths)) posts have other labels."
    }
    return words
  }

  /// The numbers shown in cells that are too small for both shares and counts.
  package enum Figures {
    case shares
    case counts
    /// Shares of columns.
    case columns
  }

  package static func chart(_ pooled: MatrixPooling, figures: Figures = .shares) -> MatrixChart {
    let small = max(pooled.rows.count, pooled.columns.count) > 10
    let columnSums = pooled.columns.indices.map { column in pooled.counts.reduce(0) { $0 + $1[column] } }
    let cells = pooled.counts.map { row in
      let rowSum = row.reduce(0, +)
      return row.enumerated().map { column, count in
        let sum = figures == .columns ? columnSums[column] : rowSum
        guard sum > 0 else { return MatrixChart.Cell(value: nil) }
        let share = Double(count) / Double(sum)
        guard small else {
          let lines = ["\(Format.percent(share, decimals: 1)) %", Format.count(count)]
          let ofColumn =
            figures == .columns || columnSums[column] == 0 ? [] : ["↓ \(Format.share(count, of: columnSums[column]))"]
          return MatrixChart.Cell(
            value: share, lines: lines + ofColumn,
            short: figures == .counts ? Format.compact(count) : Format.percent(share, decimals: 0))
        }
        let words = figures == .counts ? Format.compact(count) : Format.percent(share, decimals: 0)
        return MatrixChart.Cell(value: share, lines: count > 0 ? [words] : [])
      }
    }
    // If cells are too small for the per cent sign, the legend has it.
    let whole = figures == .columns ? "column" : "row"
    let (long, short) = ("share of \(whole)", "% of \(whole)")
    var chart = MatrixChart(
      rowTitle: "true label", columnTitle: "predicted label", rows: pooled.rows, columns: pooled.columns,
      rowNotes: pooled.counts.map { Format.count($0.reduce(0, +)) }, rowNoteTitle: "posts", cells: cells,
      scale: .share,
      legendTitle: small && figures != .counts ? short : long,
      outlined: pooled.diagonal.map { ($0.row, $0.column) })
    chart.shortLegendTitle = figures == .counts ? nil : short
    return chart
  }
}
