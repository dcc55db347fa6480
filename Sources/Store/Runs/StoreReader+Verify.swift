import Bytes
import Corpus
import GRDB
package import Queries

/// A check of `clfa runs verify`, with its result.
package struct Verification: Sendable {
  /// A check; the raw value is its name in the output.
  package enum Check: String, Sendable, CaseIterable {
    /// SQLite's own check of pages and indexes.
    case pages
    /// The tables, views, indexes and triggers are those that clfa creates.
    case schema
    /// No row refers to a missing row.
    case references
    /// Each post's texts and picture hash match its content hash.
    case contents
    /// All vectors of a space have the same length.
    case vectors
    /// Data without a checksum, which is not checked.
    case others = "other values"
    /// A run's entries and skipped records add up to the records read.
    case ledger
    /// A run's entries and predictions match the checksum recorded when it finished.
    case checksum
  }

  /// The result of a check; the raw value is in the output.
  package enum Result: String, Sendable {
    case ok
    /// No checksum was recorded: the run is not finished, was finished by an earlier version, or its posts were scored
    /// again.
    case notRecorded = "not recorded"
    /// There is nothing to compare with.
    case notChecked = "not checked"
    case changed
    case damaged
  }

  /// The run; `nil` for a check of the whole store.
  package var run: String?
  /// The check.
  package var check: Check
  package var result: Result
  /// The problem and its place.
  package var detail: String?

  /// Whether something is wrong.
  package var isFailure: Bool { result == .changed || result == .damaged }

  /// The names of the columns of `values`.
  package static let columns = ["run", "check", "result", "detail"]

  /// The row for any format.
  package var values: [QueryValue] {
    [
      run.map { .text($0) } ?? .null, .text(check.rawValue), .text(result.rawValue), detail.map { .text($0) } ?? .null,
    ]
  }
}

extension StoreReader {
  /// Checks whether a store changed since it was written, because of a disk error or through another program.
  ///
  /// The numbers of vectors, thumbnails, labels and the other columns have no checksum; the result says so.
  /// - Parameter name: the run to check; all runs for `nil`.
  /// - Returns: the checks, those of the whole store first.
  /// - Throws: `runNotFound`, or an error if the store cannot be read at all.
  /// - Complexity: O(n log m) for the n entries of the runs in a store of m posts, and the whole file is read once.
  package func verify(run name: String?) throws(StoreError) -> [Verification] {
    var found: [Verification] = []
    found.append(
      try look(.pages) { db in
        let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
        return lines == ["ok"] ? nil : (.damaged, lines.joined(separator: "; "))
      })
    found.append(
      try look(.schema) { db in
        let comparison = try SchemaComparison(db, version: StoreIdentity(db).version, path: path)
        guard comparison.faults.isEmpty else {
          return (.changed, comparison.faults.map(\.description).joined(separator: "; "))
        }
        return comparison.additions.isEmpty
          ? nil : (.ok, "also has " + comparison.additions.joined(separator: ", "))
      })
    found.append(
      try look(.references) { db in
        let rows = try Row.fetchAll(
          db, sql: "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2")
        let words = try rows.map { row in
          let (table, parent, count): (String, String, Int) = try (row.get(0), row.get(1), row.get(2))
          let rows = count == 1 ? "1 row of \"\(table)\" refers" : "\(count) rows of \"\(table)\" refer"
          return "\(rows) to a \(parent) that does not exist"
        }
        return words.isEmpty ? nil : (.damaged, words.joined(separator: "; "))
      })
    found.append(try look(.contents) { db in try Self.changedContents(db) })
    found.append(try look(.vectors) { db in try Self.oddVectors(db) })
    found.append(Verification(run: nil, check: .others, result: .notChecked, detail: Self.unchecked))
    for run in try verifiedRuns(name) {
      found.append(
        try look(.ledger, run: run.name) { db in
          guard
            let line = try RunLedger.summaries(db, path: path, only: run.id).first?.ledger.first(where: {
              !$0.isBalanced
            })
          else { return nil }
          let (name, missing) = (line.counts.name, line.missing)
          let more = missing.magnitude == 1 ? "1 more entry" : "\(missing.magnitude) more entries"
          if missing < 0 { return (.changed, "\(more) than \(name) has records") }
          return (
            .changed, missing == 1 ? "1 record of \(name) has no entry" : "\(missing) records of \(name) have no entry"
          )
        })
      found.append(
        try look(.checksum, run: run.name) { db in
          guard let changes = try RunChecksum.changes(ofRun: run.id, in: db) else { return (.notRecorded, nil) }
          return changes.isEmpty ? nil : (.changed, changes.joined(separator: "; "))
        })
    }
    return found
  }

