import Bytes
import Corpus
import Store

/// Decides whose each row is, and counts those it leaves to others, so that entries + left = read.
struct RowSelector {
  private(set) var counts: RunCounts
  private let shard: Shard?
  private let sample: Sample?
  private let limit: Int?
  private let runName: String
  private let store: StoreWriter
  /// The index of each file in `counts.files`.
  private var places: [ByteText: Int] = [:]
  /// Records of each file that an earlier turn of this run has read.
  private let done: [Int]
  /// The entries that earlier turns made of each file's records.
  private var entered: [ResumeVerifier]
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
    entered = counts.files.map { ResumeVerifier(run: run.id, file: $0.name, count: $0.read) }
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
  /// - Returns: nil if it is not known: at its limit, a run may have faults to try again anywhere before it.
  func share(bytes: Double?) -> Double? {
    guard let limit, limit > 0 else { return bytes }
    guard entries < limit || retried.allSatisfy(\.isEmpty) else { return nil }
    // It ends at the limit or with the corpus, whichever comes first.
    return max(min(1, Double(entries) / Double(limit)), bytes ?? 0)
  }

  /// Whether this run makes an entry of the row; counts it if it is new.
  ///
  /// - Throws: the corpus is not the one that the run began with; what the store throws.
  mutating func takes(_ row: CorpusRow) throws -> Bool {
    let position = row.position
    guard let place = places[position.file] else { return false }
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

  private func check(_ change: ResumeVerifier.Change?, _ place: Int) throws(ScoringError) {
    guard let change else { return }
    throw .corpusChanged(run: runName, file: counts.files[place].name, change: change)
  }
}

/// The entries that a run already has of one file, compared with the file as it is read again.
///
/// A page of entries is in memory at a time, so it does not grow with the file.
struct ResumeVerifier {
  /// How a file differs from the one that the run began with.
  typealias Change = ScoringError.CorpusChange

  private static let pageSize = 1000
  private let run: Int64
  private let file: String
  /// How many records of the file the run has read.
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

  /// The change that this record shows in the file; `nil` if there is none, and for new records.
  ///
  /// Key and content are compared: text and knowledge by the hash that the post has with the picture and the features it had.
  /// Faults are compared by their keys, and not at all where they are tried again: they may have been recovered.
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
    return now.hasSameBytes(as: hash) ? nil : .otherContent(record: record)
  }

  /// The change that the file's end shows: it must not come before records that the run has.
  var changeAtEnd: Change? {
    lastSeen < count ? .fewerRecords(found: lastSeen, expected: count) : nil
  }

  private mutating func entry(_ record: Int, in store: StoreWriter) throws -> LedgerEntry? {
    while true {
      while let next = page.first, next.record < record { page.removeFirst() }
      if let next = page.first { return next.record == record ? next : nil }
      guard hasMore else { return nil }
      // Records left to other shards have no entry, so a page may begin far ahead.
      let entries = try store.ledgerEntries(
        run: run, file: file, after: max(lastAsked, record - 1), count: Self.pageSize)
      hasMore = entries.count == Self.pageSize
      lastAsked = entries.last?.record ?? record
      page = entries[...]
    }
  }

  /// The bytes of a hexadecimal hash; empty if it is not one, which equals no hash.
  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
