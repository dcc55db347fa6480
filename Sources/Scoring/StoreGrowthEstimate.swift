internal import Bytes
package import Corpus
package import Store

/// Estimates from a corpus' first rows and its size how much a run would add to a store that may have a part of it.
package struct StoreGrowthEstimate: Sendable {
  /// The number of rows read for the estimate; enough for their mean length to be representative.
  private static let rows = 20_000
  /// The number of posts that are looked up in the store.
  private static let lookups = 2_000

  /// Bytes that the store would grow by.
  package let bytes: Int

  /// Reads the first rows; `nil` for a pipe, whose size is unknown.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - options: which rows count.
  ///   - vectorWidths: the width of each vector space that would be stored.
  ///   - existingPredictions: the part of this work that is already in the store.
  ///   - knows: whether the store has a post; asked only if it has predictions.
  /// - Throws: errors of the corpus or the store.
  package init?(
    of corpus: inout CorpusReader, options: ScoringOptions, vectorWidths: [Int],
    existingPredictions: ExistingPredictions,
    knows: (PostPreview) throws -> Bool
  ) throws {
    guard let total = corpus.totalBytes else { return nil }
    var size = StoreSizeEstimate(vectorWidths: vectorWidths, thumbnailSide: options.thumbnailSide)
    var (rows, asked, known) = (0, 0, 0)
    // The caller checks for a signal next.
    while rows < Self.rows, !Interrupt.isRequested, let row = try corpus.next() {
      rows += 1
      guard case .post(let post) = row else {
        size.addEntry()
        continue
      }
      size.add(post)
      guard existingPredictions.predictions > 0, asked < Self.lookups else { continue }
      asked += 1
      if try knows(PostPreview(post, hasPicture: nil)) { known += 1 }
    }
    guard rows > 0, corpus.bytesRead > 0 else {
      bytes = 0
      return
    }
    var all = Double(rows) * Double(total) / Double(corpus.bytesRead)
    if let shard = options.keyShard { all /= Double(shard.count) }
    if let sample = options.sample { all *= sample.percent / 100 }
    if let limit = options.limit { all = min(all, Double(limit)) }
    let share = asked > 0 ? Double(known) / Double(asked) : 0
    let left = StoreGrowthEstimate.left(
      of: all, done: existingPredictions.entries - existingPredictions.retried, known: share,
      predictions: existingPredictions.predictions)
    bytes = size.bytes(new: left.new, known: left.known)
  }

  /// The rows that are new to the store, and those whose posts it has but not yet as rows of this run.
  ///
  /// - Parameters:
  ///   - all: the rows of the run.
  ///   - done: the number that it already has.
  ///   - known: the share of the first rows whose posts have a prediction; later rows may be new, so at most
  ///     `predictions` are counted as known.
  ///   - predictions: the scorer's predictions.
  /// - Returns: both numbers of rows.
  package static func left(
    of all: Double, done: Int, known: Double, predictions: Int
  ) -> (new: Double, known: Double) {
    let done = min(all, Double(max(0, done)))
    let covered = max(done, min(all * known, Double(predictions)))
    return (all - covered, covered - done)
  }
}

extension PostPreview {
  /// The facts about a post that are in the corpus.
  package init(_ post: Post, hasPicture: Bool?, streams: [String]? = nil) {
    self.init(
      key: post.key, text: post.text, knowledge: post.knowledge, image: post.storedImage, hasPicture: hasPicture,
      streams: streams)
  }
}

/// Estimates the bytes that rows take in the store, and in its side files while it is written.
package struct StoreSizeEstimate: Sendable {
  /// Bytes of a prediction, its entry, their keys and indexes, without the text: 520 measured on 20,000
  /// short posts, and 36 of the group of reposts.
  private static let rowOverhead = 556
  private static let entryOverhead = 120
  /// SQLite's log grows to 4,096 pages of 16 KiB, and by one commit, before it is moved into the store.
  private static let logBytes = 72 << 20
  /// A commit writes whole pages, and the same ones repeatedly, so before it is moved the log is larger than its rows
  /// by this factor.
  private static let logFactor = 8.0
  private let vectorBytes: Int
  private let thumbnailBytes: Int
  private var rowBytes = 0
  private var rows = 0

  /// Creates an estimate of zero.
  ///
  /// - Parameters:
  ///   - vectorWidths: the width of each vector space that is stored.
  ///   - thumbnailSide: the longer side of each picture that is stored; `nil` for none.
  package init(vectorWidths: [Int], thumbnailSide: Int? = nil) {
    // A 4:3 photograph at the quality of thumbnails takes about a fifth of a byte per pixel, a small one more.
    thumbnailBytes = thumbnailSide.map { 700 + $0 * $0 * 3 / 4 / 4 } ?? 0
    vectorBytes = vectorWidths.reduce(0) { $0 + 4 * $1 + 16 }
  }

  /// Adds a post with its prediction and vectors.
  package mutating func add(_ post: Post) {
    let extra = post.extra.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 6 }
    rowBytes += post.text.utf8.count + post.knowledge.utf8.count + extra + 3 * post.key.utf8.count
    rowBytes += Self.rowOverhead + vectorBytes + (post.image == nil ? 0 : thumbnailBytes)
    rows += 1
  }

  /// Adds a row without a post, or one whose post is already in the store.
  package mutating func addEntry() {
    rowBytes += Self.entryOverhead
    rows += 1
  }

  /// The estimate for the rows added, including the log.
  package var bytes: Int { Self.withLog(Double(rowBytes)) }

  /// The estimate for a number of new rows like the average of those added, and of rows whose posts are already in the
  /// store.
  package func bytes(new: Double, known: Double) -> Int {
    guard rows > 0 else { return 0 }
    return Self.withLog(new * Double(rowBytes) / Double(rows) + known * Double(Self.entryOverhead))
  }

  private static func withLog(_ rows: Double) -> Int {
    // A larger store fits on no disk.
    let rows = min(rows, 1e18)
    return Int(rows + min(rows * logFactor, Double(logBytes)))
  }
}
