public import Corpus
public import Store

/// Judges by a corpus' first rows and its size what a run would add to a store that may hold a part of it.
public struct StoreGrowth: Sendable {
  /// Rows that are read for the estimate: so many that their mean length says how long a row is.
  private static let rows = 20_000
  /// Posts that are looked up in the store.
  private static let lookups = 2_000

  /// Bytes that the store would grow by.
  public let bytes: Int

  /// Reads the first rows; `nil` for pipes, whose size nobody knows.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning.
  ///   - options: whose rows count.
  ///   - vectorWidths: the width of each vector space that would be stored.
  ///   - holdings: what the store holds of this work.
  ///   - knows: whether the store knows a post; asked where it holds predictions.
  /// - Throws: what the corpus or the store throws.
  public init?(
    of corpus: inout CorpusReader, options: ScoringOptions, vectorWidths: [Int], holdings: Holdings,
    knows: (PostSketch) throws -> Bool
  ) throws {
    guard let total = corpus.totalBytes else { return nil }
    var size = StoreSize(vectorWidths: vectorWidths, thumbnailSide: options.thumbnailSide)
    var (rows, asked, known) = (0, 0, 0)
    // Whoever waits for the estimate looks at the signal next.
    while rows < Self.rows, !Interrupt.isRequested, let row = try corpus.next() {
      rows += 1
      guard case .post(let post) = row else {
        size.addEntry()
        continue
      }
      size.add(post)
      guard holdings.predictions > 0, asked < Self.lookups else { continue }
      asked += 1
      if try knows(PostSketch(post, hasPicture: nil)) { known += 1 }
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
    let left = StoreGrowth.left(
      of: all, done: holdings.entries - holdings.retried, known: share, predictions: holdings.predictions)
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

extension PostSketch {
  /// What the corpus says of a post.
  public init(_ post: Post, hasPicture: Bool?, streams: [String]? = nil) {
    self.init(
      key: post.key, text: post.text, knowledge: post.knowledge, image: post.image, hasPicture: hasPicture,
      streams: streams)
  }
}
