import Annotation
import ArgumentParser
import Corpus
import Files
import Foundation
import Models
import Preparation
import Queries
import Reporting
import Results
import Scoring
import Store
import Training

/// Ends the process with an error's words and exit code.
enum CommandExit {
  /// Ends a command that ran.
  static func terminate(_ arguments: [String], _ error: any Error) -> Never {
    if error is ExitCode || CLFA.exitCode(for: error) == .success { CLFA.exit(withError: error) }
    // The parser's message without a usage line, which would be that of `clfa` itself.
    Console.line("Error: " + Advice.message(of: error))
    let code = ExitStatus.code(of: error)
    if code == .validationFailure, let command = UsageError.tree?.command(of: arguments) {
      Console.line("See '\(command.path.joined(separator: " ")) --help'.")
    }
    CLFA.exit(withError: code)
  }

  /// Ends if the arguments are not a valid command, and for help, the version and completions.
  static func terminate(parsing arguments: [String], _ error: any Error) -> Never {
    let code = CLFA.exitCode(for: error)
    guard code == .validationFailure, let mistake = UsageError(arguments) else {
      if code == .success { CLFA.exit(withError: error) }
      let message = "Error: " + CLFA.message(for: error)
      Console.block(message)
      // The rest is clfa's own help and usage.
      let whole = CLFA.fullMessage(for: error)
      let rest =
        whole.utf8.count < message.utf8.count
        ? "" : whole[whole.utf8.index(whole.startIndex, offsetBy: message.utf8.count)...]
      for line in rest.split(separator: "\n") { Console.line(String(line)) }
      CLFA.exit(withError: code)
    }
    Console.line("Error: " + mistake.words)
    for line in mistake.usage { Console.line(line) }
    if !mistake.usage.isEmpty { Console.line("  See '\(mistake.command) --help' for more information.") }
    CLFA.exit(withError: code)
  }
}

/// The exit codes of a command; 0, 1 and 64 are those of ArgumentParser.
enum ExitStatus {
  /// Finished with faults, under `--strict`.
  static let faults = ExitCode(2)
  /// A requirement of `--require` is not met.
  static let requirement = ExitCode(3)
  /// Interrupted by a signal or by `--stop-after`; the same command continues.
  static let interrupted = ExitCode(130)

  /// The exit code of an error: 64 if a value on the command line is wrong, otherwise 1.
  static func code(of error: any Error) -> ExitCode {
    isBadValue(error) ? .validationFailure : CLFA.exitCode(for: error)
  }

  /// Whether an error is about something that the user typed, such as an unknown name or a number out of range.
  /// Unusable files and stores do not count.
  private static func isBadValue(_ error: any Error) -> Bool {
    switch error {
    case let error as StoreError: isBadValue(error)
    case let error as ScoredPostError: isBadValue(error)
    case let error as SimilarityError: isBadValue(error)
    case let error as QueryError: isBadValue(error)
    case is QueryArgumentError, is ColumnTypeError: true
    case PartsError.noPart, PartsError.tooFewParts, PartsError.otherReading: true
    case let error as AnnotationError: isBadValue(error)
    case let error as ResultsError: isBadValue(error)
    case let error as ReportingError: isBadValue(error)
    case let error as CorpusError: isBadValue(error)
    case let error as PredictionFileError: isBadValue(error)
    case let error as FeatureSelectionError: isBadValue(error)
    case let error as HubError: isBadValue(error)
    case TrainingError.hub(let error): isBadValue(error)
    case TrainingError.setting, TrainingDataError.labelName, AblationError.noSuchSetting: true
    case SoftLabelError.namelessColumns, SoftLabelError.otherCount, SoftLabelError.repeated, SoftLabelError.oneColumn,
      SoftLabelError.noColumns, SoftLabelError.noRun:
      true
    case TeachingError.tooManyDirections, TeachingError.readsWords: true
    default: false
    }
  }

  private static func isBadValue(_ error: AnnotationError) -> Bool {
    switch error {
    case .noSamples, .emptySample, .portTaken, .cannotListen: false
    default: true
    }
  }

  private static func isBadValue(_ error: StoreError) -> Bool {
    switch error {
    case .runNotFound, .invalidRunName, .merge(.sameStore): true
    case .reservedLabelSource, .notAMajority, .labelSourceNotFound: true
    default: false
    }
  }

  private static func isBadValue(_ error: ScoredPostError) -> Bool {
    switch error {
    case .unknown, .inOtherRuns: true
    default: false
    }
  }

