internal import Bytes
package import Corpus
package import Store

/// Judges by a corpus' first rows and its size what a run would add to a store that may hold a part of it.
package struct StoreGrowthEstimate: Sendable {
  /// Rows that are read for the estimate: so many that their mean length says how long a row is.
  private static let rows = 20_000
  /// Posts that are looked up in the store.
  private static let lookups = 2_000

  /// Bytes that the store would grow by.
  package let bytes: Int

  /// Reads the first rows; `nil` for pipes, whose size is unknown.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - options: whose rows count.
  ///   - vectorWidths: the width of each vector space that would be stored.
  ///   - existingPredictions: what the store holds of this work.
  ///   - knows: whether the store knows a post; asked only if it holds predictions.
  /// - Throws: what the corpus or the store throws.
  package init?(
    of corpus: inout CorpusReader, options: ScoringOptions, vectorWidths: [Int],
    existingPredictions: ExistingPredictions,
    knows: (PostPreview) throws -> Bool
  ) throws {
    guard let total = corpus.totalBytes else { return nil }
    var size = StoreSizeEstimate(vectorWidths: vectorWidths, thumbnailSide: options.thumbnailSide)
    var (rows, asked, known) = (0, 0, 0)
    // Whoever waits for the estimate looks at the signal next.
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
    if let shard = options.shard { all /= Double(shard.count) }
    if let sample = options.sample { all *= sample.percent / 100 }
    if let limit = options.limit { all = min(all, Double(limit)) }
    let share = asked > 0 ? Double(known) / Double(asked) : 0
    let left = StoreGrowthEstimate.left(
      of: all, done: existingPredictions.entries - existingPredictions.retried, known: share,
      predictions: existingPredictions.predictions)
    bytes = size.bytes(new: left.new, known: left.known)
  }

  /// The rows that are new to the store, and those whose posts it holds but not yet as rows of this run.
  ///
  /// - Parameters:
  ///   - all: the rows of the run.
  ///   - done: those it has.
  ///   - known: the share of the first rows whose posts are known; those further on may be new, so no more than
  ///     `predictions` are taken to be.
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
  /// The facts that the corpus gives about a post.
  package init(_ post: Post, hasPicture: Bool?, streams: [String]? = nil) {
    self.init(
      key: post.key, text: post.text, knowledge: post.knowledge, image: post.image, hasPicture: hasPicture,
      streams: streams)
  }
}

/// Estimates the bytes that rows take in the store, and in the files next to it while it is written.
package struct StoreSizeEstimate: Sendable {
  /// Bytes of a prediction, its entry, their keys and indexes, without the text: measured on 20,000 short posts.
  private static let rowOverhead = 520
  private static let entryOverhead = 120
  /// SQLite's log grows to 4,096 pages of 16 KiB, and by one commit, before it is moved into the store.
  private static let logBytes = 72 << 20
  /// A commit writes whole pages, the same ones again and again: until then the log is so much larger than its rows.
  private static let logFactor = 8.0
  private let vectorBytes: Int
  private let thumbnailBytes: Int
  private var rowBytes = 0
  private var rows = 0

  /// Starts at nothing.
  ///
  /// - Parameters:
  ///   - vectorWidths: the width of each vector space that is stored.
  ///   - thumbnailSide: the longer side of each picture that is stored; `nil` for none.
  package init(vectorWidths: [Int], thumbnailSide: Int? = nil) {
    // A photograph of 4:3 at the quality of thumbnails takes about a fifth of a byte a pixel, a small one more.
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

  /// Adds a row without a post, or one whose post the store holds.
  package mutating func addEntry() {
    rowBytes += Self.entryOverhead
    rows += 1
  }

  /// The estimate for the rows added, with room for the log.
  package var bytes: Int { Self.withLog(Double(rowBytes)) }

  /// The estimate for as many new rows like those added on the average, and for rows whose posts the store holds.
  package func bytes(new: Double, known: Double) -> Int {
    guard rows > 0 else { return 0 }
    return Self.withLog(new * Double(rowBytes) / Double(rows) + known * Double(Self.entryOverhead))
  }

  private static func withLog(_ rows: Double) -> Int {
    // A store larger than this fits no disk.
    let rows = min(rows, 1e18)
    return Int(rows + min(rows * logFactor, Double(logBytes)))
  }
}
