import Bytes
import ArgumentParser
import Reporting
import Store

/// `clfa report`: a run on pages; of scoring, or of training.
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

      --training MODEL draws how a model was trained: losses, scores, learning rate and alignment over the epochs, and the \
      best epoch in numbers. It reads what clfa train left in the model's folder (history.jsonl, config.json, card.md).

      EXAMPLE
        clfa report posts.sqlite -o report.pdf
        clfa report posts.sqlite -o - | lp
        clfa report --training MODEL -o training.pdf
      """)

  @Argument(help: "The store, as clfa score wrote it.", completion: .file(extensions: ["sqlite"]))
  var store: String?

  @Option(
    help: ArgumentHelp("A model's folder, as clfa train wrote it: draw its training.", valueName: "model"),
    completion: .directory)
  var training: String?

  @Option(
    name: [.customShort("o"), .long], help: "The PDF file to write; - is standard output.",
    completion: .file(extensions: ["pdf"]))
  var output: String

  @Option(name: .customLong("run"), help: "The run's name; the latest run otherwise.")
  var runName: String?

  @Option(
    help: "A built-in layout (\(ReportLayout.names.joined(separator: ", "))) or a JSON file. Default: standard.")
  var layout: String?

  /// A report takes the place of a report, never of a store or of anything else.
  func validate() throws {
    guard (store == nil) != (training == nil) else {
      throw ValidationError("a report is on a store or on --training MODEL; name one of the two.")
    }
    if training != nil, runName != nil || layout != nil {
      throw ValidationError("--run and --layout are about a store; leave them out with --training.")
    }
    if isStream, StandardOutput.isTerminal() {
      throw ValidationError("a PDF on a terminal is of no use; send it to a file or a program, or name a file with -o.")
    }
    if !isStream { try PDFFile.check(output, flag: "-o") }
  }

  func run() throws {
    if let store { try draw(store) } else if let training { try write(TrainingPages.pdf(of: training)) }
  }

  private func draw(_ store: String) throws {
    let layout = try ReportLayout.find(layout ?? "standard")
    try Interruptible.run { shouldStop in
      let reader = try StoreReader(path: store, shouldStop: shouldStop)
      defer { reader.close() }
      let data = try ReportData.load(from: reader, run: runName, layout: layout)
      let pdf = try Report(data: data, layout: layout).pdf()
      if shouldStop() { throw StandardOutput.Trouble.interrupted }
      try write(pdf)
    }
  }

  private func write(_ pdf: [UInt8]) throws {
    if isStream { try send(pdf) } else { try AtomicFile.write(pdf, to: output) }
  }

  private var isStream: Bool { output.hasSameBytes(as: "-") }

  private func send(_ pdf: [UInt8]) throws {
    let output = StandardOutput()
    output.buffer = pdf
    do { try output.flush() } catch StandardOutput.Trouble.closed {}
  }
}
