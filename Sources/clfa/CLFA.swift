import ArgumentParser
import CBuild
import Files
import Glibc
import Reporting
import Results
import Scoring
import Store
import Synchronization
import Tensors

/// The root command. Each command is one short file that converts flags to a plan and passes it on.
@main
struct CLFA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clfa",
    abstract: "Classifies posts made of text and a picture, for example by mood, irony or intent.",
    discussion: """
      Scores the posts of CSV or JSON Lines files with a trained CLFA model, keeps every prediction in one SQLite \
      file, answers questions about them and draws PDF reports.

      EXAMPLE
        clfa score posts.csv --model MODEL --store posts.sqlite
        clfa query posts.sqlite labels
        clfa report posts.sqlite -o report.pdf

      EXIT CODE
        0    done
        1    failed
        2    finished with faults or findings, under --strict
        3    a requirement of --require is not met, or a calibration would make scores worse
        64   wrong usage: an unknown command, flag or name, or a value out of range
        130  interrupted by a signal or by --stop-after; the same command continues
      """,
    subcommands: [
      CheckCommand.self,
      ScoreCommand.self, ImportCommand.self, SampleCommand.self, AnnotateCommand.self, LabelCommand.self,
      EstimateCommand.self, EvaluateCommand.self, ReportCommand.self, ExplainCommand.self,
      QueryCommand.self,
      RunsCommand.self, SimilarCommand.self, ExportCommand.self,
      MergeCommand.self, ForgetCommand.self, SplitCommand.self, TeachCommand.self, TrainCommand.self,
      AblateCommand.self,
      ModelCommand.self,
      BenchCommand.self,
    ])

  @OptionGroup var version: VersionOptions

  func validate() throws {
    if version.isAsked { throw CleanExit.message(version.text) }
  }

  func run() throws {
    throw CleanExit.helpRequest(self)
  }

  /// Runs the command given by the arguments. Every exit passes through here, so that nothing unsafe is printed.
  static func main() {
    StandardDescriptors.fillClosed()
    do throws(ProcessLimits.ResourceLimitError) {
      try ProcessLimits.check()
    } catch {
      Console.line("Error: \(error)")
      Glibc.exit(1)
    }
    let arguments = RenamedOptions.current(Array(CommandLine.arguments.dropFirst())) { Console.line("notice: \($0)") }
    Interrupt.ending.withLock { $0 = { Interruptible.sayNothingChanged() } }
    if PresetOptions.areListed(by: arguments) {
      do { return try PresetOptions.printList() } catch { CommandExit.terminate(arguments, error) }
    }
    var command: any ParsableCommand
    do {
      command = try parseAsRoot(arguments)
    } catch {
      CommandExit.terminate(parsing: arguments, error)
    }
    do {
      try command.run()
      if let notice = MissingFonts.notice { Console.line("notice: \(notice)") }
    } catch {
      CommandExit.terminate(arguments, error)
    }
  }
}

/// This program's version.
enum Version {
  /// The semantic version; see `CHANGELOG.md`.
  static let number = "0.2.0"
}

/// `--version`; with `--verbose` it adds the libraries that the program is built on.
struct VersionOptions: ParsableArguments {
  @Flag(name: .customLong("version"), help: "Show the version; with --verbose, also the libraries and fonts.")
  var isAsked = false
  @Flag(help: .hidden) var verbose = false

  /// The text to print.
  var text: String {
    guard verbose else { return Version.number }
    let fonts = DrawingLibraries.reportFonts()
    return """
      clfa \(Version.number)
      commit   \(BuildInfo.commit)
      Swift    \(BuildInfo.compiler)
      oneDNN   \(OneDNN.version), \(OneDNN.instructionSet)
      SQLite   \(StoreInfo.sqliteVersion)
      Pango    \(DrawingLibraries.pangoVersion), Cairo \(DrawingLibraries.cairoVersion)
      fonts    \(fonts.isEmpty ? "none found: install fonts-dejavu-core and fonts-noto-core" : fonts.joined(separator: ", "))
      """
  }
}

/// The facts that the build recorded.
enum BuildInfo {
  /// The commit, with a mark when the checkout had changes of its own.
  static var commit: String { String(cString: clfa_commit()) }
  /// The Swift compiler's version.
  static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6"
    #endif
  }
}
