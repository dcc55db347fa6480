/// What ends a search for near posts: facts only, their words are in `SimilarityError+Words.swift`.
public enum SimilarityError: Error, Equatable, Sendable {
  /// The store cannot be read, or has no such run.
  case store(StoreError)
  /// The condition is no expression over a post's columns.
  case condition(ConditionProblem)
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
