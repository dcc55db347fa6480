import ArgumentParser
import Bytes
import Corpus
import Inputs
import Models
import Preparation
import Queries
import Scoring
import Store
import Synchronization
import Tensors

/// `clfa stream`: scores records as they come, and prints one JSON line for each.
struct StreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Score records as they come, without a store: one JSON line out for each record in.",
    discussion: """
      Reads a corpus from standard input or from files, and prints one JSON object for each record, in order: the \
      prediction, or the fault, with file, record and line. The last line is {"end":true, ...} with the numbers of \
      records read and lines written; output without it is incomplete. Nothing else is written.

      Scores have the same bits as those of clfa score with the same --precision. Unless it is given, they are \
      computed in f32 (by a quantized model in int8), so that all parts of a corpus are computed alike.

      A record that has arrived waits for others at most --latency. --expect-end makes an input without an end mark \
      an error: its last line must be #end, or {"end":true} as in the output; a pipe ends alike whether its writer \
      is done or was killed.

      SIGTERM and the end of the process that started it end the command after a whole line; so does a closed output.

      EXAMPLE
        cat posts.csv | clfa stream --model MODEL > scores.jsonl
        clfa split posts.csv --parts 100 -o parts.json
        clfa stream --model MODEL --part parts.json:7 --with-posts > 7.jsonl

      EXIT CODE
        0    every record was answered
        1    failed, or the output was closed or the parent process ended before that
        130  interrupted by a signal
      """)

  @Argument(
    help: ArgumentHelp(
      "Files of records, as of clfa score; - is standard input. Default: -.", valueName: "corpus"),
    completion: .corpusFiles)
  var corpora: [String] = []

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var flags: StreamOptions

  func run() throws {
    try flags.compute.apply()
    let folder = try ModelFolder.load(flags.model)
    // The parts of a corpus must be computed alike on every machine, so nothing is measured.
    let asked = flags.compute.precision.asked ?? (folder.isQuantised ? .int8 : .f32)
    try folder.check(asked)
    let options = try flags.options(spaces: folder.configuration.spaces)
    let choice = try PrecisionChoice(asked: asked, isQuantised: folder.isQuantised) {
      try PrecisionRates(measuring: $0, of: folder.configuration, threads: options.threads)
    }
    Interrupt.ending.withLock { $0 = { Console.line(Self.words(for: StreamWatch.stop, lines: nil)) } }
    Interrupt.install()
    var output = LineOutput()
    StreamWatch.begin()
    do {
      let classifier = try StreamTask.classifier(of: folder, choice.precision)
      // From here on, a reader that does not take the lines must not keep the process.
      Interrupt.watch()
      guard try answer(folder, classifier, choice, options, &output) else { throw ScoringError.interrupted }
    } catch {
      switch error {
      case ScoringError.interrupted, CorpusError.interrupted, LineOutput.WriteError.interrupted: break
      case LineOutput.WriteError.closed: throw Self.ending(.outputClosed, output)
      default: throw error
      }
      throw Self.ending(StreamWatch.stop, output)
    }
  }

  /// Writes every line; false if a signal came first.
  private func answer(
    _ folder: ModelFolder, _ classifier: PostClassifier, _ choice: PrecisionChoice, _ options: ScoringOptions,
    _ output: inout LineOutput
  ) throws -> Bool {
    let input = try StreamInput(flags, corpora, columns)
    for notice in flags.compute.notices(choice, on: folder) { Console.line("notice: \(notice)") }
    if flags.compute.precision.asked == nil, choice.precision == .f32, Precision.bf16.isSupported {
      Console.line(
        "notice: computing in f32 so that all parts of a corpus are computed alike; --precision bf16 rounds more and is faster on many processors"
      )
    }
    do {
      return try stream(input, folder, classifier, choice.precision, options, &output)
    } catch CorpusError.empty where input.paths == ["-"] && (flags.expectEnd || flags.input == .jsonLines) {
      // Other programs divide tables into parts of which some are empty.
      try output.write(
        try task(folder, choice.precision, options, input, names: input.paths, nil).emptyEnd().text + "\n")
      return true
    }
  }

  private func stream(
    _ input: StreamInput, _ folder: ModelFolder, _ classifier: PostClassifier, _ precision: Precision,
    _ options: ScoringOptions, _ output: inout LineOutput
  ) throws -> Bool {
    let reader = try CorpusReader(paths: input.paths, options: input.options)
    let posts = try flags.posts(known: reader.extraColumns)
    let features = try flags.features.selection.files(
      of: folder.configuration.features, model: folder.name, paths: input.paths, reader,
      lacking: { Console.line("notice: " + FeatureOptions.notice(lacking: $0)) })
    let task = try task(folder, precision, options, input, names: reader.files, features)
    let end = try task.run(
      reader, classifier, latency: flags.latency.duration, notice: { Console.line("notice: \($0)") },
      write: { rows in
        var text = ""
        for row in rows { text += StreamLine.text(of: row, posts) + "\n" }
        try output.write(text)
      })
    guard let end else { return false }
    try output.write(end.text + "\n")
    return true
  }

  private func task(
    _ folder: ModelFolder, _ precision: Precision, _ options: ScoringOptions, _ input: StreamInput, names: [String],
    _ features: FeatureFiles?
  ) throws -> StreamTask {
    let source = try ScoringCorpus(
      names: names, paths: input.paths, options: input.options, images: flags.pictures.location, features: features,
      reading: input.reading + flags.pictures.reading, limits: flags.limits.limits)
    return StreamTask(
      corpus: source, model: folder, precision: precision, options: options,
      limits: flags.limits.limits, part: input.part, title: input.title, version: Version.number)
  }

  private static func ending(_ reason: StreamWatch.Reason, _ output: LineOutput) -> ExitCode {
    Console.line(words(for: reason, lines: output.lines))
    return reason == .signal ? ExitStatus.interrupted : .failure
  }

  private static func words(for reason: StreamWatch.Reason, lines: Int?) -> String {
    let written = lines.map { " after \($0.counted("whole line", "whole lines"))" } ?? ""
    return switch reason {
    case .signal: "interrupted\(written)"
    case .parentEnded: "ended\(written), because the process that started this one has ended"
    case .outputClosed: "ended\(written), because standard output was closed"
    }
  }
}

