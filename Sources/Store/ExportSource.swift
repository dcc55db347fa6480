package import Bytes
import GRDBSQLite
package import Queries

/// Reads a run's rows and vectors in the order of its corpus, one at a time.
package final class ExportSource {
  /// The run.
  package let run: RunExport
  private let connection: ReadOnlyConnection
  private let address: String
  private let rows: PreparedStatement
  private let fault: PreparedStatement
  private let json: PreparedStatement
  /// The file whose rows are read now.
  private var file: ByteText = ""

  init(_ run: RunExport, on connection: ReadOnlyConnection, address: String) throws(QueryError) {
    self.run = run
    self.connection = connection
    self.address = address
    rows = try PreparedStatement(
      """
      SELECT entry.record, entry.line, entry.key, entry.state, post.id, post.text, post.knowledge, post.image,
        post.extra, prediction.label, \(SQLFragments.confidence(of: "prediction")),
        \(SQLFragments.probabilities(of: "prediction", by: "scorer")),
        prediction.text_image_similarity,
        (SELECT label FROM label WHERE label.post_id = entry.post_id AND source = 'corpus')
      FROM entry LEFT JOIN post ON post.id = entry.post_id LEFT JOIN scorer ON scorer.id = ?3
      LEFT JOIN prediction ON prediction.scorer_id = ?3 AND prediction.post_id = entry.post_id
      WHERE entry.run_id = ?1 AND entry.file = ?2 ORDER BY entry.record
      """, on: connection)
    fault = try PreparedStatement(
      "SELECT stage, code, path, detail FROM fault WHERE run_id = ?1 AND file = ?2 AND line = ?3", on: connection)
    json = try PreparedStatement("SELECT key, value FROM json_each(?1)", on: connection)
  }

  /// The first row of a file; `nextRow` gives the others.
  package func firstRow(of file: ByteText) throws(QueryError) -> ExportRow? {
    self.file = file
    return try rows.start([.integer(run.id), .text(file.text), .integer(run.scorer)]) ? row() : nil
  }

  /// The next row of the file; `nil` after the last.
  package func nextRow() throws(QueryError) -> ExportRow? {
    try rows.step() ? row() : nil
  }

  private func row() throws(QueryError) -> ExportRow {
    let isAnswered = EntryState.isAnswered(rows.text(3) ?? "")
    var row = ExportRow(
      file: file, record: Int(rows.integer(0)), line: Int(rows.integer(1)), key: rows.text(2).map { ByteText($0) },
      state: rows.text(3) ?? "")
    if isAnswered, rows[4] != .null {
      row.post = ExportRow.Content(
        id: rows.integer(4), text: rows.text(5) ?? "", knowledge: rows.text(6) ?? "", image: rows.text(7),
        extra: rows.text(8) ?? "{}", label: rows.text(13))
      if let label = rows.text(9) {
        row.answer = ExportRow.Answer(
          label: label, confidence: rows[10], probabilities: rows.text(11) ?? "{}", similarity: rows[12])
      }
    }
    if !isAnswered { row.fault = try faultWords(row) }
    return row
  }

  /// The fault of a row, in the words of the ledger's lines.
  private func faultWords(_ row: ExportRow) throws(QueryError) -> String? {
    guard try fault.start([.integer(run.id), .text(row.file.text), .integer(Int64(row.line))]) else { return nil }
    defer { fault.reset() }
    let (stage, code, detail) = (fault.text(0) ?? "", fault.text(1) ?? "", fault.text(3) ?? "")
    let path = fault.text(2).map { "\($0): " } ?? ""
    return "\(row.file):\(row.line) \(stage): \(code): \(path)\(detail)"
  }

  /// The members of a JSON object, in its order; strings as they are, anything else as SQLite writes it.
  package func members(of object: String) throws(QueryError) -> [(name: ByteText, value: QueryValue)] {
    var members: [(name: ByteText, value: QueryValue)] = []
    var isThere = try json.start([.text(object)])
    while isThere {
      members.append((ByteText(json.text(0) ?? ""), json[1]))
      isThere = try json.step()
    }
    return members
  }

  /// The names of the corpus' other columns, as the run's posts have them, in the order of their first appearance.
  ///
  /// - Parameter limit: the maximum number of names; one more is returned to show that there are too many.
  /// - Returns: the names.
  /// - Throws: `QueryError` if the store cannot be read.
  /// - Complexity: O(n · c) for n rows of c columns.
  package func extraNames(limit: Int) throws(QueryError) -> [ByteText] {
    let statement = try PreparedStatement(
      """
      SELECT column.key FROM entry CROSS JOIN post ON post.id = entry.post_id
      CROSS JOIN json_each(post.extra) AS column WHERE entry.run_id = ?1 AND entry.file = ?2 ORDER BY entry.record
      """, on: connection)
    var names: [ByteText] = []
    var places: [ByteText: Int] = [:]
    // A row usually has the columns of the row before it.
    var expected = 0
    for file in run.files {
      var isThere = try statement.start([.integer(run.id), .text(file.text)])
      while isThere {
        let name = ByteText(statement.text(0) ?? "")
        if expected >= names.count || names[expected] != name {
          if let known = places[name] {
            expected = known
          } else {
            places[name] = names.count
            expected = names.count
            names.append(name)
            if names.count > limit {
              statement.reset()
              return names
            }
          }
        }
        expected = expected + 1 == names.count ? 0 : expected + 1
        isThere = try statement.step()
      }
    }
    return names
  }

  /// Which of the columns `image`, `knowledge` and `label` are filled in at least one post of the run.
  package func usedColumns() throws(QueryError) -> (image: Bool, knowledge: Bool, label: Bool) {
    let statement = try PreparedStatement(
      """
      SELECT max(post.image IS NOT NULL), max(post.knowledge <> ''), max(EXISTS (
        SELECT 1 FROM label WHERE label.post_id = post.id AND source = 'corpus'))
      FROM entry CROSS JOIN post ON post.id = entry.post_id WHERE entry.run_id = ?1
      """, on: connection)
    guard try statement.start([.integer(run.id)]) else { return (false, false, false) }
    defer { statement.reset() }
    return (statement.integer(0) == 1, statement.integer(1) == 1, statement.integer(2) == 1)
  }

  /// The spaces in which the run's posts may have vectors: first those of every model, then those of feature streams.
  /// They become file names, so a name that no stream can have is left out; clfa never writes such a space.
  package func spaces() throws(QueryError) -> [String] {
    // One index lookup per space instead of a scan.
    let statement = try PreparedStatement(
      "SELECT min(space) FROM embedding WHERE scorer_id = ?1 AND space > ?2", on: connection)
    var found: [String] = []
    while try statement.start([.integer(run.scorer), .text(found.last ?? "")]), let space = statement.text(0) {
      found.append(space)
      statement.reset()
    }
    statement.reset()
    let first = StoreSchema.wholeSpaces
    let streams = found.filter { space in
      !first.contains(space) && space.utf8.count <= 32
        && space.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }
    return first.filter(found.contains) + streams
  }

  /// Reads posts' vectors in a space.
  package func vectors(in space: String) throws(QueryError) -> VectorSource {
    VectorSource(
      statement: try PreparedStatement(
        "SELECT vector FROM embedding WHERE scorer_id = ?1 AND space = ?2 AND post_id = ?3", on: connection),
      scorer: run.scorer, space: space)
  }

  /// The error of a query on this store in plain SQLite, without the program's functions; `nil` if it would run.
  package func plainSQLiteError(of sql: String) -> String? {
    var plain: OpaquePointer?
    defer { sqlite3_close_v2(plain) }
    guard sqlite3_open_v2(address, &plain, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nil) == SQLITE_OK else {
      return nil
    }
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(plain, sql, -1, &statement, nil) != SQLITE_OK else { return nil }
    return String(cString: sqlite3_errmsg(plain))
  }
}

