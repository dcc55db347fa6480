package import Models
internal import Scoring
internal import Tensors

/// The results of a benchmark, for people and for programs.
package struct BenchmarkReport {
  /// The number format of the model's matrix products.
  package let precision: Precision
  /// The posts of each pass.
  package let rows: Int
  var modelName = ""
  var parameters = 0
  var textPieces = 0.0
  var knowledgePieces = 0.0
  var startup = 0.0
  var peakMemory = 0
  var inputs: [(name: String, seconds: Double)] = []
  var model: [(workers: Int, result: ModelThroughput.Result)] = []
  var whole: [(workers: Int, outcome: ScoringOutcome)] = []

  init(precision: Precision, rows: Int) { (self.precision, self.rows) = (precision, rows) }

  /// A line of the report: a measure, its value and its unit.
  package struct Line: Sendable {
    package let measure: String
    /// The value.
    package let value: String
    /// The value's unit; empty for words.
    package let unit: String
  }

  /// Every number, one per line.
  package var lines: [Line] {
    var lines = [
      Line(measure: "model", value: modelName, unit: ""),
      Line(measure: "parameters", value: digits(Double(parameters) / 1e6, 1), unit: "million"),
      Line(measure: "precision", value: precision.rawValue, unit: ""),
      Line(measure: "library", value: "oneDNN \(OneDNN.version), \(OneDNN.instructionSet)", unit: ""),
      Line(measure: "posts", value: "\(rows)", unit: ""),
      Line(measure: "text", value: digits(textPieces, 1), unit: "pieces a post"),
      Line(measure: "knowledge", value: digits(knowledgePieces, 1), unit: "pieces a post"),
      Line(measure: "start-up", value: digits(startup, 2), unit: "s"),
    ]
    lines += inputs.map { Line(measure: $0.name, value: digits($0.seconds * 1e3, 3), unit: "ms a row") }
    if let one = model.first?.result {
      let kernels = one.kernels.sorted().joined(separator: ", ")
      lines.append(Line(measure: "the library's kernels", value: kernels, unit: ""))
      lines.append(Line(measure: "our kernels", value: InstructionSet.ofKernels, unit: ""))
      lines.append(Line(measure: "matrix products", value: digits(one.operations / 1e9, 2), unit: "GFLOP a row"))
      lines += one.parts.map { Line(measure: $0.name, value: digits($0.seconds * 1e3, 3), unit: "ms a row") }
    }
    for (workers, result) in model {
      let name = "model, \(workerCount(workers))"
      lines.append(Line(measure: name, value: digits(result.rate, 2), unit: "rows/s"))
      lines.append(Line(measure: name, value: digits(result.speed / 1e9, 0), unit: "GFLOP/s"))
      lines.append(
        Line(measure: "products alone, \(workerCount(workers))", value: digits(result.peak / 1e9, 0), unit: "GFLOP/s"))
      lines.append(Line(measure: "model's share of that", value: digits(result.share * 100, 1), unit: "%"))
    }
    for (workers, outcome) in whole {
      let name = "CSV to SQLite, \(workerCount(workers))"
      lines.append(Line(measure: name, value: digits(outcome.turn.rate, 2), unit: "rows/s"))
      for stage in ScoringStage.allCases {
        let seconds = outcome.stages[stage] ?? 0
        lines.append(Line(measure: "\(name): \(stage.rawValue)", value: digits(seconds, 2), unit: "s of all threads"))
      }
    }
    if let one = whole.first, let most = whole.last, most.workers > one.workers {
      let scaling = most.outcome.turn.rate / one.outcome.turn.rate
      lines.append(Line(measure: "scaling", value: digits(scaling, 2), unit: "times one worker"))
    }
    lines.append(Line(measure: "peak memory", value: digits(Double(peakMemory) / 1e6, 0), unit: "MB"))
    lines.append(Line(measure: "scores", value: model.first?.result.hash ?? "", unit: "sha256"))
    return lines
  }

  private func workerCount(_ workers: Int) -> String { workers == 1 ? "1 worker" : "\(workers) workers" }

  private func digits(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return places == 0 ? "\(Int(rounded))" : "\(rounded)"
  }
}
