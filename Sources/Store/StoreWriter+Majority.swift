import Bytes
import GRDB

/// The labels on which sources agree, in counts of posts.
package struct MajoritySummary: Equatable, Sendable {
  /// The sources that were asked.
  package var sources: [String] = []
  /// Posts with one label that more sources gave than any other; those of one source alone are among them.
  package var agreed = 0
  /// Posts with a label of one source alone.
  package var single = 0
  /// Posts on which several labels have the most votes; they get no label.
  package var tied = 0
  /// Labels that are new, replaced another, or were removed, since the store last had a majority of this name.
  package var new = 0, changed = 0, removed = 0

  package init() {}
}

extension StoreWriter {
  /// Stores the label with the most votes of each post as a source of its own, all or nothing; ties are left open.
  ///
  /// - Parameters:
  ///   - sources: the sources that vote; empty for all but the corpus and other majorities.
  ///   - name: the new source, `majority` or a name that begins so.
  ///   - notedAt: the time now: UTC in ISO 8601.
  /// - Returns: how many posts got a label.
  /// - Throws: `notAMajority`, `labelSourceNotFound`, `tooFewLabelSources`, …; the store is then unchanged.
  /// - Complexity: O(n log n) for n labels; constant memory.
  package func storeMajority(
    of sources: [String] = [], as name: String = LabelSource.majority, notedAt: String
  ) throws(StoreError) -> MajoritySummary {
    guard LabelSource.isMajority(name) else { throw .notAMajority(name) }
    return try transact { db in
      var summary = MajoritySummary()
      summary.sources = try Self.voters(sources, besides: name, in: db)
      let list = summary.sources.map { _ in "?" }.joined(separator: ", ")
      // The table of labels is not read while it is written.
      try db.execute(sql: "DROP TABLE IF EXISTS temp.vote")
      try db.execute(
        sql: """
          CREATE TEMP TABLE vote AS SELECT post_id, label, count(*) AS votes FROM label WHERE source IN (\(list))
          GROUP BY post_id, label
          """, arguments: StatementArguments(summary.sources))
      try db.execute(
        sql: """
          DELETE FROM temp.vote AS mine WHERE votes < (SELECT max(votes) FROM temp.vote WHERE post_id = mine.post_id)
          """)
      summary.tied = try Self.count(
        "SELECT count(*) FROM (SELECT 1 FROM temp.vote GROUP BY post_id HAVING count(*) > 1)", db)
      summary.single = try Self.count(
        "SELECT count(*) FROM (SELECT 1 FROM label WHERE source IN (\(list)) GROUP BY post_id HAVING count(*) = 1)", db,
        StatementArguments(summary.sources))
      try db.execute(
        sql: """
          DELETE FROM temp.vote WHERE post_id IN (SELECT post_id FROM temp.vote GROUP BY post_id HAVING count(*) > 1)
          """)
      let stale = "source = ? AND post_id NOT IN (SELECT post_id FROM temp.vote)"
      try db.execute(sql: "DELETE FROM label_note WHERE \(stale)", arguments: [name])
      try db.execute(sql: "DELETE FROM label WHERE \(stale)", arguments: [name])
      summary.removed = db.changesCount
      let statements = try LabelStatements(db)
      let agreed = try Row.fetchCursor(db, sql: "SELECT post_id, label FROM temp.vote ORDER BY post_id")
      while let row = try agreed.next() {
        summary.agreed += 1
        switch try statements.note(
          SourceLabel(post: row.get(0), source: name, label: row.get(1) as ByteText, notedAt: notedAt))
        {
        case .new: summary.new += 1
        case .changed: summary.changed += 1
        case .unchanged, .removed: break
        }
      }
      try db.execute(sql: "DROP TABLE temp.vote")
      return summary
    }
  }

  private static func count(_ sql: String, _ db: Database, _ arguments: StatementArguments = []) throws -> Int {
    try Int.fetchOne(db, sql: sql, arguments: arguments) ?? 0
  }

  /// The sources that vote, two or more.
  private static func voters(_ asked: [String], besides name: String, in db: Database) throws -> [String] {
    let known = try String.fetchAll(db, sql: "SELECT DISTINCT source FROM label ORDER BY source")
    for source in asked where !known.contains(where: { ByteText($0) == ByteText(source) }) {
      throw StoreError.labelSourceNotFound(name: source, known: known)
    }
    let chosen = Set(asked.map { ByteText($0) })
    let voters = known.filter { source in
      guard ByteText(source) != ByteText(name) else { return false }
      return asked.isEmpty ? !LabelSource.isReserved(source) : chosen.contains(ByteText(source))
    }
    guard voters.count > 1 else { throw StoreError.tooFewLabelSources(found: voters) }
    return voters
  }
}
