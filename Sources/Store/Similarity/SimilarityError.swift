import Bytes

/// What ends a search for near posts: facts; the words are in `description`.
package enum SimilarityError: Error, Equatable, Sendable {
  /// The store cannot be read, or has no such run.
  case store(StoreError)
  /// The condition is no expression over a post's columns.
  case condition(ConditionError)
  /// The run has no post of the key.
  case noSuchPost(key: String, run: String)
  /// The run has the post's row, and the row was lost.
  case faulted(key: String, run: String)
  /// The post has no vector in the space; these it has.
  case noVector(key: String, space: String, spaces: [String])
  /// The vector has no direction.
  case zeroLength
  /// The run's posts have no vectors in the space; these they have.
  case emptySpace(space: String, run: String, spaces: [String])
  /// The caller asked to stop.
  case interrupted
}

extension SimilarityError: CustomStringConvertible {
  /// What is wrong and how to fix it.
  package var description: String {
    switch self {
    case .store(let error): error.description
    case .condition(let problem): "--where: \(problem)"
    case .noSuchPost(let key, let run):
      "run \(run.printable) has no post \"\(key.printable)\": check the key, or name another run with --run"
    case .faulted(let key, let run):
      """
      the row of \"\(key.printable)\" was lost in run \(run.printable), so it has no vector: \
      `clfa query STORE faults` says why
      """
    case .noVector(let key, "image", let spaces) where !spaces.isEmpty:
      "\(key.printable) has no picture, so no image vector: name another space, \(Self.choice(spaces))"
    case .noVector(let key, let space, let spaces) where !spaces.isEmpty:
      "the store keeps no \(space.printable) vector of \(key.printable): name another space, \(Self.choice(spaces))"
    case .noVector(let key, _, _):
      """
      the store keeps no vector of \(key.printable): score the corpus again with --embeddings all into a run of its own
      """
    case .zeroLength:
      """
      the vector is all zeros or holds a number that is not finite, so nothing is nearer to it than anything else: \
      name another space
      """
    case .emptySpace(let space, let run, let spaces) where !spaces.isEmpty:
      "no post of run \(run.printable) has a vector in space \(space.printable): name another, \(Self.choice(spaces))"
    case .emptySpace(_, let run, _):
      """
      the store keeps no vectors of run \(run.printable): score the corpus again with --embeddings all into a run of \
      its own
      """
    case .interrupted: "interrupted; nothing was changed, so ask again at any time"
    }
  }

  private static func choice(_ spaces: [String]) -> String {
    "--space " + spaces.map(\.printable).joined(separator: " or --space ")
  }
}

extension ConditionError: CustomStringConvertible {
  /// What is wrong and how to fix it.
  package var description: String {
    switch self {
    case .empty: "the expression is empty; write one such as \"label = 'ironic'\""
    case .nul: "the expression holds a NUL character; remove it"
    case .comment: "an expression has no comments; remove what begins with -- or /*"
    case .semicolon: "one expression is wanted, and a semicolon ends a statement; remove it"
    case .parameter(let name): "nothing gives \(name.printable) a value; write the value itself"
    case .reserved(let name): "\(name.printable) is the program's own; leave it out"
    case .unpaired: "the parentheses do not pair; write one whole expression"
    case .open(let quote): "what \(quote.printable) opens has no end; close it"
    case .notReading(let action): "an expression only reads, and this would do more (\(action.printable))"
    case .sqlite(let message, let line, let column): Self.words(message, line, column)
    }
  }

  private static func words(_ message: String, _ line: Int?, _ column: Int?) -> String {
    var place = ""
    if let line, let column { place = line == 1 ? " at character \(column)" : " in line \(line), character \(column)" }
    guard message.utf8.starts(with: "no such column".utf8) else { return message.printable + place }
    return message.printable + place + "; the columns are \(PostCondition.columns.joined(separator: ", ")); "
      + "another column of the corpus is extra ->> 'NAME'"
  }
}
