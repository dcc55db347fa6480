internal import Files
internal import Foundation
package import Models
internal import Scoring

/// A benchmark at several precisions, and which of them to use on this machine.
package struct PrecisionTable: Sendable, Equatable {
  /// The results at one precision.
  package struct Row: Sendable, Equatable {
    package let precision: Precision
    /// Rows per second from CSV to SQLite with all threads.
    package let rowsPerSecond: Double
    /// The model's rate of matrix products on all threads as a share of the library's alone.
    package let share: Double

    package init(precision: Precision, rowsPerSecond: Double, share: Double) {
      (self.precision, self.rowsPerSecond, self.share) = (precision, rowsPerSecond, share)
    }
  }

  /// The rows, f32 first.
  package let rows: [Row]
  /// Whether the model's weights are bytes, so that it has one precision.
  private let isQuantised: Bool

  /// Wraps results.
  package init(_ rows: [Row], isQuantised: Bool) { (self.rows, self.isQuantised) = (rows, isQuantised) }

  /// Whether to use a precision: the fastest one that is worth its rounding, by the rows per second. int8 is a choice of
  /// its own, since a model should be quantised and compared with labelled posts first.
  ///
  /// - Parameter precision: one of the table's.
  /// - Returns: `yes`, `no`, or `yes, once the model is quantized`.
  package func recommendation(_ precision: Precision) -> String {
    if isQuantised { return "yes" }
    func rates(_ precisions: [Precision]) -> PrecisionRates {
      let rows = rows.filter { precisions.contains($0.precision) }
      return PrecisionRates(Dictionary(uniqueKeysWithValues: rows.map { ($0.precision, $0.rowsPerSecond) }))
    }
    let best = rates(PrecisionChoice.candidates).best
    guard precision == .int8 else { return precision == best ? "yes" : "no" }
    let gain = rates(Precision.allCases).gain(of: .int8) ?? 0, bestGain = rates(Precision.allCases).gain(of: best) ?? 1
    return gain >= PrecisionRates.leastGain * bestGain ? "yes, once the model is quantized" : "no"
  }
}

extension Benchmark {
  /// Runs the measurements at every precision that the processor and the model have, on the same posts.
  ///
  /// - Parameters:
  ///   - version: the program's version, for the runs' records.
  ///   - observe: called with the name of each measurement.
  /// - Returns: the table.
  /// - Throws: as ``run(version:observe:)``.
  package func compareAll(version: String, observe: (String) -> Void) throws -> PrecisionTable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-bench-\(UUID().uuidString)").path
    try BenchmarkError.writing(folder) { () throws(FileError) in try FolderTree.make(folder) }
    defer { FolderTree.remove(folder) }
    let isQuantised = try model.map { try ModelFolder.configuration(of: $0).quantisation != nil } ?? false
    let precisions = isQuantised ? [.int8] : Precision.allCases.filter(\.isSupported)
    let rows = try precisions.map { precision in
      var benchmark = self
      benchmark.precision = precision
      benchmark.keep = keep ?? folder + "/materials"
      let report = try benchmark.run(version: version) { observe("\(precision.rawValue): \($0)") }
      return PrecisionTable.Row(
        precision: precision, rowsPerSecond: report.whole.last?.outcome.turn.rate ?? 0,
        share: report.model.last?.result.share ?? 0)
    }
    return PrecisionTable(rows, isQuantised: isQuantised)
  }
}
