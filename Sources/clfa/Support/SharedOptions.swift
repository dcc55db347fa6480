import ArgumentParser
import Corpus
import Inputs
import Queries
import Tensors

// Options that several commands have: one declaration, one line of help.

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads. Default: the cores this process may use.", valueName: "n")) var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024.") }
  }

  /// The threads asked for, or the cores.
  var count: Int { threads ?? ThreadCount.available }
}

/// `--progress`.
struct ProgressOptions: ParsableArguments {
  @Option(
    name: .customLong("progress"),
    help: ArgumentHelp("auto, json (one object a line, on standard error) or none.", valueName: "style"))
  var style: ProgressStyle = .auto
}

/// The store, of commands that read one.
struct StoreArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The store, as clfa score wrote it.", valueName: "store"),
    completion: .file(extensions: ["sqlite"]))
  var path: String
}

/// A model's folder, of commands about one; they leave it as it is.
struct ModelArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The model's folder.", valueName: "model"), completion: .directory)
  var path: String
}

/// `--run`, of commands that read one.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("run"), help: ArgumentHelp("The run's name; the latest run otherwise.", valueName: "run"))
  var name: String?
}

/// What a run is compared with, and about what.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The label that binary scores are about.", valueName: "label"))
  var positive: String?

  @Option(
    help: ArgumentHelp("Tell posts apart by a column, the corpus' own or file, state, day.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp("Compare with another run, of this store or FILE.sqlite:RUN.", valueName: "run"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "With --against: content pairs the same posts, key otherwise also posts of one key whose content differs.",
      valueName: "way"))
  var pair: PostPairing?

  /// Whether any of it is given.
  var isAnySet: Bool { positive != nil || by != nil || against != nil || pair != nil }

  func validate() throws {
    if pair != nil, against == nil {
      throw ValidationError("--pair says which posts of two runs are compared; name the other run with --against.")
    }
  }
}

/// `--images`, of commands that read a corpus.
struct PictureFolderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder that holds the pictures; nothing outside it is read. Default: each CSV's own folder.",
      valueName: "folder"), completion: .directory)
  var images: String?
}

/// `--images` and `--features`, of commands that read a run's posts again.
struct ScoredFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder that the corpus' picture paths start from. Default: the one that the run was scored from.",
      valueName: "folder"), completion: .directory)
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The folder that paths of files of features start from, for a model that reads such. Default: that of --images.",
      valueName: "folder"), completion: .directory)
  var features: String?
}

/// Which pictures are faults.
struct PictureLimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Pictures of more pixels are faults.", valueName: "n")) var maxPixels = PictureLimits()
    .pixels
  @Option(help: ArgumentHelp("Picture files of more bytes are faults.", valueName: "n"))
  var maxPictureBytes = PictureLimits().bytes

  func validate() throws {
    if maxPixels < 1 || maxPictureBytes < 1 {
      throw ValidationError("--max-pixels and --max-picture-bytes take numbers from 1.")
    }
  }

  /// The limits these flags stand for.
  var limits: PictureLimits { PictureLimits(pixels: maxPixels, bytes: maxPictureBytes) }
}

/// `--decode`, of commands that compute from pictures.
struct DecodingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "scaled or exact: whether large JPEGs are decoded at a half, a quarter or an eighth of their size: faster. "
        + "Default: scaled.", valueName: "choice"))
  var decode: PictureDecoding?

  /// The decoding asked for, or the faster one.
  var decoding: PictureDecoding { decode ?? .scaled }
}

/// How much of a corpus is read.
struct SubsetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Take this share of the keys; 1% is part of 5%.", valueName: "p%"),
    transform: Sample.init(parsing:))
  var sample: Sample?
  @Option(help: ArgumentHelp("Stop after this many rows.", valueName: "n")) var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1.") }
  }
}

/// `--strict`, of commands that can fault rows.
struct StrictOptions: ParsableArguments {
  @Flag(name: .customLong("strict"), help: "Exit with 2 when rows were faulted; of a run, in earlier turns, too.")
  var isOn = false
}

/// What a model computes in, and with which instructions.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      auto, f32, bf16 or int8: what the model multiplies in; auto is int8 for a quantized model, else bf16 where the \
      processor has it.
      """,
      valueName: "name"))
  var precision: PrecisionFlag = .auto
  @Option(
    help: ArgumentHelp(
      "auto or one of \(InstructionSet.names.joined(separator: ", ")): the widest instructions to compute with.",
      valueName: "set"), transform: InstructionSetFlag.init(parsing:))
  var isa: InstructionSetFlag = .auto

  /// Holds the process to the instructions, and refuses a precision that they lack.
  func apply() throws {
    try isa.pin()
    try precision.check(under: isa)
  }
}

/// `-o`, of commands that make a model's folder.
struct NewFolderOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The folder to make; there must be none.", valueName: "folder"), completion: .directory)
  var path: String

  func validate() throws {
    if path.isEmpty { throw ValidationError("-o takes the name of a folder.") }
  }
}
