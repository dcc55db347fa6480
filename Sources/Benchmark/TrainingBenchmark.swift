internal import Preparation
import Bytes
internal import Files
internal import Foundation
internal import Inputs
internal import Models
internal import Scoring
internal import Evaluation
internal import Tensors
internal import Training

/// How fast a model learns here: whole steps, forward, back and the optimiser's, on synthetic posts.
package struct TrainingBenchmark {
  /// The model's folder; `nil` for a synthetic one of the published size.
  package var model: String?
  /// Whether products are computed in bf16.
  package var isBF16: Bool
  /// Posts a step.
  package var batch: Int
  /// Steps that are timed; two go before them.
  package var steps: Int
  /// Threads.
  package var threads: Int
  /// The seed of the posts and the weights.
  package var seed: UInt64
  /// The folder that model and posts are kept in; `nil` for none.
  package var keep: String?

  /// A plan.
  package init(
    model: String?, isBF16: Bool, batch: Int, steps: Int, threads: Int, seed: UInt64, keep: String? = nil
  ) {
    (self.model, self.isBF16, self.batch, self.steps) = (model, isBF16, batch, steps)
    (self.threads, self.seed, self.keep) = (threads, seed, keep)
  }

  /// Measures.
  ///
  /// - Parameter observe: called with the name of each measurement.
  /// - Returns: a line for each number that was found.
  /// - Throws: what the model or the corpus throws; ``BenchmarkError/interrupted`` after a signal.
  package func run(observe: (String) -> Void) throws -> [BenchmarkReport.Line] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-bench-\(UUID().uuidString)").path
    try BenchmarkError.writing(folder) { () throws(FileError) in try FolderTree.make(folder) }
    defer { FolderTree.remove(folder) }
    var materials = try BenchmarkFolder(folder: keep ?? folder + "/materials")
    let path = try self.model ?? materials.model(seed: seed, observe: observe)
    let vocabulary = try BenchmarkFolder.vocabulary(of: path)
    let corpus = try materials.posts(rows: batch * (steps + 2), vocabulary: vocabulary, seed: seed, observe: observe)
    observe("reading the posts")
    let model = try ModelFolder.load(path), limits = PictureLimits()
    let reader = try InputReader(folder: model, limits: limits, decoding: .scaled)
    let examples = examples(try InputTimings(corpus, reader, limits: limits).inputs, model.configuration)

    observe("training, \(threads) \(threads == 1 ? "thread" : "threads")")
    let trainableModel = try TrainableModel(
      model.configuration, objective: Objective(), format: isBF16 ? .bf16 : .f32, threads: threads)
    for tensor in model.configuration.tensors {
      if let values = model.values(tensor.name) { trainableModel[tensor.name] = values }
    }
    try trainableModel.update()
    var settings = BertAdam.Settings()
    settings.totalSteps = 100
    let adam = try BertAdam(of: trainableModel, settings) { BertAdam.Group(rate: 1e-5, decays: BertAdam.decays($0)) }
    var parts = [0.0, 0.0], last = 0.0
    for step in 0..<steps + 2 {
      if Interrupt.isRequested { throw BenchmarkError.interrupted }
      let posts = Array(examples[step * batch..<(step + 1) * batch]), begun = ContinuousClock.now
      trainableModel.clearGradients()
      last = try trainableModel.learn(posts).total
      let learnt = ContinuousClock.now
      _ = try adam.step(trainableModel)
      guard step >= 2 else { continue }
      parts[0] += (learnt - begun) / .seconds(1)
      parts[1] += (ContinuousClock.now - learnt) / .seconds(1)
    }
    return lines(trainableModel, parts.map { $0 / Double(steps) }, loss: last)
  }

  private func examples(_ inputs: [PostInputs], _ configuration: ModelConfiguration) -> [Example] {
    var random = SeededGenerator(seed: seed)
    func vector() -> [Float] { (0..<configuration.dim).map { _ in Float(random.unit() - 0.5) } }
    return inputs.enumerated().map { index, inputs in
      Example(
        inputs: inputs, label: index % configuration.labelNames.count,
        teacher: TeacherVectors(text: vector(), image: vector()))
    }
  }

  private func lines(_ trainableModel: TrainableModel, _ parts: [Double], loss: Double) -> [BenchmarkReport.Line] {
    let seconds = parts[0] + parts[1]
    var hash = SHA256()
    for name in trainableModel.tensorNames { trainableModel[name].withUnsafeBytes { hash.update(bufferPointer: $0) } }
    func line(_ measure: String, _ value: Double, _ places: Int, _ unit: String) -> BenchmarkReport.Line {
      BenchmarkReport.Line(measure: measure, value: String(format: "%.\(places)f", value), unit: unit)
    }
    return [
      line("parameters", Double(trainableModel.configuration.parameters) / 1e6, 1, "million"),
      BenchmarkReport.Line(measure: "precision", value: isBF16 ? "bf16" : "f32", unit: ""),
      BenchmarkReport.Line(
        measure: "library", value: "oneDNN \(OneDNN.version), \(OneDNN.instructionSet)", unit: ""),
      line("batch", Double(batch), 0, "posts"), line("threads", Double(threads), 0, ""),
      line("forward and back", parts[0], 3, "s a step"), line("optimiser", parts[1], 3, "s a step"),
      line("step", seconds, 3, "s"), line("rate", Double(batch) / seconds, 2, "rows/s"),
      line("peak memory", Double(peakMemory()) / 1e6, 0, "MB"), line("loss", loss, 6, ""),
      BenchmarkReport.Line(measure: "parameters after", value: hash.finalize().hexadecimal, unit: "sha256"),
    ]
  }
}
