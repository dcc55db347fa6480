public import Evaluation

extension MetricTable.Row {
  /// The row as text, in the order of `MetricTable.columns`; the value has six decimals.
  public var cells: [String] {
    [
      metric, DisplayText.line(label, limit: 200), slice.rawValue, Format.decimal(score.value, 6), "\(count)",
      "\(score.undefined)",
    ]
  }
}
