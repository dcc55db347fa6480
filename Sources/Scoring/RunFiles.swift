package import Bytes
import Files
import Foundation
package import Models
package import Store
import Synchronization

/// The files that tell other programs how a run goes: a summary at its end, and metrics while it goes on.
///
/// Each file is replaced as a whole, so a reader never finds a part of one.
package final class RunFiles: Sendable {
  private struct State {
    var record: RunRecord
    var written: ContinuousClock.Instant?
    var hasFailed = false
  }

  private let summary: String?
  private let metrics: String?
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>
  /// The time between two versions of the metrics: no collector reads more often.
  private static let pause = Duration.seconds(15)

  /// Checks that the files can be written; none is written yet.
  ///
  /// - Parameters:
  ///   - summary: the summary's path; nil for none.
  ///   - metrics: the metrics' path; nil for none.
  ///   - record: what is known of the run.
  ///   - now: the clock.
  /// - Throws: `RunFileError`.
  package init(
    summary: String?, metrics: String?, _ record: RunRecord,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(RunFileError) {
    (self.summary, self.metrics, self.now) = (summary, metrics, now)
    state = Mutex(State(record: record))
    for path in [summary, metrics].compactMap(\.self) {
      do throws(FileError) { try AtomicWriter.check(path, .replacing) } catch { throw RunFileError(path, error) }
    }
  }

  /// Records the precision, once it is chosen.
  package func choose(_ precision: Precision) { state.withLock { $0.record.precision = precision } }

  /// Records the run's summary, and its faults by stage and code.
  package func finish(_ summary: JSON, faults: [FaultCount]) {
    state.withLock { ($0.record.summary, $0.record.runFaults) = (summary, faults) }
  }

  /// Records an event, and writes the metrics if the last ones are old.
  ///
  /// - Parameter event: the event.
  /// - Returns: the error, the first time that the metrics cannot be written: a run goes on without them.
  package func add(_ event: ScoringEvent) -> RunFileError? {
    state.withLock { state in
      state.record.add(event)
      let now = now()
      guard let metrics, state.written.map({ now - $0 >= Self.pause }) ?? true else { return nil }
      state.written = now
      do throws(RunFileError) {
        try Self.write(state.record.metrics(nil, at: Date().timeIntervalSince1970), to: metrics)
        return nil
      } catch {
        defer { state.hasFailed = true }
        return state.hasFailed ? nil : error
      }
    }
  }

  /// Writes both files for the last time.
  ///
  /// - Parameter end: how the command ended.
  /// - Throws: `RunFileError`.
  package func end(_ end: RunRecord.End) throws(RunFileError) {
    let record = state.withLock(\.record)
    if let summary { try Self.write(record.json(end).text(.canonical) + "\n", to: summary) }
    if let metrics { try Self.write(record.metrics(end, at: Date().timeIntervalSince1970), to: metrics) }
  }

  private static func write(_ text: String, to path: String) throws(RunFileError) {
    do throws(FileError) {
      try AtomicWriter.write(Array(text.utf8), to: path, .replacing)
    } catch {
      throw RunFileError(path, error)
    }
  }
}

/// Why a run's summary or metrics cannot be written.
package struct RunFileError: Error, Equatable, CustomStringConvertible {
  /// The file.
  package let path: String
  /// The reason.
  package let reason: String

  fileprivate init(_ path: String, _ error: FileError) { (self.path, reason) = (path, error.description) }

  /// The message for the user.
  package var description: String { "cannot write \(path.printable): \(reason)" }
}
