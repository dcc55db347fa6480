import Evaluation

/// Accuracy, binary, macro and weighted scores, each by its full name, for every slice.
enum MetricsBlock {
  private struct Line {
    var name: String
    var score: (ClassificationMetrics) -> Score?
  }

  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard outcome.labelled > 0 else { return [context.noTruth] }
    // A slice without posts says nothing, and one of all posts what the first column says.
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
    var words = "Macro: the plain mean over labels that occur. Weighted: the mean by number of true posts."
    if undefined { words += " " + Format.undefinedNote }
    pieces.append(context.note(words))
    return pieces
  }

  private static func lines(positive: String?) -> [Line] {
    var lines = [Line(name: "accuracy") { $0.accuracy }]
    if let positive {
      let name = DisplayText.line(positive, limit: 40)
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
  /// A score with three decimals, marked where a ratio under it was 0/0.
  static func score(_ score: Score) -> String {
    decimal(score.value, 3) + (score.undefined > 0 ? " †" : "")
  }

  static let undefinedNote = "† rests on a ratio without cases, 0/0, which counts as 0."
}
