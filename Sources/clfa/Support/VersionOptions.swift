import ArgumentParser
import Reporting
import Store
import Tensors

/// This program's version.
enum Version {
  /// Semantic version; `CHANGELOG.md` says what each brought.
  static let number = "0.1.0"
}

/// `--version`, and with `--verbose` what the program is made of and stands on.
struct VersionOptions: ParsableArguments {
  @Flag(name: .customLong("version"), help: "Show the version; with --verbose, the libraries and fonts too.")
  var isAsked = false
  @Flag(help: .hidden) var verbose = false

  /// What to print.
  var text: String {
    guard verbose else { return Version.number }
    let fonts = DrawingLibraries.reportFonts()
    return """
      clfa \(Version.number)
      commit   \(BuildFacts.commit)
      Swift    \(BuildFacts.compiler)
      oneDNN   \(OneDNN.version), \(OneDNN.instructionSet)
      SQLite   \(StoreFacts.sqliteVersion)
      Pango    \(DrawingLibraries.pangoVersion), Cairo \(DrawingLibraries.cairoVersion)
      fonts    \(fonts.isEmpty ? "none found: install fonts-dejavu-core and fonts-noto-core" : fonts.joined(separator: ", "))
      """
  }
}
