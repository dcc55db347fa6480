import Bytes
package import Corpus
import GRDB

/// How the rows of files become labels.
package struct LabelRequest: Sendable {
  /// The source of labels without an annotator, and with ``isPrefix`` the beginning of the others' sources.
  package var source: String
  /// Whether the source of an annotator's labels is `SOURCE/ANNOTATOR`, not `ANNOTATOR` alone.
  package var isPrefix = false
  package var contents: LabelledContents
  /// The run whose model knows the labels; nil for the latest.
  package var run: String?
  /// The time now: UTC in ISO 8601.
  package var notedAt: String

  package init(source: String, contents: LabelledContents = .all, run: String? = nil, notedAt: String) {
    (self.source, self.contents, self.run, self.notedAt) = (source, contents, run, notedAt)
  }
}

/// What became of the rows of files of labels.
package struct LabelSummary: Equatable, Sendable {
  /// Rows whose post had no label from their source.
  package var new = 0
  /// Rows whose post had another label, or another note, from their source.
  package var changed = 0
  /// Rows whose label the store had already.
  package var unchanged = 0
  /// Rows without a label.
  package var empty = 0
  /// Rows that gave no label.
  package var faulted = 0
  /// Rows with a label that the run's model does not have; they are stored.
  package var unknownLabels = 0
  /// Rows whose key has several contents in the store.
  package var severalContents = 0
  /// Rows whose key a spreadsheet's protection was taken from.
  package var restoredKeys = 0
  /// The run whose model knows the labels; nil in a store without runs.
  package var run: String?
  /// The sources of the labels, in the order of the rows.
  package var sources: [String] = []

  package init() {}
}

extension StoreWriter {
  /// Stores labels by the keys of their posts, all or nothing.
  ///
  /// A row belongs to the posts with its key, byte by byte. A key that is not there, and a row that contradicts an
  /// earlier one, are faults. A label that the run's model does not have is told as a fault, too, and stored.
  ///
  /// - Parameters:
  ///   - request: how rows become labels.
  ///   - next: returns the next row; nil after the last one.
  ///   - onFault: called for each fault.
  /// - Returns: what became of the rows.
  /// - Throws: `StoreError`, such as `runNotFound`; what `next` throws. The store is then unchanged.
  /// - Complexity: O(n log m) for n rows in a store of m posts; constant memory.
  package func label(
    _ request: LabelRequest, next: () throws -> LabelRow?, onFault: (RowFault) -> Void
  ) throws -> LabelSummary {
    try LabelSource.check(request.source)
    var failure: (any Error)?
    do throws(StoreError) {
      return try transact { db in
        var labelling = try Labelling(request, in: db)
        while true {
          let row: LabelRow?
          do { row = try next() } catch {
            failure = error
            throw error
          }
          guard let row else { return try labelling.finish() }
          if let fault = try labelling.enter(row) { onFault(fault) }
        }
      }
    } catch {
      throw failure ?? error
    }
  }
}

/// Rows that are being stored as labels, within a transaction.
private struct Labelling {
  private var summary = LabelSummary()
  private let request: LabelRequest
  private let db: Database
  /// The labels of the run's model; empty in a store without runs.
  private let known: Set<ByteText>
  private let statements: LabelStatements
  private let findPosts, findEarlier, noteEarlier: Statement
  private var seenSources: Set<ByteText> = []

  init(_ request: LabelRequest, in db: Database) throws {
    (self.request, self.db) = (request, db)
    (summary.run, known) = try Self.labels(ofRun: request.run, in: db)
    try db.execute(
      sql: """
        DROP TABLE IF EXISTS temp.labelled;
        CREATE TEMP TABLE labelled (post_id INTEGER, source TEXT, label TEXT NOT NULL, PRIMARY KEY (post_id, source))
          WITHOUT ROWID
        """)
    statements = try LabelStatements(db)
    findPosts = try db.cachedStatement(sql: "SELECT id FROM post WHERE key = ? ORDER BY id")
    findEarlier = try db.makeStatement(sql: "SELECT label FROM temp.labelled WHERE post_id = ? AND source = ?")
    noteEarlier = try db.makeStatement(sql: "INSERT OR IGNORE INTO temp.labelled VALUES (?, ?, ?)")
  }

