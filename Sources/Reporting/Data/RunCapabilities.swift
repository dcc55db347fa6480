/// What a run can tell: the one place that sections, queries and commands ask.
///
/// A run of another system's labels alone has a truth to be compared with and nothing else; a run without stored vectors
/// has no map. What a run cannot tell is named with its reason, and never worked out of numbers that stand for nothing.
public struct RunCapabilities: Equatable, Sendable {
  /// Something that a section is made of.
  public enum Need: CaseIterable, Sendable {
    /// A scored post.
    case posts
    /// A scored post with a true label.
    case truth
    /// How sure the run's system was of the label that it chose.
    case confidence
    /// How probable the run's system held each label.
    case probabilities
    /// A scored post with a picture.
    case pictures
    /// The cosine of a post's text and picture.
    case similarity
    /// Vectors of texts and of pictures.
    case pairVectors
    /// Vectors that the model's head reads.
    case fusedVectors
    /// What a model's tokenizer made of the texts: pieces cut off and pieces unknown.
    case pieces
    /// When posts were posted.
    case dates
  }

  private var told: Set<Need>
  /// Whether another system made the predictions, and they were only imported.
  public let isImported: Bool
  /// Whether there are probabilities, but all of them 0 or 1, which say no more than labels.
  public let hasWholeProbabilities: Bool

  /// A run that can tell these things.
  public init(_ told: Set<Need>, isImported: Bool = false, hasWholeProbabilities: Bool = false) {
    (self.told, self.isImported, self.hasWholeProbabilities) = (told, isImported, hasWholeProbabilities)
  }

  /// Whether the run can tell something.
  public func tells(_ need: Need) -> Bool { told.contains(need) }

  /// The first of some things that the run cannot tell; nil where it can tell them all.
  public func firstLack(of needs: [Need]) -> Need? { needs.first { !tells($0) } }
}
