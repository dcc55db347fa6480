import Bytes
import Corpus
import Foundation
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
    let posts = try Row.fetchCursor(read.posts)
    while let row = try posts.next() {
      let from: Int64 = try row.get(0)
      let key: String = try row.get(1)
      if try forgets && isForgotten(from) { continue }
      let post = try identify(row)
      let labels = try Row.fetchCursor(read.labels, arguments: [from])
      while let label = try labels.next() {
        try write.label.execute(arguments: [post.id] + StatementArguments(label.databaseValues))
      }
      try copyNotes(of: from, to: post.id)
      try copyThumbnail(of: from, to: post)
      if post.isNew {
        try copyFeatures(of: from, to: post.id)
        try copyTimes(of: from, to: post.id)
      }
      for scorer in scorers {
        try copyPrediction(
          of: from, to: post, key: key, scorer: scorer.input, as: scorer.output,
          excused: scorer.machinesDiffer)
        for space in scorer.spaces {
          try copyVector(
            space, of: from, to: post, key: key, scorer: scorer.input, as: scorer.output,
            excused: scorer.machinesDiffer)
        }
      }
      let entries = try Row.fetchCursor(read.entries, arguments: [from])
      var touched: Set<Int64> = []
      while let entry = try entries.next() {
        let entry = try MergedEntry(entry)
        if try enter(entry, post: post.id) { touched.insert(entry.run) }
      }
      if !post.isNew {
        for run in touched.sorted() { try settleFirst(of: post.id, run: run) }
      }
    }
  }

  /// Copies the entries without a post, and their faults.
  mutating func copyLostRecords() throws {
    for run in runs.keys.sorted() {
      let entries = try Row.fetchCursor(read.lost, arguments: [run])
      while let entry = try entries.next() { _ = try enter(MergedEntry(entry), post: nil) }
    }
  }

  /// Whether every record of a post was forgotten in the output. If so, an older copy must not bring it back.
  private func isForgotten(_ post: Int64) throws -> Bool {
    let entries = try Row.fetchAll(read.entries, arguments: [post])
    return try !entries.isEmpty
      && entries.allSatisfy { row in
        let entry = try MergedEntry(row)
        guard let run = runs[entry.run] else { throw DamagedRow(column: "run_id") }
        let present = try Row.fetchOne(write.entry, arguments: [run.id, entry.file, entry.record])
        return try present.map { try MergedEntry($0).state == EntryState.forgotten.rawValue } ?? false
      }
  }

  private typealias PostID = (id: Int64, isNew: Bool)

  private mutating func identify(_ row: Row) throws -> PostID {
    let (key, hash): (String, String) = try (row.get(1), row.get(2))
    // It follows from the post, so an input of an earlier version needs none.
    var repost: StatementArguments {
      get throws {
        try RepostGroup(text: row.get(3), pictureHash: row.find(6), key: ByteText(key), contentHash: hash).columns
      }
    }
    if let known = try Row.fetchOne(write.findPost, arguments: [key, hash]) {
      if try known.get(3) { try write.groupPost.execute(arguments: repost + [known.get(0) as Int64]) }
      let (id, stored, date): (Int64, String, ByteText?) = try (known.get(0), known.get(1), known.find(2))
      // What is there stays, so that merging twice changes nothing.
      var extra = try ExtraColumns.merged(row.get(8), over: stored, onlyAdds: true)
      let inputDate: ByteText? = try row.find(7)
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
      return (id, false)
    }
    try write.insertPost.execute(arguments: StatementArguments(row.databaseValues.dropFirst()) + repost)
    summary.posts += 1
    return (output.lastInsertedRowID, true)
  }

  /// Keeps the first thumbnail of a post; others differ at most in size.
  private mutating func copyThumbnail(of from: Int64, to post: PostID) throws {
    guard let read = read.thumbnail, let row = try Row.fetchOne(read, arguments: [from]) else { return }
    let (width, jpeg): (Int, Data) = try (row.get(0), row.get(1))
    try write.insertThumbnail.execute(arguments: [post.id, width, jpeg])
    summary.thumbnails += output.changesCount
  }

  /// The output keeps its note on a label.
  private func copyNotes(of from: Int64, to post: Int64) throws {
    guard let read = read.notes else { return }
    let notes = try Row.fetchCursor(read, arguments: [from])
    while let note = try notes.next() {
      try write.insertNote.execute(arguments: [post] + StatementArguments(note.databaseValues))
    }
  }

  /// A post that the output has keeps its columns, and so their times.
  private func copyTimes(of from: Int64, to post: Int64) throws {
    guard let read = read.times else { return }
    let times = try Row.fetchCursor(read, arguments: [from])
    while let time = try times.next() {
      try write.insertTime.execute(arguments: [post] + StatementArguments(time.databaseValues))
    }
  }

  /// Equal content has equal features.
  private func copyFeatures(of from: Int64, to post: Int64) throws {
    guard let read = read.features else { return }
    let features = try Row.fetchCursor(read, arguments: [from])
    while let feature = try features.next() {
      try write.insertFeature.execute(arguments: [post] + StatementArguments(feature.databaseValues))
    }
  }

  private mutating func copyPrediction(
    of from: Int64, to post: PostID, key: String, scorer: Int64, as newScorer: Int64, excused: Bool
  ) throws {
    guard let row = try Row.fetchOne(read.prediction, arguments: [scorer, from]) else { return }
    if !post.isNew, let stored = try Row.fetchOne(write.prediction, arguments: [newScorer, post.id]) {
      let (present, incoming) = try (StoredPrediction(stored), StoredPrediction(row))
      if present.equals(incoming) { return }
      guard try excused && present.agrees(with: incoming, on: output) else {
        let first = try provenance.prediction(scorer: newScorer, post: post.id, in: output)
        throw StoreError.merge(.predictionsDiffer(key: key, first: first, second: inputPath))
      }
      summary.nearlyEqual += 1
      return
    }
    try write.insertPrediction.execute(
      arguments: [newScorer, post.id] + StatementArguments(row.databaseValues))
    summary.predictions += 1
  }

  private mutating func copyVector(
    _ space: String, of from: Int64, to post: PostID, key: String, scorer: Int64, as newScorer: Int64,
    excused: Bool
  ) throws {
    guard let bytes = try Data.fetchOne(read.vector, arguments: [scorer, space, from]) else { return }
    if !post.isNew, let present = try Data.fetchOne(write.vector, arguments: [newScorer, space, post.id]) {
      if present == bytes { return }
      guard excused && StoredPrediction.vectorsAgree(present, bytes) else {
        let first = try provenance.prediction(scorer: newScorer, post: post.id, in: output)
        throw StoreError.merge(.vectorsDiffer(key: key, space: space, first: first, second: inputPath))
      }
      summary.nearlyEqual += 1
      return
    }
    try write.insertVector.execute(arguments: [newScorer, space, post.id, bytes])
    summary.vectors += 1
  }

  /// Enters a record into its run unless it is already there. A fault is replaced by a later outcome of the record.
  /// - Returns: Whether this changed the output.
  private mutating func enter(_ entry: MergedEntry, post: Int64?) throws -> Bool {
    guard let run = runs[entry.run] else { throw DamagedRow(column: "run_id") }
    let place: StatementArguments = [run.id, entry.file, entry.record]
    if let row = try Row.fetchOne(write.entry, arguments: place) {
      let present = try MergedEntry(row)
      if try present.isSameRecord(as: entry) && row.find(MergedEntry.postColumn) == post {
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
      try write.deleteEntry.execute(arguments: place)
    } else {
      summary.entries += 1
    }
    try write.insertEntry.execute(arguments: [
      run.id, entry.file, entry.record, entry.line, entry.key, post, entry.state,
    ])
    guard entry.state == EntryState.faulted.rawValue else { return true }
    let faults = try Row.fetchCursor(read.faults, arguments: [entry.run, entry.file, entry.line])
    while let fault = try faults.next() {
      try write.insertFault.execute(arguments: [run.id] + StatementArguments(fault.databaseValues))
    }
    return true
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
