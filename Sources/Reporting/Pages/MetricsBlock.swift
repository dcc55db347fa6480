import Bytes
import Evaluation
import Results

/// Accuracy, binary, macro and weighted scores, each by its full name, for every slice.
enum MetricsBlock {
  private struct Line {
    var name: String
    var score: (ClassificationMetrics) -> Score?
  }

  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard outcome.labelled > 0 else { return [context.noTruth] }
    // Leave out slices without posts, and those of all posts, which would repeat the first column.
    let all = outcome.evaluation[.all]?.metrics.total ?? 0
    let parts = outcome.evaluation.parts.filter { part in
      part.slice == .all || (part.metrics.total > 0 && part.metrics.total < all)
    }
    let positive = outcome.positive
    let columns =
      [Table.Column(name: "metric", alignment: .left, share: 1)]
      + parts.map { Table.Column(name: $0.slice.title, width: 104) }
    var undefined = false
    var rows = [
      Table.Row(cells: ["posts with a true label"] + parts.map { Format.count($0.metrics.total) })
    ]
    for line in lines(positive: positive) {
      let cells = parts.map { part -> String in
        guard part.metrics.total > 0, let score = line.score(part.metrics) else { return "–" }
        if score.undefined > 0 { undefined = true }
        return Format.score(score)
      }
      rows.append(Table.Row(cells: [line.name] + cells))
    }
    var pieces = [context.heading("Metrics")]
    pieces += Table(columns: columns, rows: rows).pieces(context.typesetter, width: context.width)
    var words =
      "Macro: the unweighted mean over labels that occur. Weighted: the mean weighted by the number of true posts."
    if undefined { words += " " + Format.undefinedNote }
    pieces.append(context.note(words))
    return pieces
  }

  private static func lines(positive: ByteText?) -> [Line] {
    var lines = [Line(name: "accuracy") { $0.accuracy }]
    if let positive {
      let name = DisplayText.line(positive.text, limit: 40)
      lines += triple("binary", "of \u{201C}\(name)\u{201D}") { $0.binary?.scores }
    }
    lines += triple("macro", "") { $0.macro }
    lines += triple("weighted", "") { $0.weighted }
    return lines
  }

  private static func triple(
    _ kind: String, _ suffix: String, _ scores: @escaping (ClassificationMetrics) -> PrecisionRecallF1?
  ) -> [Line] {
    let end = suffix.isEmpty ? "" : " \(suffix)"
    return [
      Line(name: "\(kind) precision\(end)") { scores($0)?.precision },
      Line(name: "\(kind) recall\(end)") { scores($0)?.recall },
      Line(name: "\(kind) F1\(end)") { scores($0)?.f1 },
    ]
  }
}

extension Format {
  /// A score with three decimals, marked if a ratio in it was 0/0.
  static func score(_ score: Score) -> String {
    decimal(score.value, 3) + (score.undefined > 0 ? " †" : "")
  }

  static let undefinedNote = "† includes a ratio 0/0, which counts as 0."
}

/// Each label's precision, recall and F1 over all posts.
enum LabelsBlock {
  /// The most labels listed.
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
    var pieces = [context.heading("Scores by label, all posts")] + context.answer(context.conclusions.labels)
    pieces += Table(columns: columns, rows: Array(rows)).pieces(context.typesetter, width: context.width)
    var words = bootstrap == nil ? [] : ["Interval: of F1, 95 % of 1,000 bootstrap samples of the posts."]
    if bootstrap != nil, rows.contains(where: { $0.cells[4] == noInterval }) {
      words.append(
        "\(noInterval): F1 is the same in every bootstrap sample, which does not make it certain."
      )
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

  /// The bootstrap interval of F1; a dash if there is no interval.
  private static func interval(of label: LabelMetrics, at row: Int, _ bootstrap: ConfusionMatrixBootstrap?) -> String {
    guard label.isKnown, label.support + label.predicted > 0, label.scores.f1.undefined == 0,
      let interval = bootstrap?.interval(of: { f1(of: row, $0) })
    else { return noInterval }
    return "\(Format.decimal(interval.low, 3)) to \(Format.decimal(interval.high, 3))"
  }

  /// F1 of one of the model's labels, computed alone because the bootstrap needs it for a thousand matrices.
  private static func f1(of label: Int, _ matrix: ConfusionMatrix) -> Double {
    let both = matrix.support(row: label) + matrix.predicted(column: label)
    return both > 0 ? 2 * Double(matrix.counts[label][label]) / Double(both) : 0
  }
}
