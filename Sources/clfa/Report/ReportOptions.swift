import ArgumentParser
import Bytes
import Files
package import Queries
package import Reporting
import Results

/// The destination and the format of a report.
struct ReportOutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: "The file to write; - is standard output. PNG and SVG have one file per page: NAME-1.png and so on.",
    completion: .file(extensions: ["pdf", "png", "svg"]))
  var output: String

  @Option(
    help: ArgumentHelp("pdf, png or svg. Default: by the ending of the file's name, otherwise pdf.", valueName: "kind"))
  var format: ReportFormat?

  @Option(
    help: ArgumentHelp("The resolution of a PNG in pixels per inch, 36 to 600. Default: 150.", valueName: "n"),
    transform: NumberArgument.whole(ReportFormat.resolutions))
  var dpi = 150

  /// The kind of file.
  var kind: ReportFormat {
    format ?? ReportFormat.allCases.first { output.hasSuffix("." + $0.rawValue) } ?? .pdf
  }

  /// Rejects a path where something else exists, before anything is read.
  func check(isOneFile: Bool) throws {
    if format == nil, !isStream, let ending, ReportFormat(rawValue: ending) == nil {
      throw ValidationError(
        "a report is a PDF, PNG or SVG, and \(output.printable) ends in .\(ending.printable); give it one of these endings, or add "
          + "--format.")
    }
    guard isStream else {
      if kind == .pdf || isOneFile { try ReportFile.check(output, kind, flag: "-o") }
      return
    }
    if kind != .pdf, !isOneFile {
      throw ValidationError(
        "\(kind.rawValue) has one file per page, and standard output is one file; name a file with -o.")
    }
    if StandardOutput.isTerminal() {
      throw ValidationError(
        "a \(kind.rawValue.uppercased()) cannot be shown on a terminal; send it to a file or a program, or name a file with -o."
      )
    }
  }

  /// Writes a report's files, each completely or not at all.
  func write(_ report: DrawnReport) throws {
    switch report {
    case .whole(let bytes): if isStream { try send(bytes) } else { try ReportFileWriter.write(bytes, to: output) }
    case .pages(let pages):
      // Every path is checked before the first file is written.
      for number in pages.indices { try ReportFile.check(path(ofPage: number + 1), kind, flag: "-o") }
      for (index, bytes) in pages.enumerated() { try ReportFileWriter.write(bytes, to: path(ofPage: index + 1)) }
    }
  }

  /// The extension of the file's name, without the dot; nil for a name without one.
  private var ending: String? {
    let name = output.split(separator: "/").last.map(String.init) ?? output
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else { return nil }
    return String(name[name.utf8.index(after: dot)...])
  }

  private var isStream: Bool { output == "-" || OutputFile.descriptor(named: output) == 1 }

  /// `NAME-1.png`, whether or not the name ends in `.png`.
  private func path(ofPage number: Int) -> String {
    let ending = "." + kind.rawValue
    return (output.hasSuffix(ending) ? String(output.dropLast(ending.count)) : output) + "-\(number)" + ending
  }

  private func send(_ bytes: [UInt8]) throws {
    let output = StandardOutput()
    output.buffer = bytes
    do { try output.flush() } catch StandardOutput.WriteError.closed {}
  }
}

/// How a report shows pictures and texts, and the files that it needs for that.
struct ReportContentOptions: ParsableArguments {
  @OptionGroup var files: ScoredFileOptions

