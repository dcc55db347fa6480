internal import Preparation
internal import Bytes
internal import Corpus
internal import Files
internal import Foundation
internal import Inputs
package import Models
internal import Scoring
internal import Store
internal import Tensors

/// Measures how fast posts are scored on this machine: the model alone compared with its matrix products, and the
/// complete way of a row.
///
/// Everything is generated from a seed in a temporary folder, which is removed afterwards, unless a folder to keep it
/// is named.
package struct Benchmark {
  /// The model's folder; `nil` for a synthetic model of the published size.
  package var model: String?
  /// The number format of the model's matrix products.
  package var precision: Precision
  /// How many posts are scored in each pass.
  package var rows: Int
  /// The number of workers of the second pass; the first has one.
  package var threads: Int
  /// The seed of the posts and the weights.
  package var seed: UInt64
  /// The folder in which model and posts are kept, and reused if they fit; `nil` for none.
  package var keep: String?

  /// Creates a benchmark.
  package init(model: String?, precision: Precision, rows: Int, threads: Int, seed: UInt64, keep: String? = nil) {
    (self.model, self.precision, self.rows, self.threads) = (model, precision, rows, threads)
    (self.seed, self.keep) = (seed, keep)
  }

  /// Runs the measurements.
  ///
  /// - Parameters:
  ///   - version: the program's version, for the run's record.
  ///   - observe: called with the name of each measurement.
  /// - Returns: all results.
  /// - Throws: errors of the model, the corpus or the store; ``BenchmarkError/interrupted`` after a signal.
  package func run(version: String, observe: (String) -> Void) throws -> BenchmarkReport {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-bench-\(UUID().uuidString)").path
    try BenchmarkError.writing(folder) { () throws(FileError) in try FolderTree.make(folder) }
    defer { FolderTree.remove(folder) }

    var report = BenchmarkReport(precision: precision, rows: rows)
    var materials = try BenchmarkFolder(folder: keep ?? folder + "/materials")
    let modelPath = try model ?? materials.model(seed: seed, observe: observe)
    let vocabulary = try BenchmarkFolder.vocabulary(of: modelPath)
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
    let input = try InputTimings(corpus, reader, limits: limits)
    report.inputs = input.steps
    report.textPieces = Self.mean(input.inputs.map(\.text.count))
    report.knowledgePieces = Self.mean(input.inputs.map { $0.knowledge?.count ?? 0 })

    let stage = ModelThroughput(
      classifier: classifier, inputs: input.inputs, batch: ScoringOptions(threads: 1, spaces: []).microBatchRows)
    let crews = threads > 1 ? [1, threads] : [1]
    for workers in crews {
      observe("the model alone, \(workers) \(workers == 1 ? "worker" : "workers")")
      report.model.append((workers, try stage.run(workers: workers)))
    }
    if let one = report.model.first, let other = report.model.last, one.result.hash != other.result.hash {
      throw BenchmarkError.scoresDiffer(workers: other.workers)
    }
    let whole = EndToEndRun(
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

/// The time of each step before the model, on one thread.
struct InputTimings {
  /// Seconds per row in each step.
  var steps: [(name: String, seconds: Double)] = []
  var inputs: [PostInputs] = []

  /// Reads a whole corpus.
  ///
  /// - Parameters:
  ///   - path: its CSV, with its pictures next to it.
  ///   - reader: the reader of the model's inputs.
  ///   - limits: the maximum size of a picture.
  /// - Throws: errors of the corpus or a picture: a kept one may have been changed.
  init(_ path: String, _ reader: InputReader, limits: PictureLimits) throws {
    var clock = [Double](repeating: 0, count: 4)
    var last = ContinuousClock.now
    func lap(_ step: Int) {
      let now = ContinuousClock.now
      clock[step] += (now - last) / .seconds(1)
      last = now
    }
    let folder = try PictureFolder(root: (path as NSString).deletingLastPathComponent, limits: limits)
    var corpus = try CorpusReader(paths: [path], options: CorpusOptions())
    last = .now
    while let row = try corpus.next() {
      let post: Post
      switch row {
      case .post(let one): post = one
      case .fault(let fault): throw BenchmarkError.faulted("line \(fault.position.line): \(fault.detail)")
      }
      lap(0)
      let file = try post.image.map { try folder.load($0) }
      lap(1)
      var (words, _) = reader.words(text: post.text, knowledge: post.knowledge)
      lap(2)
      words.pixels = try reader.pixels(of: file)
      lap(3)
      inputs.append(words)
      if Interrupt.isRequested { throw BenchmarkError.interrupted }
      last = .now
    }
    let names = ["CSV rows", "picture files, hashed", "word pieces", "pictures decoded and resized"]
    steps = zip(names, clock).map { ($0, $1 / Double(max(inputs.count, 1))) }
  }
}

/// A real run of a synthetic corpus, from the first row read to the last commit.
struct EndToEndRun {
  let classifier: PostClassifier
  let folder: ModelFolder
  let reader: InputReader
  let corpus: String
  let limits: PictureLimits
  let version: String

  /// Scores the corpus into a new store, without existing results.
  func run(workers: Int, store path: String) throws -> ScoringOutcome {
    var options = ScoringOptions(threads: workers, spaces: PostClassifier.spaces)
    options.encoderCacheBytes = 0
    let store = try StoreWriter.open(path: path)
    let run = try store.openRun(
      RunRequest(
        name: "bench", nameIsGiven: true,
        scorer: ScorerRecord(
          modelFingerprint: folder.fingerprint, modelName: folder.name, precision: classifier.precision.rawValue,
          options: options.scorerJSON, labels: folder.labelNames),
        corpus: "posts.csv", version: version, machine: Machine(threads: workers).json, startedAt: Timestamp.now))
    let rows = try CorpusReader(paths: [corpus], options: CorpusOptions())
    let folders = try PictureFolders(images: nil, paths: [corpus], names: rows.files, limits: limits)
    let scorer = Scorer(
      classifier: classifier, labelNames: folder.labelNames, reader: reader, folders: folders, store: store,
      options: options)
    let outcome = try scorer.score(consume rows, into: run) { _ in }
    try store.close()
    guard outcome.end == .finished else { throw BenchmarkError.interrupted }
    guard outcome.totals[.faulted] == 0 else {
      throw BenchmarkError.faulted("\(outcome.totals[.faulted]) of \(outcome.totals.rows) rows are faults")
    }
    return outcome
  }
}
