import Bytes
import Foundation
import GRDB
import Queries

/// An entry that is being copied from one store to another.
struct MergedEntry {
  var run: Int64
  var file: ByteText
  var record: Int
  var line: Int
  var key: ByteText?
  var state: String

  /// The columns that `init` reads, in its order, then the post's id.
  static let columns = "run_id, file, record, line, key, state, post_id"
  /// The index of the post's id among the columns.
  static let postColumn: Int32 = 6

  init(_ row: StatementColumns) throws {
    run = try row.integer(0)
    file = ByteText(try row.text(1))
    record = Int(try row.integer(2))
    line = Int(try row.integer(3))
    key = try row.optionalText(4).map { ByteText($0) }
    state = try row.text(5)
  }

  /// Whether both entries are of the same record. Their states may differ: which of a post's records comes first
  /// depends on which of them were faults.
  func isSameRecord(as other: MergedEntry) -> Bool {
    line == other.line && key == other.key
  }
}

/// The statements that read the input of a merge; a class, as `CommitStatements`.
final class MergeQueries {
  let posts, prediction, vector, entries, lost, faults: Statement
  /// `nil` if the input has no such row, or is of a version without the table.
  let labels, thumbnail, features, times, notes: Statement?

  init(_ db: Database) throws {
    posts = try db.makeStatement(
      sql: """
        SELECT id, key, content_hash, text, knowledge, image, picture_hash, posted_at, extra FROM post ORDER BY id
        """)
    /// A look for each post is saved if there is nothing to find.
    func statement(_ table: String, _ sql: String) throws -> Statement? {
      guard try db.tableExists(table), try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM \(table))") == true
      else { return nil }
      return try db.makeStatement(sql: sql)
    }
    labels = try statement("label", "SELECT source, label, noted_at FROM label WHERE post_id = ?")
    prediction = try db.makeStatement(
      sql: "SELECT \(StoredPrediction.columns) FROM prediction WHERE scorer_id = ? AND post_id = ?")
    vector = try db.makeStatement(
      sql: "SELECT vector FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
    entries = try db.makeStatement(
      sql: "SELECT \(MergedEntry.columns) FROM entry WHERE post_id = ? ORDER BY run_id, file, record")
    lost = try db.makeStatement(
      sql:
        "SELECT \(MergedEntry.columns) FROM entry WHERE post_id IS NULL AND run_id = ? ORDER BY file, record")
    thumbnail = try statement("thumbnail", "SELECT width, jpeg FROM thumbnail WHERE post_id = ?")
    features = try statement("feature", "SELECT stream, hash FROM feature WHERE post_id = ? ORDER BY stream")
    times = try statement("post_time", "SELECT name, time FROM post_time WHERE post_id = ? ORDER BY name")
    notes = try statement("label_note", "SELECT source, note FROM label_note WHERE post_id = ? ORDER BY source")
    faults = try db.makeStatement(
      sql: """
        SELECT file, line, key, stage, code, path, detail FROM fault
        WHERE run_id = ? AND file = ? AND line = ? ORDER BY id
        """)
  }

