import Bytes
import Foundation
import GRDB
import GRDBSQLite
package import Queries
import Synchronization

/// Finds the posts of a run nearest to a vector, by comparing it with all of them.
///
/// First the posts are selected by run and condition; then all selected ones are compared, so the result is exact.
/// Vectors are read directly from SQLite's memory by several threads with a connection each. Memory grows by 8 bytes
/// per post.
package final class NeighbourSearch {
  /// The run whose posts are searched.
  package let run: SearchedRun

  private let reader: StoreReader
  private let shouldStop: @Sendable () -> Bool

  /// Opens a store to search the posts of a run, or of the latest run for `nil`.
  ///
  /// - Throws: `SimilarityError.store` if there is no store that this version reads, or no such run.
  package init(
    path: String, run name: String?, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(SimilarityError) {
    self.shouldStop = shouldStop
    do {
      reader = try StoreReader(path: path, shouldStop: shouldStop)
      run = try reader.withDatabase { [path = reader.path] db in
        let id = try RunName.find(name, in: db, path: path)
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT run.name, model_fingerprint, model_name, precision, options, scorer.id
            FROM run JOIN scorer ON scorer.id = run.scorer_id WHERE run.id = ?
            """, arguments: [id])
        guard let row else { throw StoreError.noRuns(path: path) }
        return try SearchedRun(
          name: row.get(0), fingerprint: row.get(1), model: row.get(2), precision: row.get(3), options: row.get(4),
          id: id, scorer: row.get(5))
      }
    } catch {
      throw Self.error(error, path: path)
    }
  }

  /// A post's own vector in a space; if its key has several versions, that of the last one in the run.
  ///
  /// - Throws: `noSuchPost`, `faulted`, `noVector`, or `store`.
  package func probe(post key: String, space: String) throws(SimilarityError) -> StoredProbe {
    try working { db in
      let entries = try Row.fetchAll(
        db,
        sql: """
          SELECT entry.post_id, entry.file, entry.line FROM post
          JOIN entry INDEXED BY entry_post ON entry.post_id = post.id AND entry.run_id = ?1
          WHERE post.key = ?2 AND \(SQLFragments.isScored("entry")) ORDER BY entry.post_id
          """, arguments: [run.id, key])
      guard let last = entries.last else {
        let isLost = try Bool.fetchOne(
          db, sql: "SELECT EXISTS (SELECT 1 FROM fault WHERE run_id = ? AND key = ?)", arguments: [run.id, key])
        throw isLost == true
          ? SimilarityError.faulted(key: key, run: run.name) : .noSuchPost(key: key, run: run.name)
      }
      let post: Int64 = try last.get(0)
      let vector = try Row.fetchOne(
        db, sql: "SELECT vector FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?",
        arguments: [run.scorer, space, post])
      guard let values = vector?.vector(0) else {
        let spaces = try String.fetchAll(
          db,
          sql: """
            SELECT column1 FROM (VALUES ('text'), ('image'), ('fused')) WHERE EXISTS (
              SELECT 1 FROM embedding WHERE scorer_id = ? AND space = column1 AND post_id = ?)
            """, arguments: [run.scorer, post])
        throw SimilarityError.noVector(key: key, space: space, spaces: spaces)
      }
      let (file, line): (String, Int) = try (last.get(1), last.get(2))
      return StoredProbe(values: values, post: post, versions: entries.count, place: "\(file):\(line)")
    }
  }

  /// The posts nearest to a vector in a space.
  ///
  /// - Parameters:
  ///   - vector: the vector, of the width that the space's vectors have.
  ///   - post: the post of this vector, which is left out; `nil` for none.
  ///   - space: the space whose vectors are compared: `text`, `image` or `fused`.
  ///   - condition: an SQL expression over the columns of `scored` that a post must be true of.
  ///   - limit: the most posts to find, from 1.
  ///   - threads: the number of threads, from 1.
  /// - Returns: the posts, the greatest cosine first, equal ones by key and then by post.
  /// - Throws: `SimilarityError`.
  /// - Complexity: O(n · D) for n posts and vectors of width D.
  package func nearest(
    to vector: [Float], leavingOut post: Int64? = nil, space: String, where condition: String? = nil, limit: Int,
    threads: Int
  ) throws(SimilarityError) -> Neighbours {
    guard let probe = CosineProbe(vector) else { throw .zeroLength }
    return try working { db in
      let address = address(db)
      let connection = try ReadOnlyConnection(address: address, path: reader.path, shouldStop: shouldStop)
      let candidates = try CandidatePosts.all(of: run.id, where: condition, leavingOut: post, on: connection)
      let (tally, nearest) = try compare(probe, space, candidates, limit, threads, address)
      if tally.found == 0, !candidates.isEmpty { try checkSpaceNotEmpty(space, db) }
      let rows = try NeighbourRows(run, on: connection).rows(of: nearest)
      return Neighbours(
        rows: rows, compared: tally.found - tally.zeroLength - tally.damaged,
        withoutVector: candidates.count - tally.found, zeroLength: tally.zeroLength, damaged: tally.damaged)
    }
  }

  /// The number of candidates that a thread takes at a time, before it checks again whether to stop.
  private static let part = 8192

  private func compare(
    _ probe: CosineProbe, _ space: String, _ candidates: [Int64], _ limit: Int, _ threads: Int, _ address: String
  ) throws(QueryError) -> (VectorScan.ScanCounts, [NearestPosts.Element]) {
    struct Found { var tally = VectorScan.ScanCounts(), nearest: [(element: NearestPosts.Element, key: ByteText)] = [] }
    let parts = (candidates.count + Self.part - 1) / Self.part
    let taken = Atomic(0)
    let found = Mutex(Found())
    let failure = Mutex<QueryError?>(nil)
    let (run, path, shouldStop) = (run, reader.path, shouldStop)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, parts))) { _ in
      do throws(QueryError) {
        let connection = try ReadOnlyConnection(address: address, path: path, shouldStop: shouldStop)
        let scan = try VectorScan(
          probe, scorer: run.scorer, space: space, among: candidates, limit: limit, on: connection)
        while true {
          if shouldStop() { throw QueryError.interrupted }
          let part = taken.add(1, ordering: .relaxed).oldValue
          guard part < parts, failure.withLock({ $0 == nil }) else { break }
          try scan(part * Self.part..<min((part + 1) * Self.part, candidates.count))
        }
        let nearest = scan.nearestWithKeys()
        found.withLock {
          $0.tally += scan.tally
          $0.nearest += nearest
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return found.withLock { found in
      let keys = Dictionary(found.nearest.map { ($0.element.post, $0.key) }) { first, _ in first }
      var merged = NearestPosts(limit: limit) { keys[$0] ?? ByteText("") }
      for (element, _) in found.nearest { merged.offer(element) }
      return (found.tally, merged.sorted())
    }
  }

  private func checkSpaceNotEmpty(_ space: String, _ db: Database) throws {
    let spaces = try String.fetchAll(
      db,
      sql: """
        SELECT column1 FROM (VALUES ('text'), ('image'), ('fused')) WHERE EXISTS (
          SELECT 1 FROM embedding WHERE scorer_id = ? AND space = column1)
        """, arguments: [run.scorer])
    if !spaces.contains(space) {
      throw SimilarityError.emptySpace(space: space, run: run.name, spaces: spaces)
    }
  }

  private func address(_ db: Database) -> String {
    let name = sqlite3_db_filename(db.sqliteConnection, "main")
    return sqlite3_uri_boolean(name, "immutable", 0) != 0 ? reader.file.immutableAddress : reader.path
  }

  private func working<T>(_ body: (Database) throws -> T) throws(SimilarityError) -> T {
    do {
      return try reader.read(body)
    } catch {
      throw Self.error(error, path: reader.path)
    }
  }

  private static func error(_ error: any Error, path: String) -> SimilarityError {
    switch error {
    case let error as SimilarityError: return error
    case QueryError.interrupted, StoreError.interrupted: return .interrupted
    case QueryError.store(let error): return .store(error)
    case QueryError.sqlite(_, let message): return .store(.sqlite(path: path, code: 1, message: message))
    default: return .store(StoreError(error, store: path))
    }
  }
}

/// The posts nearest to a vector, and the numbers of posts that were not compared.
package struct Neighbours: Sendable {
  /// The columns of a row.
  package static let columns = [
    "rank", "cosine", "key", "label", "confidence", "truth", "text", "image", "post_id",
  ]

  /// The rows, nearest first; a value for each column.
  package var rows: [[QueryValue]]
  /// Posts that were compared.
  package var compared: Int
  /// Posts of the run that meet the condition, if any, but have no vector in the space.
  package var withoutVector: Int
  /// Posts whose vector has length 0.
  package var zeroLength: Int
  /// Posts whose vector has another width, or contains a number that is not finite.
  package var damaged: Int
}

/// A run whose posts can be searched, and the scorer whose vectors they have.
package struct SearchedRun: Sendable {
  /// The run's name.
  package var name: String
  /// The fingerprint of the model that made the vectors.
  package var fingerprint: String
  /// The model's name.
  package var model: String
  /// The precision it was computed in.
  package var precision: String
  /// The scorer's options, canonical JSON.
  package var options: String

  let id: Int64
  let scorer: Int64
}

/// A post's own vector, to compare others with.
package struct StoredProbe: Sendable {
  /// The vector.
  package var values: [Float]
  /// The post itself, which is excluded from its neighbours.
  package var post: Int64
  /// How many versions of the post the run has: posts of one key with different content.
  package var versions: Int
  /// The file and line of the version that was used, the last one.
  package var place: String
}

/// Reads the columns that are shown for the posts found.
struct NeighbourRows {
  private let statement: PreparedStatement
  private let scorer: Int64

  init(_ run: SearchedRun, on connection: ReadOnlyConnection) throws(QueryError) {
    scorer = run.scorer
    statement = try PreparedStatement(
      """
      SELECT post.key, prediction.label, prediction.confidence,
        \(SQLFragments.trueLabel(of: "post.id")),
        post.text, post.image
      FROM post LEFT JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = post.id WHERE post.id = ?1
      """, on: connection)
  }

  /// A row for each post, with the columns of ``Neighbours/columns``.
  func rows(of nearest: [NearestPosts.Element]) throws(QueryError) -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    for (place, element) in nearest.enumerated() {
      guard try statement.start([.integer(element.post), .integer(scorer)]) else { continue }
      rows.append(
        [.integer(Int64(place + 1)), .real(element.cosine)] + (0..<6).map { statement[$0] }
          + [.integer(element.post)])
      statement.reset()
    }
    return rows
  }
}
