import Bytes
import Corpus
import Store

/// Decides which rows belong to this run, and counts the others, so that entries + left = read.
struct RowSelector {
  var counts: RunCounts
  private let shard: Shard?
  /// What is read of each file of a divided corpus; nil for all of it.
  private let portion: [CorpusPortion.File?]
  private let sample: Sample?
  private let limit: Int?
  private let runName: String
  private let store: StoreWriter
  /// The index of each file in `counts.files`.
  private var places: [ByteText: Int] = [:]
  /// Records of each file that earlier commands of this run have read.
  private let done: [Int]
  /// The entries that earlier commands made for each file's records.
  private var entered: [ResumeVerifier]
  /// Faulted records of each file that are retried.
  private var retried: [Set<Int>]
  private var entries: Int
  /// The file that is being read.
  private var current: Int?

  init(
    run: OpenRun, files: [String], portion: CorpusPortion?, store: StoreWriter, options: ScoringOptions
  ) throws {
    var counts = run.counts
    counts.stop = nil
    if options.retriesFaults { counts.pictures.forgetNeeds() }
    for (place, file) in counts.files.enumerated() { places[file.name] = place }
    for file in files.map({ ByteText($0) }) where places[file] == nil {
      places[file] = counts.files.count
      counts.files.append(FileCounts(name: file, read: 0, otherShards: 0, notSampled: 0))
    }
    self.counts = counts
    self.store = store
    runName = run.name.text
    done = counts.files.map(\.read)
    let parts = counts.files.map { file in portion?.files.first { ByteText($0.name) == file.name } }
    self.portion = parts
    // Beyond the portion, records are counted and not read.
    entered = zip(counts.files, parts).map { file, part in
      let last = part.map { $0.range?.last ?? 0 } ?? file.read
      return ResumeVerifier(run: run.id, file: file.name.text, count: min(file.read, last))
    }
    retried = try counts.files.map {
      options.retriesFaults ? Set(try store.faultedRecords(run: run.id, file: $0.name)) : []
    }
    entries = counts.files.reduce(0) { $0 + $1.read - $1.otherShards - $1.notSampled }
    shard = options.keyShard
    sample = options.sample
    limit = options.limit
  }

  /// Whether `--limit` is reached and nothing is left to retry.
  var limitIsReached: Bool {
    guard let limit else { return false }
    return entries >= limit && retried.allSatisfy(\.isEmpty)
  }

  /// The share of this run's rows that was read, where `bytes` is the share of the corpus' bytes: a row limit may end
  /// the run long before the end of the corpus.
  ///
  /// - Returns: nil if it is not known: a run at its limit may still have faults to retry anywhere.
  func share(bytes: Double?) -> Double? {
    guard let limit, limit > 0 else { return bytes }
    guard entries < limit || retried.allSatisfy(\.isEmpty) else { return nil }
    // It ends at the limit or at the end of the corpus, whichever comes first.
    return max(min(1, Double(entries) / Double(limit)), bytes ?? 0)
  }

  /// Whether this run makes an entry of the row; counts it if it is new.
  ///
  /// - Throws: an error if the corpus is not the one with which the run began; errors of the store.
  mutating func takes(_ row: CorpusRow) throws -> Bool {
    let position = row.position
    guard let place = places[position.file] else { return false }
    if let current, current != place { try check(entered[current].changeAtEnd, current) }
    current = place
    let isRetried = retried[place].contains(position.record)
    try check(entered[place].change(row, isRetried: isRetried, in: store), place)
    if position.record <= done[place] { return retried[place].remove(position.record) != nil }
    if let limit, entries >= limit { return false }
    if let range = portion[place]?.range { pass(to: range.first - 1, of: place) }
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

  /// Call this at the end of the corpus.
  ///
  /// - Throws: an error if a file has fewer records than the run read of it.
  mutating func finish() throws(ScoringError) {
    for place in entered.indices {
      try check(entered[place].changeAtEnd, place)
      if let part = portion[place] { pass(to: part.records, of: place) }
    }
  }

  /// Counts the records of a file up to one as those of other shards, which have their parts.
  private mutating func pass(to record: Int, of place: Int) {
    let passed = record - counts.files[place].read
    guard passed > 0 else { return }
    counts.files[place].read += passed
    counts.files[place].otherShards += passed
  }

  private func check(_ change: ResumeVerifier.Change?, _ place: Int) throws(ScoringError) {
    guard let change else { return }
    throw .corpusChanged(run: runName, file: counts.files[place].name.text, change: change)
  }
}

/// Compares the entries that a run already has of a file with the file as it is now.
///
/// Only one page of entries is in memory at a time, so memory does not grow with the file.
struct ResumeVerifier {
  /// How a file differs from the one that the run began with.
  typealias Change = ScoringError.CorpusChange

  private static let pageSize = 1000
  private let run: Int64
  private let file: String
  /// The number of the file's records that the run has read.
  private let count: Int
  private var page: ArraySlice<LedgerEntry> = []
  private var lastAsked = 0
  private var hasMore: Bool
  private var lastSeen = 0

  init(run: Int64, file: String, count: Int) {
    self.run = run
    self.file = file
    self.count = count
    hasMore = count > 0
  }

  /// The change that this record reveals; `nil` if there is none, and for new records.
  ///
  /// Key and content are compared: text and knowledge by the hash that the post has together with its earlier picture
  /// and features. Faults are compared by their keys, but not if they are retried, because they may have been
  /// corrected.
  mutating func change(_ row: CorpusRow, isRetried: Bool, in store: StoreWriter) throws -> Change? {
    let record = row.position.record
    lastSeen = record
    guard record <= count, let done = try entry(record, in: store), !done.isForgotten else { return nil }
    if done.isFault {
      guard !isRetried, let key = done.key, let now = row.key, key != now else { return nil }
      return .otherKey(record: record)
    }
    if done.key != row.key { return .otherKey(record: record) }
    guard let hash = done.contentHash else { return nil }
    guard case .post(let post) = row else { return .otherContent(record: record) }
    let now = ContentHash.hex(
      text: post.text, knowledge: post.knowledge, pictureHash: done.pictureHash.map(Self.bytes),
      features: done.features.map { ($0.stream, Self.bytes($0.hash)) })
    return now == hash ? nil : .otherContent(record: record)
  }

  /// The change that the file's end reveals: it must not come before records that the run has.
  var changeAtEnd: Change? {
    lastSeen < count ? .fewerRecords(found: lastSeen, expected: count) : nil
  }

  private mutating func entry(_ record: Int, in store: StoreWriter) throws -> LedgerEntry? {
    while true {
      while let next = page.first, next.record < record { page.removeFirst() }
      if let next = page.first { return next.record == record ? next : nil }
      guard hasMore else { return nil }
      // Records that belong to other shards have no entry, so a page may begin far ahead.
      let entries = try store.ledgerEntries(
        run: run, file: file, after: max(lastAsked, record - 1), count: Self.pageSize)
      hasMore = entries.count == Self.pageSize
      lastAsked = entries.last?.record ?? record
      page = entries[...]
    }
  }

  /// The bytes of a hexadecimal hash; empty if it is not valid, so that it equals no hash.
  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
