import Bytes
import ArgumentParser
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

      A layout of your own is a JSON file, such as

        {"title": "Mine", "pages": [{"title": "All", "blocks": ["run"]}]}

      The blocks are \(ReportBlock.allCases.map(\.rawValue).joined(separator: ", ")).

      EXAMPLE
        clfa report posts.sqlite -o report.pdf
        clfa report posts.sqlite -o - | lp
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String

  @Option(
    name: [.customShort("o"), .long], help: "The PDF file to write; - is standard output.",
    completion: .file(extensions: ["pdf"]))
  var output: String

  @Option(name: .customLong("run"), help: "The run's name; the latest run otherwise.")
  var runName: String?

  @Option(help: "A built-in layout (\(ReportLayout.names.joined(separator: ", "))) or a JSON file.")
  var layout = "standard"

  /// A report takes the place of a report, never of a store or of anything else.
  func validate() throws {
    if isStream, StandardOutput.isTerminal() {
      throw ValidationError("a PDF on a terminal is of no use; send it to a file or a program, or name a file with -o.")
    }
    if !isStream { try PDFFile.check(output, flag: "-o") }
  }

  func run() throws {
    let layout = try ReportLayout.find(layout)
    try Interruptible.run { shouldStop in
      let reader = try StoreReader(path: store, shouldStop: shouldStop)
      defer { reader.close() }
      let data = try ReportData.load(from: reader, run: runName)
      let pdf = try Report(data: data, layout: layout).pdf()
      if shouldStop() { throw StandardOutput.Trouble.interrupted }
      if isStream { try send(pdf) } else { try AtomicFile.write(pdf, to: output) }
    }
  }

  private var isStream: Bool { output.hasSameBytes(as: "-") }

  private func send(_ pdf: [UInt8]) throws {
    let output = StandardOutput()
    output.buffer = pdf
    do { try output.flush() } catch StandardOutput.Trouble.closed {}
  }
}
