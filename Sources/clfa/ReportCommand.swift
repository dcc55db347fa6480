import ArgumentParser
import Foundation
import Reporting
import Store

/// `clfa report`: a run on pages.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Print a run as a PDF: what was scored, how right it was, how text and picture align.",
    discussion: """
      The standard layout has three parts: what was scored with which model and what became of every row; \
      the predictions, the confusion matrix and the metrics; the similarity of text and picture. Without true labels \
      the report shows what was predicted. The same store gives the same bytes.

      A layout of your own is a JSON file: {"title": …, "pages": [{"title": …, "blocks": ["run", "confusion"]}]}. \
      The blocks are \(ReportBlock.allCases.map(\.rawValue).joined(separator: ", ")).

      EXAMPLE
        clfa report posts.sqlite -o report.pdf
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String

  @Option(
    name: [.customShort("o"), .long], help: "The PDF file to write.", completion: .file(extensions: ["pdf"]))
  var output: String

  @Option(name: .customLong("run"), help: "The run's name; the latest run otherwise.")
  var runName: String?

  @Option(help: "A built-in layout (\(ReportLayout.names.joined(separator: ", "))) or a JSON file.")
  var layout = "standard"

  /// A report takes the place of a report, never of a store or of anything else.
  func validate() throws {
    guard let file = FileHandle(forReadingAtPath: output) else { return }
    let start = try? file.read(upToCount: 5)
    guard let start, !start.isEmpty, start != Data("%PDF-".utf8) else { return }
    throw ValidationError("\(output) is there and is no PDF; name another file with -o.")
  }

  func run() throws {
    let layout = try ReportLayout.find(layout)
    try Interruptible.run { shouldStop in
      let reader = try StoreReader(path: store, shouldStop: shouldStop)
      defer { reader.close() }
      let data = try ReportData.load(from: reader, run: runName)
      if shouldStop() { throw ExitStatus.interrupted }
      try Report(data: data, layout: layout).write(to: output)
    }
  }
}
