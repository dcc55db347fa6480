package import Bytes
package import Corpus
import GRDB

/// A request to import another system's predictions as a run.
package struct ImportRequest: Sendable {
  /// The run's name.
  package var run: String
  /// The system's name, stored instead of a model's.
  package var system: String
  /// The fingerprint of these predictions: `import:` and a hash of all of them.
  package var fingerprint: String
  /// The labels, in their order.
  package var labels: [ByteText]
  /// Whether no row has probabilities.
  package var isHard: Bool
  /// The rows with a label and columns of probabilities that are all empty.
  package var rowsWithoutProbabilities = 0
  /// The rows with a confidence.
  package var rowsWithConfidence = 0
  /// The file's name.
  package var file: String
  /// The rows of the file.
  package var rows: Int
  /// The program's version.
  package var version: String
  /// The time now: UTC in ISO 8601.
  package var startedAt: String

  /// Creates a request from its parts.
  package init(
    run: String, system: String, fingerprint: String, labels: [ByteText], isHard: Bool, file: String, rows: Int,
    version: String, startedAt: String
  ) {
    (self.run, self.system, self.fingerprint, self.labels) = (run, system, fingerprint, labels)
    (self.isHard, self.file, self.rows, self.version, self.startedAt) = (isHard, file, rows, version, startedAt)
  }

  /// Reads a file to its end, for its labels, its rows and what tells it from others.
  ///
  /// - Parameters:
  ///   - file: the file, nothing of it read.
  ///   - run: the run's name.
  ///   - system: the system's name.
  ///   - version: the program's version.
  ///   - startedAt: the time now.
  ///   - shouldStop: asked at each row.
  /// - Throws: `PredictionFileError`; `CancellationError` after a request to stop.
  package init(
    reading file: consuming PredictionFile, run: String, system: String, version: String, startedAt: String,
    shouldStop: () -> Bool
  ) throws {
    while try file.next() != nil {
      if shouldStop() { throw CancellationError() }
    }
    self.init(
      run: run, system: system, fingerprint: file.fingerprint, labels: file.labels, isHard: file.isHard,
      file: file.file, rows: file.rows, version: version, startedAt: startedAt)
    (rowsWithoutProbabilities, rowsWithConfidence) = (file.rowsWithoutProbabilities, file.rowsWithConfidence)
  }

  /// The scorer's record, in place of a model's.
  func scorer(labels: [ByteText]) -> ScorerRecord {
    ScorerRecord(
      modelFingerprint: fingerprint, modelName: system, precision: "foreign",
      options: isHard ? #"{"hard":true}"# : "{}", labels: labels)
  }
}

/// The result of an import, in counts.
package struct ImportSummary: Equatable, Sendable {
  /// Whether the run already existed, from the same predictions.
  package var alreadyImported = false
  /// Rows whose post has a picture.
  package var scored = 0
  /// Rows whose post has none.
  package var withoutPicture = 0
  /// Rows without a matching post, or with unusable values.
  package var faulted = 0
  /// Rows whose key has several versions in the store; the last one was used.
  package var severalVersions = 0

  /// Creates a summary of no rows.
  package init(alreadyImported: Bool = false) { self.alreadyImported = alreadyImported }
}

extension StoreWriter {
  /// Enters the predictions of the file that a request was read from, opened again.
  ///
  /// - Parameters:
  ///   - request: what was read from the file.
  ///   - file: the file, nothing of it read.
  ///   - path: its path, for messages.
  ///   - onFault: told of each fault.
  /// - Returns: what was entered.
  /// - Throws: `PredictionFileError.changed` if the file no longer has what was read; what entering rows throws.
  package func importPredictions(
    _ request: ImportRequest, from file: consuming PredictionFile, path: String, onFault: (RowFault) -> Void
  ) throws -> ImportSummary {
    try importPredictions(request) {
      if let row = try file.next() { return row }
      guard ByteText(file.fingerprint) == ByteText(request.fingerprint) else {
        throw PredictionFileError.changed(file: path)
      }
      return nil
    } onFault: {
      onFault($0)
    }
  }

  /// Enters another system's predictions as a finished run, all or nothing.
  ///
  /// A row belongs to the post with the same key, byte by byte; if the key has several versions, to the last one. A row
  /// without a post, and a second row with the same key, are faults. The same predictions under the same name change
  /// nothing.
  ///
  /// - Parameters:
  ///   - request: the import. If it has only labels, and a scorer of the store knows them all, that scorer's labels are
  ///     used in their order, so that the same label is the positive one.
  ///   - next: returns the next row; nil after the last one.
  ///   - onFault: called for each fault.
  /// - Returns: what was entered.
  /// - Throws: `importDiffers` if the run of this name has other predictions, `noneImported` if no row has a post; what
  ///   `next` throws. The store is then unchanged.
  /// - Complexity: O((n + v) log m) for n rows in a store of m posts, v of them with the rows' keys; constant memory.
  package func importPredictions(
    _ request: ImportRequest, next: () throws -> PredictionFile.Row?, onFault: (RowFault) -> Void
  ) throws -> ImportSummary {
    try RunName.check(request.run)
    var failure: (any Error)?
    do throws(StoreError) {
      return try transact { db in
        if let found = try Self.present(request, in: db) { return found }
        var filling = try Importing(request, in: db)
        while true {
          let row: PredictionFile.Row?
          do { row = try next() } catch {
            failure = error
            throw error
          }
          guard let row else { break }
          if let fault = try filling.enter(row) { onFault(fault) }
        }
        return try filling.finish()
      }
    } catch {
      throw failure ?? error
    }
  }

  /// The run of this name, if it holds the same predictions.
  private static func present(_ request: ImportRequest, in db: Database) throws -> ImportSummary? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT model_fingerprint, state FROM run JOIN scorer ON scorer.id = scorer_id WHERE name = ?
        """, arguments: [request.run])
    guard let row else { return nil }
    let (fingerprint, state): (String, String) = try (row.get(0), row.get(1))
    guard fingerprint == request.fingerprint, state == RunState.finished.rawValue else {
      throw StoreError.importDiffers(name: request.run)
    }
    var summary = ImportSummary(alreadyImported: true)
    summary.faulted =
      try Int.fetchOne(
        db,
        sql: "SELECT count(*) FROM entry JOIN run ON run.id = run_id WHERE name = ? AND entry.state = 'faulted'",
        arguments: [request.run]) ?? 0
    return summary
  }
}

/// An import in progress, within a transaction.
private struct Importing {
  private var summary = ImportSummary()
  private let request: ImportRequest
  private let labels: [ByteText]
  private let db: Database
  private let run, scorer: Int64
  private var firstKey: String?
  private let findPost, hasPicture, isEntered, noteEntered, insertPrediction, insertEntry, insertFault: Statement

  init(_ request: ImportRequest, in db: Database) throws {
    (self.request, self.db) = (request, db)
    labels = request.isHard ? try Self.order(of: request.labels, in: db) : request.labels
    scorer = try request.scorer(labels: labels).identify(in: db)
    try db.execute(
      sql: """
        INSERT INTO run (name, scorer_id, corpus, version, machine, started_at, state, counts)
        VALUES (?, ?, ?, ?, '{}', ?, 'running', '{}')
        """, arguments: [request.run, scorer, request.file, request.version, request.startedAt])
    run = db.lastInsertedRowID
    // A key may have very many versions: they are counted in the index, without reading a post, and once per key.
    try db.execute(
      sql: """
        DROP TABLE IF EXISTS temp.imported_key;
        CREATE TEMP TABLE imported_key (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID
        """)
    isEntered = try db.makeStatement(sql: "SELECT 1 FROM temp.imported_key WHERE key = ?")
    noteEntered = try db.makeStatement(sql: "INSERT INTO temp.imported_key VALUES (?)")
    findPost = try db.cachedStatement(sql: "SELECT max(id), count(*) FROM post WHERE key = ?")
    hasPicture = try db.cachedStatement(sql: "SELECT picture_hash IS NOT NULL FROM post WHERE id = ?")
    insertPrediction = try db.cachedStatement(
      sql: """
        INSERT INTO prediction (scorer_id, post_id, label, confidence, probabilities, unknown_share, truncated)
        VALUES (?, ?, ?, ?, ?, 0, 0) ON CONFLICT (scorer_id, post_id) DO NOTHING
        """)
    insertEntry = try db.cachedStatement(
      sql: "INSERT INTO entry (run_id, file, record, line, key, post_id, state) VALUES (?, ?, ?, ?, ?, ?, ?)")
    insertFault = try db.cachedStatement(
      sql: """
        INSERT INTO fault (run_id, file, line, key, stage, code, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
  }

  /// Enters a row; returns its fault, if it has one.
  mutating func enter(_ row: PredictionFile.Row) throws -> RowFault? {
    switch row {
    case .fault(let fault): return try lose(fault)
    case .prediction(let prediction):
      firstKey = firstKey ?? prediction.key.text
      func fault(_ code: FaultCode, _ detail: String) -> RowFault {
        RowFault(position: prediction.position, key: prediction.key, stage: .corpus, code: code, detail: detail)
      }
      if try Int.fetchOne(isEntered, arguments: [prediction.key.text]) != nil {
        return try lose(fault(.repeatedKey, "an earlier row with this key was used: remove one of the two"))
      }
      guard let post = try Row.fetchOne(findPost, arguments: [prediction.key.text]), let id: Int64 = try post.find(0)
      else {
        return try lose(fault(.noPost, "the store has no post with this key: score the corpus first"))
      }
      let versions: Int = try post.get(1)
      let hasPicture = try Bool.fetchOne(hasPicture, arguments: [id]) ?? false
      try noteEntered.execute(arguments: [prediction.key.text])
      try insertPrediction.execute(arguments: [
        scorer, id, prediction.label, prediction.confidence, json(prediction),
      ])
      try enter(prediction.position, prediction.key.text, id, EntryState.first(hasPicture: hasPicture))
      if hasPicture { summary.scored += 1 } else { summary.withoutPicture += 1 }
      if versions > 1 { summary.severalVersions += 1 }
      return nil
    }
  }

  /// Finishes the run.
  func finish() throws -> ImportSummary {
    guard summary.scored + summary.withoutPicture > 0 else {
      throw StoreError.noneImported(file: request.file, rows: summary.faulted, key: firstKey)
    }
    let counts = RunCounts(files: [
      FileCounts(name: ByteText(request.file), read: summary.scored + summary.withoutPicture + summary.faulted)
    ])
    try db.execute(
      sql: "UPDATE run SET state = 'finished', finished_at = ?, counts = ? WHERE id = ?",
      arguments: [request.startedAt, counts.json, run])
    try RunChecksum.record(ofRun: run, in: db)
    try db.execute(sql: "DROP TABLE temp.imported_key")
    return summary
  }

  private mutating func lose(_ fault: RowFault) throws -> RowFault {
    summary.faulted += 1
    try enter(fault.position, fault.key?.text, nil, .faulted)
    try insertFault.execute(arguments: [
      run, fault.position.file.text, fault.position.line, fault.key?.text, fault.stage.rawValue, fault.code.rawValue,
      fault.detail,
    ])
    return fault
  }

  private func enter(_ position: RowPosition, _ key: String?, _ post: Int64?, _ state: EntryState) throws {
    try insertEntry.execute(arguments: [
      run, position.file.text, position.record, position.line, key, post, state.rawValue,
    ])
  }

  /// The probabilities in the stored form; 1 for a label alone, and none if only a confidence was given.
  private func json(_ prediction: ImportedPrediction) -> String {
    if prediction.probabilities.isEmpty {
      // Only this distinguishes a given confidence of 1 from a default of 1.
      return prediction.isSure ? "{}" : StoredPrediction.probabilities(ofLabelAlone: prediction.label.text)
    }
    var json = JSONWriter()
    json.object(
      Array(zip(labels, prediction.probabilities)), key: { $0.0.text }, value: { json, each in json.number(each.1) })
    return json.text
  }

  /// The order for labels without one of their own: that of the latest scorer that knows them all.
  private static func order(of labels: [ByteText], in db: Database) throws -> [ByteText] {
    let wanted = Set(labels)
    let scorers = try Int64.fetchAll(
      db, sql: "SELECT scorer_id FROM run GROUP BY scorer_id ORDER BY max(id) DESC LIMIT 100")
    for scorer in scorers {
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT CAST(value AS TEXT) FROM scorer, json_each(scorer.labels) WHERE scorer.id = ?
          ORDER BY json_each.key LIMIT 1001
          """, arguments: [scorer])
      let known: [ByteText] = try rows.map { try $0.get(0) }
      if known.count <= 1000, wanted.isSubset(of: known) { return known }
    }
    return labels
  }
}