  private func verifiedRuns(_ name: String?) throws(StoreError) -> [(id: Int64, name: String)] {
    try withDatabase { db in
      if let name { return [(try RunName.find(name, in: db), name)] }
      return try Row.fetchAll(db, sql: "SELECT id, name FROM run ORDER BY id").map { row in
        try (row.get(0), row.get(1))
      }
    }
  }

  /// Makes one check; damage to the file is reported as its result.
  private func look(
    _ check: Verification.Check, run: String? = nil,
    _ body: (Database) throws -> (Verification.Result, String?)?
  ) throws(StoreError) -> Verification {
    do throws(StoreError) {
      let answer = try withDatabase(body)
      return Verification(run: run, check: check, result: answer?.0 ?? .ok, detail: answer?.1)
    } catch {
      switch error {
      case .corrupt, .damaged, .sqlite:
        return Verification(run: run, check: check, result: .damaged, detail: error.description)
      default: throw error
      }
    }
  }

  /// The data that no checksum covers.
  private static let unchecked =
    "the numbers in vectors, thumbnails, labels, posts' image, posted_at and extra columns, faults, search index"

  /// The spaces whose vectors do not all have the same length, a multiple of a number's.
  private static func oddVectors(_ db: Database) throws -> (Verification.Result, String?)? {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT scorer_id, space, min(length(vector)), max(length(vector)) FROM embedding GROUP BY scorer_id, space
        HAVING min(length(vector)) <> max(length(vector)) OR max(length(vector)) % 4 <> 0 OR max(length(vector)) = 0
        """)
    let words = try rows.map { row in
      let (scorer, space, least, most): (Int, String, Int, Int) = try (row.get(0), row.get(1), row.get(2), row.get(3))
      return "the vectors of space \"\(space)\" of scorer \(scorer) have "
        + (least == most ? "\(most) bytes, which is not a whole number of float32 values" : "\(least) to \(most) bytes")
    }
    return words.isEmpty ? nil : (.damaged, words.joined(separator: "; "))
  }

  /// The maximum number of keys in a line.
  private static let mostKeys = 10

  /// The posts that do not match their content hash.
  private static func changedContents(_ db: Database) throws -> (Verification.Result, String?)? {
    let hasFeatures = try db.tableExists("feature")
    let posts = try Row.fetchCursor(
      db, sql: "SELECT id, key, content_hash, text, knowledge, picture_hash FROM post ORDER BY id")
    let features =
      try hasFeatures ? db.makeStatement(sql: "SELECT stream, hash FROM feature WHERE post_id = ?") : nil
    var (keys, count) = ([String](), 0)
    while let post = try posts.next() {
      let picture: String? = try post.find(5)
      let streams = try features.map { try Row.fetchAll($0, arguments: [post.get(0) as Int64]) } ?? []
      let hash = try ContentHash.hex(
        text: post.get(3), knowledge: post.get(4), pictureHash: picture.map(bytes(ofHexadecimal:)),
        features: streams.map { row in (try row.get(0), bytes(ofHexadecimal: try row.get(1))) })
      guard try hash != post.get(2) else { continue }
      count += 1
      if keys.count < mostKeys { keys.append(try post.get(1)) }
    }
    guard count > 0 else { return nil }
    let more = count > keys.count ? " and \(count - keys.count) more" : ""
    return (.changed, "text, knowledge or a file's hash of the posts \(keys.joined(separator: ", "))\(more)")
  }

  /// The bytes of a hash; empty if the text is not a valid hash.
  private static func bytes(ofHexadecimal text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
