/// What ends the reading of another system's predictions: facts only, their words are in
/// `PredictionFileError+Words.swift`.
public enum PredictionFileError: Error, Equatable, Sendable {
  /// The file is no table that can be read.
  case table(CorpusError)
  /// A column that is needed, or that the user named, is not there.
  case missingColumn(file: String, flag: String, name: String, found: [String])
  /// Neither a column of labels nor columns of probabilities.
  case nothingPredicted(file: String, label: String, prefix: String, found: [String])
  /// One column of probabilities alone, where each label needs one.
  case oneProbability(file: String, column: String)
  /// Two columns of probabilities of one label.
  case repeatedLabel(file: String, label: String)
  /// More labels than a classifier has.
  case tooManyLabels(file: String, limit: Int)
  /// The file is not what it was a moment ago.
  case changed(file: String)
}
