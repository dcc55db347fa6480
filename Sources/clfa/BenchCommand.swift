internal import Tensors
import ArgumentParser
import Benchmark
import Models
import Queries
import Scoring

/// `clfa bench`: how fast posts are scored on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast posts are scored on this machine.",
    discussion: """
      Generates posts and, unless --model names one, a model of the published size. Scores the posts with one thread \
      and then with all threads, and prints posts per second, the time of each step, and the model's arithmetic rate \
      as a share of the rate that the matrix library alone reaches in the same minutes. The last line is a hash of \
      the scores: equal hashes mean bit-identical scores.

      EXAMPLE
        clfa bench
        clfa bench --model Samples/model --precision f32 --rows 2000 --format json
        clfa bench --keep bench
        clfa bench --training --batch 16 --precision bf16
      """)

  @Option(
    help: ArgumentHelp("The model folder. Default: a synthetic model.", valueName: "folder"), completion: .directory)
  var model: String?
  @OptionGroup var compute: ComputeOptions
  @Option(
    help: ArgumentHelp("Number of posts to score in each pass. Default: 256.", valueName: "n"),
    transform: NumberArgument.whole(16...1_000_000))
  var rows = 256
  @Flag(help: "Measure training steps instead of scoring, with --precision f32 or bf16.") var training = false
  @Option(
    help: ArgumentHelp("With --training: posts per step. Default: 8.", valueName: "n"),
    transform: NumberArgument.whole(2...4096))
  var batch = 8
  @Option(
    help: ArgumentHelp("With --training: number of steps to time. Default: 10.", valueName: "n"),
    transform: NumberArgument.whole(1...1000))
  var steps = 10
  @OptionGroup var threads: ThreadOptions
  @Option(
    help: ArgumentHelp("Random seed for the posts and the weights. Default: 1.", valueName: "n"),
    transform: NumberArgument.seed)
  var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Keep the generated model and posts in this folder, and reuse those that fit. Default: a temporary folder.",
      valueName: "folder"), completion: .directory)
  var keep: String?
  @OptionGroup var format: FormatOption

  func validate() throws {
    if training, compute.precision == .int8 { throw ValidationError("--training takes --precision f32 or bf16.") }
  }

  func run() throws {
    try compute.apply()
    Interrupt.install()
    if training { return try measureTraining() }
    let isQuantised = try model.map { try ModelFolder.configuration(of: $0).quantisation != nil } ?? false
    let benchmark = Benchmark(
      model: model, precision: compute.precision.resolved(isQuantised: isQuantised), rows: rows,
      threads: threads.count, seed: seed, keep: keep)
    do {
      let report = try benchmark.run(version: Version.number) { Console.line($0) }
      try format.print(
        ["measure", "value", "unit"], report.lines.map { [.text($0.measure), .text($0.value), .text($0.unit)] })
    } catch BenchmarkError.interrupted {
      Console.line("interrupted before everything was measured")
      throw ExitStatus.interrupted
    }
  }

  private func measureTraining() throws {
    let benchmark = TrainingBenchmark(
      model: model, isBF16: compute.precision.resolved(isQuantised: false) == .bf16, batch: batch, steps: steps,
      threads: threads.count, seed: seed, keep: keep)
    do {
      let lines = try benchmark.run { Console.line($0) }
      try format.print(
        ["measure", "value", "unit"], lines.map { [.text($0.measure), .text($0.value), .text($0.unit)] })
    } catch BenchmarkError.interrupted {
      Console.line("interrupted before everything was measured")
      throw ExitStatus.interrupted
    }
  }
}
