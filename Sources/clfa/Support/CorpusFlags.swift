import ArgumentParser
import Corpus

/// How a corpus is read: shared by every command that reads one.
struct CorpusFlags: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV or TSV files with a header; - is standard input. Several files are one corpus.", valueName: "corpus"),
    completion: .file(extensions: ["csv", "tsv"]))
  var corpora: [String]

  @OptionGroup var columns: ColumnFlags

  /// The options these flags stand for.
  var options: CorpusOptions { columns.options }
}
