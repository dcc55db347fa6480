import ArgumentParser
import Reporting

/// The test of an ablation's models.
struct TestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of labelled posts that each model scores once, in any format of a corpus. Repeated files form one corpus.",
      valueName: "file"), completion: .corpusFiles)
  var test: [String] = []
  @Option(
    help: ArgumentHelp("The SQLite file that keeps the predictions, a run a cell.", valueName: "file"),
    completion: .file())
  var store: String?
  @Option(
    name: .customLong("score-precision"),
    help: ArgumentHelp("auto, f32 or bf16: what models multiply in when they score.", valueName: "name"))
  var precision: PrecisionFlag = .f32
  @Option(
    help: ArgumentHelp("A PDF file to draw the table and the differences into.", valueName: "file"),
    completion: .file(extensions: ["pdf"]))
  var report: String?

  func check() throws {
    if test.isEmpty { throw ValidationError("give --test FILE, a file of labelled posts.") }
    if test.contains("-") {
      throw ValidationError("--test is read once for each setting, so it takes files, not standard input.")
    }
    if store?.isEmpty ?? true {
      throw ValidationError("give --store FILE, the SQLite file for the predictions.")
    }
    if precision == .int8 { throw ValidationError("--score-precision takes auto, f32 or bf16.") }
    if let report { try ReportFile.check(report, .pdf, flag: "--report") }
  }
}
