internal import Tensors
internal import Preparation
import Bytes
import ArgumentParser
import Corpus
import Files
import Foundation
import Inputs
import Models
import Queries
import Scoring
import Store
import Synchronization

/// `clfa score`: converts flags to a plan, runs the `Scorer`, and converts its end to an exit code.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score the posts of a corpus, and keep the predictions in a store.",
    discussion: """
      Reads the corpus row by row, looks up pictures next to the corpus file (or in --images), and records every row \
      in the store as scored, without_picture, duplicate or faulted. You can stop it at any time: the same command \
      continues where it stopped. Posts that the model has already scored need no inference.

      --thumbnails keeps a small copy of each post's picture in the store, for reports. It does not change any \
      score. To add thumbnails to posts that were scored without them, run the same command with --thumbnails; it \
      only decodes the pictures.

      EXAMPLE
        clfa score posts.csv --model MODEL --store posts.sqlite
        clfa score dump.tsv --text body --image photo --images /data/photos \\
          --model MODEL --store dump.sqlite
        clfa score posts.csv --model MODEL --store part1.sqlite --shard 1/4
        clfa split posts.csv --parts 4 -o parts.json
        clfa score posts.csv --model MODEL --store part1.sqlite --shard 1/4 \\
          --parts-file parts.json
      """)

  @OptionGroup var corpus: CorpusArguments
  @OptionGroup var flags: ScoreOptions

  func run() throws {
    let files = try flags.files.open(store: flags.store, corpus: corpus.corpora)
    do {
      try start(files)
    } catch {
      let exit = error as? ExitCode
      let end = RunRecord.End(
        exitCode: Int((exit ?? ExitStatus.code(of: error)).rawValue),
        error: exit == nil ? Advice.message(of: error) : nil)
      // The first error is the one that counts.
      do { try files.end(end) } catch { Console.line("notice: \(error)") }
      guard flags.progress.style == .json, exit == nil, !(error is ValidationError) else { throw error }
      // With JSON progress, the error that ends the run is an object, too.
      ScoringProgressReport.error(Advice.message(of: error))
      throw ExitStatus.code(of: error)
    }
    try files.end(RunRecord.End(exitCode: 0))
  }

  private func start(_ files: RunFiles) throws {
    let started = ContinuousClock.now
    // Before all else: process 1 of a container ignores signals that it has no handler for, and a corpus may be a pipe
    // that is silent from its first byte.
    Interrupt.install()
    let isJSON = flags.progress.style == .json
    Interrupt.ending.withLock { ending in
      ending = { [ending] in
        try? files.end(RunRecord.End(exitCode: Int(ExitStatus.interrupted.rawValue)))
        if isJSON { ScoringProgressReport.json(.members([("event", .string("interrupted"))])) } else { ending() }
      }
    }
    try flags.compute.apply()
    let folder = try Interrupt.watching { try ModelFolder.load(flags.model) }
    try folder.check(flags.compute.precision.asked ?? (folder.isQuantised ? .int8 : .f32))
    let limits = flags.limits.limits
    let options = try flags.options(spaces: folder.configuration.spaces)
    _ = try flags.missing.allowedInputs(of: folder.configuration)
    do {
      try score(folder, options, limits, files, since: started)
    } catch CorpusError.interrupted {
      throw ExitStatus.interrupted
    } catch ScoringError.interrupted {
      throw ExitStatus.interrupted
    }
  }

  private func score(
    _ folder: ModelFolder, _ options: ScoringOptions, _ limits: PictureLimits, _ files: RunFiles,
    since started: ContinuousClock.Instant
  ) throws {
    let input = try ScoreInput(corpus, flags)
    let reader = try CorpusReader(paths: corpus.corpora, options: input.options)
    var notices: [String] = []
    let features = try flags.features.selection.files(
      of: folder.configuration.features, model: folder.name, paths: corpus.corpora, reader,
      lacking: { notices.append(FeatureOptions.notice(lacking: $0)) })
    let source = try ScoringCorpus(
      names: reader.files, paths: corpus.corpora, options: input.options, images: flags.pictures.location,
      features: features, reading: input.reading + flags.pictures.reading, limits: limits)
    var task = ScoringTask(
      corpus: source, model: folder, precision: .f32,
      target: ScoringTarget(
        store: flags.store, run: flags.run, version: Version.number),
      options: options, limits: limits, allowedMissing: try flags.missing.allowedInputs(of: folder.configuration))
    try ColumnTypeError.check(flags.types.column, kept: reader.extraColumns, all: reader.columns)
    let choice = try flags.compute.choice(for: folder, threads: options.threads) {
      try task.keptPrecision(among: $0)
    }
    task.precision = choice.precision
    files.choose(choice.precision)
    if flags.plan { return try plan(task, consume reader, notices) }
    var report = ScoringProgressReport(style: flags.progress.style)
    let ending = try task.score(
      consume reader, since: started, notices: flags.compute.notices(choice, on: folder) + notices
    ) {
      report.show($0)
      if let error = files.add($0) { report.show(.notice("\(error)")) }
    }
    if case .done(let turn) = ending { files.finish(ScoringSummary(turn).json, faults: turn.faults) }
    try report.finish(ending, store: flags.store, isStrict: flags.strict.isOn)
  }

  /// Prints what a run would do, and whether the disk has enough space.
  private func plan(_ task: ScoringTask, _ reader: consuming CorpusReader, _ notices: [String]) throws {
    let ending = try ending(of: task, reader, notices)
    switch ending {
    case .alreadyFinished(let run, let faulted):
      var report = ScoringProgressReport(style: flags.progress.style)
      try report.finishedBefore(run, faulted: faulted, isStrict: flags.strict.isOn)
    case .done(let plan):
      let output = StandardOutput()
      for line in plan.lines(free: DiskSpace.free(at: flags.store), memory: peakMemory(), rescores: flags.rescore) {
        try output.write(line + "\n")
      }
      try output.flush()
    }
  }

  private func ending(
    of task: ScoringTask, _ reader: consuming CorpusReader, _ notices: [String]
  ) throws -> ScoringTask.Ending<ScoringPlan> {
    defer { if Console.isTerminal { Console.clearLine() } }
    return try task.plan(
      reader, notices: notices, observe: { if case .notice(let text) = $0 { Console.line("notice: \(text)") } },
      progress: { if Console.isTerminal { Console.move(to: $0.counted("row", "rows")) } })
  }
}

