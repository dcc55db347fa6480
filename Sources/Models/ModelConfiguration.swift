/// What a model is: its sizes, its labels, and how its inputs are made. The `config.json` of a model folder.
///
/// The defaults are the published model's.
public struct ModelConfiguration: Sendable, Equatable {
  /// The text encoder: a BERT, or with `normsFirst` a CLIP's or SigLIP's.
  public struct Text: Sendable, Equatable {
    /// How many word pieces have a vector.
    public var vocabularySize = 30522
    /// The width of a token.
    public var hiddenSize = 768
    /// How many blocks follow each other.
    public var layers = 12
    /// How many heads share the width.
    public var heads = 12
    /// The width between the two products of a feed-forward net.
    public var feedForward = 3072
    /// How many positions have a vector: the longest sequence.
    public var maxPositions = 512
    /// How many token types have a vector; only the first is used.
    public var tokenTypes = 2
    /// What the norms add to the variance.
    public var epsilon = 1e-12
    /// What stands between the two products of a feed-forward net.
    public var activation = EncoderActivation.gelu
    /// Whether a block's norms stand before its halves, and the encoder's own behind the last block, not before the
    /// first.
    public var normsFirst = false
    /// Whether a piece attends to itself and to those before it alone.
    public var isCausal = false
  }

  /// The picture encoder, a ViT.
  public struct Image: Sendable, Equatable {
    /// The height and width of a picture.
    public var size = 224
    /// The height and width of a patch.
    public var patchSize = 32
    /// The width of a token.
    public var hiddenSize = 768
    /// How many blocks follow each other.
    public var layers = 12
    /// How many heads share the width.
    public var heads = 12
    /// The width between the two products of a feed-forward net.
    public var feedForward = 3072
    /// What the norms add to the variance.
    public var epsilon = 1e-6
    /// Learnt tokens behind the patches that have no place in the picture: registers, a distillation token.
    public var registers = 0
    /// What stands between the two products of a feed-forward net.
    public var activation = EncoderActivation.gelu
    /// Whether the first token is a learnt one, for the whole picture.
    public var hasWhole = true
    /// Whether there is a norm before the first block.
    public var hasFirstNorm = false
    /// Whether there is a norm behind the last block.
    public var hasLastNorm = true

    /// Patches in a row of the picture; pixels beyond the last whole one are not seen.
    public var grid: Int { size / patchSize }
    /// Tokens before the patches: one for the whole, or none.
    public var wholes: Int { hasWhole ? 1 : 0 }
    /// Tokens that have a place: one for the whole, if there is one, and one a patch.
    public var places: Int { wholes + grid * grid }
    /// Tokens of a picture: one for the whole, if there is one, one a patch, and the registers.
    public var tokens: Int { places + registers }
  }

  /// What only training reads; kept so that a model can be trained on.
  public struct Training: Sendable, Equatable {
    /// The share of numbers that are dropped.
    public var dropout = 0.1
    /// The weight of the contrastive loss.
    public var alpha = 1.0
    /// The weight of the classification loss.
    public var beta = 1.0
    /// What the cosines of the contrastive loss are divided by.
    public var temperature = 0.1
  }

  /// The text encoder.
  public var text = Text()
  /// The picture encoder.
  public var image = Image()
  /// D, the width of the shared space.
  public var dim = 512
  /// The width between the two products of a projection.
  public var projectionHidden = 1536
  /// How many fusion layers follow each other.
  public var fusionLayers = 3
  /// How many heads share the width D.
  public var fusionHeads = 8
  /// The width between the two products of a fusion layer's feed-forward net.
  public var fusionFeedForward = 2048
  /// What the fusion's norms add to the variance.
  public var fusionEpsilon = 1e-12
  /// Whether there is a third stream, of knowledge in words.
  public var knowledge = true
  /// Streams of precomputed features, which the text attends to after the others.
  public var features: [FeatureStream] = []
  /// How text, picture and knowledge become one vector.
  public var aggregation = Aggregation.crossAttention
  /// How the text's tokens become one vector after cross-attention.
  public var pooling = Pooling.mean
  /// Whether the folder has a `lexicon.tsv` whose polarities bias the cross-attention's scores.
  public var hasLexicon = false
  /// The labels' names, in the order of the logits.
  public var labelNames: [String]
  /// How text becomes tokens.
  public var tokenizer = TokenizerSettings()
  /// The named text steps before the tokenizer, in order.
  public var preparation: [String] = []
  /// How pictures become pixels.
  public var preprocessing = Preprocessing()
  /// What only training reads.
  public var training = Training()
  /// Whether training ever showed the model a post without a picture; nil where nobody wrote it down.
  public var learntWithoutPicture: Bool?
  /// What turns raw probabilities into an answer; nil where nobody fitted that.
  public var calibration: Calibration?
  /// What quantising changed; nil where the weights are as they were trained.
  public var quantisation: Quantisation?

