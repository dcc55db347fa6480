import Bytes
import GRDBSQLite
import Queries

/// One thread's part of a search: compares stored vectors with a probe, on a connection of its own.
final class VectorScan {
  /// What became of the vectors that were looked for.
  struct Tally: Sendable {
    /// Posts that have a vector.
    var found = 0
    /// Vectors without a direction.
    var zeroLength = 0
    /// Vectors of another width, or with a number that is not finite.
    var damaged = 0

    static func += (left: inout Tally, right: Tally) {
      left.found += right.found
      left.zeroLength += right.zeroLength
      left.damaged += right.damaged
    }
  }

  /// A vector's bytes with its post.
  private struct Stored {
    var post: Int64
    var bytes: UnsafeRawPointer?
    var count: Int
  }

  private(set) var tally = Tally()
  private var nearest: NearestPosts

  private let probe: CosineProbe
  private let scorer: Int64
  private let space: String
  /// All posts that may be near, ascending; those of the part at work are from `next` to `end`.
  private let candidates: [Int64]
  private var next = 0
  private var end = 0
  private let statement: OwnStatement
  private let target: Target

  init(
    _ probe: CosineProbe, scorer: Int64, space: String, among candidates: [Int64], limit: Int,
    on connection: ReadOnlyConnection
  ) throws(QueryError) {
    self.probe = probe
    self.scorer = scorer
    self.space = space
    self.candidates = candidates
    let keys = try OwnStatement("SELECT key FROM post WHERE id = ?1", on: connection)
    nearest = NearestPosts(limit: limit) { post in
      let isThere = (try? keys.start([.integer(post)])) ?? false
      defer { keys.rest() }
      return ByteText(isThere ? keys.text(0) ?? "" : "")
    }
    let target = Target()
    try SQLCallback.register("clfa_compare", arguments: 2, on: connection) { arguments in
      let isBlob = sqlite3_value_type(arguments[1]) == SQLITE_BLOB
      target.scan?.compare(
        Stored(
          post: sqlite3_value_int64(arguments[0]), bytes: isBlob ? sqlite3_value_blob(arguments[1]) : nil,
          count: isBlob ? Int(sqlite3_value_bytes(arguments[1])) : -1))
    }
    statement = try OwnStatement(
      """
      SELECT clfa_compare(post_id, vector) FROM embedding
      WHERE scorer_id = ?1 AND space = ?2 AND post_id BETWEEN ?3 AND ?4
      """, on: connection)
    self.target = target
    target.scan = self
  }

  deinit { target.scan = nil }

  /// The nearest posts so far, with their keys.
  func nearestWithKeys() -> [(element: NearestPosts.Element, key: ByteText)] { nearest.sortedWithKeys() }

  /// What the connection's function speaks to: it outlives the scan, and must not keep it.
  private final class Target {
    unowned(unsafe) var scan: VectorScan?
  }

  /// Compares the vectors of some of the candidates.
  /// - Complexity: O(m · D) for m vectors of width D between the first and the last of them, or O(m log n) where few
  ///   candidates lie far apart.
  func callAsFunction(_ part: Range<Int>) throws(QueryError) {
    guard let first = part.first, let last = part.last else { return }
    let (low, high) = (candidates[first], candidates[last])
    let (span, overflow) = high.subtractingReportingOverflow(low)
    (next, end) = (part.lowerBound, part.upperBound)
    if !overflow, span / 8 < Int64(part.count) {
      try compare(from: low, to: high)
    } else {
      // What lies between them would take longer to read than to skip.
      for place in part { try compare(from: candidates[place], to: candidates[place]) }
    }
  }

  private func compare(from first: Int64, to last: Int64) throws(QueryError) {
    _ = try statement.start([.integer(scorer), .text(space), .integer(first), .integer(last)])
    statement.rest()
  }

  private func compare(_ stored: Stored) {
    // Both ascend, so a step on either side is enough.
    candidates.withUnsafeBufferPointer { candidates in
      while next < end, candidates[next] < stored.post { next += 1 }
    }
    guard next < end, candidates[next] == stored.post else { return }
    tally.found += 1
    guard let bytes = stored.bytes, stored.count == probe.values.count * MemoryLayout<Float>.size else {
      tally.damaged += 1
      return
    }
    switch probe.compare(bytes) {
    case .cosine(let cosine): nearest.offer(NearestPosts.Element(cosine: cosine, post: stored.post))
    case .zeroLength: tally.zeroLength += 1
    case .notFinite: tally.damaged += 1
    }
  }
}
