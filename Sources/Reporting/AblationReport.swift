package import Evaluation
import Results

/// An ablation report: the table, and the differences with their intervals.
///
/// The same table gives the same bytes, whatever the time, user, locale or number of threads.
package struct AblationReport: Sendable {
  private let table: AblationTable
  private let corpus: String
  private let version: String
  private let created: String
  private static let title = "Effect of each setting"

  /// - Parameters:
  ///   - table: the results.
  ///   - corpus: the name of the corpus with the test posts.
  ///   - version: the program's version.
  ///   - created: the date written into the file, UTC ISO 8601.
  package init(_ table: AblationTable, corpus: String, version: String, created: String) {
    (self.table, self.corpus, self.version, self.created) = (table, corpus, version, created)
  }

  /// Draws the report.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    var paginator = Paginator(body: PageFormat.body)
    paginator.add(pieces(typesetter, width: PageFormat.body.width))
    return try Document(
      title: "\(Self.title): \(corpus)", created: created, header: "Ablation", footer: "clfa \(version)",
      pages: Document.pages(Self.title, paginator)
    ).pdf(typesetter)
  }

  private func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let title = typesetter.shape(Self.title, .title, width: width)
    let summary = typesetter.shape(summary, TextStyle.body.colour(Palette.muted), width: width)
    let opening = Piece(height: 44) { canvas, rect in
      canvas.draw(title, x: rect.x, baseline: rect.y + 20)
      canvas.draw(summary, x: rect.x, baseline: rect.y + 37)
    }
    let answer = Piece.paragraph(conclusion.sentence, .body, typesetter, width: width, lines: 3, gap: 2)
    return [opening, answer, .heading("Settings", typesetter, width: width)]
      + numbers.pieces(typesetter, width: width)
      + [
        .paragraph(
          "Mean ± standard deviation over the seeds. Macro: the unweighted mean over labels that occur. Weighted: the mean "
            + "weighted by the number of true posts.", .note, typesetter, width: width, gap: 5),
        .heading("Macro F1 against \(table.baseline)\(isPartial ? ", all else equal" : "")", typesetter, width: width),
      ]
      + differences.pieces(typesetter, width: width)
      + [
        .paragraph(
          "Dots are the mean differences of runs with the same seed; whiskers are 95 % of \(Format.count(PairedBootstrap.draws)) "
            + "paired bootstrap samples of the posts. Blue: the interval is above the baseline; orange: below; "
            + "grey: it includes 0. The deviations above show the variation with other seeds. p is two-sided, and not corrected for "
            + "multiple comparisons.", .note, typesetter, width: width, gap: 5)
      ]
  }

  /// How many settings differ from the baseline beyond chance, and the one with the largest gain.
  private var conclusion: Conclusion {
    let compared = table.rows.enumerated().compactMap { place, row in row.comparison.map { (place, $0) } }
    let differing = compared.filter { $0.1.low > 0 || $0.1.high < 0 }
    let best = differing.max { $0.1.difference.magnitude < $1.1.difference.magnitude }.map { place, comparison in
      Conclusion.Named(
        table.name(of: place),
        Estimate(value: comparison.difference, low: comparison.low, high: comparison.high, count: table.posts))
    }
    return .settings(
      compared: compared.count, differing: differing.count, best: best,
      baseline: isPartial ? "its \(table.baseline)" : table.baseline, posts: table.posts)
  }

  /// Whether several settings are baselines.
  private var isPartial: Bool { table.rows.count { $0.comparison == nil } > 1 }

  private var summary: String {
    let seeds = table.rows[0].macroF1.count
    return [
      corpus, Format.count(table.posts, "post", "posts"), Format.count(table.rows.count, "setting", "settings"),
      Format.count(seeds, "seed", "seeds"),
    ].joined(separator: "  ·  ")
  }

  private var numbers: Table {
    let keys = table.keys.map { Table.Column(name: $0, alignment: .left, share: 1) }
    let columns = keys + ["accuracy", "macro F1", "weighted F1"].map { Table.Column(name: $0, width: 80) }
    let rows = table.rows.map { row in
      Table.Row(
        cells: row.values + [row.accuracy, row.macroF1, row.weightedF1].map(\.words), isBold: row.comparison == nil)
    }
    return Table(columns: columns, rows: rows)
  }

  private var differences: DifferenceChart {
    DifferenceChart(
      axis: "difference in macro F1",
      rows: table.rows.enumerated().map { place, row in
        DifferenceChart.Row(
          name: table.name(of: place), interval: row.comparison.map { ($0.low, $0.difference, $0.high) },
          figure: row.comparison.map { "\($0.differenceWords) (p \($0.p < 0.001 ? "" : "= ")\($0.pValueText))" }
            ?? "baseline")
      })
  }
}
