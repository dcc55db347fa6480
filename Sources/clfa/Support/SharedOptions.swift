import ArgumentParser
import Corpus
import Inputs
import Queries
import Store
import Tensors

// Options that several commands share: each is declared once, with one line of help.

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Number of threads. Default: the number of cores available to the process.", valueName: "n"),
    transform: NumberArgument.whole(1...1024))
  var threads: Int?

  /// The given number of threads, or the number of cores.
  var count: Int { threads ?? ThreadCount.available }
}

/// `--pretokenized`.
struct PretokenizedOptions: ParsableArguments {
  @Flag(
    help: """
      The words of each text are separated by blanks, as another program has found them: each word is split into word \
      pieces as it is, without lower-casing. The model keeps this setting. For encoders that find words with a dictionary.
      """)
  var pretokenized = false
}

/// `--progress`.
struct ProgressOptions: ParsableArguments {
  @Option(
    name: .customLong("progress"),
    help: ArgumentHelp(
      "How progress is shown: auto, json (one object per line on standard error) or none.", valueName: "style"))
  var style: ProgressStyle = .auto
}

/// The store, of commands that read one.
struct StoreArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The store, a SQLite file that clfa score wrote.", valueName: "store"),
    completion: .file(extensions: ["sqlite"]))
  var path: String
}

/// A model's folder, for commands that do not change it.
struct ModelArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The model folder.", valueName: "model"), completion: .directory)
  var path: String
}

/// `--run`, of commands that read one.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("run"), help: ArgumentHelp("The run's name. Default: the latest run.", valueName: "run"))
  var name: String?
}

/// The options of a comparison of runs.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The positive label, for binary scores.", valueName: "label"))
  var positive: String?

  @Option(
    help: ArgumentHelp("Group posts by a column: one of the corpus, or file, state or day.", valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      "Compare with another run of this store, or of another store as FILE.sqlite:RUN.", valueName: "run"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "With --against: content pairs posts with equal content; key also pairs posts with the same key but different content.",
      valueName: "way"))
  var pair: PostPairing?

  /// Whether any of it is given.
  var isAnySet: Bool { positive != nil || by != nil || against != nil || pair != nil }

  func validate() throws {
    if pair != nil, against == nil {
      throw ValidationError("--pair needs a run to compare with; name it with --against.")
    }
  }
}

/// `--distinct`, of commands that count a run's posts.
struct DistinctOption: ParsableArguments {
  @Flag(
    name: .customLong("distinct"),
    help: "Count one post of each group of reposts: a post, its retweets and shares, and copies with other marks.")
  var isOn = false

  /// Says how many posts are left, and whether some have no group.
  static func say(_ reposts: RunReposts?) {
    guard let reposts else { return }
    let posts = reposts.posts.counted("post", "posts")
    Console.line("notice: \(reposts.distinct) of \(posts), one of each group of reposts")
    if let notice = reposts.notice { Console.line("notice: \(notice)") }
  }
}

/// `--images` and `--image-match`, of commands that read a corpus.
struct PictureFolderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where picture paths start from: a folder, a .zip or an uncompressed .tar. Several: repeat it, or write a pattern "
        + "such as 'shards/*.tar'. Nothing outside is read. Default: the folder of each corpus file.",
      valueName: "place"), completion: .directory)
  var images: [String] = []
  @Option(
    help: ArgumentHelp(
      "How pictures are found: written (the path as it is), near (also in other spellings: backslashes, escapes, letter "
        + "case, another ending, the folder of another machine, a web address ...), or name (then by the name alone, in any "
        + "folder). Default: written.", valueName: "rule"))
  var imageMatch: PictureMatch?

  /// Whether any of it is given.
  var isAnySet: Bool { !images.isEmpty || imageMatch != nil }

  /// The place and the rule.
  var location: PictureLocation { PictureLocation(images, match: imageMatch ?? .written) }

  /// The rule as a run records it.
  var reading: [ReadingFlag] { imageMatch.map { [ReadingFlag(name: "image-match", value: $0.rawValue)] } ?? [] }
}