/// The flags of `clfa score`, other than the corpus'.
struct ScoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model folder.", valueName: "folder"), completion: .directory)
  var model: String
  @Option(
    help: ArgumentHelp("The SQLite file that keeps the predictions; created if it does not exist.", valueName: "file"),
    completion: .file())
  var store: String
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var features: FeatureOptions
  @Option(
    help: ArgumentHelp(
      "The run's name. Default: the corpus file's name without its ending, then NAME-2 and so on.", valueName: "name"))
  var run: String?
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var threads: ThreadOptions
  @Option(
    help: ArgumentHelp(
      "Score only the K-th of N parts of the posts, such as 1/4, to divide the work among machines.", valueName: "k/n"),
    transform: Shard.init(parsing:))
  var shard: Shard?
  @Option(
    help: ArgumentHelp(
      "With --shard: divide by the parts of this file, which clfa split --parts wrote, and read those of the shard only.",
      valueName: "parts.json"), completion: .file(extensions: ["json"]))
  var partsFile: String?
  @OptionGroup var subset: SubsetOptions
  @Option(
    help: ArgumentHelp(
      "Stop after this time, such as 90s, 30m or 8h (a number without unit is in seconds). The same command continues.",
      valueName: "time"), transform: DurationArgument.init(parsing:))
  var stopAfter: DurationArgument?
  @Flag(
    help: "Print what the run would do, which posts are already scored, and the disk space it needs. Score nothing.")
  var plan = false
  @Flag(help: "Score posts again even if this model has already scored them.") var rescore =
    false
  @Flag(help: "Retry the faulted rows of an existing run, finished or not. --run, if given, must name an existing run.")
  var retryFaults = false
  @Option(
    help: ArgumentHelp(
      "How to treat a post whose picture cannot be read: fault, or text-only (score its text).", valueName: "choice"))
  var missingImage: MissingPicturePolicy = .fault
  @OptionGroup var decoding: DecodingOptions
  @Flag(
    help: "Encode repeated texts and pictures again each time, instead of keeping their encodings in memory.")
  var noCache = false
  @OptionGroup var types: ColumnTypeOptions
  @Option(help: ArgumentHelp("The vectors to keep: all, none, or a list such as text,image.", valueName: "spaces"))
  var embeddings = "all"
  @Option(
    help: ArgumentHelp(
      "Keep each picture as a JPEG of at most this many pixels on its longer side, 16 to 512, for reports.",
      valueName: "px"), transform: NumberArgument.whole(ScoringOptions.thumbnailSides))
  var thumbnails: Int?
  @Option(
    help: ArgumentHelp(
      "Fail if the run has more faults than this number, or than this percentage (checked from the 200th row). Default: no limit.",
      valueName: "n|p%"), transform: FaultLimit.init(parsing:))
  var maxFaults: FaultLimit?
  @OptionGroup var strict: StrictOptions
  @OptionGroup var missing: MissingInputOptions
  @OptionGroup var limits: PictureLimitOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var files: RunFileOptions

  func validate() throws {
    if plan, files.isAnySet {
      throw ValidationError("--plan scores nothing, so it writes no --summary and no --metrics.")
    }
    // The model's streams are not known yet.
    _ = try VectorSpaces.named(embeddings, of: nil)
    if partsFile != nil, shard == nil { throw ValidationError("--parts-file needs --shard K/N.") }
  }

  /// The scorer's options for a model whose vectors lie in `spaces`.
  func options(spaces: [String]) throws -> ScoringOptions {
    var options = ScoringOptions(threads: threads.count, spaces: try VectorSpaces.named(embeddings, of: spaces))
    options.missingPicture = missingImage
    options.thumbnailSide = thumbnails
    options.decoding = decoding.decoding
    options.truncatedPictures = limits.truncated.policy
    if noCache { options.encoderCacheBytes = 0 }
    options.columnTypes = types.column
    (options.shard, options.readsParts) = (shard, partsFile != nil)
    options.sample = subset.sample
    options.limit = subset.limit
    options.stopAfter = stopAfter?.seconds
    options.maxFaults = maxFaults
    options.retriesFaults = retryFaults
    options.rescores = rescore
    return options
  }
}

