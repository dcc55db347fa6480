import Bytes
import Corpus
import Store

/// Decides whose each row is, and counts those it leaves to others, so that entries + left = read.
struct RowLedger {
  private(set) var counts: RunCounts
  private let shard: Shard?
  private let sample: Sample?
  private let limit: Int?
  private let runName: String
  private let store: StoreWriter
  /// Where each file stands among `counts.files`.
  private var places: [ByteText: Int] = [:]
  /// Records of each file that an earlier turn of this run has read.
  private let done: [Int]
  /// What an earlier turn made of each file's records.
  private var entered: [DoneRecords]
  /// Faulted records of each file that are tried again.
  private var retried: [Set<Int>]
  private var entries: Int
  /// The file that is being read.
  private var current: Int?

  init(run: OpenRun, files: [String], store: StoreWriter, options: ScoringOptions) throws {
    var counts = run.counts
    counts.stop = nil
    for (place, file) in counts.files.enumerated() { places[ByteText(file.name)] = place }
    for file in files where places[ByteText(file)] == nil {
      places[ByteText(file)] = counts.files.count
      counts.files.append(FileCounts(name: file, read: 0, otherShards: 0, notSampled: 0))
    }
    self.counts = counts
    self.store = store
    runName = run.name
    done = counts.files.map(\.read)
    entered = counts.files.map { DoneRecords(run: run.id, file: $0.name, count: $0.read) }
    retried = try counts.files.map {
      options.retriesFaults ? Set(try store.faultedRecords(run: run.id, file: $0.name)) : []
    }
    entries = counts.files.reduce(0) { $0 + $1.read - $1.otherShards - $1.notSampled }
    shard = options.shard
    sample = options.sample
    limit = options.limit
  }

  /// Whether `--limit` is reached and nothing is left to be tried again.
  var limitIsReached: Bool {
    guard let limit else { return false }
    return entries >= limit && retried.allSatisfy(\.isEmpty)
  }

  /// How much of what this run reads is read, where `bytes` is that share of the corpus' bytes: a limit may end it long
  /// before the corpus does.
  ///
  /// - Returns: nil where it is not known: at its limit, a run may have faults to try again anywhere before it.
  func share(bytes: Double?) -> Double? {
    guard let limit, limit > 0 else { return bytes }
    guard entries < limit || retried.allSatisfy(\.isEmpty) else { return nil }
    // It ends at the limit or with the corpus, whichever comes first.
    return max(min(1, Double(entries) / Double(limit)), bytes ?? 0)
  }

  /// Whether this run makes an entry of the row, counting it where it is new.
  ///
  /// - Throws: the corpus is not the one that the run began with; what the store throws.
  mutating func takes(_ row: CorpusRow) throws -> Bool {
    let position = row.position
    guard let place = places[ByteText(position.file)] else { return false }
    if let current, current != place { try check(entered[current].changeAtEnd, current) }
    current = place
    let isRetried = retried[place].contains(position.record)
    try check(entered[place].change(row, isRetried: isRetried, in: store), place)
    if position.record <= done[place] { return retried[place].remove(position.record) != nil }
    if let limit, entries >= limit { return false }
    counts.files[place].read += 1
    if let shard, !shard.contains(row.partitionKey) {
      counts.files[place].otherShards += 1
      return false
    }
    if let sample, !sample.contains(row.partitionKey) {
      counts.files[place].notSampled += 1
      return false
    }
    entries += 1
    return true
  }

  /// Notes that the corpus has no more rows.
  ///
  /// - Throws: a file has fewer than the run read of it.
  func finish() throws(ScoringError) {
    for place in entered.indices { try check(entered[place].changeAtEnd, place) }
  }

  private func check(_ change: DoneRecords.Change?, _ place: Int) throws(ScoringError) {
    guard let change else { return }
    throw .corpusChanged(run: runName, file: counts.files[place].name, change: change)
  }
}
