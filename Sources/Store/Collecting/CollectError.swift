import Bytes

/// Why outputs of `clfa stream` cannot be collected: facts; the words are in `description`.
package enum CollectError: Error, Equatable {
  /// No file has its end line.
  case nothingComplete(files: [String])
  /// A line is not one of `clfa stream`.
  case line(file: String, line: Int, words: String)
  /// A line has a prediction without its post.
  case withoutPosts(file: String, line: Int)
  /// A file has more or fewer lines than its last line says.
  case otherCount(file: String, said: Int, found: Int)
  /// A file's last line contradicts itself.
  case badEnd(file: String, what: String)
  /// Two files are of different corpora, models or divisions.
  case otherRun(first: String, second: String, what: String)
  /// Two files are the same part with different contents.
  case copiesDiffer(part: Int, first: String, second: String)
  /// A part does not begin where the one before it ends.
  case gap(file: String, part: Int, first: Int, expected: Int)
  /// A file changed between two readings.
  case changed(file: String)
  /// A command other than collect entered records into the run.
  case otherRecords(run: String)
  /// A stored prediction or vector of the same scorer for the same post differs.
  case otherPrediction(file: String, line: Int, key: String, store: String)
}

extension CollectError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .nothingComplete(let files):
      "\(files.map(\.printable).listed(most: 5)) \(files.count == 1 ? "has" : "have") no end line, so the scoring was cut "
        + "short: run clfa stream again for \(files.count == 1 ? "it" : "them")"
    case .line(let file, let line, let words):
      "\(file.printable):\(line): \(words). Nothing of this file was taken; run clfa stream again for it"
    case .withoutPosts(let file, let line):
      "\(file.printable):\(line): the line has no text, and a store needs whole posts"
    case .otherCount(let file, let said, let found):
      "\(file.printable) has \(found) records, but its last line says \(said): run clfa stream again "
        + "for it"
    case .badEnd(let file, let what):
      "the last line of \(file.printable) has a \(what.printable) that clfa does not write: run clfa stream again for it"
    case .otherRun(let first, let second, let what):
      "\(first.printable) and \(second.printable) have different \(what): collect the parts of one corpus, scored by one "
        + "model, at a time"
    case .copiesDiffer(let part, let first, let second):
      "\(first.printable) and \(second.printable) are both part \(part), but their records differ: keep the right one, and "
        + "leave the other out"
    case .gap(let file, let part, let first, let expected):
      "part \(part) in \(file.printable) begins with record \(first) of its file, but the part before it ends with record "
        + "\(expected - 1): score the parts of one parts file"
    case .changed(let file): "\(file.printable) was changed while it was read: run the same command again"
    case .otherRecords(let run):
      "run \"\(run.printable)\" has records that were not collected from these parts: collect into another store"
    case .otherPrediction(let file, let line, let key, let store):
      "\(file.printable):\(line): the prediction for post \(key.printable) differs from the one that \(store.printable) "
        + "has from the same model"
    }
  }
}
