import Bytes

/// Why a search for similar posts fails.
package enum SimilarityError: Error, Equatable, Sendable {
  /// The store cannot be read, or does not have the run.
  case store(StoreError)
  /// The condition is not an expression over a post's columns.
  case condition(ConditionError)
  /// The run has no post with the key.
  case noSuchPost(key: String, run: String)
  /// The post's row was faulted in the run.
  case faulted(key: String, run: String)
  /// The post has no vector in the space; the available spaces are given.
  case noVector(key: String, space: String, spaces: [String])
  /// The vector has length 0.
  case zeroLength
  /// The run's posts have no vectors in the space; the available spaces are given.
  case emptySpace(space: String, run: String, spaces: [String])
  /// The caller asked to stop.
  case interrupted
}

extension SimilarityError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .store(let error): error.description
    case .condition(let problem): "the condition is not valid: \(problem)"
    case .noSuchPost(let key, let run):
      "run \(run.printable) has no post \"\(key.printable)\""
    case .faulted(let key, let run):
      """
      the row of \"\(key.printable)\" is a fault in run \(run.printable), so it has no vector: \
      `clfa query STORE faults` says why
      """
    case .noVector(let key, "image", let spaces) where !spaces.isEmpty:
      "\(key.printable) has no picture, so it has no image vector"
    case .noVector(let key, let space, let spaces) where !spaces.isEmpty:
      "the store has no \(space.printable) vector of \(key.printable)"
    case .noVector(let key, _, _): "the store has no vectors of \(key.printable)"
    case .zeroLength:
      """
      the vector is all zeros or holds a number that is not finite, so nothing is nearer to it than anything else
      """
    case .emptySpace(let space, let run, let spaces) where !spaces.isEmpty:
      "no post of run \(run.printable) has a vector in space \(space.printable)"
    case .emptySpace(_, let run, _): "the store has no vectors of run \(run.printable)"
    case .interrupted: "interrupted; nothing was changed, so ask again at any time"
    }
  }
}

extension ConditionError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .empty: "the expression is empty; write one such as \"label = 'ironic'\""
    case .nul: "the expression holds a NUL character; remove it"
    case .comment: "a condition may not hold comments; remove everything from -- or /* on"
    case .semicolon: "a semicolon ends a statement, and a condition is a single expression; remove it"
    case .parameter(let name): "the parameter \(name.printable) has no value here; write the value itself"
    case .reserved(let name): "\(name.printable) is reserved for clfa; leave it out"
    case .unpaired: "the parentheses do not match; write one complete expression"
    case .open(let quote): "\(quote.printable) is opened and never closed; close it"
    case .notReading(let action): "a condition may only read, and this would do more (\(action.printable))"
    case .sqlite(let message, let line, let column): Self.words(message, line, column)
    }
  }

  private static func words(_ message: String, _ line: Int?, _ column: Int?) -> String {
    var place = ""
    if let line, let column { place = line == 1 ? " at character \(column)" : " in line \(line), character \(column)" }
    guard message.utf8.starts(with: "no such column".utf8) else { return message.printable + place }
    return message.printable + place + "; the columns are \(PostCondition.columns.joined(separator: ", ")); "
      + "write extra ->> 'NAME' for another column of the corpus"
  }
}