  /// The spaces in which a scorer has vectors, with one index lookup per space instead of a scan.
  static func spaces(ofScorer scorer: Int64, in db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        WITH RECURSIVE found (space) AS (
          SELECT min(space) FROM embedding WHERE scorer_id = ?1
          UNION ALL
          SELECT (SELECT min(space) FROM embedding WHERE scorer_id = ?1 AND space > found.space) FROM found
          WHERE found.space IS NOT NULL)
        SELECT space FROM found WHERE space IS NOT NULL
        """, arguments: [scorer])
  }
}

/// The statements that write the output of a merge; a class, as `CommitStatements`.
final class MergeStatements {
  let findPost, insertPost, updateExtra, label, insertThumbnail, insertFeature, insertTime, insertNote, prediction,
    insertPrediction, vector,
    insertVector: Statement
  let entry, entriesOfPost, setState, insertEntry, deleteEntry, insertFault, deleteFault, groupPost: Statement

  init(_ db: Database) throws {
    let commit = try CommitStatements(db, rescore: false)
    findPost = commit.findPost
    insertPost = commit.insertPost
    groupPost = commit.groupPost
    updateExtra = commit.updateExtra
    insertPrediction = try db.cachedStatement(
      sql:
        "INSERT INTO prediction (scorer_id, post_id, \(StoredPrediction.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    insertVector = commit.insertVector
    insertThumbnail = commit.insertThumbnail
    insertFeature = commit.insertFeature
    insertTime = try db.cachedStatement(sql: "INSERT INTO post_time (post_id, name, time) VALUES (?, ?, ?)")
    insertNote = try db.cachedStatement(
      sql: "INSERT INTO label_note (post_id, source, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
    insertEntry = try db.cachedStatement(
      sql: """
        INSERT INTO entry (run_id, file, record, line, key, post_id, state) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run_id, file, record) DO NOTHING
        """)
    deleteEntry = commit.deleteEntry
    insertFault = commit.insertFault
    deleteFault = commit.deleteFault
    label = try db.cachedStatement(
      sql: """
        INSERT INTO label (post_id, source, label, noted_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (post_id, source) DO UPDATE SET label = excluded.label, noted_at = excluded.noted_at
        WHERE excluded.noted_at > label.noted_at
        """)
    prediction = try db.cachedStatement(
      sql: "SELECT \(StoredPrediction.columns) FROM prediction WHERE scorer_id = ? AND post_id = ?")
    vector = try db.cachedStatement(
      sql: "SELECT vector FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
    entry = try db.cachedStatement(
      sql: "SELECT \(MergedEntry.columns) FROM entry WHERE run_id = ? AND file = ? AND record = ?")
    entriesOfPost = try db.cachedStatement(
      sql: """
        SELECT file, record, state, (SELECT picture_hash IS NOT NULL FROM post WHERE id = ?1)
        FROM entry INDEXED BY entry_post WHERE post_id = ?1 AND run_id = ?2
        """)
    setState = try db.cachedStatement(
      sql: "UPDATE entry SET state = ? WHERE run_id = ? AND file = ? AND record = ?")
  }
}

/// A prediction as stored, to be copied or compared.
struct StoredPrediction {
  var label: ByteText
  var confidence: Double
  var probabilities: ByteText
  var similarity: Double?
  var unknownShare: Double
  var truncated: Int

  /// The maximum difference between numbers from different processors or libraries.
  static let tolerance = 1e-4

  /// The columns that `init` reads, in its order.
  static let columns = "label, confidence, probabilities, text_image_similarity, unknown_share, truncated"

  init(_ row: StatementColumns) throws {
    label = ByteText(try row.text(0))
    confidence = try row.real(1)
    probabilities = ByteText(try row.text(2))
    similarity = row.isNull(3) ? nil : try row.real(3)
    unknownShare = try row.real(4)
    truncated = Int(try row.integer(5))
  }

  /// The probabilities of a label without any: 1 for that label. Earlier versions also stored them if a confidence was
  /// given; now there are none in that case.
  static func probabilities(ofLabelAlone label: String) -> String {
    var json = JSONWriter()
    json.object([label], key: { $0 }, value: { json, _ in json.number(1.0) })
    return json.text
  }

  /// Whether an import gave its label without probabilities, however that is stored.
  private var hasNoProbabilities: Bool {
    probabilities == "{}" || probabilities == ByteText(Self.probabilities(ofLabelAlone: label.text))
  }

  /// Whether both are equal to the bit, apart from the two ways of storing missing probabilities.
  func equals(_ other: StoredPrediction) -> Bool {
    label == other.label && confidence == other.confidence
      && (probabilities == other.probabilities || (hasNoProbabilities && other.hasNoProbabilities))
      && similarity == other.similarity
      && unknownShare == other.unknownShare && truncated == other.truncated
  }

  /// Whether the model's numbers differ by no more than the tolerance and all else is equal. If two labels are almost
  /// tied, either may win.
  func agrees(with other: StoredPrediction, on db: Database) throws -> Bool {
    guard unknownShare == other.unknownShare, truncated == other.truncated,
      Self.isNear(confidence, other.confidence)
    else { return false }
    switch (similarity, other.similarity) {
    case (nil, nil): break
    case (let left?, let right?): guard Self.isNear(left, right) else { return false }
    default: return false
    }
    let (left, right) = (try numbers(db), try other.numbers(db))
    return left.count == right.count
      && zip(left, right).allSatisfy { $0.0 == $1.0 && Self.isNear($0.1, $1.1) }
  }

  private func numbers(_ db: Database) throws -> [(ByteText, Double)] {
    try Row.fetchAll(db, sql: "SELECT key, value FROM json_each(?)", arguments: [probabilities]).map {
      (ByteText.fromDatabaseValue($0[0]) ?? "", Double.fromDatabaseValue($0[1]) ?? .nan)
    }
  }

  private static func isNear(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= tolerance
  }

  /// Whether two vectors differ by no more than the tolerance, relative to the largest component (at least 1).
  static func vectorsAgree(_ left: Data, _ right: Data) -> Bool {
    guard let left = VectorBytes.values(left), let right = VectorBytes.values(right),
      left.count == right.count
    else { return false }
    let scale = (left + right).reduce(1 as Float) { Swift.max($0, abs($1)) }
    return zip(left, right).allSatisfy { Double(abs($0 - $1)) <= tolerance * Double(scale) }
  }
}
