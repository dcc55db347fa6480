import Bytes
import GRDB
import Store

/// Counts a run's faults by code and picks the first few of each.
enum FaultQuery {
  /// The most codes that are listed.
  static let codeLimit = 24

  static func fetch(_ database: Database, run: RunFacts) throws -> FaultSummary {
    let counts = try Row.fetchCursor(
      database,
      sql: "SELECT code, count(*) AS n FROM fault WHERE run_id = ? GROUP BY code ORDER BY n DESC, code",
      arguments: [run.id])
    var groups: [FaultSummary.Group] = []
    var others = 0
    while let row = try counts.next() {
      if groups.count < codeLimit {
        groups.append(FaultSummary.Group(code: row.text(0) ?? "", count: row.integer(1), examples: []))
      } else {
        others += row.integer(1)
      }
    }
    try addExamples(database, run: run, to: &groups)
    return FaultSummary(groups: groups, others: others)
  }

  /// One pass in the order of file and line that ends as soon as every code has its examples.
  private static func addExamples(
    _ database: Database, run: RunFacts, to groups: inout [FaultSummary.Group]
  ) throws {
    var missing = groups.reduce(0) { $0 + min($1.count, FaultSummary.examples) }
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
        groups[group].examples.count < FaultSummary.examples
      else { continue }
      missing -= 1
      groups[group].examples.append(
        FaultSummary.Example(
          file: row.text(1) ?? "", line: row.integer(2), key: row.text(3), stage: row.text(4) ?? "",
          path: row.text(5), detail: row.text(6) ?? ""))
    }
  }
}
