package import Bytes
package import Models

/// A model's prediction for one post, and its predictions for the post without each of its parts.
///
/// T is the number of the text's pieces, including `[CLS]` and `[SEP]`; P that of the picture's tokens, a class token
/// (SigLIP's picture encoder has none) and one for each patch.
package struct Explanation: Sendable {
  /// A piece of the text, as the model reads it.
  package struct Piece: Sendable, Equatable {
    /// The piece as the vocabulary writes it, such as `##ing`.
    package var text: String
    /// The index of its word; nil for `[CLS]` and `[SEP]`.
    package var word: Int?
  }

  /// A word of the text.
  package struct Word: Sendable, Equatable {
    /// The word in the tokenizer's form, lower-cased and without accents if it removes them.
    package var text: String
    /// Its pieces.
    package var pieces: Range<Int>
  }

  /// The labels' names, in the model's order.
  package var labels: [ByteText]
  /// The probability of each label.
  package var probabilities: [Float]
  /// The index of the label with the highest probability.
  package var predicted: Int
  /// The cosine of the text's vector and the picture's; nil without a picture.
  package var textPictureSimilarity: Float?
  /// The T pieces.
  package var pieces: [Piece]
  /// The words, in order.
  package var words: [Word]
  /// The picture's patches.
  package var patches: PatchGrid
  /// The text's attention to the picture.
  package var looking: CrossModalAttention
  /// The cosine of every piece and every picture token in the aligned space; nil without a picture.
  package var cosines: TokenMap?
  /// The feature streams in which the post has rows, in the model's order.
  package var streams: [StreamAttention]
  /// The predictions without one part of the post: the whole text, the picture, the knowledge, each feature stream,
  /// then each word.
  package var occlusions: [Occlusion]
  /// Whether the model was trained to align texts and pictures.
  package var alignment: AlignmentTraining
  /// Whether the training posts included any without a picture; nil if the configuration does not say.
  package var learntWithoutPicture: Bool?
  /// The number format of the model's matrix products.
  package var precision: Precision
  /// How the model combines text, picture and knowledge into one vector.
  package var aggregation: Aggregation
}

extension Explanation {
  /// The probability of the predicted label.
  package var confidence: Float { probabilities[predicted] }

  /// The indices of the words whose absence changes the predicted label's probability the most, the strongest first; if
  /// equal, in the text's order.
  package func strongestWords(_ count: Int) -> [Int] {
    let changes = occlusions.compactMap { occlusion -> (word: Int, change: Float)? in
      guard case .word(let word) = occlusion.part else { return nil }
      return (word, abs(occlusion.probabilities[predicted] - confidence))
    }
    return changes.sorted { ($1.change, $0.word) < ($0.change, $1.word) }.prefix(count).map(\.word)
  }
}

/// The patches of a picture: a square grid over the picture squashed to a square.
package struct PatchGrid: Sendable, Equatable {
  /// Patches in a row, and in a column.
  package var side: Int
  /// The share of the picture's width and height that they cover; the model ignores the other pixels.
  package var covered: Double
  /// Where the pixels are that they do not cover: right and below, unless the picture was turned.
  package var margin = Margin()
  /// Whether a token for the whole picture comes before those of the patches.
  package var hasClassToken: Bool

  /// The patches of a model's pictures.
  package init(_ image: ModelConfiguration.Image) {
    side = image.grid
    covered = Double(image.grid * image.patchSize) / Double(image.size)
    hasClassToken = image.hasClassToken
  }
}

/// A text's attention to a post's rows in a feature stream.
package struct StreamAttention: Sendable, Equatable {
  /// The stream's name.
  package var name: String
  /// For each fusion layer the probabilities T × R, each the mean of the heads; a piece's sum is 1.
  package var attention: [TokenMap]
  /// The cosine of every piece and every row in the aligned space: T × R.
  package var cosines: TokenMap
}

/// A number for each piece of the text and each token of the picture, or each row of a feature stream.
package struct TokenMap: Sendable, Equatable {
  /// The number of the picture's tokens, P, with the class token first if there is one; or of a stream's rows, R.
  package let tokens: Int
  /// T × P numbers, piece by piece.
  package var values: [Float]

  /// A map of T × `tokens` numbers.
  package init(tokens: Int, values: [Float]) {
    precondition(tokens > 0 && values.count.isMultiple(of: tokens), "a map has a number for each pair")
    (self.tokens, self.values) = (tokens, values)
  }

  /// The text's pieces, T.
  package var pieces: Int { values.count / tokens }

  /// The P numbers of a piece.
  package subscript(piece: Int) -> [Float] { Array(values[piece * tokens..<(piece + 1) * tokens]) }

  /// The mean over some pieces: P numbers.
  package func mean(over pieces: Range<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: tokens)
    for piece in pieces {
      for token in 0..<tokens { sum[token] += values[piece * tokens + token] }
    }
    return sum.map { $0 / Float(max(pieces.count, 1)) }
  }

  /// The mean of maps of one size, number by number; nil for none.
  package static func mean(_ maps: [TokenMap]) -> TokenMap? {
    guard var sum = maps.first else { return nil }
    for map in maps.dropFirst() {
      for index in sum.values.indices { sum.values[index] += map.values[index] }
    }
    sum.values = sum.values.map { $0 / Float(maps.count) }
    return sum
  }
}

/// A text's attention to a picture.
package enum CrossModalAttention: Sendable {
  /// Cross-attention: for each fusion layer the probabilities T × P, each the mean of the heads; a piece's sum is 1.
  case attention([TokenMap])
  /// Co-attention: the affinity of pieces and picture tokens.
  case coAttention(CoAttentionMaps)
  /// No attention, with the reason.
  case nowhere(Reason)

  /// Why a text has no attention to a picture.
  package enum Reason: Sendable, Equatable {
    /// The post has no picture.
    case noPicture
    /// The aggregation has no attention from the text to the picture.
    case aggregation(Aggregation)
  }
}

/// The weights of parallel co-attention between a text and a picture.
package struct CoAttentionMaps: Sendable, Equatable {
  /// tanh(T W Vᵀ), from −1 to 1: T × P.
  package var affinity: TokenMap
  /// The weight of each piece in the text's vector, T numbers; their sum is 1.
  package var pieceWeights: [Float]
  /// The weight of each picture token in the picture's vector, P numbers; their sum is 1.
  package var tokenWeights: [Float]
}

/// Whether a model was trained to align texts and pictures, according to its configuration.
package enum AlignmentTraining: Sendable, Equatable {
  /// The weight of the alignment loss, above 0.
  case aligned(alpha: Double)
  /// It was 0: the relation between texts and pictures was not learnt.
  case none
  /// The configuration does not say.
  case unrecorded
}

extension AlignmentTraining {
  private static let configurationLimit = 1_048_576

  /// Reads α from a model's `config.json`. If the key is absent, α counts as unknown, even though training used the
  /// published value.
  init(folder: ModelFolder) {
    let path = folder.path + (folder.path.hasSuffix("/") ? "" : "/") + "config.json"
    guard let file = try? MappedFile(path: path, limit: Self.configurationLimit),
      case .object(let members)? = try? JSONParser.parse(file.copy()),
      members.contains(where: { $0.key == "alpha" })
    else {
      self = .unrecorded
      return
    }
    let alpha = folder.configuration.training.alpha
    self = alpha > 0 ? .aligned(alpha: alpha) : .none
  }
}
