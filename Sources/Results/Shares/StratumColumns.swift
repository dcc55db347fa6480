import Bytes
import GRDB
import Queries

/// The columns whose values make the strata of a sample, as SQL.
package struct StratumColumns {
  /// The name of the column of predicted labels.
  package static let label = "label"

  private let columns: [SliceColumn]

  /// Finds the columns of a run: `label` is the predicted label; others are those of the corpus or `file`, `state`,
  /// `month` …
  ///
  /// - Parameters:
  ///   - names: the names of the columns.
  ///   - database: the store.
  ///   - run: the run.
  ///   - isCalibrated: whether predictions are read with a calibration. A sample was drawn by the model's own labels.
  /// - Throws: `ResultsError.noSuchColumn`.
  init(_ names: [String], in database: Database, run: RunFacts, isCalibrated: Bool = false) throws {
    columns = try names.map { name in
      guard name == Self.label else { return try SliceColumn.find(name, in: database, run: run) }
      return SliceColumn(
        name: name,
        expression: isCalibrated
          ? """
          (SELECT own.label FROM main.prediction AS own
            WHERE own.scorer_id = prediction.scorer_id AND own.post_id = prediction.post_id)
          """ : "prediction.label", argument: nil)
    }
  }

  /// The expressions as parts of a SELECT, each with a comma before it.
  var sql: String { columns.map { ", CAST(\($0.expression) AS TEXT)" }.joined() }
  /// The arguments of the expressions, in order.
  var arguments: StatementArguments { StatementArguments(columns.compactMap(\.argument)) }

  /// Reads a row's values.
  ///
  /// - Parameters:
  ///   - row: the row.
  ///   - first: the index of the first column.
  /// - Returns: the values in order; nil for a value of white space alone.
  func values(_ row: StatementRow, from first: Int32) -> [ByteText?] {
    columns.indices.map { place in
      row.byteText(first + Int32(place)).flatMap { SliceTally.isBlank($0) ? nil : $0 }
    }
  }
}
