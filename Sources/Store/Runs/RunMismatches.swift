import Bytes
package import GRDB

/// In what a run's corpus differs from what its model was trained on, as it was found before the first row was scored.
public struct RunMismatches: Sendable, Equatable {
  /// A JSON array of objects, each with `words`.
  package var json: String
  /// What each says, for people; empty where nothing differs.
  public var words: [String]

  /// More than anybody reads.
  private static let most = 50

  /// Those of a run; nil where nobody recorded any, as in runs of earlier versions and imported ones.
  package init?(ofRun run: Int64, in db: Database) throws {
    // A store of an earlier version is read as it is.
    guard try db.columns(in: "run").contains(where: { $0.name.hasSameBytes(as: "mismatches") }) else { return nil }
    let json = try String.fetchOne(
      db, sql: "SELECT mismatches FROM run WHERE id = ? AND json_type(mismatches) = 'array'", arguments: [run])
    guard let json else { return nil }
    self.json = json
    words = try String.fetchAll(
      db,
      sql: """
        SELECT substr(value ->> '$.words', 1, 2000) FROM json_each(?)
        WHERE type = 'object' AND json_type(value, '$.words') = 'text' LIMIT ?
        """, arguments: [json, Self.most])
  }

  /// Writes an array of objects into a run; nil leaves what is there.
  static func write(_ json: String?, run: Int64, in db: Database) throws {
    guard let json else { return }
    try db.execute(sql: "UPDATE run SET mismatches = ? WHERE id = ?", arguments: [json, run])
  }

  /// What two parts of a run found, each subject once, with the posts of both and the mean over them; nil where neither
  /// recorded anything.
  static func join(_ first: String?, _ second: String?, in db: Database) throws -> String? {
    guard let first, let second else { return first ?? second }
    return try String.fetchOne(
      db,
      sql: """
        WITH item AS (
          SELECT value, value ->> '$.subject' AS subject, max(value ->> '$.posts', 1) AS posts,
            value ->> '$.here' AS here, value ->> '$.in_run' AS in_run, value ->> '$.trained' AS trained
          FROM (SELECT value FROM json_each(?1) WHERE type = 'object'
            UNION ALL SELECT value FROM json_each(?2) WHERE type = 'object')),
        joined AS (
          SELECT min(value) AS value, subject, sum(posts) AS posts, count(*) AS parts, max(trained) AS trained,
            round(sum(here * posts) / sum(posts), 6) AS here,
            round(sum(coalesce(in_run, here) * posts) / sum(posts), 6) AS in_run, count(in_run) > 0 AS knows_run,
            CASE WHEN subject IN ('picture_side', 'characters_per_piece') THEN '%.1f' ELSE '%.1f %%' END AS form,
            CASE WHEN subject IN ('picture_side', 'characters_per_piece') THEN 1 ELSE 100 END AS factor
          FROM item WHERE subject IS NOT NULL AND here IS NOT NULL AND posts IS NOT NULL GROUP BY subject),
        reworded AS (
          SELECT CASE WHEN parts = 1 THEN value ELSE json_set(
            value, '$.posts', posts, '$.here', here, '$.words',
            CASE subject WHEN 'labels' THEN 'Labels that the model does not know'
              WHEN 'label_numbers' THEN 'Labels that are numbers without a name'
              WHEN 'unknown_pieces' THEN 'Unknown word pieces'
              WHEN 'characters_per_piece' THEN 'Characters per word piece'
              WHEN 'picture_side' THEN 'Median of the shorter sides of pictures, in pixels'
              WHEN 'links' THEN 'Texts with web addresses' WHEN 'mentions' THEN 'Texts with @names'
              WHEN 'entities' THEN 'Texts with HTML entities' WHEN 'placeholders' THEN 'Texts with placeholders'
              ELSE CASE WHEN subject LIKE 'script %' THEN 'Letters of the ' ELSE 'Posts with ' END || subject END
            || ': ' || printf(form, here * factor) || ' in the ' || posts || ' posts looked at'
            || coalesce(', ' || printf(form, trained * factor) || ' in training', '') || '.') END AS value,
            in_run, parts > 1 AND knows_run AS sets_run
          FROM joined)
        SELECT json_group_array(json(value)) FROM (
          SELECT CASE WHEN sets_run THEN json_set(value, '$.in_run', in_run) ELSE value END AS value FROM reworded
          UNION SELECT value FROM item WHERE subject IS NULL OR here IS NULL OR posts IS NULL)
        """, arguments: [first, second])
  }
}

extension StoreWriter {
  /// Records in what a run's corpus differs from what its model was trained on, in place of what is there.
  public func record(mismatches json: String, of run: OpenRun) throws(StoreError) {
    try transact { db in try RunMismatches.write(json, run: run.id, in: db) }
  }
}
