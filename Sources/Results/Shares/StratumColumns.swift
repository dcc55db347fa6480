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
  /// - Throws: `ResultsError.noSuchColumn`.
  init(_ names: [String], in database: Database, run: RunFacts) throws {
    columns = try names.map { name in
      name == Self.label
        ? SliceColumn(name: name, expression: "prediction.label", argument: nil)
        : try SliceColumn.find(name, in: database, run: run)
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
