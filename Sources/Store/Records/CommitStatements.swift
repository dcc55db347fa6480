internal import Corpus
import GRDB
import Queries

/// The statements of a commit, compiled once for a connection.
///
/// It is a class because each copy of a structure would count a reference to every statement, for each row.
final class CommitStatements {
  let findPost, insertPost, updateExtra, otherVersion, noteLabel, forgetChecksums: Statement
  let hasPrediction, insertPrediction, insertVector, insertThumbnail, insertFeature, insertTime, deleteTime: Statement
  let lastRecord, entryState, firstEntry, makeDuplicate, insertEntry, deleteEntry: Statement
  let insertFault, deleteFault, groupPost: Statement

  init(_ db: Database, rescore: Bool) throws {
    findPost = try db.cachedStatement(
      sql: "SELECT id, extra, posted_at, repost_group IS NULL FROM post WHERE key = ? AND content_hash = ?")
    groupPost = try db.cachedStatement(sql: "UPDATE post SET repost_group = ?, is_repost = ? WHERE id = ?")
    updateExtra = try db.cachedStatement(
      sql: "UPDATE post SET extra = ?, posted_at = coalesce(?, posted_at) WHERE id = ?")
    forgetChecksums = try db.cachedStatement(
      sql: """
        UPDATE run SET checksum = NULL WHERE scorer_id = ?1 AND id <> ?2 AND checksum IS NOT NULL
        AND EXISTS (SELECT 1 FROM entry INDEXED BY entry_post WHERE post_id = ?3 AND run_id = run.id)
        """)
    insertPost = try db.cachedStatement(
      sql: """
        INSERT INTO post (key, content_hash, text, knowledge, image, picture_hash, posted_at, extra, repost_group,
          is_repost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, content_hash) DO NOTHING
        """)
    otherVersion = try db.cachedStatement(
      sql: "SELECT 1 FROM post WHERE key = ? AND content_hash <> ? LIMIT 1")
    noteLabel = try db.cachedStatement(
      sql: """
        INSERT INTO label (post_id, source, label, noted_at) VALUES (?, 'corpus', ?, ?)
        ON CONFLICT (post_id, source) DO UPDATE SET label = excluded.label, noted_at = excluded.noted_at
        WHERE label.label <> excluded.label
        """)
    hasPrediction = try db.cachedStatement(
      sql: "SELECT 1 FROM prediction WHERE scorer_id = ? AND post_id = ?")
    insertPrediction = try db.cachedStatement(
      sql: """
        INSERT INTO prediction (scorer_id, post_id, label, confidence, probabilities, text_image_similarity,
          unknown_share, truncated)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scorer_id, post_id)
        """
          + (rescore
            ? """
             DO UPDATE SET label = excluded.label, confidence = excluded.confidence,
              probabilities = excluded.probabilities, text_image_similarity = excluded.text_image_similarity,
              unknown_share = excluded.unknown_share, truncated = excluded.truncated
             WHERE (label, confidence, probabilities, unknown_share, truncated) <> (excluded.label, excluded.confidence,
              excluded.probabilities, excluded.unknown_share, excluded.truncated)
              OR text_image_similarity IS NOT excluded.text_image_similarity
            """ : " DO NOTHING"))
    insertVector = try db.cachedStatement(
      sql: """
        INSERT INTO embedding (scorer_id, space, post_id, vector) VALUES (?, ?, ?, ?)
        ON CONFLICT (scorer_id, space, post_id)
        """ + (rescore ? " DO UPDATE SET vector = excluded.vector" : " DO NOTHING"))
    insertThumbnail = try db.cachedStatement(
      sql: "INSERT INTO thumbnail (post_id, width, jpeg) VALUES (?, ?, ?) ON CONFLICT (post_id)"
        + (rescore ? " DO UPDATE SET width = excluded.width, jpeg = excluded.jpeg" : " DO NOTHING"))
    insertFeature = try db.cachedStatement(
      sql: "INSERT INTO feature (post_id, stream, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
    deleteTime = try db.cachedStatement(sql: "DELETE FROM post_time WHERE post_id = ? AND name = ?")
    // Only what SQL would not read in the same way.
    insertTime = try db.cachedStatement(
      sql: """
        INSERT INTO post_time (post_id, name, time) SELECT ?1, ?2, ?4
        WHERE ?4 IS NOT (\(ColumnType.time.expression(of: "?3", version: StoreSchema.version)))
        """)
    lastRecord = try db.cachedStatement(sql: "SELECT max(record) FROM entry WHERE run_id = ? AND file = ?")
    entryState = try db.cachedStatement(
      sql: "SELECT state, line FROM entry WHERE run_id = ? AND file = ? AND record = ?")
    firstEntry = try db.cachedStatement(
      sql: """
        SELECT file, record FROM entry INDEXED BY entry_post
        WHERE post_id = ? AND run_id = ? AND \(SQLFragments.isScored("entry")) LIMIT 1
        """)
    makeDuplicate = try db.cachedStatement(
      sql: "UPDATE entry SET state = 'duplicate' WHERE run_id = ? AND file = ? AND record = ?")
    insertEntry = try db.cachedStatement(
      sql: """
        INSERT INTO entry (run_id, file, record, line, key, post_id, state) VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    deleteEntry = try db.cachedStatement(
      sql: "DELETE FROM entry WHERE run_id = ? AND file = ? AND record = ?")
    insertFault = try db.cachedStatement(
      sql: """
        INSERT INTO fault (run_id, file, line, key, stage, code, path, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    deleteFault = try db.cachedStatement(sql: "DELETE FROM fault WHERE run_id = ? AND file = ? AND line = ?")
  }
}
