internal import Preparation
import ArgumentParser
import Bytes
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
      let task = QuantisationTask(
        corpora: corpus, columns: columns.options, images: pictures.location, features: features.selection,
        allowedMissing: try missing.allowedInputs(of: folder.configuration), threads: threads.count)
      let line = ProgressLine()
      let agreement = try task.run(
        folder, to: output.path, command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()),
        notice: { notice in
          switch notice {
          case .lackingFeatures(let column): Console.line("notice: \(FeatureOptions.notice(lacking: column))")
          case .mismatch(let mismatch): Console.line("notice: \(mismatch.words)")
          }
        },
        progress: { rows, share in
          line.show { rows.counted("row", "rows") + " in f32 and int8" + ProgressLine.percent(share) }
        },
        compared: { result in
          line.close()
          tell(result)
        }, shouldStop: shouldStop)
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
