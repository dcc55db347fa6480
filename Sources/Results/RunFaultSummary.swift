import Bytes
import GRDB
import Store

/// A run's faults by code, with a few examples of each code.
package struct RunFaultSummary: Equatable, Sendable {
  /// One row that could not be scored.
  package struct Example: Equatable, Sendable {
    package var file: String
    /// The line number, from 1, as an editor shows it.
    package var line: Int
    /// The row's key, if it could be read.
    package var key: String?
    /// The stage of scoring that failed.
    package var stage: String
    /// The file that caused the fault, if it is not the corpus.
    package var path: String?
    /// The description of the fault.
    package var detail: String
  }

  /// One kind of fault.
  package struct Group: Equatable, Sendable {
    package var code: String
    /// The number of rows with this code.
    package var count: Int
    /// The first rows by file and line, at most `RunFaultSummary.examples`.
    package var examples: [Example]
  }

  /// The most examples of each code.
  package static let examples = 5

  /// The codes, the most frequent first.
  package var groups: [Group]
  /// The number of faults with other codes.
  package var others: Int

  /// The number of all faults.
  package var total: Int { groups.reduce(others) { $0 + $1.count } }
}

/// Counts a run's faults by code and picks the first few of each.
enum FaultQuery {
  /// The most codes with a group of their own.
  static let codeLimit = 24

  static func fetch(_ database: Database, run: RunFacts) throws -> RunFaultSummary {
    let counts = try Row.fetchCursor(
      database,
      sql: "SELECT code, count(*) AS n FROM fault WHERE run_id = ? GROUP BY code ORDER BY n DESC, code",
      arguments: [run.id])
    var groups: [RunFaultSummary.Group] = []
    var others = 0
    while let row = try counts.next() {
      if groups.count < codeLimit {
        groups.append(RunFaultSummary.Group(code: row.text(0) ?? "", count: row.integer(1), examples: []))
      } else {
        others += row.integer(1)
      }
    }
    try addExamples(database, run: run, to: &groups)
    return RunFaultSummary(groups: groups, others: others)
  }

  /// One pass in the order of file and line that stops as soon as every code has its examples.
  private static func addExamples(
    _ database: Database, run: RunFacts, to groups: inout [RunFaultSummary.Group]
  ) throws {
    var missing = groups.reduce(0) { $0 + min($1.count, RunFaultSummary.examples) }
    guard missing > 0 else { return }
    let index = Dictionary(
      groups.enumerated().map { (ByteText($1.code), $0) }, uniquingKeysWith: { first, _ in first })
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT code, substr(file, 1, 500), line, substr(key, 1, 500), stage, substr(path, 1, 1000),
          substr(detail, 1, 1000)
        FROM fault WHERE run_id = ? ORDER BY file, line, id
        """, arguments: [run.id])
    while missing > 0, let row = try rows.next() {
      guard let group = row.text(0).flatMap({ index[ByteText($0)] }),
        groups[group].examples.count < RunFaultSummary.examples
      else { continue }
      missing -= 1
      groups[group].examples.append(
        RunFaultSummary.Example(
          file: row.text(1) ?? "", line: row.integer(2), key: row.text(3), stage: row.text(4) ?? "",
          path: row.text(5), detail: row.text(6) ?? ""))
    }
  }
}