  /// A run and the labels of its model.
  private static func labels(ofRun name: String?, in db: Database) throws -> (run: String?, labels: Set<ByteText>) {
    let runs = try String.fetchAll(db, sql: "SELECT name FROM run ORDER BY id DESC")
    if let name, !runs.contains(where: { ByteText($0) == ByteText(name) }) {
      throw StoreError.runNotFound(name: name, known: runs)
    }
    guard let run = name ?? runs.first else { return (nil, []) }
    let labels: [ByteText] = try ByteText.fetchAll(
      db,
      sql: """
        SELECT CAST(value AS TEXT) FROM run JOIN scorer ON scorer.id = scorer_id, json_each(scorer.labels)
        WHERE run.name = ?
        """, arguments: [run])
    return (run, Set(labels))
  }

  /// Stores a row; returns its fault, if it has one.
  mutating func enter(_ row: LabelRow) throws -> RowFault? {
    switch row {
    case .empty:
      summary.empty += 1
      return nil
    case .fault(let fault):
      summary.faulted += 1
      return fault
    case .label(let label): return try enter(label)
    }
  }

  private mutating func enter(_ label: LabelledKey) throws -> RowFault? {
    func fault(_ code: FaultCode, _ detail: String) -> RowFault {
      RowFault(position: label.position, key: label.key, stage: .corpus, code: code, detail: detail)
    }
    guard let source = source(of: label) else {
      summary.faulted += 1
      return fault(.noAnnotator, "an annotator cannot be called '\(label.annotator?.text.printable(upTo: 40) ?? "")'")
    }
    var posts = try Int64.fetchAll(findPosts, arguments: [label.key.text])
    if posts.isEmpty, let plain = label.plainKey {
      posts = try Int64.fetchAll(findPosts, arguments: [plain.text])
      if !posts.isEmpty { summary.restoredKeys += 1 }
    }
    guard let last = posts.last else {
      summary.faulted += 1
      return fault(.noPost, "the store has no post with this key")
    }
    if posts.count > 1 {
      summary.severalContents += 1
      switch request.contents {
      case .all: break
      case .latest: posts = [last]
      case .refuse:
        summary.faulted += 1
        return fault(.severalContents, "the store has \(posts.count) contents with this key")
      }
    }
    let earlier: ByteText? = try ByteText.fetchOne(findEarlier, arguments: [last, source])
    if let earlier, earlier != label.label {
      summary.faulted += 1
      return fault(
        .repeatedKey,
        "an earlier row gives the post the label '\(earlier.text.printable(upTo: 40))', which counts")
    }
    try noteEarlier.execute(arguments: [last, source, label.label])
    try store(label, posts: posts, source: source)
    guard summary.run != nil, !known.contains(label.label) else { return nil }
    summary.unknownLabels += 1
    return fault(
      .unknownLabel,
      "the model has no label '\(label.label.text.printable(upTo: 40))'; it was stored as it is"
    )
  }

  private mutating func store(_ label: LabelledKey, posts: [Int64], source: String) throws {
    let changes = try posts.map { post in
      try statements.note(
        SourceLabel(
          post: post, source: source, label: label.label, note: label.note, notedAt: request.notedAt))
    }
    if changes.contains(.changed) {
      summary.changed += 1
    } else if changes.contains(.new) {
      summary.new += 1
    } else {
      summary.unchanged += 1
    }
    if seenSources.insert(ByteText(source)).inserted { summary.sources.append(source) }
  }

  /// The source of a row's label; nil if a person cannot have the name.
  private func source(of label: LabelledKey) -> String? {
    guard let annotator = label.annotator else { return request.source }
    let name = request.isPrefix ? "\(request.source)/\(annotator)" : annotator.text
    return LabelSource.isReserved(name) ? nil : name
  }

  func finish() throws -> LabelSummary {
    try db.execute(sql: "DROP TABLE temp.labelled")
    return summary
  }
}
