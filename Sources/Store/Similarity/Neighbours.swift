public import Queries

/// The posts nearest to a vector, and what the search left out.
public struct Neighbours: Sendable {
  /// The columns of a row.
  public static let columns = [
    "rank", "cosine", "key", "label", "confidence", "truth", "text", "image", "post_id",
  ]

  /// The rows, nearest first; a value for each column.
  public var rows: [[QueryValue]]
  /// Posts that were compared.
  public var compared: Int
  /// Posts of the run, if there was a condition only those it is true of, without a vector in the space.
  public var withoutVector: Int
  /// Posts whose vector has no direction.
  public var zeroLength: Int
  /// Posts whose vector is of another width, or holds a number that is not finite.
  public var damaged: Int
}

/// A run whose posts can be searched, and the scorer whose vectors they have.
public struct SearchedRun: Sendable {
  /// The run's name.
  public var name: String
  /// The fingerprint of the model that made the vectors.
  public var fingerprint: String
  /// The model's name.
  public var model: String
  /// The precision it was computed in.
  public var precision: String
  /// The scorer's options, canonical JSON.
  public var options: String

  let id: Int64
  let scorer: Int64
}

/// A post's own vector, to compare others with.
public struct StoredProbe: Sendable {
  /// The vector.
  public var values: [Float]
  /// The post, which is not its own neighbour.
  public var post: Int64
  /// How many versions of the post the run has: posts of one key with different content.
  public var versions: Int
  /// The file and line of the version that was taken, the last of them.
  public var place: String
}