/// The files that tell other programs how a run goes.
struct RunFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write how the run ended into this JSON file, also if it fails or is interrupted: counts, faults, rate, precision, "
        + "state, exit code.", valueName: "file"), completion: .file(extensions: ["json"]))
  var summary: String?
  @Option(
    help: ArgumentHelp(
      "Write the progress into this file for Prometheus' textfile collector, every 15 seconds and at the end.",
      valueName: "file"), completion: .file(extensions: ["prom"]))
  var metrics: String?

  /// Whether any of them is given.
  var isAnySet: Bool { summary != nil || metrics != nil }

  /// The files, which are checked but not written yet.
  func open(store: String, corpus: [String]) throws -> RunFiles {
    try RunFiles(
      summary: summary, metrics: metrics, RunRecord(store: store, corpus: corpus.joined(separator: " ")))
  }
}

/// The flag that allows nearly all posts to lack an input of training.
struct MissingInputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Score though nearly all posts lack an input that the model was trained with: text, picture, knowledge or a stream "
        + "of features; several with commas.", valueName: "input,..."))
  var allowMissing: [String] = []

  /// The inputs that posts may lack, by name.
  func allowedInputs(of model: ModelConfiguration) throws -> [String] {
    let known = MismatchFinder.inputs(of: model).map(\.name)
    let names = allowMissing.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "--allow-missing takes some of \(known.joined(separator: ",")); '\(stranger)' is not one of them"
          + DidYouMean.hint(for: stranger, in: known) + ".")
    }
    return names
  }
}

extension ComputeOptions {
  /// The precision to use for a model; `auto` is measured, unless a run that goes on has one.
  func choice(
    for model: ModelFolder, threads: Int, kept: ([Precision]) throws -> (precision: Precision, run: ByteText)?
  ) throws -> PrecisionChoice {
    try PrecisionChoice(asked: precision.asked, isQuantised: model.isQuantised, kept: kept) {
      try PrecisionRates(measuring: $0, of: model.configuration, threads: threads)
    }
  }

  /// What is to be said about a choice, and the recorded effect of int8.
  func notices(_ choice: PrecisionChoice, on model: ModelFolder) -> [String] {
    let notices = [choice.notice(under: isa)].compactMap(\.self)
    guard choice.precision == .int8 else { return notices }
    let record = model.configuration.quantisation?.agreement.summary
    return notices + [record ?? "this model has no record of what int8 changes; clfa model quantize makes one"]
  }
}
