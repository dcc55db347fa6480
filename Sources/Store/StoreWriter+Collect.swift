package import Bytes
import GRDB

/// A request to collect outputs of `clfa stream` as a run.
package struct CollectRequest: Sendable {
  /// The files, in any order.
  package var files: [String]
  /// The run's name; nil for the corpus' name, with a number if that is taken.
  package var run: String?
  /// The time now: UTC in ISO 8601.
  package var now: String

  /// Creates a request from its parts.
  package init(files: [String], run: String?, now: String) {
    (self.files, self.run, self.now) = (files, run, now)
  }
}

/// What was collected.
package struct CollectSummary: Sendable {
  /// The run.
  package var run: ByteText
  /// Whether the run existed before.
  package var isContinued = false
  /// The run's entries by state.
  package var totals = RunTotals()
  /// The records that this command entered.
  package var rows = 0
  /// The parts that this command entered.
  package var taken = 0
  /// The parts of the corpus.
  package var parts = 1
  /// Files that are equal copies of parts that the run has, or of another file.
  package var copies: [String] = []
  /// Files without their end line.
  package var cutShort: [String] = []
  /// The parts that are missing.
  package var missing = PartNumbers()
  /// The parts that are there and wait for a missing one.
  package var waiting = PartNumbers()
  /// Predictions and vectors that differ a little from stored ones of other machines, which stay.
  package var nearlyEqual = 0
  /// How the machines that scored the parts differ; see ``MachineMix``.
  package var mix: String?

  /// Whether the run has every record of the corpus.
  package var isFinished: Bool { missing.isEmpty && waiting.isEmpty }
}

/// Progress of a collection.
package enum CollectEvent: Sendable {
  /// A file was read and checked, the n-th of them all.
  case scanned(file: String, number: Int, of: Int)
  /// So many records are entered.
  case rows(Int)
}

extension StoreWriter {
  /// Enters the records of parts as one run, in the order of the corpus.
  ///
  /// Each part is one transaction. A part before which another one is missing waits: the run notes its file, and a later
  /// call enters it, so that a run has the same content whatever the order in which its parts come.
  ///
  /// - Parameters:
  ///   - parts: the parts, complete and checked against each other.
  ///   - request: the run.
  ///   - shouldStop: asked from time to time; then the part that is being entered is taken back.
  ///   - observe: called with each event.
  /// - Returns: what the run now contains.
  /// - Throws: `CollectError`, `StoreError`; the run then has the parts that were entered before.
  /// - Complexity: O(n log m) for n records in a store of m posts; memory does not grow with them.
  package func collect(
    _ parts: PartSet, _ request: CollectRequest, shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: (CollectEvent) -> Void = { _ in }
  ) throws -> CollectSummary {
    var collection = try RunCollection(self, parts, request, shouldStop: shouldStop)
    do {
      try without(.all) { try collection.enterAll(observe) }
      return try collection.finish()
    } catch {
      let isInterrupt: Bool
      switch error {
      case StoreError.interrupted, is CancellationError: isInterrupt = true
      default: isInterrupt = false
      }
      try? collection.fail(isInterrupt ? .interrupted : .failed)
      if error is CancellationError { throw StoreError.interrupted(path: path) }
      throw error
    }
  }

  /// Runs statements as one transaction; errors other than SQLite's stay as they are.
  func transactKeepingErrors<T>(_ body: (Database) throws -> T) throws -> T {
    var own: (any Error)?
    do throws(StoreError) {
      return try transact { db in
        do { return try body(db) } catch {
          if !(error is DatabaseError || error is DamagedRow) { own = error }
          throw error
        }
      }
    } catch {
      throw own ?? error
    }
  }
}
