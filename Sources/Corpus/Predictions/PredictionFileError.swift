import Bytes

/// Why another system's predictions cannot be read.
package enum PredictionFileError: Error, Equatable, Sendable {
  /// The file is not a readable table.
  case table(CorpusError)
  /// A required column, or one that the user named, is missing.
  case missingColumn(file: String, part: Part, name: String, found: [String])
  /// Neither a column of labels nor columns of probabilities.
  case nothingPredicted(file: String, label: String, prefix: String, found: [String])
  /// No column has the prefix that the user gave for columns of probabilities.
  case noProbabilities(file: String, prefix: String, found: [String])
  /// Only one column of probabilities, though each label needs one.
  case oneProbability(file: String, column: String)
  /// Two columns of probabilities of one label.
  case repeatedLabel(file: String, label: String)
  /// More labels than a classifier may have.
  case tooManyLabels(file: String, limit: Int)
  /// The file changed between two readings.
  case changed(file: String)

  /// A part of a prediction with a column of its own.
  package enum Part: String, Sendable {
    case id, label, confidence
  }
}

extension PredictionFileError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .table(let error): error.description
    case .missingColumn(let file, _, let name, let found):
      "\(file.printable): no column is called '\(name.clipped(to: 60))'; \(Self.list(found))"
    case .nothingPredicted(let file, let label, let prefix, let found):
      "\(file.printable): there is neither a column '\(label.clipped(to: 60))' of labels nor columns '\(prefix.clipped(to: 60))…' "
        + "of probabilities; \(Self.list(found))"
    case .noProbabilities(let file, let prefix, let found):
      "\(file.printable): no column of probabilities begins with '\(prefix.clipped(to: 60))'; \(Self.list(found))"
    case .oneProbability(let file, let column):
      "\(file.printable): '\(column.clipped(to: 60))' is the only column of probabilities, and each label needs one: add a "
        + "column for the other label, 1 minus this one"
    case .repeatedLabel(let file, let label):
      "\(file.printable): two columns hold the probability of '\(label.clipped(to: 60))'"
    case .tooManyLabels(let file, let limit):
      "\(file.printable): over \(limit) different labels"
    case .changed(let file):
      "\(file.printable) changed while it was read: run the command again when the file is complete"
    }
  }

  private static func list(_ found: [String]) -> String {
    "the columns are " + found.listed(most: 30, quote: "'")
  }
}
