internal import Tensors
internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Evaluation
import Inputs
import Models
import Queries
import Scoring

/// `clfa model quantize`: creates an int8 model, and measures the difference.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Make an int8 version of a model, and measure how its predictions differ on labelled posts.",
    discussion: """
      Scores the labelled posts in f32 and in int8, prints how the labels differ, and writes a model folder whose \
      matrices are stored in int8. It is about a third of the size of the original, and its scores are bit-identical \
      to those of the original under --precision int8. The comparison is recorded in config.json and card.md, and \
      clfa score shows it. Pictures are decoded exactly. Rows without a label and faulted rows are left out.

      McNemar's b and c count the posts that only f32 and only int8 classifies correctly; p is exact and two-sided.

      EXAMPLE
        clfa model quantize MODEL --corpus labelled.csv -o MODEL-int8
        clfa model quantize MODEL --corpus test.tsv --images /data/photos --labels 0=no,1=yes -o MODEL-int8
        clfa score dump.csv --model MODEL-int8 --store dump.sqlite
      """)

  @OptionGroup var model: ModelArgument
  @Option(
    help: ArgumentHelp(
      "A CSV or TSV file of labelled posts; - is standard input. Repeated files form one corpus.",
      valueName: "file"), completion: .file(extensions: ["csv", "tsv"]))
  var corpus: [String]
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var features: FeatureOptions
  @OptionGroup var output: NewFolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var missing: MissingInputOptions
  @OptionGroup var columns: ColumnOptions
  @OptionGroup var format: FormatOption

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let folder = try ModelFolder.load(model.path)
      try folder.checkQuantising(to: output.path)
      let limits = PictureLimits()
      var reader = try CorpusReader(paths: corpus, options: columns.options)
      let folders = try PictureFolders(images: pictures.images, paths: corpus, names: reader.files, limits: limits)
      let features = try features.selection.files(
        of: folder.configuration.features, model: folder.name, paths: corpus, reader,
        lacking: { Console.line("notice: \(FeatureOptions.notice(lacking: $0))") })
      let inputs = try InputReader(folder: folder, limits: limits, decoding: .exact)
      let sampler = CorpusSampler(
        reader: inputs, folders: folders, features: features, options: ScoringOptions(threads: 1, spaces: []),
        labelNames: folder.labelNames)
      let sample = try sampler.sample(&reader, paths: corpus, columns: columns.options)
      // A sample that a signal interrupted says nothing about the corpus.
      if shouldStop() { throw CancellationError() }
      let mismatches = MismatchFinder(
        model: folder.name, folder.configuration, trained: try folder.trainingProfile(),
        sample: sample, allowed: try missing.allowedInputs(of: folder.configuration)
      ).mismatches
      // Agreement measured on posts without half of the model's inputs would mislead users who score complete posts.
      if let error = MissingInputsError(mismatches) { throw error }
      // Unknown labels are reported at the end, for all rows.
      for mismatch in mismatches where mismatch.subject != .labels { Console.line("notice: \(mismatch.words)") }
      let f32 = try PostClassifier(folder: folder, precision: .f32)
      let int8 = try PostClassifier(folder: folder, precision: .int8)
      let comparison = PrecisionComparison(
        first: f32, second: int8, labelNames: folder.labelNames, reader: inputs, folders: folders,
        features: features)
      let line = ProgressLine()
      let result = try comparison.run(consume reader, threads: threads.count) { rows, share in
        line.show { rows.counted("row", "rows") + " in f32 and int8" + ProgressLine.percent(share) }
      }
      line.close()
      tell(result)
      guard result.labels.total > 0 else { throw QuantizeError.noLabels(corpus: corpus.listed(most: 5)) }
      let agreement = Quantisation.Agreement(
        result.labels, corpus: corpus.map(FileStem.of).joined(separator: " + "))
      try folder.writeQuantised(
        to: output.path, like: int8, agreement: agreement,
        command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()),
        shouldStop: shouldStop)
      try format.print(["measure", "value"], agreement.lines.map { [.text($0.0), $0.1] })
    }
  }

  private func tell(_ result: PrecisionComparison.Result) {
    var notices = result.notices
    if result.unlabelled > 0 {
      notices.append(
        "\(result.unlabelled.counted("row has", "rows have")) no label, or a number without a name (--labels), and "
          + "\(result.unlabelled == 1 ? "is" : "are") left out")
    }
    if result.faulted > 0 {
      notices.append(
        "\(result.faulted.counted("row", "rows")) cannot be scored and \(result.faulted == 1 ? "is" : "are") left "
          + "out; see clfa score for the reasons")
    }
    if let unknownLabels = result.unknownLabels.notice { notices.append(unknownLabels) }
    for notice in notices { Console.line("notice: \(notice)") }
  }
}

/// Why a model cannot be quantised although the flags are valid.
enum QuantizeError: Error, CustomStringConvertible {
  /// No post has a label.
  case noLabels(corpus: String)

  var description: String {
    switch self {
    case .noLabels(let corpus):
      "\(corpus.printable): no row can be scored and has a label, so there is nothing to record; name the column of labels "
        + "with --label, and coded labels with --labels"
    }
  }
}

extension Quantisation.Agreement {
  /// All numbers with their names.
  fileprivate var lines: [(String, QueryValue)] {
    [
      ("posts", .integer(Int64(posts))), ("labels changed", .integer(Int64(changed))),
      ("share of labels changed", .real(share)), ("accuracy in f32", .real(accuracyF32)),
      ("accuracy in int8", .real(accuracyInt8)), ("accuracy, difference", .real(accuracyInt8 - accuracyF32)),
      ("macro-F1 in f32", .real(macroF1F32)), ("macro-F1 in int8", .real(macroF1Int8)),
      ("macro-F1, difference", .real(macroF1Int8 - macroF1F32)),
      ("McNemar's b, right in f32 only", .integer(Int64(rightInF32Only))),
      ("McNemar's c, right in int8 only", .integer(Int64(rightInInt8Only))),
      ("McNemar's p, exact, two-sided", .real(p)),
    ]
  }
}
