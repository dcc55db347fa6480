import Bytes
import Corpus
import GRDB

/// Copies one store's posts, with everything that belongs to them, into another. It works post by post, so memory stays
/// constant and no table of ids is needed.
struct PostMerging {
  private(set) var summary = MergeSummary()

  private let input: Database
  private let inputPath: String
  private let output: Database
  private let outputPath: String
  private let scorers: [(input: Int64, output: Int64, spaces: [String], machinesDiffer: Bool)]
  private let runs: [Int64: (id: Int64, name: ByteText)]
  private let provenance: RowProvenance
  private let read: MergeQueries
  private let write: MergeStatements
  /// Whether `clfa forget` was ever used on the output.
  private let forgets: Bool
  /// The order of each run's records, if requested.
  private var orders: [Int64: FileOrder] = [:]

  init(
    from input: Database, at inputPath: String, into output: Database, at outputPath: String,
    scorers: [Int64: Int64],
    runs: [Int64: (id: Int64, name: ByteText)], provenance: RowProvenance
  ) throws {
    self.input = input
    self.inputPath = inputPath
    self.output = output
    self.outputPath = outputPath
    self.runs = runs
    self.provenance = provenance
    self.scorers = try scorers.sorted { $0.key < $1.key }.map { from, to in
      let machines = try ScorerMachines.all(ofScorer: from, in: input).union(
        ScorerMachines.all(ofScorer: to, in: output))
      return (from, to, try MergeQueries.spaces(ofScorer: from, in: input), machines.count > 1)
    }
    forgets = try Bool.fetchOne(output, sql: "SELECT EXISTS (SELECT 1 FROM entry WHERE state = 'forgotten')") ?? false
    read = try MergeQueries(input)
    write = try MergeStatements(output)
  }

  /// Copies every post with its labels, predictions, vectors and entries.
  mutating func copyPosts() throws {
    try read.posts.forEach({ _ in }) { row in try copy(row) }
  }

  private mutating func copy(_ row: StatementColumns) throws {
    let from = try row.integer(0)
    if try forgets && isForgotten(from) { return }
    let post = try identify(row)
    let key = try row.text(1)
    try copyRows(of: read.labels, from: from, to: post.id, by: write.label, columns: 3)
    // The output keeps its note on a label.
    try copyRows(of: read.notes, from: from, to: post.id, by: write.insertNote, columns: 2)
    try copyThumbnail(of: from, to: post)
    if post.isNew {
      // Equal content has equal features. A post that the output has keeps its columns, and so their times.
      try copyRows(of: read.features, from: from, to: post.id, by: write.insertFeature, columns: 2)
      try copyRows(of: read.times, from: from, to: post.id, by: write.insertTime, columns: 2)
    }
    for scorer in scorers {
      try copyPrediction(
        of: from, to: post, key: key, scorer: scorer.input, as: scorer.output, excused: scorer.machinesDiffer)
      for space in scorer.spaces {
        try copyVector(
          space, of: from, to: post, key: key, scorer: scorer.input, as: scorer.output,
          excused: scorer.machinesDiffer)
      }
    }
    var touched: Set<Int64> = []
    try read.entries.forEach({ $0.add(from) }) { row in
      let entry = try MergedEntry(row)
      if try enter(entry, post: post.id), !post.isNew { touched.insert(entry.run) }
    }
    for run in touched.sorted() { try settleFirst(of: post.id, run: run) }
  }

  /// Copies the entries without a post, and their faults.
  mutating func copyLostRecords() throws {
    for run in runs.keys.sorted() {
      try read.lost.forEach({ $0.add(run) }) { row in _ = try enter(MergedEntry(row), post: nil) }
    }
  }

  /// Whether every record of a post was forgotten in the output. If so, an older copy must not bring it back.
  private func isForgotten(_ post: Int64) throws -> Bool {
    var entries = 0, forgotten = 0
    try read.entries.forEach({ $0.add(post) }) { row in
      let entry = try MergedEntry(row)
      entries += 1
      if let present = try present(entry), present.entry.state == EntryState.forgotten.rawValue { forgotten += 1 }
    }
    return entries > 0 && entries == forgotten
  }

  /// The output's entry of the same record, and the id of its post.
  private func present(_ entry: MergedEntry) throws -> (entry: MergedEntry, post: Int64?)? {
    guard let run = runs[entry.run] else { throw DamagedRow(column: "run_id") }
    return try write.entry.first {
      $0.add(run.id)
      $0.add(entry.file)
      $0.add(entry.record)
    } _: { row in
      (try MergedEntry(row), row.isNull(MergedEntry.postColumn) ? nil : try row.integer(MergedEntry.postColumn))
    }
  }

  private typealias PostID = (id: Int64, isNew: Bool)

