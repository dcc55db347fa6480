import Bytes
import Evaluation
import Results

// The predictions of two runs for the same posts, label by label and post by post.
extension ComparisonBlock {
  /// The most labels in the matrix of both runs' labels.
  private static let maximumLabels = MatrixPooling.limit

  static func agreement(_ comparison: RunComparison, _ names: RunNames, _ context: BlockContext) -> [Piece] {
    var matrix = ConfusionMatrix(labels: comparison.labels)
    for (own, row) in comparison.agreement.enumerated() {
      for (other, count) in row.enumerated() where count > 0 {
        matrix.add(truth: comparison.labels[own], predicted: comparison.labels[other], count: count)
      }
    }
    let pooled = MatrixPooling(matrix)
    var chart = ConfusionBlock.chart(pooled, figures: pooled.rows.count > 10 ? .counts : .shares)
    (chart.rowTitle, chart.columnTitle) = ("run \(names.own)", "run \(names.other)")
    chart.largestCell = (96, 34)
    // The rows together may not be high enough for the name of the first run beside them.
    let side = MatrixGeometry(chart: chart, typesetter: context.typesetter, width: context.width).grid.height
    var words = ""
    if context.typesetter.width(of: chart.rowTitle, .tiny) > max(side, 60) {
      (chart.rowTitle, chart.columnTitle) = ("first run", "second run")
      words = "Rows, the first run: labels in run \(names.own). Columns, the second run: labels in run \(names.other). "
    }
    words +=
      "All \(Format.count(comparison.common)) posts that both scored, with or without a true label. Colour: the share of the "
    words += "posts with the row's label in run \(names.own), so each row sums to 100 %."
    if pooled.isPooled {
      words += " The \(maximumLabels - 1) most common labels are shown; the rest are pooled as other."
    }
    return [
      context.heading("Labels of run \(names.own) against those of run \(names.other)"),
      chart.piece(context.typesetter, width: context.width),
      context.note(words),
    ]
  }

  static func examples(_ comparison: RunComparison, _ names: RunNames, _ context: BlockContext) -> [Piece] {
    var pieces: [Piece] = []
    let pair = PairedCounts(comparison)
    let kinds = [
      ("Only run \(names.own) is right", pair.mcNemar.firstOnly, comparison.ownRight),
      ("Only run \(names.other) is right", pair.mcNemar.secondOnly, comparison.otherRight),
    ]
    for (title, count, flips) in kinds where !flips.isEmpty {
      pieces += table(
        "\(title): \(Format.count(flips.count)) of \(Format.count(count, "post", "posts"))", flips, names, context)
    }
    let rest = comparison.changed - pair.mcNemar.firstOnly - pair.mcNemar.secondOnly - comparison.undecidable
    if !comparison.undecided.isEmpty {
      pieces += table(
        "The runs disagree, and neither is known to be right: \(Format.count(comparison.undecided.count)) of "
          + Format.count(rest, "post", "posts"), comparison.undecided, names, context)
    }
    guard !pieces.isEmpty else { return [] }
    return pieces + [
      context.note(
        [comparison.ownRight, comparison.otherRight, comparison.undecided].joined().contains {
          $0.own.confidence != nil || $0.other.confidence != nil
        }
          ? "The posts for which both runs together are most confident, with each run's confidence in its own label if known."
          : "Both runs have labels but no confidences, so posts cannot be ranked by confidence.")
    ]
  }

  private static func table(
    _ title: String, _ flips: [RunComparison.Flip], _ names: RunNames, _ context: BlockContext
  ) -> [Piece] {
    let columns = [
      Table.Column(name: "key", alignment: .left, width: 72), Table.Column(name: "text", alignment: .left, share: 1),
      Table.Column(name: "true", alignment: .left, width: 64),
      Table.Column(name: names.own, alignment: .left, width: 84),
      Table.Column(name: names.other(limit: 60), alignment: .left, width: 84),
    ]
    let rows = flips.map { flip in
      Table.Row(cells: [
        context.redaction.key(flip.key), flip.text, flip.truth.map(DisplayText.name) ?? "–", words(flip.own),
        words(flip.other),
      ])
    }
    return [context.heading(title)]
      + Table(columns: columns, rows: rows, style: TextStyle.small.size(7)).pieces(
        context.typesetter, width: context.width)
  }

  private static func words(_ answer: RunComparison.Answer) -> String {
    (answer.confidence.map { "\(Format.decimal($0, 2)) " } ?? "") + DisplayText.name(answer.label)
  }
}
