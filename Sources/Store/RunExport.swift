package import Bytes
import Foundation
import GRDB
import GRDBSQLite
import Queries

/// A run that is being exported; everything is read from one state of the store.
package final class RunExport {
  /// The run's name.
  package let name: String
  /// The model's name.
  package let model: String
  /// The model's fingerprint.
  package let fingerprint: String
  /// How predictions are calibrated when they are exported; nil for the model's own.
  package let calibration: CalibratedPredictions?
  /// The labels, in the model's order.
  package let labels: [ByteText]
  /// The files of the run's corpus as the ledger names them, in their order.
  package let files: [ByteText]
  /// How many records the run has read of each file, in the order of `files`.
  package let read: [Int]
  /// How its corpus differs from the model's training data, in words; nil if that was not recorded.
  package let mismatches: [String]?
  /// The flags with which the corpus was read; empty for runs that did not record them.
  package let reading: [ReadingFlag]
  /// Whether the run has read its whole corpus.
  package let isWhole: Bool
  /// The store's path, links resolved.
  package var path: String { reader.path }

  let id: Int64
  let scorer: Int64
  private let reader: StoreReader
  /// Returns whether a stop was requested.
  package let shouldStop: @Sendable () -> Bool

  /// Opens a store to export a run; the latest for `nil`.
  ///
  /// - Throws: `StoreError` if there is no store that this version reads, or no such run.
  package init(
    path: String, run name: String?, calibration: CalibratedPredictions? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(StoreError) {
    (self.calibration, self.shouldStop) = (calibration, shouldStop)
    let reader = try StoreReader(path: path, calibration: calibration, shouldStop: shouldStop)
    self.reader = reader
    let (row, labels, counts, strangers, mismatches) = try reader.withDatabase { db in
      let id = try RunName.find(name, in: db, path: reader.path)
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT run.id, run.name, scorer.id, model_name, labels, state, model_fingerprint
          FROM run JOIN scorer ON scorer.id = run.scorer_id WHERE run.id = ?
          """, arguments: [id])
      guard let row else { throw StoreError.noRuns(path: reader.path) }
      let labels = try ByteText.fetchAll(
        db, sql: "SELECT value FROM json_each(?) WHERE type = 'text'", arguments: [row.get(4) as String])
      let counts = try RunCounts(run: id, in: db, path: reader.path)
      let known = Set(counts.files.map(\.name))
      let strangers = try ByteText.fetchAll(
        db, sql: "SELECT DISTINCT file FROM entry WHERE run_id = ? ORDER BY file", arguments: [id]
      ).filter { !known.contains($0) }
      return (row, labels, counts, strangers, try RunMismatches(ofRun: id, in: db)?.words)
    }
    do {
      id = try row.get(0)
      self.name = try row.get(1)
      scorer = try row.get(2)
      model = try row.get(3)
      fingerprint = try row.get(6)
      let state: String = try row.get(5)
      isWhole = counts.limit == nil && state == RunState.finished.rawValue
    } catch {
      throw StoreError(error, store: reader.path)
    }
    self.labels = labels
    self.mismatches = mismatches
    reading = counts.reading
    files = counts.files.map(\.name) + strangers
    read = counts.files.map(\.read) + strangers.map { _ in 0 }
  }

  /// How the calibration changes the run's answers; nil without one.
  package func calibrationEffect() throws(StoreError) -> CalibrationEffect? {
    guard let calibration else { return nil }
    return try reader.withDatabase { database in try calibration.effect(ofRun: id, in: database) }
  }

  /// Calls `body` with a source of the run's rows and vectors, all from one state of the store.
  ///
  /// - Throws: what `body` throws; `StoreError` if the store cannot be read.
  package func withSource<T>(_ body: (ExportSource) throws -> T) throws -> T {
    do {
      return try reader.read { db in
        let name = sqlite3_db_filename(db.sqliteConnection, "main")
        let isImmutable = sqlite3_uri_boolean(name, "immutable", 0) != 0
        let address = isImmutable ? reader.file.immutableAddress : reader.path
        let connection = try ReadOnlyConnection(
          address: address, path: reader.path, calibration: calibration, shouldStop: shouldStop)
        return try body(ExportSource(self, on: connection, address: address))
      }
    } catch QueryError.store(let error) {
      throw error
    } catch QueryError.interrupted {
      throw StoreError.interrupted(path: reader.path)
    } catch QueryError.sqlite(_, let message) {
      throw StoreError.sqlite(path: reader.path, code: 1, message: message)
    }
  }
}