  private static func isBadValue(_ error: SimilarityError) -> Bool {
    switch error {
    case .store(let error): isBadValue(error)
    case .condition, .noSuchPost: true
    // The three spaces of every model may be empty if there are no pictures; other names are misspelt.
    case .noVector(_, let space, let spaces), .emptySpace(let space, _, let spaces):
      !spaces.isEmpty && !PostClassifier.spaces.contains(space)
    default: false
    }
  }

  private static func isBadValue(_ error: QueryError) -> Bool {
    switch error {
    case .store(let error): isBadValue(error)
    case .arguments, .unknownColumn: true
    // SQL in a file is not a value on the command line.
    case .empty(let query), .namelessParameter(let query): query == QueryCommand.sqlFlag
    case .nul(let place), .secondStatement(let place), .notReading(let place, _): place.query == QueryCommand.sqlFlag
    // Words that a search cannot parse are the value of a parameter.
    case .sqlite(let place, let message):
      place.query == QueryCommand.sqlFlag || message.hasPrefix("fts5: ") || message.hasPrefix("unterminated string")
    default: false
    }
  }

  private static func isBadValue(_ error: ResultsError) -> Bool {
    switch error {
    case .noSuchRun, .noSuchSource, .noSuchLabel, .noSuchColumn, .noNumberColumn, .sampleTooLarge: true
    default: false
    }
  }

  private static func isBadValue(_ error: ReportingError) -> Bool {
    switch error {
    case .noSuchSection, .noSuchLayout: true
    case .noChart(_, let reason, _): reason == nil
    default: false
    }
  }

  private static func isBadValue(_ error: CorpusError) -> Bool {
    switch error {
    case .missingColumn, .givenTwice: true
    // A default name was not given by the user.
    case .missingLabelColumn(_, let option, let name, _): name != option
    default: false
    }
  }

  private static func isBadValue(_ error: PredictionFileError) -> Bool {
    switch error {
    case .table(let error): isBadValue(error)
    // A default name was not given by the user.
    case .noProbabilities: true
    case .missingColumn(_, let part, let name, _): part != .id || name != "id"
    default: false
    }
  }

  private static func isBadValue(_ error: FeatureSelectionError) -> Bool {
    switch error {
    case .noStream, .noColumn, .standardInput: true
    default: false
    }
  }

  private static func isBadValue(_ error: HubError) -> Bool {
    switch error {
    case .heads, .labelCount, .labelName: true
    default: false
    }
  }
}

/// Runs commands that a signal can interrupt cleanly: what they were about to change stays unchanged.
enum Interruptible {
  /// Runs some work that calls its closure from time to time; once that returns true, the work throws.
  ///
  /// - Parameters:
  ///   - isReading: whether the work changes nothing but unfinished files, so that it may be aborted at any point.
  ///   - body: the work.
  /// - Throws: errors of the work, or exit code 130 if a signal was the cause.
  static func run(isReading: Bool = false, _ body: (_ shouldStop: @escaping @Sendable () -> Bool) throws -> Void) throws
  {
    Interrupt.install()
    if isReading { Interrupt.watch() }
    do {
      try body { Interrupt.isRequested }
    } catch let code as ExitCode {
      throw code
    } catch  where Interrupt.isRequested {
      sayNothingChanged()
      throw ExitStatus.interrupted
    }
  }

  /// Prints that nothing was changed, for commands that a signal interrupts and that have no message of their own.
  static func sayNothingChanged() {
    Console.line("interrupted; nothing was changed, so run the command again at any time")
  }
}

extension StoreArgument {
  /// Does some work with the open store, which it only reads; a signal cuts it off.
  func read(_ body: (StoreReader, _ shouldStop: @escaping @Sendable () -> Bool) throws -> Void) throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let reader = try StoreReader(path: path, shouldStop: shouldStop)
      defer { reader.close() }
      try body(reader, shouldStop)
    }
  }

  /// Does some work that changes the store, which must be there, and closes it.
  func change<Result>(
    shouldStop: @escaping @Sendable () -> Bool, _ body: (StoreWriter) throws -> Result
  ) throws -> Result {
    let writer = try StoreWriter.open(path: path, creates: false, shouldStop: shouldStop)
    defer { writer.closeAfterError() }
    writer.printNotices()
    let result = try body(writer)
    try writer.close()
    return result
  }
}

extension StoreWriter {
  /// Closes a store after its command has failed, and prints what is left to do; does nothing after a close.
  func closeAfterError(say: (String) -> Void = Console.line) {
    do { try close() } catch { say(Advice.message(of: error)) }
  }

  /// Prints the store's notices for the user.
  func printNotices() {
    for notice in notices { Console.line("notice: \(notice)") }
  }
}