/// The vectors of one space.
package struct VectorSource {
  let statement: PreparedStatement
  let scorer: Int64
  let space: String

  /// A post's vector as the store has it, little-endian float32; `nil` if there is none.
  package func bytes(of post: Int64) throws(QueryError) -> [UInt8]? {
    guard try statement.start([.integer(scorer), .text(space), .integer(post)]) else { return nil }
    defer { statement.reset() }
    guard case .blob(let bytes) = statement[0] else { return nil }
    return bytes
  }
}

/// A row of a run as the store has it.
package struct ExportRow: Sendable {
  /// The stored content of the row's post.
  package struct Content: Sendable {
    /// The post.
    package var id: Int64
    package var text: String
    package var knowledge: String
    package var image: String?
    /// The other columns, a JSON object.
    package var extra: String
    /// The corpus' own label.
    package var label: String?
  }

  /// The scorer's answer.
  package struct Answer: Sendable {
    package var label: String
    package var confidence: QueryValue
    /// A JSON object of probabilities by label.
    package var probabilities: String
    package var similarity: QueryValue
  }

  /// The row's place in the corpus.
  package var file: ByteText
  package var record: Int
  package var line: Int
  package var key: ByteText?
  /// An `EntryState`'s raw value.
  package var state: String
  /// `nil` for a faulted or forgotten row.
  package var post: Content?
  package var answer: Answer?
  /// The row's fault in words.
  package var fault: String?

  /// Whether the row is the first of its post in the run.
  package var isFirst: Bool { state == EntryState.scored.rawValue || state == EntryState.withoutPicture.rawValue }
}
