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

      --precision all prints one table instead: posts per second and that share at each precision, and which of them \
      to use on this machine.

      EXAMPLE
        clfa bench
        clfa bench --model Samples/model --precision f32 --rows 2000 --format json
        clfa bench --keep bench
        clfa bench --precision all
        clfa bench --training --batch 16 --precision bf16
      """)

  @Option(
    help: ArgumentHelp("The model folder. Default: a synthetic model.", valueName: "folder"), completion: .directory)
  var model: String?
  @Option(
    help: ArgumentHelp(
      "auto, f32, bf16 or int8, as in clfa score; or all, for a table of those that the processor has.",
      valueName: "name"))
  var precision: BenchPrecision = .auto
  @OptionGroup var instructions: InstructionSetOptions
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
    if training, precision == .int8 || precision == .all {
      throw ValidationError("--training takes --precision f32 or bf16.")
    }
  }

  func run() throws {
    try instructions.isa.pin()
    try precision.flag.check(under: instructions.isa)
    Interrupt.install()
    do {
      if training {
        try measureTraining()
      } else if precision == .all {
        try compareAll()
      } else {
        try printLines(try benchmark(chosenPrecision()).run(version: Version.number) { Console.line($0) }.lines)
      }
    } catch BenchmarkError.interrupted {
      Console.line("interrupted before everything was measured")
      throw ExitStatus.interrupted
    }
  }

  private func benchmark(_ precision: Precision) -> Benchmark {
    Benchmark(model: model, precision: precision, rows: rows, threads: threads.count, seed: seed, keep: keep)
  }

  /// The precision that was asked for, or the one that is fast enough here.
  private func chosenPrecision() throws -> Precision {
    let configuration = try model.map(ModelFolder.configuration(of:)) ?? ModelConfiguration(labelNames: [])
    let isQuantised = configuration.quantisation != nil && !training
    let choice = try PrecisionChoice(asked: precision.flag.asked, isQuantised: isQuantised) {
      try PrecisionRates(measuring: $0, of: configuration, threads: threads.count)
    }
    if let notice = choice.notice(under: instructions.isa) { Console.line("notice: \(notice)") }
    return choice.precision
  }

  private func compareAll() throws {
    let table = try benchmark(.f32).compareAll(version: Version.number) { Console.line($0) }
    try format.print(
      ["precision", "rows_per_second", "share_of_products", "recommended"],
      table.rows.map {
        [
          .text($0.precision.rawValue), .real($0.rowsPerSecond), .real($0.share),
          .text(table.recommendation($0.precision)),
        ]
      })
  }

  private func measureTraining() throws {
    let benchmark = TrainingBenchmark(
      model: model, isBF16: try chosenPrecision() == .bf16, batch: batch, steps: steps, threads: threads.count,
      seed: seed, keep: keep)
    try printLines(try benchmark.run { Console.line($0) })
  }

  private func printLines(_ lines: [BenchmarkReport.Line]) throws {
    try format.print(
      ["measure", "value", "unit"], lines.map { [.text($0.measure), .text($0.value), .text($0.unit)] })
  }
}

/// The values of `--precision` of `clfa bench`.
enum BenchPrecision: String, ExpressibleByArgument, CaseIterable {
  case auto
  case f32
  case bf16
  case int8
  case all

  /// The same value of other commands; `all` asks for none.
  var flag: PrecisionFlag { PrecisionFlag(rawValue: rawValue) ?? .auto }
}
