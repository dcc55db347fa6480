internal import Bytes
import Queries

/// Why a report or an evaluation could not be made.
package enum ReportingError: Error, Equatable, Sendable {
  /// The store holds no run at all.
  case noRuns
  /// No run of this name; the names there are, the latest first.
  case noSuchRun(String, known: [String])
  /// The scorer names more labels than a report can hold.
  case tooManyLabels(Int, limit: Int)
  /// No scored post of the run has a true label.
  case noTruth(run: String, posts: Int)
  /// No scored post of the run has a true label from there; where they have some from.
  case noSuchSource(String, known: [String])
  /// The positive label is neither one of the model's nor a truth that occurs.
  case noSuchLabel(String, known: [String])
  /// No post of the run has a column of this name; the columns there are.
  case noSuchColumn(String, known: [String])
  /// The store could not be read.
  case unreadableStore(String)
  /// A layout's text is not a layout.
  case badLayout(String)
  /// A layout's file is not a layout.
  case badLayoutFile(path: String, reason: String)
  /// A layout names a block that does not exist.
  case noSuchBlock(String, page: Int, known: [String])
  /// No section of this name.
  case noSuchSection(String, known: [String])
  /// A layout sets an option that its section does not have.
  case noSuchOption(String, section: String, known: [String])
  /// A layout sets an option to what it does not take.
  case badOption(String, section: String, range: ClosedRange<Int>)
  /// A layout's object has a key that means nothing.
  case noSuchLayoutKey(String, known: [String])
  /// A layout's file could not be read.
  case unreadableLayout(path: String, reason: String)
  /// No layout of this name is built in.
  case noSuchLayout(String, known: [String])
  /// A figure was asked for of a section without a chart; why, where the store lacks it, else the sections with one.
  case noChart(section: String, reason: String?, known: [String])
  /// A figure's chart needs more width than it is given, both in millimetres.
  case figureTooNarrow(section: String, millimetres: Int, needed: Int)
  /// The machine has no font at all.
  case noFonts
  /// The drawing library refused; its own words.
  case drawing(String)
  /// The report's path is a folder.
  case outputIsDirectory(String)
  /// The report's file could not be written.
  case cannotWrite(path: String, reason: String)
}

extension ReportingError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  package var description: String {
    switch self {
    case .noRuns:
      "the store holds no run yet; score a corpus first: clfa score posts.csv --model MODEL --store STORE"
    case .noSuchRun(let name, let known):
      "no run named \(quoted(name)); \(nearest(to: name, in: known, "the store's runs are"))"
    case .tooManyLabels(let count, let limit):
      "the model has \(count) labels; a report holds at most \(limit)"
    case .noTruth(let run, 0):
      "run \(quoted(run)) has no scored post to compare; what became of its rows: clfa query STORE coverage"
    case .noTruth(let run, let posts):
      (posts == 1
        ? "the one scored post of run \(quoted(run)) has no true label"
        : "none of the \(posts) scored posts of run \(quoted(run)) has a true label")
        + "; add a label column to the corpus and score it again: labels land without scoring again"
    case .noSuchLabel(let name, let known):
      "no label \(quoted(name)); \(nearest(to: name, in: known, "the labels are"))"
    case .noSuchSource(let name, let known):
      known.isEmpty
        ? "no scored post of the run has a true label at all"
        : "no scored post of the run has a true label from \(quoted(name)); \(nearest(to: name, in: known, "they come from"))"
    case .noSuchColumn(let name, let known):
      "no post of the run has a column \(quoted(name)); \(nearest(to: name, in: known, "the columns are"))"
    case .unreadableStore(let reason):
      "the store cannot be read: \(reason.printable)"
    case .badLayout(let reason):
      "not a layout: \(reason.printable)"
    case .badLayoutFile(let path, let reason):
      "\(quoted(path)) is not a layout: \(reason.printable); how one is written: clfa report --help"
    case .noSuchBlock(let name, let page, let known):
      "page \(page) of the layout asks for \(quoted(name)), which is no block; "
        + nearest(to: name, in: known, "the blocks are")
    case .noSuchSection(let name, let known):
      "no section named \(quoted(name)); \(nearest(to: name, in: known, "the sections are"))"
    case .noSuchOption(let name, let section, []):
      "the section \(quoted(section)) takes no options, so no \(quoted(name)); write its name alone"
    case .noSuchOption(let name, let section, let known):
      "the section \(quoted(section)) has no option \(quoted(name)); \(nearest(to: name, in: known, "its options are"))"
    case .badOption(let name, let section, let range):
      "\(quoted(name)) of the section \(quoted(section)) takes a whole number from \(range.lowerBound) to "
        + "\(range.upperBound)"
    case .noSuchLayoutKey(let name, let known):
      "the layout has a key \(quoted(name)), which means nothing there; \(nearest(to: name, in: known, "possible are"))"
    case .unreadableLayout(let path, let reason):
      "the layout \(quoted(path)) cannot be read: \(reason.printable); check the path"
    case .noSuchLayout(let name, let known):
      "no layout named \(quoted(name)) is built in, and a layout's file has a name that ends in .json; "
        + nearest(to: name, in: known, "built in are")
    case .noChart(let section, let reason?, _):
      "the section \(quoted(section)) has no chart of this run: \(reason.printable)"
    case .noChart(let section, nil, let known):
      "the section \(quoted(section)) is words and tables, no chart; charts are \(known.joined(separator: ", "))"
    case .figureTooNarrow(let section, let given, let needed) where needed <= 400:
      "the chart of \(quoted(section)) does not fit into \(given) mm; give it --width \(needed)mm or more"
    case .figureTooNarrow(let section, _, _):
      "the chart of \(quoted(section)) fits no figure of 400 mm or less; draw it as a report, without --figure"
    case .noFonts:
      "no fonts are found, so no text can be drawn; install some, on Debian: "
        + "apt install fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
    case .drawing(let reason):
      "the page could not be drawn: \(reason.printable)"
    case .outputIsDirectory(let path):
      "\(quoted(path)) is a folder; name a file, for instance \(quoted(path + (path.hasSuffix("/") ? "" : "/") + "report.pdf"))"
    case .cannotWrite(let path, let reason):
      "cannot write \(quoted(path)): \(reason.printable); check its folder and the disk, or name another file"
    }
  }
}

/// A name in quotation marks, cut and escaped, since it may come from anywhere.
private func quoted(_ name: String) -> String { "\u{201C}\(DisplayText.line(name, limit: 120))\u{201D}" }

/// The name that was probably meant, else what there is.
private func nearest(to name: String, in known: [String], _ introduction: String) -> String {
  if let near = DidYouMean.closest(to: name, in: known) { return "did you mean \(quoted(near))?" }
  if known.isEmpty { return "there are none" }
  return "\(introduction) \(known.listed())"
}
