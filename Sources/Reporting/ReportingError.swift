/// Why a report or an evaluation could not be made.
public enum ReportingError: Error, Equatable, Sendable {
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