/// The flags of `clfa stream`, other than the corpus'.
struct StreamOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model folder.", valueName: "folder"), completion: .directory)
  var model: String
  @Option(
    help: ArgumentHelp(
      "Read the records of this part only; clfa split --parts wrote the file. It names the corpus.",
      valueName: "parts.json:k"), transform: PartArgument.init(parsing:))
  var part: PartArgument?
  @Option(
    help: ArgumentHelp("The form of the input: csv or jsonl. Default: by its first bytes.", valueName: "form"))
  var input: FileForm?
  @Option(
    help: ArgumentHelp(
      "The vectors to print, in base 64: all, none, or a list such as text,image.", valueName: "spaces")
  )
  var embeddings = "none"
  @Flag(
    help: "Print all that a store keeps of a post: its text, label, date, other columns and so on, for clfa collect.")
  var withPosts = false
  @Option(
    help: ArgumentHelp("Print these other columns of each post, with commas between them.", valueName: "column,..."))
  var pass: String?
  @Option(
    help: ArgumentHelp(
      "How long a record that has arrived waits for others, such as 50ms or 2s. Default: 50ms.", valueName: "time"),
    transform: Latency.init(parsing:))
  var latency = Latency.usual
  @Flag(help: "Fail if the input does not end with its end mark: the line #end, or {\"end\":true}.")
  var expectEnd = false
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var features: FeatureOptions
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var threads: ThreadOptions
  @Option(
    help: ArgumentHelp(
      "How to treat a post whose picture cannot be read: fault, or text-only (score its text).", valueName: "choice"))
  var missingImage: MissingPicturePolicy = .fault
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var limits: PictureLimitOptions

  func validate() throws {
    // The model's streams are not known yet.
    _ = try VectorSpaces.named(embeddings, of: nil)
    if part != nil, expectEnd {
      throw ValidationError("a part ends where the file of parts says, so --expect-end cannot go with --part.")
    }
    if withPosts, pass != nil { throw ValidationError("--with-posts prints every column; leave out --pass.") }
  }

  /// The scorer's options for a model whose vectors lie in `spaces`.
  func options(spaces: [String]) throws -> ScoringOptions {
    var options = ScoringOptions(threads: threads.count, spaces: try VectorSpaces.named(embeddings, of: spaces))
    options.missingPicture = missingImage
    options.decoding = decoding.decoding
    options.truncatedPictures = limits.truncated.policy
    return options
  }

  /// Which parts of a post are printed; a column that the corpus lacks is an error.
  ///
  /// - Parameter known: the corpus' other columns.
  /// - Returns: the parts.
  /// - Throws: a usage error.
  func posts(known: [ByteText]) throws -> StreamedPosts {
    guard let pass else { return withPosts ? .whole : .identity }
    let names = pass.split(separator: ",").map { ByteText($0) }
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "--pass: the corpus has no other column \"\(stranger.printable)\""
          + DidYouMean.hint(for: stranger.text, in: known.map(\.text)) + ".")
    }
    return .columns(names)
  }
}
