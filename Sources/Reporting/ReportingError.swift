import Bytes
import Results

/// Why a report or a figure could not be made.
package enum ReportingError: Error, Equatable, Sendable {
  /// The text is not a valid layout.
  case badLayout(String)
  /// The file is not a valid layout.
  case badLayoutFile(path: String, reason: String)
  /// A layout contains an unknown section.
  case noSuchBlock(String, page: Int, known: [String])
  /// There is no section with this name.
  case noSuchSection(String, known: [String])
  /// A layout sets an option that its section does not have.
  case noSuchOption(String, section: String, known: [String])
  /// A layout sets an option to a value that is not allowed.
  case badOption(String, section: String, range: ClosedRange<Int>)
  /// A layout has an unknown key.
  case noSuchLayoutKey(String, known: [String])
  /// The layout file could not be read.
  case unreadableLayout(path: String, reason: String)
  /// There is no built-in layout with this name.
  case noSuchLayout(String, known: [String])
  /// The section has no chart; `reason` is what the store lacks, and if it is nil, `known` are the sections with
  /// charts.
  case noChart(section: String, reason: String?, known: [String])
  /// The chart needs more width than the figure has, both in millimetres.
  case figureTooNarrow(section: String, millimetres: Int, needed: Int)
  /// The folder contains another model than the one that scored the run.
  case otherModel(path: String, fingerprint: String, scorer: String, scorerFingerprint: String)
  /// No font is installed.
  case noFonts
  /// Cairo reported this error.
  case drawing(String)
  /// The report's path is a folder.
  case outputIsDirectory(String)
  /// The report's file could not be written.
  case cannotWrite(path: String, reason: String)
}

extension ReportingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badLayout(let reason):
      "not a layout: \(reason.printable)"
    case .badLayoutFile(let path, let reason):
      "\(NameHint.quoted(path)) is not a layout: \(reason.printable)"
    case .noSuchBlock(let name, let page, let known):
      "page \(page) of the layout asks for the block \(NameHint.quoted(name)), which does not exist; "
        + NameHint.nearest(to: name, in: known, "the blocks are")
    case .noSuchSection(let name, let known):
      "no section named \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "the sections are"))"
    case .noSuchOption(let name, let section, []):
      "the section \(NameHint.quoted(section)) takes no options; remove \(NameHint.quoted(name)), and write only the section's name"
    case .noSuchOption(let name, let section, let known):
      "the section \(NameHint.quoted(section)) has no option \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "its options are"))"
    case .badOption(let name, let section, let range):
      "\(NameHint.quoted(name)) of the section \(NameHint.quoted(section)) takes a whole number from \(range.lowerBound) to "
        + "\(range.upperBound)"
    case .noSuchLayoutKey(let name, let known):
      "the layout has a key \(NameHint.quoted(name)), which layouts do not have; \(NameHint.nearest(to: name, in: known, "the keys are"))"
    case .unreadableLayout(let path, let reason):
      "the layout \(NameHint.quoted(path)) cannot be read: \(reason.printable); check the path"
    case .noSuchLayout(let name, let known):
      "no built-in layout is named \(NameHint.quoted(name)), and the name of a layout file ends in .json; "
        + NameHint.nearest(to: name, in: known, "the built-in layouts are")
    case .noChart(let section, let reason?, _):
      "the section \(NameHint.quoted(section)) has no chart for this run: \(reason.printable)"
    case .noChart(let section, nil, let known):
      "the section \(NameHint.quoted(section)) has no chart; the sections with charts are \(known.joined(separator: ", "))"
    case .figureTooNarrow(let section, let given, let needed) where needed <= 400:
      "the chart of \(NameHint.quoted(section)) does not fit into \(given) mm"
    case .figureTooNarrow(let section, _, _):
      "the chart of \(NameHint.quoted(section)) fits no figure of 400 mm or less"
    case .otherModel(let path, let fingerprint, let scorer, let scorerFingerprint):
      "\(path.printable) (\(fingerprint.prefix(12))) is not the model that the run was scored with, \(scorer.printable) "
        + "(\(scorerFingerprint.prefix(12)))"
    case .noFonts:
      "no fonts were found, so no text can be drawn; install some, on Debian with "
        + "apt install fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
    case .drawing(let reason):
      "the page could not be drawn: \(reason.printable)"
    case .outputIsDirectory(let path):
      "\(NameHint.quoted(path)) is a folder; name a file, for instance \(NameHint.quoted(path + (path.hasSuffix("/") ? "" : "/") + "report.pdf"))"
    case .cannotWrite(let path, let reason):
      "cannot write \(NameHint.quoted(path)): \(reason.printable); check its folder and the disk, or name another file"
    }
  }
}
