import Corpus
import Store

/// Decides whose each row is, and counts those it leaves to others, so that entries + left = read.
struct RowLedger {
  private(set) var counts: RunCounts
  private let shard: Shard?
  private let sample: Sample?
  private let limit: Int?
  /// Where each file stands among `counts.files`.
  private var places: [String: Int] = [:]
  /// Records of each file that an earlier turn of this run has read.
  private var done: [Int]
  /// Faulted records of each file that are tried again.
  private var retried: [Set<Int>]
  private var entries: Int
  /// The last entry that an earlier turn made of each file.
  private let lastEntries: [(record: Int, key: String?)?]
  private let runName: String

  init(run: OpenRun, files: [String], store: StoreWriter, options: ScoringOptions) throws {
    var counts = run.counts
    counts.stop = nil
    for file in files where !counts.files.contains(where: { $0.name == file }) {
      counts.files.append(FileCounts(name: file, read: 0, otherShards: 0, notSampled: 0))
    }
    self.counts = counts
    runName = run.name
    lastEntries = try counts.files.map { try store.lastEntry(run: run.id, file: $0.name) }
    for (place, file) in counts.files.enumerated() { places[file.name] = place }
    done = counts.files.map(\.read)
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

  /// Whether this run makes an entry of the row, counting it where it is new.
  ///
  /// - Throws: the corpus is not the one that the run began with.
  mutating func takes(_ row: CorpusRow) throws(ScoringError) -> Bool {
    let position = row.position
    guard let place = places[position.file] else { return false }
    if let last = lastEntries[place], last.record == position.record,
      !(last.key ?? "").utf8.elementsEqual((row.key ?? "").utf8)
    {
      throw .corpusChanged(run: runName, file: position.file, record: position.record)
    }
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
}
