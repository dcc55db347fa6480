import Bytes
package import Corpus
import Foundation
import GRDB

extension StoreWriter {
  /// Enters a batch of rows into a run: posts, labels, thumbnails, predictions, vectors, entries, faults and the run's
  /// counts. Either all are entered or none.
  ///
  /// The state of each row is decided here. A post that occurs earlier in the run is a `duplicate`; a post that the
  /// scorer has already scored keeps its prediction. A record that was faulted before is entered again, and its fault
  /// is removed. A label that differs from the stored one replaces it; a row without a label changes nothing.
  /// - Parameters:
  ///   - rows: The rows, in the order of the corpus.
  ///   - run: The run to enter the rows into.
  ///   - counts: The run's counts after these rows; the order of its files is the corpus' order.
  ///   - notedAt: The time stored with labels: UTC in ISO 8601.
  ///   - rescore: Whether predictions and vectors replace stored ones.
  ///   - dates: How the texts of columns of the type `time` are read.
  /// - Returns: The changes of the run's totals.
  /// - Throws: `diskFull`, `recordTaken`, `notScored`, `notFinite`, …; the store is then as it was before.
  /// - Complexity: O(n log m) for n rows in a store of m.
  @discardableResult
  package func commit(
    _ rows: [LedgerRow], run: OpenRun, counts: RunCounts, notedAt: String, rescore: Bool = false,
    dates: DateParser = DateParser()
  ) throws(StoreError) -> CommitSummary {
    try transact { db in
      var commit = try Commit(db, run: run, counts: counts, notedAt: notedAt, rescore: rescore, dates: dates)
      for row in rows { try commit.enter(row) }
      try commit.writeVectors()
      if commit.summary.known > 0 { try ScorerMachines.noteScorers(run.scorerID, run: run.id, in: db) }
      try db.cachedStatement(sql: "UPDATE run SET counts = ? WHERE id = ?").execute(
        arguments: [counts.json, run.id])
      if db.changesCount == 0 { throw StoreError.runNotFound(name: run.name.text, known: try RunName.all(db)) }
      return commit.summary
    }
  }
}

/// One batch that is being entered, within a transaction.
struct Commit {
  private(set) var summary = CommitSummary()

  private let db: Database
  private let run: OpenRun
  private let notedAt: String
  private let rescore: Bool
  private let order: FileOrder
  private let dates: DateParser
  /// The declared columns of the type `time`.
  private let times: Set<ByteText>
  private let statements: CommitStatements
  /// Whether new versions of known posts are counted.
  var countsVersions = true
  /// How predictions that the store has are compared with those of the rows; nil if the stored ones simply stay.
  var comparison: StoredComparison?
  /// The highest record of each file that had an entry before this batch.
  private var lastRecords: [ByteText: Int] = [:]
  /// Vectors are written at the end of the batch, one space after the other, so that they go to neighbouring pages.
  private var vectors: [(space: String, post: Int64, bytes: Data)] = []

  init(
    _ db: Database, run: OpenRun, counts: RunCounts, notedAt: String, rescore: Bool, dates: DateParser
  ) throws {
    self.dates = dates
    times = Set(
      try String.fetchAll(db, sql: "SELECT name FROM column_type WHERE type = 'time'").map { ByteText($0) })
    self.db = db
    self.run = run
    self.notedAt = notedAt
    self.rescore = rescore
    order = FileOrder(counts.files.map(\.name))
    statements = try CommitStatements(db, rescore: rescore)
  }

  /// Enters a row.
  /// - Parameters:
  ///   - row: the row.
  ///   - values: what follows from it, if that is known.
  /// - Throws: `StoreError`; `StoredComparison.Difference`.
  mutating func enter(_ row: LedgerRow, _ values: DerivedValues? = nil) throws {
    try clearFault(at: row.position)
    switch row.outcome {
    case .fault(let fault):
      try enter(row.position, key: fault.key?.text, post: nil, state: .faulted)
      try statements.insertFault.execute(arguments: [
        run.id, row.position.file.text, row.position.line, fault.key?.text, fault.stage.rawValue, fault.code.rawValue,
        fault.path, fault.detail,
      ])
    case .post(let post, var prediction):
      let values = values ?? DerivedValues(post, prediction)
      let id = try identify(post, values)
      try note(post.label, of: id)
      if let thumbnail = post.thumbnail {
        try statements.insertThumbnail.execute(arguments: [id.number, thumbnail.width, Data(thumbnail.jpeg)])
      }
      if let given = prediction, let comparison, !id.isNew,
        try comparison.isStored(given, of: post, scorer: run.scorerID, id.number)
      {
        try keepVectors(of: given, id: id.number)
        prediction = nil
      }
      try predict(prediction, values, of: post, id: id.number)
      let state = try state(of: post, id: id, at: row.position)
      try renew(post, values, id, onlyAdds: state == .duplicate)
      if state != .duplicate { try noteTimes(of: post, id) }
      if prediction == nil, state != .duplicate { summary.known += 1 }
      try enter(row.position, key: post.identity.key.text, post: id.number, state: state)
    }
  }

