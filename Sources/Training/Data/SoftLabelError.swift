internal import Bytes

/// Why probabilities of labels cannot be learnt from.
package enum SoftLabelError: Error, Equatable, Sendable {
  /// Columns of which nothing says what label they are about.
  case namelessColumns([String])
  /// Another number of columns than of labels.
  case otherCount(columns: Int, labels: [String])
  /// A label or a column that occurs twice.
  case repeated(String)
  /// One column alone.
  case oneColumn(String)
  /// No file of the corpus has these columns; `known` are its other columns, without text, picture and the like.
  case noColumns([String], files: [String], known: [String])
  /// There is no such file.
  case noStore(path: String)
  /// A file that is not a store.
  case notAStore(path: String)
  /// SQLite cannot read the file.
  case sqlite(path: String, reason: String)
  /// The store has no such run.
  case noRun(String, path: String, known: [String])
  /// The run has no predictions.
  case emptyRun(String, path: String)
  /// The run has fewer than two labels.
  case fewLabels(run: String, path: String, labels: [String])
  /// Two predictions of the run have this key.
  case repeatedKey(String, run: String, path: String)
  /// A prediction that is not probabilities of the run's labels.
  case badPrediction(key: String, path: String)
}

extension SoftLabelError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .namelessColumns(let columns):
      "nothing says which label \(columns.listed(quote: "\"")) \(columns.count == 1 ? "is" : "are") about: write "
        + "LABEL=COLUMN, call the columns p_LABEL, or give the order of the labels"
    case .otherCount(let columns, let labels):
      "\(columns) columns of probabilities for \(labels.count) labels: \(labels.listed()); give a column for each"
    case .repeated(let name): "\"\(name.printable)\" occurs twice among the labels' columns; give each label one column"
    case .oneColumn(let column):
      "\"\(column.printable)\" is the only column of probabilities; give each label one, at least two"
    case .noColumns(let columns, let files, let known):
      "\(files.listed(most: 5)): no \(columns.count == 1 ? "column" : "columns") \(columns.listed(quote: "\""))"
        + (columns.first.map { DidYouMean.hint(for: $0, in: known) } ?? "")
        + (known.isEmpty ? "" : "; other columns: \(known.listed(most: 12, quote: "\""))")
    case .noStore(let path):
      "\(path.printable) does not exist; a store is the SQLite file that scoring or an import wrote"
    case .notAStore(let path):
      "\(path.printable) is not a store of clfa; name the SQLite file that scoring or an import wrote"
    case .sqlite(let path, let reason): "\(path.printable) cannot be read: \(reason.printable)"
    case .noRun(let name, let path, let known):
      "\(path.printable) has no run \"\(name.printable)\"\(DidYouMean.hint(for: name, in: known))"
        + (known.isEmpty ? "" : "; its runs: \(known.listed(most: 10))")
    case .emptyRun(let name, let path): "run \(name.printable) of \(path.printable) has no predictions to learn from"
    case .fewLabels(let run, let path, let labels):
      "run \(run.printable) of \(path.printable) has "
        + (labels.isEmpty ? "no labels" : "only the label \(labels.listed(quote: "\""))")
        + ", so there is nothing to learn"
    case .repeatedKey(let key, let run, let path):
      "run \(run.printable) of \(path.printable) has two predictions for the id \"\(key.printable(upTo: 40))\": the post "
        + "changed, or two posts share the id; score or import a corpus in which each id occurs once"
    case .badPrediction(let key, let path):
      "\(path.printable): the prediction for the id \"\(key.printable(upTo: 40))\" is not probabilities of the run's labels"
    }
  }
}
