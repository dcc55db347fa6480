package import Bytes

/// Why posts cannot be used for training.
package enum TrainingDataError: Error, Equatable, Sendable {
  /// No row is a post with a label; the numbers of rows without a label and of other faults are given.
  case noPosts(files: [String], unlabelled: Int, faulted: Int)
  /// All posts have the same label.
  case oneLabel(String, files: [String])
  /// Labels that were named, or that the model has, but that no training post has.
  case absentLabels([String], files: [String])
  /// Unknown labels, with their numbers of posts, the most common first.
  case unknownLabels([LabelCount], known: [String])
  /// Labels with probabilities that the model does not have.
  case unknownSoftLabels([String], source: String, known: [String])
  /// A label's name that is empty or a duplicate, with its index in the list from 0.
  case labelName(String, index: Int)
  /// The model reads knowledge, but no file has the column; `known` are the other columns.
  case noKnowledgeColumn(files: [String], known: [String])
  /// The model reads knowledge, but no usable post has any.
  case noKnowledge(files: [String])
  /// The caller asked to stop.
  case interrupted
}

/// The number of posts with a label.
package struct LabelCount: Equatable, Sendable {
  /// The label.
  package var label: ByteText
  /// The number of posts.
  package var count: Int

  /// A label and its posts.
  package init(label: ByteText, count: Int) { (self.label, self.count) = (label, count) }
}

extension TrainingDataError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noPosts(let files, let unlabelled, let faulted):
      "\(Self.list(files)): no usable post has a label (\(unlabelled) rows without one, \(faulted) other faulty rows)"
    case .oneLabel(let label, let files):
      "\(Self.list(files)): every post is \(Self.quoted(label)), so there is nothing to learn"
    case .absentLabels(let labels, let files):
      "\(Self.list(files)): no post to learn from is \(labels.listed(separator: " or ", quote: "\"")); add some, or "
        + "leave the label out"
    case .unknownLabels(let counts, let known):
      "\(Self.words(counts)); the labels are \(known.listed(quote: "\""))"
    case .unknownSoftLabels(let labels, let source, let known):
      "\(source) has labels that the model does not have: \(labels.listed(quote: "\"")); the labels are "
        + known.listed(quote: "\"")
    case .labelName(let name, let index):
      name.isEmpty
        ? "label \(index + 1) of the list has no name; give it one"
        : "label \(index + 1) of the list, \(Self.quoted(name)), occurs twice; name each label once"
    case .noKnowledgeColumn(let files, let known):
      "\(Self.list(files)): no column of knowledge, but the model reads knowledge"
        + (known.isEmpty ? "" : "; other columns: " + known.prefix(12).map(Self.quoted).joined(separator: ", "))
    case .noKnowledge(let files):
      "\(Self.list(files)): the column of knowledge is empty in every post (placeholders such as nan count as empty), but the "
        + "model reads knowledge"
    case .interrupted: "interrupted"
    }
  }

  /// The number of labels that are named; the rest is only counted.
  private static let shown = 5

  private static func words(_ counts: [LabelCount]) -> String {
    let rows = counts.reduce(0) { $0 + $1.count }
    var names = counts.prefix(shown).map { "\(quoted($0.label.text)) (\($0.count))" }
    if counts.count > shown { names.append("and \(counts.count - shown) more") }
    return "\(rows == 1 ? "1 post has a label" : "\(rows) posts have labels") that the model does not have: "
      + names.joined(separator: ", ")
  }

  private static func list(_ files: [String]) -> String { files.listed(most: 5) }

  private static func quoted(_ label: String) -> String {
    "\"\(label.printable(upTo: 40))\""
  }
}
