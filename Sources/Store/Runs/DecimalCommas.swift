package import Bytes
import GRDB
import Queries

/// Numbers of a declared column that have a decimal comma, and so are no numbers in SQL.
package struct DecimalCommas: Equatable, Sendable {
  package var column: ByteText
  package var count: Int
  /// One of them.
  package var example: String
}

extension StoreWriter {
  /// The declared columns of numbers in which a run's posts have decimal commas, of those named. O(entries of the run)
  /// for each column.
  package func decimalCommas(
    ofRun run: Int64, columns: [ColumnDeclaration]
  ) throws(StoreError) -> [DecimalCommas] {
    try perform { db in
      try columns.filter { $0.type != .time }.compactMap { column in
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT count(*), min(typed_value.text) FROM entry
            CROSS JOIN typed_value ON typed_value.post_id = entry.post_id
            WHERE entry.run_id = ? AND \(SQLFragments.isScored("entry")) AND typed_value.name = ?
              AND typed_value.value IS NULL AND typed_value.text GLOB '*[0-9],[0-9]*'
              AND typed_value.text NOT GLOB '*[^0-9,.+ -]*'
            """, arguments: [run, column.name.text])
        guard let row, case let (count, example):(Int, String?) = try (row.get(0), row.find(1)), let example else {
          return nil
        }
        return count == 0 ? nil : DecimalCommas(column: column.name, count: count, example: example)
      }
    }
  }
}
