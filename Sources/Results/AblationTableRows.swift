package import Evaluation
package import Queries

extension AblationTable {
  /// The columns for people: a mean with its deviation is one cell.
  package var shortColumns: [String] {
    keys + ["seeds", "accuracy", "macro-F1", "weighted F1", "Δ macro-F1", "95 % interval", "p"]
  }

  /// The rows for people.
  package var shortValues: [[QueryValue]] {
    rows.map { row in
      row.values.map(Self.cell)
        + [.integer(Int64(row.macroF1.count))]
        + [row.accuracy, row.macroF1, row.weightedF1].map { .text($0.words) }
        + (row.comparison.map { [.text($0.differenceWords), .text($0.intervalWords), .text($0.pValueText)] }
          ?? [.text("baseline"), .null, .null])
    }
  }

  /// The columns for programs: every number unrounded, in a column of its own.
  package var columns: [String] {
    keys + [
      "seeds", "posts", "accuracy", "accuracy_sd", "macro_f1", "macro_f1_sd", "weighted_f1", "weighted_f1_sd",
      "macro_f1_difference", "difference_low", "difference_high", "p",
    ]
  }

  /// The rows for programs. The baseline has no difference, and a single seed has no deviation.
  package var values: [[QueryValue]] {
    rows.map { row in
      row.values.map(Self.cell) + [.integer(Int64(row.macroF1.count)), .integer(Int64(posts))]
        + [row.accuracy, row.macroF1, row.weightedF1].flatMap { spread -> [QueryValue] in
          [.real(spread.mean), spread.deviation.map { .real($0) } ?? .null]
        }
        + (row.comparison.map {
          [
            .real($0.difference), $0.interval.map { .real($0.low) } ?? .null,
            $0.interval.map { .real($0.high) } ?? .null,
            .real($0.p),
          ]
        } ?? [.null, .null, .null, .null])
    }
  }

  /// A setting's value, as a number if it is one.
  private static func cell(_ text: String) -> QueryValue {
    if let whole = Int64(text) { return .integer(whole) }
    return Double(text).map { .real($0) } ?? .text(text)
  }
}

extension MeanAndDeviation {
  /// `0.612 ± 0.010`, or only the mean for a single run.
  package var words: String { Format.decimal(mean, 3) + (deviation.map { " ± " + Format.decimal($0, 3) } ?? "") }
}

extension PairedBootstrap {
  /// `+0.031`.
  package var differenceWords: String { Format.signed(difference, 3) }
  /// The interval, such as `+0.004 to +0.058`, or a remark that it is missing.
  package var intervalWords: String {
    interval.map { "\(Format.signed($0.low, 3)) to \(Format.signed($0.high, 3))" } ?? "none: no post tells them apart"
  }
  /// `0.013`, or `< 0.001`.
  package var pValueText: String { p < 0.001 ? "< 0.001" : Format.decimal(p, 3) }
}