/// `--images` and `--features`, of commands that read a run's posts again.
struct ScoredFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder that picture paths start from; nothing outside it is read. Default: the folder that the run was scored from.",
      valueName: "folder"), completion: .directory)
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The folder to which paths of feature files are relative, for a model with feature streams. Default: that of --images.",
      valueName: "folder"), completion: .directory)
  var features: String?
}

/// Which pictures are faults.
struct PictureLimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The maximum number of pixels of a picture; larger pictures are faults. Default: \(PictureLimits().pixels).",
      valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var maxPixels = PictureLimits().pixels
  @Option(
    help: ArgumentHelp(
      "The maximum size of a picture file in bytes; larger files are faults. Default: \(PictureLimits().bytes).",
      valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var maxPictureBytes = PictureLimits().bytes
  @OptionGroup var truncated: TruncatedPictureOptions

  /// The limits that these flags give.
  var limits: PictureLimits {
    PictureLimits(pixels: maxPixels, bytes: maxPictureBytes, truncated: truncated.policy)
  }
}

/// `--truncated-images`, of commands that decode pictures.
struct TruncatedPictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to treat a picture file that ends early, such as a broken download: fault, or accept (take what is there). Default: fault.",
      valueName: "choice"))
  var truncatedImages: TruncatedPictures?

  /// The given treatment, or a fault.
  var policy: TruncatedPictures { truncatedImages ?? .fault }
}

/// `--decode`, of commands that compute from pictures.
struct DecodingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How large JPEGs are decoded: scaled (at 1/2, 1/4 or 1/8 of their size, which is faster) or exact. "
        + "Default: scaled.", valueName: "choice"))
  var decode: PictureDecoding?

  /// The given way of decoding, or the faster one.
  var decoding: PictureDecoding { decode ?? .scaled }
}

/// How much of a corpus is read.
struct SubsetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read only this share of the posts, chosen by a hash of the key, such as 1%. The posts of 1% are part of those of 5%.",
      valueName: "p%"),
    transform: Sample.init(parsing:))
  var sample: Sample?
  @Option(
    help: ArgumentHelp("Stop after this many rows. Default: read all.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var limit: Int?
}

/// `--strict`, of commands that can fault rows.
struct StrictOptions: ParsableArguments {
  @Flag(
    name: .customLong("strict"),
    help: "Exit with code 2 if any row is faulted, including rows of the same run from earlier commands.")
  var isOn = false
}

/// Precision and instruction set of a model's computation.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The number format for matrix products: auto, f32, bf16 or int8. auto is int8 for a quantized model, otherwise \
      bf16 if a short measurement finds it at least 1.15 times as fast as f32, otherwise f32. A run that goes on keeps \
      its format. clfa stream measures nothing; for a model that is not quantized, auto is f32 there.
      """,
      valueName: "name"))
  var precision: PrecisionFlag = .auto
  @OptionGroup var instructions: InstructionSetOptions

  /// The instruction set.
  var isa: InstructionSetFlag { instructions.isa }

  /// Restricts the process to the instruction set, and rejects a precision that it lacks.
  func apply() throws {
    try isa.pin()
    try precision.check(under: isa)
  }
}

/// `--isa`.
struct InstructionSetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The widest instruction set to use: auto, or one of \(InstructionSet.names.joined(separator: ", ")).",
      valueName: "set"), transform: InstructionSetFlag.init(parsing:))
  var isa: InstructionSetFlag = .auto
}

/// `-o`, for commands that create a model's folder.
struct NewFolderOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The folder to create; it must not exist.", valueName: "folder"), completion: .directory)
  var path: String

  func validate() throws {
    if path.isEmpty { throw ValidationError("-o takes the name of a folder; give a name that is not empty.") }
  }
}