  /// Writes the batch's vectors.
  mutating func writeVectors() throws {
    vectors.sort { $0.space == $1.space ? $0.post < $1.post : $0.space < $1.space }
    for vector in vectors {
      try statements.insertVector.run {
        $0.add(run.scorerID)
        $0.add(vector.space)
        $0.add(vector.post)
        $0.add(vector.bytes)
      }
    }
    vectors.removeAll()
  }

  /// Removes the fault of a record that is retried.
  private mutating func clearFault(at position: RowPosition) throws {
    guard try position.record <= lastRecord(of: position.file) else { return }
    let place: StatementArguments = [run.id, position.file.text, position.record]
    guard let entry = try Row.fetchOne(statements.entryState, arguments: place) else { return }
    let (state, line): (String, Int) = try (entry.get(0), entry.get(1))
    guard state == EntryState.faulted.rawValue else {
      throw StoreError.recordTaken(run: run.name.text, file: position.file.text, record: position.record)
    }
    try statements.deleteFault.execute(arguments: [run.id, position.file.text, line])
    try statements.deleteEntry.execute(arguments: place)
    summary.count(.faulted, by: -1)
  }

  private mutating func lastRecord(of file: ByteText) throws -> Int {
    if let known = lastRecords[file] { return known }
    let last = try Int.fetchOne(statements.lastRecord, arguments: [run.id, file.text]) ?? 0
    lastRecords[file] = last
    return last
  }

  /// A post's id and its other columns in the store; nil columns if this row added the post.
  private struct PostID {
    var number: Int64
    var stored: (extra: String, postedAt: ByteText?)?
    var isNew: Bool { stored == nil }
  }

  private mutating func identify(_ post: PostRecord, _ values: DerivedValues) throws -> PostID {
    let (key, hash) = (post.identity.key, post.identity.contentHash)
    // Most posts are new, so they are not looked for before.
    try statements.insertPost.run {
      $0.add(key)
      $0.add(hash)
      $0.add(post.text)
      $0.add(post.knowledge)
      $0.add(post.image)
      $0.add(post.pictureHash)
      $0.add(post.postedAt)
      $0.add(values.extra)
      $0.add(values.group.id)
      $0.add(values.group.isMarked)
    }
    if db.changesCount == 0 { return try known(post, values) }
    let id = db.lastInsertedRowID
    summary.newPosts += 1
    for feature in post.features {
      try statements.insertFeature.execute(arguments: [id, feature.stream, feature.hash.hexadecimal])
    }
    guard countsVersions else { return PostID(number: id) }
    let isVersion = try statements.otherVersion.hasRow {
      $0.add(key)
      $0.add(hash)
    }
    if isVersion { summary.newVersions += 1 }
    return PostID(number: id)
  }

  /// A post that the store has.
  private func known(_ post: PostRecord, _ values: DerivedValues) throws -> PostID {
    let (key, hash) = (post.identity.key, post.identity.contentHash)
    let known = try statements.findPost.first {
      $0.add(key)
      $0.add(hash)
    } _: { row in
      (
        id: try row.integer(0), extra: try row.text(1), date: try row.optionalText(2),
        lacksGroup: try row.integer(3) != 0
      )
    }
    // The insertion found it, in the same transaction.
    guard let known else { throw DamagedRow(column: "key") }
    if known.lacksGroup { try statements.groupPost.execute(arguments: values.group.columns + [known.id]) }
    return PostID(number: known.id, stored: (known.extra, known.date.map { ByteText($0) }))
  }

  /// Merges the row's other columns and its date into those of a known post, which may have had fewer or other columns.
  ///
  /// A duplicate only adds columns: of the corpus' rows for one post, the first one counts.
  private mutating func renew(_ post: PostRecord, _ values: DerivedValues, _ id: PostID, onlyAdds: Bool) throws {
    guard let stored = id.stored else { return }
    var extra = try ExtraColumns.merged(values.extra, over: stored.extra, onlyAdds: onlyAdds)
    var date: String?
    if let new = post.postedAt, ByteText(new) != stored.postedAt {
      if onlyAdds && stored.postedAt != nil {
        extra.differing.append(ExtraColumns.date)
      } else {
        date = new
        extra.changed.append(ExtraColumns.date)
      }
    }
    if !extra.differing.isEmpty {
      summary.differing += 1
      summary.differingColumns.add(extra.differing)
    }
    guard !extra.changed.isEmpty else { return }
    try statements.updateExtra.execute(arguments: [extra.json ?? stored.extra, date, id.number])
    summary.updated += 1
    summary.updatedColumns.add(extra.changed)
  }

  /// Records the times of declared columns. A blank cell keeps the text that the post had, and so its time.
  private func noteTimes(of post: PostRecord, _ id: PostID) throws {
    guard !times.isEmpty else { return }
    for field in post.extra where times.contains(field.name) && (id.isNew || !field.value.isBlank) {
      if !id.isNew { try statements.deleteTime.execute(arguments: [id.number, field.name.text]) }
      try statements.insertTime.execute(arguments: [
        id.number, field.name.text, field.value, dates.read(field.value).text,
      ])
    }
  }

