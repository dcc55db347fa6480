import Bytes
import Corpus
import Store

/// What a run holds of one file already, to be compared with the file as it is read again.
///
/// A page of entries is in memory at a time, so it does not grow with the file.
struct DoneRecords {
  /// How a file differs from the one that the run began with.
  typealias Change = ScoringError.CorpusChange

  private static let pageSize = 1000
  private let run: Int64
  private let file: String
  /// How many records of the file the run has read.
  private let count: Int
  private var page: ArraySlice<DoneRecord> = []
  private var lastAsked = 0
  private var hasMore: Bool
  private var lastSeen = 0

  init(run: Int64, file: String, count: Int) {
    self.run = run
    self.file = file
    self.count = count
    hasMore = count > 0
  }

  /// What this record of the file shows to have changed since; `nil` where nothing has, and for new records.
  ///
  /// Key and content are compared: text and knowledge by the hash that the post has with the picture and the features it had.
  /// Faults are compared by their keys, and not at all where they are tried again: they may have been mended.
  mutating func change(_ row: CorpusRow, isRetried: Bool, in store: StoreWriter) throws -> Change? {
    let record = row.position.record
    lastSeen = record
    guard record <= count, let done = try entry(record, in: store), !done.isForgotten else { return nil }
    if done.isFault {
      guard !isRetried, let key = done.key, let now = row.key, !key.hasSameBytes(as: now) else { return nil }
      return .otherKey(record: record)
    }
    if !done.key.hasSameBytes(as: row.key) { return .otherKey(record: record) }
    guard let hash = done.contentHash else { return nil }
    guard case .post(let post) = row else { return .otherContent(record: record) }
    let now = ContentHash.hex(
      text: post.text, knowledge: post.knowledge, pictureHash: done.pictureHash.map(Self.bytes),
      features: done.features.map { ($0.stream, Self.bytes($0.hash)) })
    return now.hasSameBytes(as: hash) ? nil : .otherContent(record: record)
  }

  /// What the file's end shows to have changed: it must not come before records that the run has.
  var changeAtEnd: Change? {
    lastSeen < count ? .fewerRecords(found: lastSeen, expected: count) : nil
  }

  private mutating func entry(_ record: Int, in store: StoreWriter) throws -> DoneRecord? {
    while true {
      while let next = page.first, next.record < record { page.removeFirst() }
      if let next = page.first { return next.record == record ? next : nil }
      guard hasMore else { return nil }
      // Records left to other shards have no entry, so a page may begin far ahead.
      let entries = try store.doneRecords(
        run: run, file: file, after: max(lastAsked, record - 1), count: Self.pageSize)
      hasMore = entries.count == Self.pageSize
      lastAsked = entries.last?.record ?? record
      page = entries[...]
    }
  }

  /// The bytes that a hexadecimal hash stands for; none where it is none, which then equals nothing.
  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
