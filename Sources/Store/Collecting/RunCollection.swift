import Bytes
import Corpus
import Foundation
import GRDB

/// A run that is being collected.
struct RunCollection {
  private var summary: CollectSummary
  private let store: StoreWriter
  private let parts: PartSet
  private let now: String
  private let shouldStop: @Sendable () -> Bool
  private let run: OpenRun
  private var counts: RunCounts
  private var noted: [Int: NotedPart]
  /// Whether the run was finished before, so that nothing is entered.
  private let isDone: Bool

  /// Finds or begins the run, and notes the parts that it does not have, in one transaction.
  init(
    _ store: StoreWriter, _ parts: PartSet, _ request: CollectRequest, shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    (self.store, self.parts, self.shouldStop) = (store, parts, shouldStop)
    now = request.now
    let asked = parts.runRequest(request)
    try RunName.check(asked.name)
    let begun = try store.transactKeepingErrors { db in try Self.open(asked, parts, in: db, of: store) }
    (run, noted, isDone) = (begun.run, begun.noted, begun.isDone)
    counts = run.counts
    summary = CollectSummary(run: run.name)
    summary.isContinued = run.isContinued
    summary.parts = parts.division.total
    summary.copies = parts.copies + begun.copies
    summary.cutShort = parts.cutShort
  }

  private typealias Begun = (run: OpenRun, noted: [Int: NotedPart], copies: [String], isDone: Bool)

  private static func open(
    _ asked: RunRequest, _ parts: PartSet, in db: Database, of store: StoreWriter
  ) throws -> Begun {
    var request = asked
    let scorer = try request.scorer.identify(in: db)
    // A finished run is found, too: its parts may come again.
    request.reopensFinished =
      try !request.nameIsGiven
      || Int.fetchOne(db, sql: "SELECT 1 FROM run WHERE name = ?", arguments: [request.name]) != nil
    let run: OpenRun
    var isDone = false
    switch try request.choice(scorer: scorer, in: db, path: store.path) {
    case .begins(let name): run = try store.begin(request, name: name, scorer: scorer, db: db)
    case .resumes(let id, let name):
      let state = try String.fetchOne(db, sql: "SELECT state FROM run WHERE id = ?", arguments: [id])
      isDone = state.map { $0 == RunState.finished.rawValue } ?? false
      run =
        isDone
        ? OpenRun(
          id: id, name: ByteText(name), scorerID: scorer, isContinued: true,
          counts: try RunCounts(run: id, in: db, path: store.path), mix: nil)
        : try store.resume(id, request, name: name, scorer: scorer, db: db)
    }
    guard try PartLedger.rows(ofRun: run.id, in: db) == run.counts.read else {
      throw CollectError.otherRecords(run: run.name.text)
    }
    var noted = try PartLedger.parts(ofRun: run.id, in: db), copies: [String] = []
    for (number, part) in parts.parts.sorted(by: { $0.key < $1.key }) {
      if let known = noted[number] {
        if ByteText(known.hash) == ByteText(part.hash) {
          if known.isTaken { copies.append(part.path) }
        } else if try known.isTaken || PartFile.isStillThere(known) {
          throw CollectError.copiesDiffer(part: number, first: known.path, second: part.path)
        }
        if known.isTaken { continue }
      }
      let note = NotedPart(number: number, path: part.absolutePath, hash: part.hash, isTaken: false)
      noted[number] = note
      try PartLedger.note(note, of: parts.division, rows: part.end.read, run: run.id, in: db)
    }
    return (run, noted, copies, isDone)
  }

  /// Enters every part before which none is missing.
  mutating func enterAll(_ observe: (CollectEvent) -> Void) throws {
    var next = 1
    while next <= parts.division.total {
      if noted[next]?.isTaken == true {
        next += 1
        continue
      }
      if shouldStop() { throw CancellationError() }
      guard let part = try available(next) else { break }
      do {
        try enter(part, observe)
      } catch let error as CollectError {
        // Another file may take the place of one that cannot be used.
        try store.transact { db in try PartLedger.forgetFile(ofPart: next, run: run.id, in: db) }
        throw error
      }
      next += 1
    }
    for number in noted.keys.sorted() where number > next && noted[number]?.isTaken == false {
      if try available(number) != nil { summary.waiting.add(number...number) }
    }
    noteMissing()
  }

  private mutating func noteMissing() {
    var next = 1
    for number in noted.keys.sorted() {
      if number > next { summary.missing.add(next...number - 1) }
      next = number + 1
    }
    if next <= parts.division.total { summary.missing.add(next...parts.division.total) }
  }

  /// A part that is given, or that was noted by an earlier command and is still there; nil if it is missing.
  private mutating func available(_ number: Int) throws -> PartFile? {
    if let given = parts.parts[number] { return given }
    guard let note = noted[number] else { return nil }
    if let part = try PartFile.find(note, shouldStop: shouldStop) { return part }
    noted[number] = nil
    return nil
  }

