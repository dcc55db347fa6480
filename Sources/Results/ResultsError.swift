import Bytes

/// Why a run's results could not be loaded.
package enum ResultsError: Error, Equatable, Sendable {
  /// The store holds no run at all.
  case noRuns
  /// No run has this name; `known` are the runs, the latest first.
  case noSuchRun(String, known: [String])
  /// The scorer has more labels than a report can show.
  case tooManyLabels(Int, limit: Int)
  /// No scored post of the run has a true label.
  case noTruth(run: String, posts: Int)
  /// No scored post of the run has a true label from this source; `known` are the sources of their labels.
  case noSuchSource(String, known: [String])
  /// The positive label is neither a label of the model nor a true label of a post.
  case noSuchLabel(String, known: [String])
  /// No post of the run has a column of this name; `known` are the columns.
  case noSuchColumn(String, known: [String])
  /// No column of this name was declared as one of numbers; `known` are those that were.
  case noNumberColumn(String, known: [String])
  /// The run has no sample of this name; `known` are its samples.
  case noSuchSample(String, known: [String])
  /// The sample's posts were chosen, not drawn at random, so it estimates nothing.
  case chosenSample(String)
  /// A sample is larger than the number of posts to draw from.
  case sampleTooLarge(Int, posts: Int)
  /// No post of the run has probabilities that tell how sure the model is.
  case noProbabilities(run: String)
  /// No label of the run is probably wrong.
  case noLabelIssues(run: String)
  /// A column has too many different values for a slice each.
  case tooManyValues(column: String, limit: Int)
  /// An earlier version wrote the store, before posts had repost groups.
  case noRepostGroups
  /// The store could not be read.
  case unreadableStore(String)
}

extension ResultsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noRuns:
      "the store holds no run yet; score a corpus into it first, with `clfa score`"
    case .noSuchRun(let name, let known):
      "no run named \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "the store's runs are"))"
    case .tooManyLabels(let count, let limit):
      "the model has \(count) labels; a report holds at most \(limit)"
    case .noTruth(let run, 0):
      "run \(NameHint.quoted(run)) has no scored posts to compare; `clfa query STORE coverage` says what became of its rows"
    case .noTruth(let run, let posts):
      (posts == 1
        ? "the one scored post of run \(NameHint.quoted(run)) has no true label"
        : "none of the \(posts) scored posts of run \(NameHint.quoted(run)) has a true label")
        + "; add labels with `clfa label`, or add a label column to the corpus and score it again: neither needs new predictions"
    case .noSuchLabel(let name, let known):
      "no label \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "the labels are"))"
    case .noSuchSource(let name, let known):
      known.isEmpty
        ? "no scored post of the run has a true label at all"
        : "no scored post of the run has a true label from \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "they come from"))"
    case .noSuchColumn(let name, let known):
      "no post of the run has a column \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "the columns are"))"
    case .noNumberColumn(let name, let known):
      "the store has no column of numbers \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "those of the type integer or real are"))"
    case .noSuchSample(let name, let known):
      known.isEmpty
        ? "the run has no sample at all; draw one with `clfa sample`"
        : "no sample named \(NameHint.quoted(name)); \(NameHint.nearest(to: name, in: known, "the run's samples are"))"
    case .chosenSample(let name):
      "the posts of the sample \(NameHint.quoted(name)) were chosen by their predictions, not drawn at random; their labels "
        + "are good for training, but estimate no share. Draw a random or stratified sample, and label that"
    case .sampleTooLarge(let size, let posts):
      "the sample is to have \(size) posts, but there are only \(posts) to draw from; make it smaller"
    case .noProbabilities(let run):
      "run \(NameHint.quoted(run)) has no probabilities, so nobody knows how sure its labels are; draw a random sample, or "
        + "score the corpus with a model of clfa"
    case .noLabelIssues(let run):
      "no label of run \(NameHint.quoted(run)) is probably wrong, so there is nothing to label again"
    case .tooManyValues(let column, let limit):
      "the column \(NameHint.quoted(column)) has more than \(limit) different values; group posts by another column"
    case .noRepostGroups:
      "the store was made by an earlier clfa and does not know which posts are reposts; clfa merge NEW.sqlite STORE.sqlite "
        + "makes a copy that does"
    case .unreadableStore(let reason):
      "the store cannot be read: \(reason.printable)"
    }
  }
}

/// Names in error messages.
package enum NameHint {
  /// A name in quotation marks, shortened and escaped, since it may come from any file.
  package static func quoted(_ name: String) -> String { "\"\(DisplayText.line(name, limit: 120))\"" }

  /// The name that was probably meant, or else the known names after the introduction.
  package static func nearest(to name: String, in known: [String], _ introduction: String) -> String {
    if let near = DidYouMean.closest(to: name, in: known) { return "did you mean \(quoted(near))?" }
    if known.isEmpty { return "there are none" }
    return "\(introduction) \(known.listed(most: 40))"
  }
}
