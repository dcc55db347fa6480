import ArgumentParser
import Corpus
import Models
import Queries
import Reporting
import Store
import Training

/// The ways a command can end, as the shell sees them; 0, 1 and 64 are ArgumentParser's own.
enum ExitStatus {
  /// Finished with faults, under `--strict`.
  static let faults = ExitCode(2)
  /// Something that `--require` asks for is not reached.
  static let requirement = ExitCode(3)
  /// Interrupted by a signal or by `--stop-after`; the same command goes on.
  static let interrupted = ExitCode(130)

  /// The code of an error that ends a command: 64 where a value on the command line is wrong, else 1.
  static func code(of error: any Error) -> ExitCode {
    isBadValue(error) ? .validationFailure : CLFA.exitCode(for: error)
  }

  /// Whether an error is about something that the user typed: a name that is not there, a number out of range. Files and
  /// stores that cannot be used are not such.
  private static func isBadValue(_ error: any Error) -> Bool {
    switch error {
    case let error as StoreError: isBadValue(error)
    case let error as ScoredPostError: isBadValue(error)
    case let error as SimilarityError: isBadValue(error)
    case let error as QueryError: isBadValue(error)
    case is QueryArgumentError, is ColumnTypeError: true
    case let error as ReportingError: isBadValue(error)
    case let error as CorpusError: isBadValue(error)
    case let error as PredictionFileError: isBadValue(error)
    case let error as FeatureFlagError: isBadValue(error)
    case let error as HubError: isBadValue(error)
    case TrainingError.hub(let error): isBadValue(error)
    case TrainingError.setting, TrainingDataError.labelName, AblationError.noSuchSetting: true
    case TeachingError.tooManyDirections, TeachingError.readsWords: true
    default: false
    }
  }

  private static func isBadValue(_ error: StoreError) -> Bool {
    switch error {
    case .runNotFound, .invalidRunName, .merge(.sameStore): true
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
    // The three that every model has may be empty for want of pictures; others are misspelt.
    case .noVector(_, let space, let spaces), .emptySpace(let space, _, let spaces):
      !spaces.isEmpty && !PostClassifier.spaces.contains(space)
    default: false
    }
  }

  private static func isBadValue(_ error: QueryError) -> Bool {
    switch error {
    case .store(let error): isBadValue(error)
    case .arguments, .unknownColumn: true
    // SQL in a file is a file's fault.
    case .empty(let query), .namelessParameter(let query): query == QueryCommand.sqlFlag
    case .nul(let place), .secondStatement(let place), .notReading(let place, _): place.query == QueryCommand.sqlFlag
    // Words that a search cannot take are a parameter's.
    case .sqlite(let place, let message):
      place.query == QueryCommand.sqlFlag || message.hasPrefix("fts5: ") || message.hasPrefix("unterminated string")
    default: false
    }
  }

  private static func isBadValue(_ error: ReportingError) -> Bool {
    switch error {
    case .noSuchRun, .noSuchSource, .noSuchLabel, .noSuchColumn, .noSuchSection, .noSuchLayout: true
    case .noChart(_, let reason, _): reason == nil
    default: false
    }
  }

  private static func isBadValue(_ error: CorpusError) -> Bool {
    switch error {
    case .missingColumn, .givenTwice: true
    default: false
    }
  }

  private static func isBadValue(_ error: PredictionFileError) -> Bool {
    switch error {
    case .table(let error): isBadValue(error)
    // Its default is no value of anybody's.
    case .missingColumn(_, let flag, let name, _): flag != "--id" || name != "id"
    default: false
    }
  }

  private static func isBadValue(_ error: FeatureFlagError) -> Bool {
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
