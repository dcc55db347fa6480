public import Evaluation
public import Queries

extension MetricTable.Row {
  /// The row's cells in the order of `MetricTable.columns`, for any of the formats rows come out in.
  public var values: [QueryValue] {
    [
      .text(metric), .text(label), .text(slice.rawValue), .real(score.value), .integer(Int64(count)),
      .integer(Int64(score.undefined)),
    ]
  }
}
