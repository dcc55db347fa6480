package import Bytes
import GRDB
package import Inputs
import Store

/// A name and a value, as a report prints them side by side.
package struct Fact: Equatable, Sendable {
  package var name: String
  /// Its value in words.
  package var value: String
  /// An address on the web that tells more, in a PDF behind the value.
  package var link: String?

  /// A name with its value.
  package init(name: String, value: String, link: String? = nil) {
    (self.name, self.value, self.link) = (name, value, link)
  }
}

/// The facts on a run in a report.
package struct RunFacts: Equatable, Sendable {
  /// The run's row in the store.
  package var id: Int64
  /// Whether it is the store's latest run, which queries use by default.
  package var isLatest: Bool
  /// The run's name.
  package var name: String
  /// The corpus' files.
  package var corpus: String
  /// The pictures' folder as it was given.
  package var images: String?
  /// How files may differ from their references: by any rule, if the run found pictures by rules.
  package var imageMatch = PictureMatch.written
  /// Which part of the corpus, `K/N`; `nil` when whole.
  package var shard: String?
  /// The version of the program that scored.
  package var version: String
  /// When the run began, UTC ISO 8601.
  package var startedAt: String
  /// When it ended.
  package var finishedAt: String?
  /// The final state: `finished`, `interrupted` and so on.
  package var state: String
  /// The sample's share, where only a sample was scored.
  package var sample: String?
  /// The limit on rows, where there was one.
  package var limit: String?
  /// Why the run ended before its corpus did.
  package var stop: String?
  /// The machine that scored.
  package var machine: [Fact]
  /// How the machines that scored differ, where several did.
  package var mix: String?
  /// The differences between the corpus and the training data, in words; nil if they were not recorded.
  package var mismatches: [String]?
}

/// The facts on a scorer in a report: a model at a precision with its options.
package struct ScorerFacts: Equatable, Sendable {
  /// The scorer's row in the store.
  package var id: Int64
  /// The model's name.
  package var modelName: String
  /// The hash over everything that can change a score, lower-case hex.
  package var fingerprint: String
  /// The precision it computed in.
  package var precision: String
  /// The options that matter to a result.
  package var options: [Fact]
  /// The labels in the model's order.
  package var labels: [ByteText]

  /// Whether another system made the predictions, and they were only imported.
  package var isForeign: Bool { precision.utf8.elementsEqual("foreign".utf8) }
}

/// Finds a run and reads what is said of it and its scorer.
enum RunQuery {
  static func fetch(_ database: Database, name: String?) throws -> (RunFacts, ScorerFacts) {
    let condition = name == nil ? "id = (SELECT max(id) FROM run)" : "name = ?"
    let sql = """
      SELECT id, name, scorer_id, substr(corpus, 1, 2000), substr(images, 1, 2000), shard, version, started_at,
        finished_at, state, json_extract(counts, '$.sample'), json_extract(counts, '$.limit'),
        id = (SELECT max(id) FROM run), substr(json_extract(counts, '$.stop'), 1, 500),
        json_type(counts, '$.pictures.found_by_rule') IS NOT NULL
      FROM run WHERE \(condition)
      """
    guard let row = try Row.fetchOne(database, sql: sql, arguments: name.map { [$0] } ?? []) else {
      let known = try String.fetchAll(database, sql: "SELECT name FROM run ORDER BY id DESC LIMIT 1000")
      throw name.map { ResultsError.noSuchRun($0, known: known) } ?? .noRuns
    }
    let run = RunFacts(
      id: Int64(row.integer(0)), isLatest: row.integer(12) != 0, name: row.text(1) ?? "",
      corpus: row.text(3) ?? "", images: row.text(4), imageMatch: row.integer(14) != 0 ? .name : .written,
      shard: row.text(5), version: row.text(6) ?? "", startedAt: row.text(7) ?? "", finishedAt: row.text(8),
      state: row.text(9) ?? "", sample: describe(row[10]), limit: describe(row[11]), stop: describe(row[13]),
      machine: try facts(
        database, "SELECT json_remove(machine, '$.also') FROM run WHERE id = ?", Int64(row.integer(0))),
      mix: try MachineMix.words(ofRun: Int64(row.integer(0)), in: database),
      mismatches: try RunMismatches(ofRun: Int64(row.integer(0)), in: database)?.words)
    return (run, try scorer(database, id: Int64(row.integer(2))))
  }

  private static func scorer(_ database: Database, id: Int64) throws -> ScorerFacts {
    let sql =
      "SELECT model_name, model_fingerprint, precision, json_array_length(labels) FROM scorer WHERE id = ?"
    guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else {
      throw ResultsError.unreadableStore("the run's scorer is missing")
    }
    let count = row.integer(3)
    guard count <= ReportData.labelLimit else {
      throw ResultsError.tooManyLabels(count, limit: ReportData.labelLimit)
    }
    let labels = try Row.fetchAll(
      database,
      sql: "SELECT value FROM scorer, json_each(scorer.labels) WHERE scorer.id = ? ORDER BY json_each.key",
      arguments: [id])
    return ScorerFacts(
      id: id, modelName: row.text(0) ?? "", fingerprint: row.text(1) ?? "", precision: row.text(2) ?? "",
      options: try facts(database, "SELECT options FROM scorer WHERE id = ?", id),
      labels: labels.map { $0.byteText(0) ?? "" })
  }

  /// The members of a JSON object, in its order; long ones are cut.
  private static func facts(_ database: Database, _ object: String, _ id: Int64) throws -> [Fact] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT substr(member.key, 1, 200), CASE member.type WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no'
            WHEN 'array' THEN (SELECT substr(group_concat(item.value, ', '), 1, 500) FROM json_each(member.value) AS item)
            ELSE substr(member.value, 1, 500) END
        FROM json_each((\(object))) AS member LIMIT 40
        """, arguments: [id])
    return rows.map { Fact(name: describe($0[0]) ?? "", value: describe($0[1]) ?? "none") }
  }

  /// A JSON scalar in words.
  private static func describe(_ value: DatabaseValue) -> String? {
    switch value.storage {
    case .null: nil
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): text
    case .blob: nil
    }
  }
}