  private mutating func identify(_ row: StatementColumns) throws -> PostID {
    let (key, hash) = try (row.text(1), row.text(2))
    // It follows from the post, so an input of an earlier version needs none.
    let group = try RepostGroup(
      text: row.text(3), pictureHash: row.optionalText(6), key: ByteText(key), contentHash: hash)
    // Most posts are new, so they are not looked for before.
    try write.insertPost.run {
      $0.add(1..<9, of: row)
      $0.add(group.id)
      $0.add(group.isMarked)
    }
    if output.changesCount > 0 {
      summary.posts += 1
      return (output.lastInsertedRowID, true)
    }
    let known = try write.findPost.first {
      $0.add(key)
      $0.add(hash)
    } _: { row in
      (
        id: try row.integer(0), extra: try row.text(1), date: try row.optionalText(2).map { ByteText($0) },
        lacksGroup: try row.integer(3) != 0
      )
    }
    // The insertion found it.
    guard let known else { throw DamagedRow(column: "key") }
    if known.lacksGroup { try write.groupPost.execute(arguments: group.columns + [known.id]) }
    try join(row, into: known.id, extra: known.extra, date: known.date)
    return (known.id, false)
  }

  /// Adds the input's columns and date to those of a post that the output has; what is there stays, so that merging
  /// twice changes nothing.
  private mutating func join(
    _ row: StatementColumns, into id: Int64, extra stored: String, date: ByteText?
  ) throws {
    var extra = try ExtraColumns.merged(row.text(8), over: stored, onlyAdds: true)
    let inputDate = try row.optionalText(7).map { ByteText($0) }
    var newDate: ByteText?
    if inputDate != nil, inputDate != date {
      if date == nil {
        newDate = inputDate
        extra.changed.append(ExtraColumns.date)
      } else {
        extra.differing.append(ExtraColumns.date)
      }
    }
    if !extra.differing.isEmpty {
      summary.differing += 1
      summary.differingColumns.add(extra.differing)
    }
    if !extra.changed.isEmpty {
      try write.updateExtra.execute(arguments: [extra.json ?? stored, newDate, id])
      summary.updated += 1
      summary.updatedColumns.add(extra.changed)
    }
  }

  /// Copies a post's rows of a table, as they are.
  private func copyRows(
    of read: Statement?, from: Int64, to post: Int64, by write: Statement, columns: Int32
  ) throws {
    try read?.forEach({ $0.add(from) }) { row in
      try write.run {
        $0.add(post)
        $0.add(0..<columns, of: row)
      }
    }
  }

  /// Keeps the first thumbnail of a post; others differ at most in size.
  private mutating func copyThumbnail(of from: Int64, to post: PostID) throws {
    try read.thumbnail?.forEach({ $0.add(from) }) { row in
      try write.insertThumbnail.run {
        $0.add(post.id)
        $0.add(0..<2, of: row)
      }
      summary.thumbnails += output.changesCount
    }
  }

  private mutating func copyPrediction(
    of from: Int64, to post: PostID, key: String, scorer: Int64, as newScorer: Int64, excused: Bool
  ) throws {
    _ = try read.prediction.first {
      $0.add(scorer)
      $0.add(from)
    } _: { row in
      let stored =
        post.isNew
        ? nil
        : try write.prediction.first {
          $0.add(newScorer)
          $0.add(post.id)
        } _: {
          try StoredPrediction($0)
        }
      if let stored {
        let incoming = try StoredPrediction(row)
        if stored.equals(incoming) { return }
        guard try excused && stored.agrees(with: incoming, on: output) else {
          let first = try provenance.prediction(scorer: newScorer, post: post.id, in: output)
          throw StoreError.merge(.predictionsDiffer(key: key, first: first, second: inputPath))
        }
        summary.nearlyEqual += 1
        return
      }
      try write.insertPrediction.run {
        $0.add(newScorer)
        $0.add(post.id)
        $0.add(0..<6, of: row)
      }
      summary.predictions += 1
    }
  }

  private mutating func copyVector(
    _ space: String, of from: Int64, to post: PostID, key: String, scorer: Int64, as newScorer: Int64,
    excused: Bool
  ) throws {
    _ = try read.vector.first {
      $0.add(scorer)
      $0.add(space)
      $0.add(from)
    } _: { row in
      let present =
        post.isNew
        ? nil
        : try write.vector.first {
          $0.add(newScorer)
          $0.add(space)
          $0.add(post.id)
        } _: {
          try $0.data(0)
        }
      if let present {
        let bytes = try row.data(0)
        if present == bytes { return }
        guard excused && StoredPrediction.vectorsAgree(present, bytes) else {
          let first = try provenance.prediction(scorer: newScorer, post: post.id, in: output)
          throw StoreError.merge(.vectorsDiffer(key: key, space: space, first: first, second: inputPath))
        }
        summary.nearlyEqual += 1
        return
      }
      try write.insertVector.run {
        $0.add(newScorer)
        $0.add(space)
        $0.add(post.id)
        $0.add(0..<1, of: row)
      }
      summary.vectors += 1
    }
  }

