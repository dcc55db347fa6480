/// Why posts cannot be learnt from.
public enum TrainingDataError: Error, Equatable, Sendable {
  /// No post with a label is among the rows: so many have no label, so many are faulty otherwise.
  case noPosts(files: [String], unlabelled: Int, faulted: Int)
  /// All posts have the same label.
  case oneLabel(String, files: [String])
  /// Labels that were named, or that a model has, and that no post has to teach.
  case absentLabels([String], files: [String])
  /// Labels that are none of those known, with the posts that have them, the commonest first.
  case unknownLabels([LabelCount], known: [String])
  /// A label's name that is empty or stands twice, by its place in the list from 0.
  case labelName(String, index: Int)
  /// The model reads knowledge, and no file has the column; `known` are the other columns.
  case noKnowledgeColumn(files: [String], known: [String])
  /// The model reads knowledge, and no post that can be learnt from has any.
  case noKnowledge(files: [String])
  /// Somebody asked for an early end.
  case interrupted
}

/// How many posts have a label.
public struct LabelCount: Equatable, Sendable {
  /// The label, to the byte.
  public var label: String
  /// The posts.
  public var count: Int

  /// A label and its posts.
  public init(label: String, count: Int) { (self.label, self.count) = (label, count) }
}
