public import Models

/// What a model made of one post, and what it would have made of the post without each of its parts.
///
/// T is the number of the text's pieces, `[CLS]` and `[SEP]` included; P that of the picture's tokens, one for the whole
/// (SigLIP's picture encoder has none) and one for each patch.
public struct Explanation: Sendable {
  /// A piece of the text, as the model reads it.
  public struct Piece: Sendable, Equatable {
    /// The piece as the vocabulary writes it, such as `##ing`.
    public var text: String
    /// The word that it is of; nil for `[CLS]` and `[SEP]`.
    public var word: Int?
  }

  /// A word of the text.
  public struct Word: Sendable, Equatable {
    /// The word as the tokenizer writes it, lower-cased and without accents where it does that.
    public var text: String
    /// Its pieces.
    public var pieces: Range<Int>
  }

  /// The labels' names, in the model's order.
  public var labels: [String]
  /// The probability of each label.
  public var probabilities: [Float]
  /// The label of the largest probability, by its place.
  public var predicted: Int
  /// The cosine of the text's vector and the picture's; nil without a picture.
  public var textPictureSimilarity: Float?
  /// The T pieces.
  public var pieces: [Piece]
  /// The words that they make, in order.
  public var words: [Word]
  /// The picture's patches.
  public var patches: PatchGrid
  /// How the text looks at the picture.
  public var looking: Looking
  /// The cosine of every piece and every picture token in the aligned space; nil without a picture.
  public var cosines: PatchMap?
  /// The streams of features that the post has rows in, in the model's order.
  public var streams: [StreamLook]
  /// What the model says of the post without a part of it: the whole text, the picture, the knowledge, each stream of
  /// features, then each word.
  public var occlusions: [Occlusion]
  /// Whether the model ever learnt to align texts and pictures.
  public var alignment: AlignmentTraining
  /// Whether the model learnt from posts without a picture; nil where its configuration does not say.
  public var learntWithoutPicture: Bool?
  /// What the model was computed in.
  public var precision: Precision
  /// How text, picture and knowledge become one vector in this model.
  public var aggregation: Aggregation
  /// How far the layers that were computed again in f32, to see their attention, come from those that the answer is
  /// of: the largest difference of any number; nil where none was.
  public var recomputedDifference: Float?
}

extension Explanation {
  /// The probability of the predicted label.
  public var confidence: Float { probabilities[predicted] }

  /// The words whose absence changes the predicted label's probability the most, by their places, the strongest first;
  /// of equals the first in the text.
  public func strongestWords(_ count: Int) -> [Int] {
    let changes = occlusions.compactMap { occlusion -> (word: Int, change: Float)? in
      guard case .word(let word) = occlusion.part else { return nil }
      return (word, abs(occlusion.probabilities[predicted] - confidence))
    }
    return changes.sorted { ($1.change, $0.word) < ($0.change, $1.word) }.prefix(count).map(\.word)
  }
}

/// The patches of a picture: a square grid over the picture squashed to a square.
public struct PatchGrid: Sendable, Equatable {
  /// Patches in a row, and in a column.
  public var side: Int
  /// The share of the picture's width and height that they cover; pixels beyond the last whole patch are not seen.
  public var covered: Double
  /// Whether a token for the whole picture comes before those of the patches.
  public var hasWhole: Bool

  /// The patches of a model's pictures.
  public init(_ image: ModelConfiguration.Image) {
    side = image.grid
    covered = Double(image.grid * image.patchSize) / Double(image.size)
    hasWhole = image.hasWhole
  }
}

/// How a text looks at a post's rows in a stream of features.
public struct StreamLook: Sendable, Equatable {
  /// The stream's name.
  public var name: String
  /// For each fusion layer the probabilities T × R, each the mean of the heads; a piece's sum is 1.
  public var attention: [PatchMap]
  /// The cosine of every piece and every row in the aligned space: T × R.
  public var cosines: PatchMap
}

/// A number for each piece of the text and each token of the picture, or each row of a stream of features.
public struct PatchMap: Sendable, Equatable {
  /// The picture's tokens, P, the first of the whole picture where the encoder has one for it; or a stream's rows, R.
  public let tokens: Int
  /// T × P numbers, piece by piece.
  public var values: [Float]

  /// A map of T × `tokens` numbers.
  public init(tokens: Int, values: [Float]) {
    precondition(tokens > 0 && values.count.isMultiple(of: tokens), "a map has a number for each pair")
    (self.tokens, self.values) = (tokens, values)
  }

  /// The text's pieces, T.
  public var pieces: Int { values.count / tokens }

  /// The P numbers of a piece.
  public subscript(piece: Int) -> [Float] { Array(values[piece * tokens..<(piece + 1) * tokens]) }

  /// The mean over some pieces: P numbers.
  public func mean(over pieces: Range<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: tokens)
    for piece in pieces {
      for token in 0..<tokens { sum[token] += values[piece * tokens + token] }
    }
    return sum.map { $0 / Float(max(pieces.count, 1)) }
  }

  /// The mean of maps of one size, number by number; nil for none.
  public static func mean(_ maps: [PatchMap]) -> PatchMap? {
    guard var sum = maps.first else { return nil }
    for map in maps.dropFirst() {
      for index in sum.values.indices { sum.values[index] += map.values[index] }
    }
    sum.values = sum.values.map { $0 / Float(maps.count) }
    return sum
  }
}
