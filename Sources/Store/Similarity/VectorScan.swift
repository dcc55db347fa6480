import Bytes
import GRDBSQLite
import Queries

/// One thread's part of a search: it compares stored vectors with a probe, on its own connection.
final class VectorScan {
  /// The counts of vectors found, and of those that can't be compared.
  struct ScanCounts: Sendable {
    /// Posts that have a vector.
    var found = 0
    /// Vectors of length 0.
    var zeroLength = 0
    /// Vectors of another width, or with a number that is not finite.
    var damaged = 0

    static func += (left: inout ScanCounts, right: ScanCounts) {
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

  private(set) var tally = ScanCounts()
  private var nearest: NearestPosts

  private let probe: CosineProbe
  private let scorer: Int64
  private let space: String
  /// All posts that may be near, ascending; those of the current part are from `next` to `end`.
  private let candidates: [Int64]
  private var next = 0
  private var end = 0
  private let statement: PreparedStatement
  private let target: Target

  init(
    _ probe: CosineProbe, scorer: Int64, space: String, among candidates: [Int64], limit: Int,
    on connection: ReadOnlyConnection
  ) throws(QueryError) {
    self.probe = probe
    self.scorer = scorer
    self.space = space
    self.candidates = candidates
    let keys = try PreparedStatement("SELECT key FROM post WHERE id = ?1", on: connection)
    nearest = NearestPosts(limit: limit) { post in
      let isThere = (try? keys.start([.integer(post)])) ?? false
      defer { keys.reset() }
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
    statement = try PreparedStatement(
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

  /// The target of the connection's function. The function outlives the scan and must not retain it.
  private final class Target {
    unowned(unsafe) var scan: VectorScan?
  }

  /// Compares the vectors of some of the candidates.
  /// - Complexity: O(m · D) for m vectors of width D between the first and the last of them, or O(m log n) if there are
  ///   few candidates far apart.
  func callAsFunction(_ part: Range<Int>) throws(QueryError) {
    guard let first = part.first, let last = part.last else { return }
    let (low, high) = (candidates[first], candidates[last])
    let (span, overflow) = high.subtractingReportingOverflow(low)
    (next, end) = (part.lowerBound, part.upperBound)
    if !overflow, span / 8 < Int64(part.count) {
      try compare(from: low, to: high)
    } else {
      // Reading all vectors between them would take longer than single lookups.
      for place in part { try compare(from: candidates[place], to: candidates[place]) }
    }
  }

  private func compare(from first: Int64, to last: Int64) throws(QueryError) {
    _ = try statement.start([.integer(scorer), .text(space), .integer(first), .integer(last)])
    statement.reset()
  }

  private func compare(_ stored: Stored) {
    // Both lists are ascending, so a single pass is enough.
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

/// A vector that stored vectors are compared with.
///
/// A comparison reads the stored vector once, directly from SQLite's memory, and computes its length at the same time.
package struct CosineProbe: Sendable {
  /// The vector; its width is that of all it is compared with.
  package let values: [Float]
  /// The square of its length.
  private let squared: Double

  /// The result of a comparison.
  package enum Outcome: Equatable, Sendable {
    /// The cosine, from -1 to 1.
    case cosine(Double)
    /// The stored vector has length 0.
    case zeroLength
    /// The stored vector contains an infinity or a NaN.
    case notFinite
  }

  /// Prepares a vector; `nil` if its length is 0, or a number is not finite.
  package init?(_ values: [Float]) {
    guard VectorBytes.isFinite(values), values.contains(where: { $0 != 0 }) else { return nil }
    self.values = values
    squared = values.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Self.sums(values, $0).squared } ?? 0
    }
  }

  /// The cosine with a stored vector of the same width: little-endian float32, at any address.
  ///
  /// Sums are float32 in 16 lanes, so that equal bytes give equal cosines at any address; if that overflows or
  /// underflows, they are computed in double. A vector's cosine with itself is exactly 1.
  /// - Complexity: O(D) for D numbers.
  package func compare(_ bytes: UnsafeRawPointer) -> Outcome {
    let (dot, other) = Self.sums(values, bytes)
    guard other.isFinite else { return .notFinite }
    guard other > 0 else { return .zeroLength }
    return .cosine(max(-1, min(1, dot / (squared * other).squareRoot())))
  }

  /// The dot product of both, and the square of the stored one's length.
  private static func sums(_ values: [Float], _ bytes: UnsafeRawPointer) -> (dot: Double, squared: Double) {
    let count = values.count
    var dots = SIMD16<Float>.zero, squares = SIMD16<Float>.zero
    let whole = count & ~15
    var dot: Float = 0, square: Float = 0
    values.withUnsafeBytes { own in
      guard let own = own.baseAddress else { return }
      var place = 0
      while place < whole {
        let mine = (own + place * 4).loadUnaligned(as: SIMD16<Float>.self)
        let other = (bytes + place * 4).loadUnaligned(as: SIMD16<Float>.self)
        dots += mine * other
        squares += other * other
        place += 16
      }
      while place < count {
        let mine = (own + place * 4).loadUnaligned(as: Float.self)
        let other = (bytes + place * 4).loadUnaligned(as: Float.self)
        dot += mine * other
        square += other * other
        place += 1
      }
    }
    dot += dots.sum()
    square += squares.sum()
    // Within these bounds no lane lost precision.
    if square > 1e-24, square < 1e24, dot.isFinite { return (Double(dot), Double(square)) }
    return doublePrecisionSums(values, bytes)
  }

  /// The same in double, for lengths whose squares do not fit a float.
  private static func doublePrecisionSums(
    _ values: [Float], _ bytes: UnsafeRawPointer
  ) -> (dot: Double, squared: Double) {
    var dot = 0.0, square = 0.0
    for (place, value) in values.enumerated() {
      let other = Double((bytes + place * 4).loadUnaligned(as: Float.self))
      dot += Double(value) * other
      square += other * other
    }
    return (dot, square)
  }
}
