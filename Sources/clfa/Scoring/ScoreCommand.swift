internal import Tensors
internal import Preparation
import Bytes
import ArgumentParser
import Corpus
import Foundation
import Inputs
import Models
import Queries
import Scoring
import Store
import Synchronization

/// `clfa score`: flags into a plan, the plan to the `Scorer`, its end to an exit code.
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
      """)

  @OptionGroup var corpus: CorpusArguments
  @OptionGroup var flags: ScoreOptions

  func run() throws {
    guard flags.progress.style == .json else { return try start() }
    // Whoever reads objects gets an object for the error that ends the run, too.
    do { try start() } catch let error where !(error is ExitCode || error is ValidationError) {
      ScoringProgressReport.error(Advice.message(of: error))
      throw ExitStatus.code(of: error)
    }
  }

  private func start() throws {
    let started = ContinuousClock.now
    try flags.compute.apply()
    let folder = try ModelFolder.load(flags.model)
    try folder.check(flags.compute.precision.resolved(isQuantised: folder.isQuantised))
    let limits = flags.limits.limits
    let options = try flags.options(spaces: folder.configuration.spaces)
    _ = try flags.missing.allowedInputs(of: folder.configuration)
    // From here on a signal is heard: a corpus may be a pipe that is silent from its first byte.
    Interrupt.install()
    if flags.progress.style == .json {
      Interruptible.ending.withLock { $0 = { ScoringProgressReport.json(["event": "interrupted"]) } }
    }
    do {
      try score(folder, options, limits, since: started)
    } catch CorpusError.interrupted {
      throw ExitStatus.interrupted
    }
  }

  private func score(
    _ folder: ModelFolder, _ options: ScoringOptions, _ limits: PictureLimits, since started: ContinuousClock.Instant
  ) throws {
    let reader = try CorpusReader(paths: corpus.corpora, options: corpus.options)
    let folders = try PictureFolders(
      images: flags.pictures.images, paths: corpus.corpora, names: reader.files, limits: limits)
    var notices: [String] = []
    let features = try flags.features.files(
      of: folder.configuration.features, model: folder.name, paths: corpus.corpora, reader,
      notice: { notices.append($0) })
    let task = ScoreTask(
      flags: flags, corpora: corpus.corpora, corpusOptions: corpus.options, names: reader.files, folder: folder,
      folders: folders, features: features, reading: corpus.columns.reading, notices: notices, limits: limits,
      options: options)
    try ColumnTypeError.check(flags.column, kept: reader.extraColumns, all: reader.columns)
    if flags.plan { return try task.plan(consume reader) }
    try task.score(consume reader, since: started)
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
  @OptionGroup var subset: SubsetOptions
  @Option(
    help: ArgumentHelp(
      "Stop after this time, such as 90s, 30m or 8h (a number without unit is in seconds). The same command continues.",
      valueName: "time"))
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
  @Option(
    help: ArgumentHelp(
      "The type of another column of the corpus in queries: integer, real or time. Can be repeated.",
      valueName: "name:type"), transform: ColumnDeclaration.parse)
  var column: [ColumnDeclaration] = []
  @Option(help: ArgumentHelp("The vectors to keep: all, none, or a list such as text,image.", valueName: "spaces"))
  var embeddings = "all"
  @Option(
    help: ArgumentHelp(
      "Keep each picture as a JPEG of at most this many pixels on its longer side, 16 to 512, for reports.",
      valueName: "px"))
  var thumbnails: Int?
  @Option(
    help: ArgumentHelp(
      "Fail if the run has more faults than this number, or than this percentage (checked from the 200th row). Default: no limit.",
      valueName: "n|p%"))
  var maxFaults: FaultLimit?
  @OptionGroup var strict: StrictOptions
  @OptionGroup var missing: MissingInputOptions
  @OptionGroup var limits: PictureLimitOptions
  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    // Which streams a model has is not known yet.
    _ = try spaces(of: nil)
    if let thumbnails, !ScoringOptions.thumbnailSides.contains(thumbnails) {
      throw ValidationError("--thumbnails takes 16 to 512, the pixels of the longer side.")
    }
  }

  /// The scorer's options for a model whose vectors lie in `spaces`.
  func options(spaces: [String]) throws -> ScoringOptions {
    var options = ScoringOptions(threads: threads.count, spaces: try self.spaces(of: spaces))
    options.missingPicture = missingImage
    options.thumbnailSide = thumbnails
    options.decoding = decoding.decoding
    if noCache { options.encoderCacheBytes = 0 }
    options.shard = shard
    options.sample = subset.sample
    options.limit = subset.limit
    options.stopAfter = stopAfter?.seconds
    options.maxFaults = maxFaults
    options.retriesFaults = retryFaults
    options.rescores = rescore
    return options
  }

  /// The spaces that `--embeddings` names, in the model's order; `nil` for a model that is not known yet.
  private func spaces(of model: [String]?) throws -> [String] {
    let all = model ?? PostClassifier.spaces
    switch embeddings {
    case "all": return all
    case "none": return []
    default:
      let names = embeddings.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let strangers = names.filter { name in !all.contains { $0.hasSameBytes(as: name) } }
      if let stranger = strangers.first(where: { model != nil || !FeatureStream.isName($0) }) {
        throw ValidationError(
          "--embeddings takes all, none, or some of \(all.joined(separator: ",")); '\(stranger)' is none of them"
            + DidYouMean.hint(for: stranger, in: ["all", "none"] + all) + ".")
      }
      return all.filter(names.contains)
    }
  }
}
