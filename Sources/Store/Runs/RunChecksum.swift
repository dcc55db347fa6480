import Bytes
import Foundation
import GRDB
import GRDBSQLite

/// The hash of a run's entries and predictions, recorded when it finishes so that a later change is detected.
///
/// Each of the two parts has a SHA-256 of all its rows and, for every 256 rows, the first four bytes of the block's
/// SHA-256, which locate a change. Ids and the run's name are not included, so a copy in another store has the same
/// checksum.
struct RunChecksum: Equatable {
  /// One part: the rows of a run in the order of file and record.
  struct Part: Equatable {
    /// SHA-256 of all rows, in hexadecimal.
    var whole: String
    /// The first four bytes of each block's SHA-256, in hexadecimal, one after the other.
    var blocks: String

    /// The numbers of the blocks in which two parts differ.
    func differences(from other: Part) -> [Int] {
      let (own, its) = (Array(blocks.utf8), Array(other.blocks.utf8))
      let count = (max(own.count, its.count) + RunChecksum.digits - 1) / RunChecksum.digits
      return (0..<count).filter { block in
        let range = block * RunChecksum.digits..<(block + 1) * RunChecksum.digits
        return own[range.clamped(to: own.indices)] != its[range.clamped(to: its.indices)]
      }
    }
  }

  /// The number of rows in a block.
  static let blockRows = 256
  /// The hexadecimal digits of a block.
  private static let digits = 8

  /// The outcome of each record: file, record, line, key, state, and the content of its post.
  var entries: Part
  /// The scorer, and its answer for each record's post.
  var predictions: Part

  /// Computes the checksum of a run.
  /// - Complexity: O(n log m) for n entries in a store of m predictions: a few seconds for a million.
  init(ofRun run: Int64, in db: Database) throws {
    let statement = try ByteRowCursor(
      """
      SELECT entry.file, entry.record, entry.line, entry.key, entry.state, post.key, post.content_hash,
        prediction.label, prediction.confidence, prediction.probabilities, prediction.text_image_similarity,
        prediction.unknown_share, prediction.truncated
      FROM run CROSS JOIN entry ON entry.run_id = run.id
      LEFT JOIN post ON post.id = entry.post_id
      LEFT JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
      WHERE run.id = ? ORDER BY entry.file, entry.record
      """, run, in: db)
    let scorer = try ByteRowCursor(
      """
      SELECT model_fingerprint, precision, options, labels FROM run JOIN scorer ON scorer.id = run.scorer_id
      WHERE run.id = ?
      """, run, in: db)
    var (entries, predictions) = (Sum(), Sum())
    var bytes: [UInt8] = []
    while try scorer.step() {
      scorer.read(0..<4, into: &bytes)
      predictions.begin(bytes)
    }
    while try statement.step() {
      statement.read(0..<7, into: &bytes)
      entries.add(bytes)
      statement.read(7..<13, into: &bytes)
      predictions.add(bytes)
    }
    self.entries = entries.finish()
    self.predictions = predictions.finish()
  }

  /// Reads a checksum from the column `run.checksum`; nil if it is not valid.
  init?(json: String) {
    guard case .object(let members)? = try? JSONParser.parse(Array(json.utf8)) else { return nil }
    func text(_ key: ByteText) -> String? {
      for member in members where member.key == key {
        if case .string(let text) = member.value { return text }
      }
      return nil
    }
    guard let entries = text("entries"), let entryBlocks = text("entry_blocks"), let predictions = text("predictions"),
      let predictionBlocks = text("prediction_blocks")
    else { return nil }
    self.entries = Part(whole: entries, blocks: entryBlocks)
    self.predictions = Part(whole: predictions, blocks: predictionBlocks)
  }

  /// The text of the column `run.checksum`.
  var json: String {
    var json = JSONWriter()
    json.object([
      ("entries", { $0.string(entries.whole) }), ("predictions", { $0.string(predictions.whole) }),
      ("entry_blocks", { $0.string(entries.blocks) }), ("prediction_blocks", { $0.string(predictions.blocks) }),
    ])
    return json.text
  }

  /// Records a run's current checksum.
  static func record(ofRun run: Int64, in db: Database) throws {
    let checksum = try RunChecksum(ofRun: run, in: db)
    try db.execute(sql: "UPDATE run SET checksum = ? WHERE id = ?", arguments: [checksum.json, run])
  }

