/// Why two stores cannot become one: facts only, their words are in `StoreError+Words.swift`.
public enum MergeConflict: Equatable, Sendable {
  /// An input is the output itself.
  case sameStore(path: String)
  /// Two runs share a name but are different commands' work.
  case runsDiffer(name: String, trait: RunTrait, first: String, second: String)
  /// A shard is not finished.
  case unfinishedShard(run: String, shard: String, state: String, path: String)
  /// A run's entries and what it left do not add up to what it read.
  case unbalanced(run: String, file: String, path: String)
  /// A run's entries or predictions are not those that its checksum was recorded of.
  case changed(run: String, what: String, path: String)
  /// Two stores say different things about one record of one run.
  case entriesDiffer(run: String, file: String, record: Int, first: String, second: String)
  /// One scorer predicted different things for one post.
  case predictionsDiffer(key: String, first: String, second: String)
  /// One scorer made different vectors of one post.
  case vectorsDiffer(key: String, space: String, first: String, second: String)
}
