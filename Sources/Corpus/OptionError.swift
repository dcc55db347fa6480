/// What can be wrong with a corpus option as a user typed it.
public enum OptionError: Error, Equatable, Sendable {
  /// A delimiter that is not one plain character.
  case unusableDelimiter(String)
  /// An encoding that is not read.
  case unknownEncoding(String)
  /// A list of labels that is not `CODE=NAME,…`.
  case malformedLabels(String)
  /// A label code that is named twice.
  case repeatedLabel(String)
  /// A shard that is not `K/N` with 1 ≤ K ≤ N.
  case malformedShard(String)
  /// A sample that is not a percentage above 0 and up to 100.
  case malformedSample(String)
}
