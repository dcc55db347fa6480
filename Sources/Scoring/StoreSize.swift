public import Corpus

/// Estimates the bytes that rows take in the store.
public struct StoreSize: Sendable {
  /// Bytes of a prediction, its entry, their keys and indexes, beside the text: measured on 20,000 short posts.
  private static let rowOverhead = 520
  private static let entryOverhead = 120
  /// SQLite's log grows to a thousand pages before it is moved into the store.
  private static let logBytes = 16 << 20
  private let vectorBytes: Int
  private var rowBytes = 0

  /// Starts at nothing.
  ///
  /// - Parameter vectorWidths: the width of each vector space that is stored.
  public init(vectorWidths: [Int]) {
    vectorBytes = vectorWidths.reduce(0) { $0 + 4 * $1 + 16 }
  }

  /// Adds a post with its prediction and vectors.
  public mutating func add(_ post: Post) {
    let extra = post.extra.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 6 }
    rowBytes += post.text.utf8.count + post.knowledge.utf8.count + extra + 3 * post.key.utf8.count
    rowBytes += Self.rowOverhead + vectorBytes
  }

  /// Adds a row without a post.
  public mutating func addEntry() {
    rowBytes += Self.entryOverhead
  }

  /// The estimate for `times` as many rows, with room for the log.
  public func bytes(times: Double = 1) -> Int {
    let rows = Int(Double(rowBytes) * times)
    return rows + min(rows, Self.logBytes)
  }
}