  @Option(
    help: ArgumentHelp(
      "The folder of the model that scored the run. Adds its card and the attention of words to pictures.",
      valueName: "folder"),
    completion: .directory)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "How pictures are drawn: show, blur or none. Default: show, or blur in the layout triage.", valueName: "choice"))
  var pictures: PictureRequest.Showing?

  @Option(
    help: ArgumentHelp(
      "What to replace by a placeholder in every text: handles, urls, keys, or a list such as handles,urls.",
      valueName: "list"),
    transform: Self.redaction)
  var redact: Redaction?

  /// The parts of texts that are hidden.
  var redaction: Redaction { redact ?? [] }

  /// Whether any option about a store's posts is set.
  var isAnySet: Bool { files.images != nil || files.features != nil || pictures != nil || redact != nil }

  /// How pictures are shown.
  func pictures(isTriage: Bool) -> PictureRequest {
    PictureRequest(showing: pictures ?? (isTriage ? .blur : .show), images: files.images)
  }

  private static func redaction(_ list: String) throws -> Redaction {
    var redaction: Redaction = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let part = Redaction.named(name) else {
        throw ValidationError(
          "--redact takes some of \(Redaction.names.joined(separator: ",")); '\(name.printable)' is not one of them"
            + DidYouMean.hint(for: name, in: Redaction.names) + ".")
      }
      redaction.formUnion(part)
    }
    return redaction
  }
}

/// One section instead of a layout, and one chart instead of pages.
struct FigureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Draw only this section.", valueName: "name"))
  var section: String?

  @Flag(help: "Draw only the section's chart, without a page around it, for use in a paper.")
  var figure = false

  @Option(
    help: ArgumentHelp(
      "The figure's width with its unit, such as 84mm, 3.3in or 240pt. Default: 84mm, for wide charts 170mm.",
      valueName: "length"), transform: Length.init(parsing:))
  var width: Length?

  /// Whether any of it is asked for.
  var isAsked: Bool { section != nil || figure || width != nil }

  /// The figure's width in points.
  var points: Double { (width ?? (isWide ? .page : .column)).points }

  private var isWide: Bool { section.flatMap(ReportBlock.init(rawValue:))?.isWide ?? false }

  func check(with layout: String?) throws {
    if section != nil, layout != nil { throw ValidationError("give either --section or --layout.") }
    if figure, section == nil { throw ValidationError("--figure draws one chart; say which with --section NAME.") }
    if width != nil, !figure { throw ValidationError("--width is for figures; add --figure.") }
  }
}

/// A length such as `84mm`, `8.4cm`, `3.3in` or `240pt`.
struct Length {
  /// In points of 1/72 inch.
  let points: Double

  /// The width of a column in a paper.
  static let column = Length(points: 84 * Figure.millimetre)
  /// The width of a paper's page between its margins.
  static let page = Length(points: 170 * Figure.millimetre)

  private init(points: Double) { self.points = points }

  init(parsing argument: String) throws {
    let units = [("mm", Figure.millimetre), ("cm", 10 * Figure.millimetre), ("in", 72.0), ("pt", 1.0)]
    guard let (unit, size) = units.first(where: { argument.hasSuffix($0.0) }),
      let number = Double(argument.dropLast(unit.count)), Figure.widths.contains(number * size)
    else {
      throw ValidationError("give 60mm to 400mm, with the unit: mm, cm, in or pt, such as 84mm, 3.3in or 240pt.")
    }
    points = number * size
  }
}

extension ReportFormat: ExpressibleByArgument {}
extension PictureRequest.Showing: ExpressibleByArgument {}
extension PostPairing: ExpressibleByArgument {}

/// The path of a drawn file: it may replace a file of its kind, but never a store or anything else.
enum ReportFile {
  /// Rejects a path at which something else exists. Only the beginning of a regular file is read.
  static func check(_ path: String, _ format: ReportFormat, flag: String) throws {
    do throws(FileError) {
      try OutputFile.check(path)
    } catch .isFolder {
      throw ReportingError.outputIsDirectory(path)
    } catch {
      throw ReportingError.cannotWrite(path: path, reason: error.description)
    }
    let beginning: [UInt8] =
      switch format {
      case .pdf: Array("%PDF-".utf8)
      case .png: [0x89] + Array("PNG\r".utf8)
      case .svg: Array("<?xml".utf8)
      }
    let start = OutputFile.beginning(of: path, beginning.count)
    guard !start.isEmpty, start != beginning else { return }
    throw ValidationError(
      "\(path.printable) exists and is not a \(format.rawValue.uppercased()); name another file with \(flag).")
  }
}