  /// Enters a record into its run unless it is already there. A fault is replaced by a later outcome of the record.
  /// - Returns: Whether this changed the output.
  private mutating func enter(_ entry: MergedEntry, post: Int64?) throws -> Bool {
    guard let run = runs[entry.run] else { throw DamagedRow(column: "run_id") }
    // Most records are new, so they are not looked for before.
    if try insert(entry, run: run.id, post: post) {
      summary.entries += 1
    } else if let (present, presentPost) = try present(entry) {
      if present.isSameRecord(as: entry) && presentPost == post {
        if present.state == entry.state { return false }
        if EntryState.isAnswered(present.state) && EntryState.isAnswered(entry.state) { return true }
      }
      if present.state == EntryState.forgotten.rawValue || entry.state == EntryState.forgotten.rawValue {
        return false
      }
      if entry.state == EntryState.faulted.rawValue { return false }
      guard present.state == EntryState.faulted.rawValue else {
        let first = provenance.entry(run: run.name.text, file: entry.file.text, record: entry.record)
        throw StoreError.merge(
          .entriesDiffer(
            run: run.name.text, file: entry.file.text, record: entry.record, first: first, second: inputPath))
      }
      try write.deleteFault.execute(arguments: [run.id, present.file, present.line])
      try write.deleteEntry.execute(arguments: [run.id, entry.file, entry.record])
      _ = try insert(entry, run: run.id, post: post)
    }
    guard entry.state == EntryState.faulted.rawValue else { return true }
    try read.faults.forEach {
      $0.add(entry.run)
      $0.add(entry.file)
      $0.add(entry.line)
    } _: { fault in
      try write.insertFault.run {
        $0.add(run.id)
        $0.add(0..<7, of: fault)
      }
    }
    return true
  }

  /// Inserts an entry; false if its record has one.
  private func insert(_ entry: MergedEntry, run: Int64, post: Int64?) throws -> Bool {
    try write.insertEntry.run {
      $0.add(run)
      $0.add(entry.file)
      $0.add(entry.record)
      $0.add(entry.line)
      $0.add(entry.key)
      $0.add(post)
      $0.add(entry.state)
    }
    return output.changesCount > 0
  }

  /// Gives the answer to the first of a post's records in the corpus' order, and makes the others duplicates: different
  /// records of the post may have been faults in the two stores.
  private mutating func settleFirst(of post: Int64, run inputRun: Int64) throws {
    guard let run = runs[inputRun] else { throw DamagedRow(column: "run_id") }
    let order = try order(ofRun: run.id)
    let entries = try Row.fetchAll(write.entriesOfPost, arguments: [post, run.id]).map { row in
      try (
        file: row.get(0) as ByteText, record: row.get(1) as Int, state: row.get(2) as String, row.get(3) as Bool
      )
    }.filter { EntryState.isAnswered($0.state) }
    let first = entries.min { order.isBefore(($0.file, $0.record), ($1.file, $1.record)) }
    guard let first else { return }
    for (file, record, state, hasPicture) in entries {
      let isFirst = record == first.record && file == first.file
      let due = isFirst ? EntryState.first(hasPicture: hasPicture) : .duplicate
      if state == due.rawValue { continue }
      try write.setState.execute(arguments: [due.rawValue, run.id, file, record])
    }
  }

  private mutating func order(ofRun run: Int64) throws -> FileOrder {
    if let known = orders[run] { return known }
    let order = FileOrder(try RunCounts(run: run, in: output, path: outputPath).files.map(\.name))
    orders[run] = order
    return order
  }
}

/// Finds the store that a contradicted row came from, for an error message.
struct RowProvenance {
  /// The output's path; rows that existed before the merge came from it.
  let output: String
  /// The inputs merged before the current one.
  let earlier: [StoreReader]

  /// The first earlier input in which a query finds a row, otherwise the output.
  func path(of sql: String, _ arguments: StatementArguments) -> String {
    for input in earlier {
      let isThere = try? input.read { try Int.fetchOne($0, sql: sql, arguments: arguments) != nil }
      if isThere == true { return input.path }
    }
    return output
  }

  /// Where a scorer's prediction for a post came from.
  func prediction(scorer: Int64, post: Int64, in db: Database) throws -> String {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT model_fingerprint, precision, options, key, content_hash FROM scorer, post
        WHERE scorer.id = ? AND post.id = ?
        """, arguments: [scorer, post])
    guard let row else { return output }
    return path(
      of: """
        SELECT 1 FROM scorer JOIN prediction ON prediction.scorer_id = scorer.id
        JOIN post ON post.id = prediction.post_id
        WHERE model_fingerprint = ? AND precision = ? AND options = ? AND key = ? AND content_hash = ?
        """, StatementArguments(row.databaseValues))
  }

  /// Where a run's entry came from.
  func entry(run: String, file: String, record: Int) -> String {
    path(
      of: """
        SELECT 1 FROM run JOIN entry ON entry.run_id = run.id
        WHERE run.name = ? AND entry.file = ? AND entry.record = ?
        """, [run, file, record])
  }
}