  private func note(_ label: ByteText?, of id: PostID) throws {
    guard let label else { return }
    try statements.noteLabel.run {
      $0.add(id.number)
      $0.add(label)
      $0.add(notedAt)
    }
  }

  private mutating func predict(
    _ prediction: PredictionRecord?, _ values: DerivedValues, of post: PostRecord, id: Int64
  ) throws {
    guard let prediction else {
      guard try Int.fetchOne(statements.hasPrediction, arguments: [run.scorerID, id]) != nil else {
        throw StoreError.notScored(key: post.identity.key.text)
      }
      return
    }
    guard prediction.isFinite else { throw StoreError.notFinite(key: post.identity.key.text) }
    let replaces = try rescore && Int.fetchOne(statements.hasPrediction, arguments: [run.scorerID, id]) != nil
    try statements.insertPrediction.run {
      $0.add(run.scorerID)
      $0.add(id)
      $0.add(prediction.label)
      $0.add(prediction.confidence)
      $0.add(values.probabilities)
      $0.add(prediction.textImageSimilarity)
      $0.add(prediction.unknownShare)
      $0.add(prediction.truncated)
    }
    // The predictions that other runs' checksums cover were replaced on purpose.
    if replaces, db.changesCount > 0 {
      try statements.forgetChecksums.execute(arguments: [run.scorerID, run.id, id])
    }
    try keepVectors(of: prediction, id: id)
  }

  private mutating func keepVectors(of prediction: PredictionRecord, id: Int64) throws {
    for vector in prediction.vectors {
      vectors.append((vector.space, id, VectorBytes.data(vector.values)))
    }
  }

  /// Decides a post's state. Of a run's entries for one post, the first one in the corpus' order counts; the others are
  /// duplicates, whatever the order in which they are entered.
  private mutating func state(of post: PostRecord, id: PostID, at position: RowPosition) throws -> EntryState {
    let own = EntryState.first(hasPicture: post.hasPicture)
    guard !id.isNew else { return own }
    let twin = try Row.fetchOne(statements.firstEntry, arguments: [id.number, run.id])
    guard let twin else { return own }
    let (file, record): (ByteText, Int) = try (twin.get(0), twin.get(1))
    if order.isBefore((file, record), (position.file, position.record)) { return .duplicate }
    try statements.makeDuplicate.execute(arguments: [run.id, file, record])
    summary.count(own, by: -1)
    summary.count(.duplicate)
    return own
  }

  private mutating func enter(_ position: RowPosition, key: String?, post: Int64?, state: EntryState) throws {
    do {
      try statements.insertEntry.run {
        $0.add(run.id)
        $0.add(position.file)
        $0.add(position.record)
        $0.add(position.line)
        $0.add(key)
        $0.add(post)
        $0.add(state.rawValue)
      }
    } catch DatabaseError.SQLITE_CONSTRAINT_PRIMARYKEY {
      throw StoreError.recordTaken(run: run.name.text, file: position.file.text, record: position.record)
    }
    summary.count(state)
  }
}

/// The changes that a commit made to a run's totals; the sum over all commits gives the run's entries by state.
///
/// A number can be negative: a retried record is one fault less, and a post that appears earlier than its duplicate
/// turns the later one into the duplicate.
package struct CommitSummary: Equatable, Sendable {
  /// Rows scored with a picture.
  package var scored = 0
  /// Rows scored without one.
  package var withoutPicture = 0
  /// Rows whose post occurs earlier in the corpus.
  package var duplicate = 0
  /// Faulted rows.
  package var faulted = 0
  /// Rows among the first two whose post was already scored.
  package var known = 0
  /// Posts that were new to the store.
  package var newPosts = 0
  /// Posts among those whose key the store held with other content.
  package var newVersions = 0
  /// Known posts whose other columns or date were added to or changed.
  package var updated = 0
  /// The columns of those.
  package var updatedColumns = ColumnNames()
  /// Duplicates whose other columns or date differ from the post's; the first row's value stays.
  package var differing = 0
  /// The columns of those.
  package var differingColumns = ColumnNames()

  /// Creates a summary of nothing.
  package init() {}

  mutating func count(_ state: EntryState, by change: Int = 1) {
    switch state {
    case .scored: scored += change
    case .withoutPicture: withoutPicture += change
    case .duplicate: duplicate += change
    case .faulted: faulted += change
    case .forgotten: break
    }
  }
}

/// The order of a corpus' records: its files as given, then the record numbers.
struct FileOrder {
  private let ranks: [ByteText: Int]

  init(_ names: [ByteText]) { ranks = names.places }

  /// Whether one record comes before another; files that are not in the corpus come last, by name.
  func isBefore(_ left: (file: ByteText, record: Int), _ right: (file: ByteText, record: Int)) -> Bool {
    if left.file == right.file { return left.record < right.record }
    let (first, second) = (ranks[left.file] ?? Int.max, ranks[right.file] ?? Int.max)
    return first == second ? left.file < right.file : first < second
  }
}
