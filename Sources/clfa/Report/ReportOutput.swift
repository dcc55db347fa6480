import ArgumentParser
import Bytes
import Files
import Reporting

/// Where a report goes, and as what.
struct ReportOutput: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: "The file to write; - is standard output. PNG and SVG are a file a page: NAME-1.png and so on.",
    completion: .file(extensions: ["pdf", "png", "svg"]))
  var output: String

  @Option(help: ArgumentHelp("pdf, png or svg. Default: what the file's name ends in, else pdf.", valueName: "kind"))
  var format: ReportFormat?

  @Option(help: ArgumentHelp("Pixels an inch of a PNG, 36 to 600.", valueName: "n"))
  var dpi = 150

  /// The kind of file.
  var kind: ReportFormat {
    format ?? ReportFormat.allCases.first { output.hasSuffix("." + $0.rawValue) } ?? .pdf
  }

  /// Refuses a place where something else is, before anything is read.
  func check(isOneFile: Bool) throws {
    guard ReportFormat.resolutions.contains(dpi) else {
      throw ValidationError(
        "--dpi takes \(ReportFormat.resolutions.lowerBound) to \(ReportFormat.resolutions.upperBound).")
    }
    if format == nil, !isStream, let ending,
      !ReportFormat.allCases.contains(where: { $0.rawValue.hasSameBytes(as: ending) })
    {
      throw ValidationError(
        "a report is a PDF, PNG or SVG, and \(output.printable) ends in .\(ending.printable); give it such an ending, or say "
          + "--format.")
    }
    guard isStream else {
      if kind == .pdf || isOneFile { try ReportFile.check(output, kind, flag: "-o") }
      return
    }
    if kind != .pdf, !isOneFile {
      throw ValidationError("\(kind.rawValue) is a file a page, and standard output is one file; name one with -o.")
    }
    if StandardOutput.isTerminal() {
      throw ValidationError(
        "a \(kind.rawValue.uppercased()) on a terminal is of no use; send it to a file or a program, or name a file with -o."
      )
    }
  }

  /// Writes a report's files, each whole or not at all.
  func write(_ report: DrawnReport) throws {
    switch report {
    case .whole(let bytes): if isStream { try send(bytes) } else { try AtomicFile.write(bytes, to: output) }
    case .pages(let pages):
      // Every place is looked at before the first is written.
      for number in pages.indices { try ReportFile.check(path(ofPage: number + 1), kind, flag: "-o") }
      for (index, bytes) in pages.enumerated() { try AtomicFile.write(bytes, to: path(ofPage: index + 1)) }
    }
  }

  /// What the file's name ends in behind a dot; nil for a name without one.
  private var ending: String? {
    let name = output.split(separator: "/").last.map(String.init) ?? output
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else { return nil }
    return String(name[name.utf8.index(after: dot)...])
  }

  private var isStream: Bool { output.hasSameBytes(as: "-") || OutputFile.descriptor(named: output) == 1 }

  /// `NAME-1.png`, whether or not the name ends in `.png`.
  private func path(ofPage number: Int) -> String {
    let ending = "." + kind.rawValue
    return (output.hasSuffix(ending) ? String(output.dropLast(ending.count)) : output) + "-\(number)" + ending
  }

  private func send(_ bytes: [UInt8]) throws {
    let output = StandardOutput()
    output.buffer = bytes
    do { try output.flush() } catch StandardOutput.Trouble.closed {}
  }
}
