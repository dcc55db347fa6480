import Bytes
import GRDB
import GRDBSQLite

/// One pass over a run's predictions with their truths.
///
/// A million rows are read at every report, so columns are taken as SQLite has them, and labels are known by their place:
/// GRDB's rows and Swift's strings would take most of the time.
final class PredictionScan {
  /// A prediction of the run.
  struct Row {
    var post: Int64
    var withoutPicture: Bool
    var withoutText: Bool
    /// The place of the predicted label among `names`.
    var predicted: Int
    /// The place of the true label among `names`.
    var truth: Int?
    /// From −1 to 1.
    var similarity: Double?
    var confidence: Double
    var isTruncated: Bool
    var unknownShare: Double
    /// The beginning of the content's hash.
    var hash: UInt64
  }

  /// Labels in the order they were met.
  private(set) var names: [String] = []
  private var bytes: [[UInt8]] = []
  private var places: [ByteText: Int] = [:]
  private static let sql = """
    SELECT entry.post_id, entry.state = 'without_picture', post.text = '', prediction.label, truth.label,
      text_image_similarity, confidence, truncated > 0, unknown_share, post.content_hash
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT
    """

  /// Calls `body` with every scored post of a run, in the ledger's order.
  ///
  /// - Throws: `DatabaseError`, among others where somebody asked for an early end.
  func forEach(_ database: Database, run: Int64, scorer: Int64, _ body: (Row) -> Void) throws {
    let statement = try database.makeStatement(
      sql: """
        \(Self.sql) \(TruthJoin(database).sql)
        WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
        """)
    try statement.setArguments([run, scorer])
    let row = statement.sqliteStatement
    while true {
      let code = sqlite3_step(row)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else {
        throw DatabaseError(
          resultCode: ResultCode(rawValue: code),
          message: database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) })
      }
      body(
        Row(
          post: sqlite3_column_int64(row, 0), withoutPicture: sqlite3_column_int64(row, 1) != 0,
          withoutText: sqlite3_column_int64(row, 2) != 0, predicted: place(row, 3),
          truth: sqlite3_column_type(row, 4) == SQLITE_NULL ? nil : place(row, 4),
          similarity: number(row, 5).map { max(-1, min(1, $0)) }, confidence: number(row, 6) ?? 0,
          isTruncated: sqlite3_column_int64(row, 7) != 0, unknownShare: number(row, 8) ?? 0, hash: hash(row, 9)))
    }
  }

  private func number(_ row: OpaquePointer?, _ column: Int32) -> Double? {
    guard sqlite3_column_type(row, column) != SQLITE_NULL else { return nil }
    let value = sqlite3_column_double(row, column)
    return value.isFinite ? value : nil
  }

  /// The place of a label. The first few are found without a look into a dictionary.
  private func place(_ row: OpaquePointer?, _ column: Int32) -> Int {
    let text = UnsafeBufferPointer(
      start: sqlite3_column_text(row, column), count: Int(sqlite3_column_bytes(row, column)))
    for place in bytes.indices.prefix(8) where bytes[place].count == text.count && bytes[place].elementsEqual(text) {
      return place
    }
    let name = String(decoding: text, as: UTF8.self)
    if let known = places[ByteText(name)] { return known }
    places[ByteText(name)] = names.count
    names.append(name)
    bytes.append(Array(text))
    return names.count - 1
  }

  /// The first fifteen digits of a hash as a number.
  private func hash(_ row: OpaquePointer?, _ column: Int32) -> UInt64 {
    let text = UnsafeBufferPointer(
      start: sqlite3_column_text(row, column), count: Int(sqlite3_column_bytes(row, column)))
    var hash: UInt64 = 0
    for byte in text.prefix(15) {
      switch byte {
      case 48...57: hash = hash << 4 | UInt64(byte - 48)
      case 97...102: hash = hash << 4 | UInt64(byte - 87)
      default: return hash
      }
    }
    return hash
  }
}
