internal import Bytes

extension TrainingDataError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .noPosts(let files, let unlabelled, let faulted):
      "\(Self.list(files)): no post has a label (\(unlabelled) rows without one, \(faulted) faulty otherwise); name "
        + "the column with --label"
    case .oneLabel(let label, let files):
      "\(Self.list(files)): every post is \(Self.quoted(label)), and there is nothing to tell apart; give posts of at "
        + "least two labels, or name the right column with --label"
    case .absentLabels(let labels, let files):
      "\(Self.list(files)): no post to learn from is \(labels.listed(separator: " or ", quote: "\"")); add some, or "
        + "leave the label out"
    case .unknownLabels(let counts, let known):
      "\(Self.words(counts)), and the labels are \(known.listed(quote: "\"")); where only names "
        + "differ, say --labels THEIRS=OURS,…"
    case .labelName(let name, let index):
      name.isEmpty
        ? "label \(index + 1) of the list has no name; give it one"
        : "label \(index + 1) of the list, \(Self.quoted(name)), stands there twice; name each label once"
    case .noKnowledgeColumn(let files, let known):
      "\(Self.list(files)): no column of knowledge, which the model reads (--with-knowledge); name it with --knowledge "
        + "COLUMN, or train without"
        + (known.isEmpty ? "" : "; other columns: " + known.prefix(12).map(Self.quoted).joined(separator: ", "))
    case .noKnowledge(let files):
      "\(Self.list(files)): the column of knowledge is empty in every post (placeholders such as nan count as empty), and the model reads it (--with-knowledge); "
        + "name the right one with --knowledge COLUMN, or train without"
    case .interrupted: "interrupted"
    }
  }

  /// The labels that are named before the rest is only counted.
  private static let shown = 5

  private static func words(_ counts: [LabelCount]) -> String {
    let rows = counts.reduce(0) { $0 + $1.count }
    var names = counts.prefix(shown).map { "\(quoted($0.label)) (\($0.count))" }
    if counts.count > shown { names.append("and \(counts.count - shown) more") }
    return "\(rows == 1 ? "1 post has a label" : "\(rows) posts have labels") that training does not know: "
      + names.joined(separator: ", ")
  }

  private static func list(_ files: [String]) -> String { files.listed(most: 5) }

  private static func quoted(_ label: String) -> String {
    "\"\(label.printable(upTo: 40))\""
  }
}
