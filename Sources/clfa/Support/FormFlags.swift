import ArgumentParser
import Corpus

/// How the files of a corpus are written: shared by every command that reads one.
struct FormFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The character between cells, or the word tab. Default: a tab for .tsv, else a comma.", valueName: "character"),
    transform: Delimiter.parse)
  var delimiter: UInt8?

  @Option(
    help: ArgumentHelp("utf-8, utf-16 or windows-1252. Default: utf-8.", valueName: "name"),
    completion: .list(TextEncoding.allCases.map(\.rawValue)), transform: TextEncoding.init(parsing:))
  var encoding: TextEncoding?

  @Flag(help: "The files have no header line: columns are called 1, 2, 3 ...") var noHeader = false
}