  /// The recorded checksum of a run; `nil` if none was recorded, or the store is of an earlier version.
  static func recorded(ofRun run: Int64, in db: Database) throws -> Recorded? {
    guard try db.columns(in: "run").contains(where: { $0.name == "checksum" }) else { return nil }
    let text = try Row.fetchOne(db, sql: "SELECT checksum FROM run WHERE id = ?", arguments: [run])
    guard let text: String = try text?.find(0) else { return nil }
    return RunChecksum(json: text).map { .sum($0) } ?? .unreadable
  }

  /// The content of the column.
  enum Recorded {
    case sum(RunChecksum)
    /// A text that this program does not write.
    case unreadable
  }

  /// How a run differs from its recorded checksum, in words; `nil` if none was recorded, empty if nothing changed.
  static func changes(ofRun run: Int64, in db: Database) throws -> [String]? {
    switch try recorded(ofRun: run, in: db) {
    case nil: return nil
    case .unreadable?: return ["the recorded checksum itself"]
    case .sum(let recorded)?:
      let now = try RunChecksum(ofRun: run, in: db)
      return try [("entries", recorded.entries, now.entries), ("predictions", recorded.predictions, now.predictions)]
        .compactMap { name, recorded, now in
          if recorded == now { return nil }
          return name + (try places(recorded.differences(from: now), ofRun: run, in: db))
        }
    }
  }

  /// The maximum number of places in a line.
  private static let mostPlaces = 3

  private static func places(_ blocks: [Int], ofRun run: Int64, in db: Database) throws -> String {
    let words = try blocks.prefix(mostPlaces).compactMap { block -> String? in
      let rows = try Row.fetchAll(
        db, sql: "SELECT file, record FROM entry WHERE run_id = ? ORDER BY file, record LIMIT ? OFFSET ?",
        arguments: [run, blockRows, block * blockRows])
      guard let first = rows.first, let last = rows.last else { return nil }
      let (from, to): ((ByteText, Int), (ByteText, Int)) = try (
        (first.get(0), first.get(1)), (last.get(0), last.get(1))
      )
      return from.0 == to.0
        ? "\(from.0) \(from.1) to \(to.1)" : "\(from.0) \(from.1) to \(to.0) \(to.1)"
    }
    guard !words.isEmpty else { return "" }
    let more = blocks.count > mostPlaces ? " and \(blocks.count - mostPlaces) more places" : ""
    return " (records \(words.joined(separator: "; "))\(more))"
  }

  /// The hash of a part that is being computed.
  private struct Sum {
    private var whole = SHA256()
    private var block = SHA256()
    private var rows = 0
    private var blocks = ""

    mutating func begin(_ bytes: [UInt8]) { whole.update(data: bytes) }

    mutating func add(_ bytes: [UInt8]) {
      whole.update(data: bytes)
      block.update(data: bytes)
      rows += 1
      if rows.isMultiple(of: RunChecksum.blockRows) { endBlock() }
    }

    mutating func finish() -> Part {
      if !rows.isMultiple(of: RunChecksum.blockRows) { endBlock() }
      return Part(whole: whole.finalize().hexadecimal, blocks: blocks)
    }

    private mutating func endBlock() {
      blocks += block.finalize().prefix(RunChecksum.digits / 2).map { $0 }.hexadecimal
      block = SHA256()
    }
  }
}

/// The rows of a statement with one parameter, as bytes: GRDB's own rows would take ten times as long.
private final class ByteRowCursor {
  private let statement: OpaquePointer
  private let connection: OpaquePointer?

  init(_ sql: String, _ parameter: Int64, in db: Database) throws {
    connection = db.sqliteConnection
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(connection, sql, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw Self.error(code, connection) }
    self.statement = statement
    sqlite3_bind_int64(statement, 1, parameter)
  }

  deinit { sqlite3_finalize(statement) }

  func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw Self.error(code, connection)
    }
  }

  /// Columns of the current row, each as its type, its length in 8 bytes, and its bytes; `bytes` had those of another.
  func read(_ columns: Range<Int32>, into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
    for column in columns {
      let type = sqlite3_column_type(statement, column)
      bytes.append(UInt8(truncatingIfNeeded: type))
      switch type {
      case SQLITE_INTEGER: add(UInt64(bitPattern: sqlite3_column_int64(statement, column)))
      case SQLITE_FLOAT: add(sqlite3_column_double(statement, column).bitPattern)
      case SQLITE_NULL: break
      default:
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        add(UInt64(count))
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
      }
    }
  }

  private static func error(_ code: Int32, _ connection: OpaquePointer?) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
  }
}
