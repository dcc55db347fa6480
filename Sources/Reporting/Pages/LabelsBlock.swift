import Evaluation

/// Each label's precision, recall and F1 over all posts.
enum LabelsBlock {
  /// The most labels that are listed.
  static let labels = SectionOption("labels", 1...1000, standard: 60)

  static func pieces(_ context: BlockContext) -> [Piece] {
    guard context.data.outcome.labelled > 0, let part = context.data.outcome.evaluation[.all] else {
      return [context.noTruth]
    }
    let labels = part.metrics.labels, limit = context.options[Self.labels]
    let columns = [
      Table.Column(name: "label", alignment: .left, share: 1), Table.Column(name: "precision", width: 56),
      Table.Column(name: "recall", width: 56), Table.Column(name: "F1", width: 56),
      Table.Column(name: "95 % interval", width: 84),
      Table.Column(name: "true posts", width: 56), Table.Column(name: "predicted", width: 56),
    ]
    let bootstrap = context.conclusions.headline?.bootstrap
    let rows = labels.prefix(limit).enumerated().map { place, label in
      let scores = label.scores
      return Table.Row(
        cells: [
          (label.isKnown ? "" : "* ") + DisplayText.name(label.label),
          Format.score(scores.precision), Format.score(scores.recall), Format.score(scores.f1),
          interval(of: label, at: place, bootstrap),
          Format.count(label.support), Format.count(label.predicted),
        ])
    }
    var pieces = [context.heading("By label, all posts")] + context.answer(context.conclusions.labels)
    pieces += Table(columns: columns, rows: Array(rows)).pieces(context.typesetter, width: context.width)
    var words = bootstrap == nil ? [] : ["Intervals of F1: 95 % of 1,000 bootstrap draws of the posts."]
    if bootstrap != nil, rows.contains(where: { $0.cells[4] == noInterval }) {
      words.append("\(noInterval): no draw changed F1, as without a mistake; that does not make it certain.")
    }
    if labels.count > limit {
      words.append("The first \(limit) of \(labels.count) labels; all: clfa evaluate STORE.")
    }
    if labels.prefix(limit).contains(where: { !$0.isKnown }) {
      words.append("* is a true label that the model does not know.")
    }
    if rows.contains(where: { $0.cells.contains { $0.hasSuffix("†") } }) {
      words.append(Format.undefinedNote)
    }
    if !words.isEmpty { pieces.append(context.note(words.joined(separator: " "))) }
    return pieces
  }

  private static let noInterval = "–"

  /// Where F1 lies with other such posts; a dash where there is none.
  private static func interval(of label: LabelMetrics, at row: Int, _ bootstrap: MatrixBootstrap?) -> String {
    guard label.isKnown, label.support + label.predicted > 0, label.scores.f1.undefined == 0,
      let interval = bootstrap?.interval(of: { f1(of: row, $0) })
    else { return noInterval }
    return "\(Format.decimal(interval.low, 3)) to \(Format.decimal(interval.high, 3))"
  }

  /// F1 of one of the model's labels alone, since a thousand matrices are asked.
  private static func f1(of label: Int, _ matrix: ConfusionMatrix) -> Double {
    let both = matrix.support(row: label) + matrix.predicted(column: label)
    return both > 0 ? 2 * Double(matrix.counts[label][label]) / Double(both) : 0
  }
}