  /// The name of the lexicon in a model's folder.
  public static let lexiconName = "lexicon.tsv"

  /// The published model, with these labels.
  public init(labelNames: [String]) { self.labelNames = labelNames }

  /// The streams that the text attends to after itself, by their names among the weights, in order.
  public var contextStreams: [String] { ["image"] + (knowledge ? ["knowledge"] : []) + features.map(\.name) }

  /// The spaces of a post's vectors: those of every model, then one for each stream of features.
  public var spaces: [String] { PostClassifier.spaces + features.map(\.name) }
}

/// What stands between the two products of an encoder's feed-forward nets: forms of GELU.
public enum EncoderActivation: String, Sendable, CaseIterable {
  /// x Φ(x), the exact form.
  case gelu
  /// x σ(1.702 x), CLIP's.
  case quickGELU = "quick_gelu"
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), SigLIP's.
  case tanhGELU = "gelu_tanh"
}

/// How the text's tokens become one vector.
public enum Pooling: String, Sendable, CaseIterable {
  /// The mean of the tokens.
  case mean
  /// The first token, through a linear layer and tanh.
  case cls
  /// The largest number of each column, and at least 0.
  case max
}

/// How text becomes tokens.
public struct TokenizerSettings: Sendable, Equatable {
  /// Which tokenizer a model's texts go through.
  public enum Kind: String, Sendable, CaseIterable {
    /// BERT's word pieces.
    case wordPiece = "wordpiece"
    /// Subwords as a hub's tokenizer file says, which then alone decides about case and accents.
    case subword

    /// The file in a model's folder that holds the pieces.
    public var fileName: String { self == .wordPiece ? "vocab.txt" : "tokenizer.json" }
  }

  /// Which tokenizer.
  public var kind = Kind.wordPiece
  /// Whether letters are lower-cased.
  public var lowercase = true
  /// Whether accents are stripped from letters.
  public var stripAccents = true
  /// The most tokens of a text, [CLS] and [SEP] included.
  public var maxText = 77
  /// The most tokens of knowledge, [CLS] and [SEP] included.
  public var maxKnowledge = 66

  /// The published model's.
  public init() {}
}

/// How a picture becomes numbers: resized, cut to a square, then (colour / 255 − mean) / std.
public struct Preprocessing: Sendable, Equatable {
  /// What becomes of a picture that is no square.
  public enum Resize: String, Sendable, CaseIterable {
    /// Both sides become `resizeTo`.
    case squash
    /// The shorter side becomes `resizeTo`, and the proportions stay.
    case shortSide = "short-side"
  }

  /// What pixels are made of those around them, as Pillow names it.
  public enum Resample: String, Sendable, CaseIterable {
    case bilinear
    case bicubic
  }

  /// The height and width of the square, the configuration's `image.image_size`: the middle of what was resized.
  public var size = 224
  /// What becomes of the sides.
  public var resize = Resize.squash
  /// What pixels are made of.
  public var resample = Resample.bilinear
  /// What the sides become before the square is cut; nil for the square's own.
  public var resizeTo: Int?
  /// Means of red, green and blue.
  public var mean: [Float] = [0.485, 0.456, 0.406]
  /// Standard deviations of red, green and blue.
  public var std: [Float] = [0.229, 0.224, 0.225]

  /// The published model's.
  public init() {}
}