  private mutating func enter(_ part: PartFile, _ observe: (CollectEvent) -> Void) throws {
    let after = try counts(after: part)
    let (run, store, parts, shouldStop, now) = (run, store, parts, shouldStop, now)
    var entered = summary.rows, cut = 0, nearlyEqual = 0
    try store.transactKeepingErrors { db in
      try ScorerMachines.note(part.end.machine.text(), run: run.id, in: db)
      let machines = try ScorerMachines.all(ofScorer: run.scorerID, in: db)
      let comparison = try StoredComparison(db, machinesDiffer: machines.count > 1)
      var commit = try Commit(
        db, run: run, counts: after, notedAt: now, rescore: false, dates: DateParser())
      commit.comparison = comparison
      commit.countsVersions = false
      let widths = try Self.widths(ofScorer: run.scorerID, in: db)
      try store.indexingPostsTogether(db) {
        try PartRows.forEach(of: part, widths: widths, shouldStop: shouldStop) { batch in
          for (line, row, values) in batch {
            do { try commit.enter(row, values) } catch let error as StoredComparison.Difference {
              throw CollectError.otherPrediction(file: part.path, line: line, key: error.key.text, store: store.path)
            }
            if case .post(let post, _) = row.outcome, post.pictureIsCut { cut += 1 }
          }
          try commit.writeVectors()
          entered += batch.count
          observe(.rows(entered))
        }
      }
      if commit.summary.known > 0 { try ScorerMachines.noteScorers(run.scorerID, run: run.id, in: db) }
      nearlyEqual = comparison.nearlyEqual
      var counts = after
      counts.cutPictures += cut
      try db.execute(sql: "UPDATE run SET counts = ? WHERE id = ?", arguments: [counts.json, run.id])
      let note = NotedPart(number: part.number, path: part.absolutePath, hash: part.hash, isTaken: true)
      try PartLedger.note(note, of: parts.division, rows: part.end.read, run: run.id, in: db)
    }
    counts = after
    counts.cutPictures += cut
    noted[part.number] = NotedPart(number: part.number, path: part.absolutePath, hash: part.hash, isTaken: true)
    summary.rows = entered
    summary.taken += 1
    summary.nearlyEqual += nearlyEqual
  }

  /// The run's counts after a part; a part must begin where the one before it ends.
  private func counts(after part: PartFile) throws -> RunCounts {
    var counts = counts
    counts.stop = nil
    for range in part.ranges {
      if !counts.files.contains(where: { $0.name == range.file }) { counts.files.append(FileCounts(name: range.file)) }
      guard let place = counts.files.firstIndex(where: { $0.name == range.file }) else { continue }
      guard range.first == counts.files[place].read + 1 else {
        throw CollectError.gap(
          file: part.path, part: part.number, first: range.first, expected: counts.files[place].read + 1)
      }
      counts.files[place].read += range.records
    }
    counts.pictures = counts.pictures.joined(with: part.end.pictures)
    return counts
  }

  /// The number of numbers in the scorer's vectors, by space.
  private static func widths(ofScorer scorer: Int64, in db: Database) throws -> [String: Int] {
    var widths: [String: Int] = [:]
    for space in try MergeQueries.spaces(ofScorer: scorer, in: db) {
      let bytes = try Int.fetchOne(
        db, sql: "SELECT length(vector) FROM embedding WHERE scorer_id = ? AND space = ? LIMIT 1",
        arguments: [scorer, space])
      if let bytes { widths[space] = bytes / 4 }
    }
    return widths
  }

  /// Records how far the run is: finished with its checksum, or stopped with the parts that are missing.
  mutating func finish() throws -> CollectSummary {
    if !isDone {
      counts.stop = summary.missing.isEmpty ? nil : "\(summary.missing) of \(summary.parts) missing"
      let isFinished = summary.isFinished
      try store.finishRun(
        run, state: isFinished ? .finished : .stopped, counts: counts, finishedAt: isFinished ? Timestamp.now : nil)
    }
    let now = OpenRun(
      id: run.id, name: run.name, scorerID: run.scorerID, isContinued: run.isContinued, counts: counts, mix: nil)
    summary.totals = try store.totals(of: now)
    summary.mix = try store.mix(ofRun: run.id)
    return summary
  }

  /// Records that the collection ended before its end.
  func fail(_ state: RunState) throws(StoreError) {
    if isDone { return }
    try store.finishRun(run, state: state, counts: counts, finishedAt: nil)
  }
}

extension PartFile {
  /// The file of a noted part, if it is still there and the same.
  fileprivate static func find(_ note: NotedPart, shouldStop: @escaping @Sendable () -> Bool) throws -> PartFile? {
    do {
      guard case .complete(let part) = try scan(note.path, shouldStop: shouldStop),
        ByteText(part.hash) == ByteText(note.hash)
      else { return nil }
      return part
    } catch is CollectError {
      return nil
    } catch CorpusError.interrupted {
      throw CancellationError()
    } catch is CorpusError {
      return nil
    }
  }

  fileprivate static func isStillThere(_ note: NotedPart) throws -> Bool {
    try find(note, shouldStop: { false }) != nil
  }
}
