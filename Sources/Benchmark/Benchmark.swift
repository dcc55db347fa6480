internal import Corpus
internal import Files
internal import Foundation
internal import Inputs
public import Models
internal import Scoring
internal import Store
internal import Tensors

/// How fast posts are scored here: the model alone against its own matrix products, and the whole way of a row.
///
/// Everything is made up from a seed and lives in a temporary folder, which is gone afterwards, unless a folder is
/// named to keep it in.
public struct Benchmark {
  /// The model's folder; `nil` for a synthetic one of the published size.
  public var model: String?
  /// What the model multiplies in.
  public var precision: Precision
  /// How many posts are scored in each pass.
  public var rows: Int
  /// The workers of the second pass; the first has one.
  public var threads: Int
  /// What the posts and the weights follow from.
  public var seed: UInt64
  /// The folder that model and posts are kept in and, where they fit, taken from; `nil` for none.
  public var keep: String?

  /// A plan.
  public init(model: String?, precision: Precision, rows: Int, threads: Int, seed: UInt64, keep: String? = nil) {
    (self.model, self.precision, self.rows, self.threads) = (model, precision, rows, threads)
    (self.seed, self.keep) = (seed, keep)
  }

  /// Measures.
  ///
  /// - Parameters:
  ///   - version: the program's, for the run's record.
  ///   - observe: is told what is being measured now.
  /// - Returns: every number that was found.
  /// - Throws: what the model, the corpus or the store throws; ``BenchmarkError/interrupted`` after a signal.
  public func run(version: String, observe: (String) -> Void) throws -> BenchmarkReport {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-bench-\(UUID().uuidString)").path
    try BenchmarkError.writing(folder) { () throws(FileProblem) in try FolderTree.make(folder) }
    defer { FolderTree.remove(folder) }

    var report = BenchmarkReport(precision: precision, rows: rows)
    var materials = try BenchmarkMaterials(folder: keep ?? folder + "/materials")
    let modelPath = try model ?? materials.model(seed: seed, observe: observe)
    let vocabulary = try BenchmarkMaterials.vocabulary(of: modelPath)
    let corpus = try materials.posts(rows: rows, vocabulary: vocabulary, seed: seed, observe: observe)

    observe("loading the model")
    let begun = ContinuousClock.now
    let model = try ModelFolder.load(modelPath)
    let classifier = try PostClassifier(folder: model, precision: precision)
    report.startup = (ContinuousClock.now - begun) / .seconds(1)
    report.modelName = self.model == nil ? "synthetic, published size" : model.name
    report.parameters = model.configuration.parameters

    observe("reading the posts")
    let limits = PictureLimits()
    let reader = try InputReader(folder: model, limits: limits, decoding: .scaled)
    let input = try InputStage(corpus, reader, limits: limits)
    report.inputs = input.steps
    report.textPieces = Self.mean(input.inputs.map(\.text.count))
    report.knowledgePieces = Self.mean(input.inputs.map { $0.knowledge?.count ?? 0 })

    let stage = ModelStage(
      classifier: classifier, inputs: input.inputs, batch: ScoringOptions(threads: 1, spaces: []).microBatchRows)
    let crews = threads > 1 ? [1, threads] : [1]
    for workers in crews {
      observe("the model alone, \(workers) \(workers == 1 ? "worker" : "workers")")
      report.model.append((workers, try stage.run(workers: workers)))
    }
    if let one = report.model.first, let other = report.model.last, one.result.hash != other.result.hash {
      throw BenchmarkError.scoresDiffer(workers: other.workers)
    }
    let whole = WholeRun(
      classifier: classifier, folder: model, reader: reader, corpus: corpus, limits: limits, version: version)
    for workers in crews {
      observe("from CSV to SQLite, \(workers) \(workers == 1 ? "worker" : "workers")")
      report.whole.append((workers, try whole.run(workers: workers, store: "\(folder)/\(workers).sqlite")))
    }
    report.peakMemory = peakMemory()
    return report
  }

  private static func mean(_ counts: [Int]) -> Double {
    Double(counts.reduce(0, +)) / Double(max(counts.count, 1))
  }
}
