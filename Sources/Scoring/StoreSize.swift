public import Corpus

/// Estimates the bytes that rows take in the store, and beside it while it is written.
public struct StoreSize: Sendable {
  /// Bytes of a prediction, its entry, their keys and indexes, beside the text: measured on 20,000 short posts.
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
  public init(vectorWidths: [Int], thumbnailSide: Int? = nil) {
    // A photograph of 4:3 at the quality of thumbnails takes about a fifth of a byte a pixel, a small one more.
    thumbnailBytes = thumbnailSide.map { 700 + $0 * $0 * 3 / 4 / 4 } ?? 0
    vectorBytes = vectorWidths.reduce(0) { $0 + 4 * $1 + 16 }
  }

  /// Adds a post with its prediction and vectors.
  public mutating func add(_ post: Post) {
    let extra = post.extra.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 6 }
    rowBytes += post.text.utf8.count + post.knowledge.utf8.count + extra + 3 * post.key.utf8.count
    rowBytes += Self.rowOverhead + vectorBytes + (post.image == nil ? 0 : thumbnailBytes)
    rows += 1
  }

  /// Adds a row without a post, or one whose post the store holds.
  public mutating func addEntry() {
    rowBytes += Self.entryOverhead
    rows += 1
  }

  /// The estimate for the rows added, with room for the log.
  public var bytes: Int { Self.withLog(Double(rowBytes)) }

  /// The estimate for as many new rows like those added on the average, and for rows whose posts the store holds.
  public func bytes(new: Double, known: Double) -> Int {
    guard rows > 0 else { return 0 }
    return Self.withLog(new * Double(rowBytes) / Double(rows) + known * Double(Self.entryOverhead))
  }

  private static func withLog(_ rows: Double) -> Int {
    // A store larger than this fits no disk.
    let rows = min(rows, 1e18)
    return Int(rows + min(rows * logFactor, Double(logBytes)))
  }
}
