import ArgumentParser
import Foundation
import Scoring
import Training

/// How a training command runs; none of these options changes the result.
struct RunControlOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Time between checkpoints, such as 90s or 1h. If clfa is killed, the work since the last one is lost. Default: 10m.",
      valueName: "time"), transform: DurationArgument.init(parsing:))
  var checkpointEvery: DurationArgument?
  @Option(
    help: ArgumentHelp("Also write a checkpoint after this many steps.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var checkpointSteps: Int?
  @Option(
    help: ArgumentHelp(
      "Keep what frozen encoders (--freeze) compute in this folder, and take from there what earlier runs computed. Default: $XDG_CACHE_HOME/clfa, otherwise ~/.cache/clfa.",
      valueName: "folder"), completion: .directory)
  var cache: String?
  @Flag(help: "Neither keep nor take what frozen encoders compute.") var noCache = false
  @Option(
    help: ArgumentHelp(
      "The size of --cache in gigabytes; above it, what was unused longest is removed. Default: 10.",
      valueName: "n"), transform: NumberArgument.whole(1...1_000_000))
  var cacheSize = 10
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions

  /// The file of encoders' outputs, opened; nil if none is kept.
  ///
  /// A folder that nobody named is no reason to end a run: without it, everything is computed.
  func encodingCache(
    _ frozen: [EncoderKind], _ report: inout TrainingProgressReport
  ) throws -> EncodingCache? {
    guard !frozen.isEmpty, !noCache else { return nil }
    let limit = cacheSize * 1_000_000_000
    if let cache { return try EncodingCache(folder: cache, limit: limit) }
    guard let folder = EncodingCache.folder(environment: ProcessInfo.processInfo.environment) else { return nil }
    do {
      return try EncodingCache(folder: folder, limit: limit)
    } catch {
      report.notice("\(error); what the encoders compute is not kept")
      return nil
    }
  }

  func validate() throws {
    if cache != nil, noCache { throw ValidationError("--cache and --no-cache exclude each other.") }
  }

  /// The interval between checkpoints.
  var checkpointInterval: CheckpointInterval {
    CheckpointInterval(seconds: (checkpointEvery ?? .tenMinutes).seconds, steps: checkpointSteps)
  }
}

/// Facts for the model's card that the run itself does not have.
struct CardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model's licence for its card, such as apache-2.0.", valueName: "id")) var license:
    String?
  @Option(
    help: ArgumentHelp("A language of the posts for the model's card, such as en. Can be repeated.", valueName: "code"))
  var language: [String] = []
  @Option(
    help: ArgumentHelp(
      "The name of a corpus for the model's card, as on a hub. Can be repeated. Default: the files' names without their endings.",
      valueName: "name"))
  var dataset: [String] = []

  /// Adds the given facts.
  func fill(_ facts: inout CardFacts) {
    facts.license = license
    facts.languages = language
    if !dataset.isEmpty { facts.datasets = dataset }
  }
}
