/// The `config.json` of a model folder: the model's sizes, its labels, and how its inputs are made.
///
/// The defaults are the published model's. `ModelConfiguration+Keys.swift` explains each property with its key.
package struct ModelConfiguration: Sendable, Equatable {
  /// The text encoder: a BERT, or with `normsFirst` a CLIP's or SigLIP's.
  package struct Text: Sendable, Equatable {
    package var vocabularySize = 30522
    package var hiddenSize = 768
    package var layers = 12
    package var heads = 12
    package var feedForward = 3072
    package var maxPositions = 512
    package var tokenTypes = 2
    package var epsilon = 1e-12
    package var activation = EncoderActivation.gelu
    package var normsFirst = false
    package var isCausal = false
  }

  /// The picture encoder, a ViT.
  package struct Image: Sendable, Equatable {
    /// The height and width of a picture.
    package var size = 224
    package var patchSize = 32
    package var hiddenSize = 768
    package var layers = 12
    package var heads = 12
    package var feedForward = 3072
    package var epsilon = 1e-6
    package var registers = 0
    package var activation = EncoderActivation.gelu
    package var hasClassToken = true
    package var hasFirstNorm = false
    package var hasLastNorm = true

    /// Patches in a row of the picture; pixels beyond the last whole one are not seen.
    package var grid: Int { size / patchSize }
    /// Tokens before the patches: one for the whole, or none.
    package var classTokens: Int { hasClassToken ? 1 : 0 }
    /// Tokens that have a place: one for the whole, if there is one, and one a patch.
    package var places: Int { classTokens + grid * grid }
    /// Tokens of a picture: one for the whole, if there is one, one a patch, and the registers.
    package var tokens: Int { places + registers }
  }

  /// Settings that only training reads; kept so that training can go on.
  package struct Training: Sendable, Equatable {
    package var dropout = 0.1
    package var alpha = 1.0
    package var beta = 1.0
    package var temperature = 0.1
  }

  /// The text encoder.
  package var text = Text()
  /// The picture encoder.
  package var image = Image()
  package var dim = 512
  package var projectionHidden = 1536
  package var fusionLayers = 3
  package var fusionHeads = 8
  package var fusionFeedForward = 2048
  package var fusionEpsilon = 1e-12
  package var knowledge = true
  /// Streams of precomputed features, which the text attends to after the others.
  package var features: [FeatureStream] = []
  package var aggregation = Aggregation.crossAttention
  package var pooling = Pooling.mean
  /// Whether the folder has a `lexicon.tsv` whose polarities bias the cross-attention's scores.
  package var hasLexicon = false
  /// The labels' names, in the order of the logits.
  package var labelNames: [String]
  /// How text becomes tokens.
  package var tokenizer = TokenizerSettings()
  /// The named text steps before the tokenizer, in order.
  package var preparation: [String] = []
  /// How pictures become pixels.
  package var preprocessing = Preprocessing()
  package var training = Training()
  /// Whether training ever showed the model a post without a picture; nil if it was not recorded.
  package var learntWithoutPicture: Bool?
  /// Turns raw probabilities into an answer; nil if none was fitted.
  package var calibration: Calibration?
  /// The record of quantising; nil if the weights are as they were trained.
  package var quantisation: Quantisation?

  /// The name of the lexicon in a model's folder.
  package static let lexiconName = "lexicon.tsv"

  /// The published model, with these labels.
  package init(labelNames: [String]) { self.labelNames = labelNames }

  /// The streams that the text attends to after itself, by their names among the weights, in order.
  package var contextStreams: [String] { ["image"] + (knowledge ? ["knowledge"] : []) + features.map(\.name) }

  /// The spaces of a post's vectors: those of every model, then one for each stream of features.
  package var spaces: [String] { PostClassifier.spaces + features.map(\.name) }
}

/// The activation between the two products of an encoder's feed-forward nets: forms of GELU.
package enum EncoderActivation: String, Sendable, CaseIterable {
  /// x Φ(x), the exact form.
  case gelu
  /// x σ(1.702 x), CLIP's.
  case quickGELU = "quick_gelu"
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), SigLIP's.
  case tanhGELU = "gelu_tanh"
}

/// How the text's tokens become one vector.
package enum Pooling: String, Sendable, CaseIterable {
  /// The mean of the tokens.
  case mean
  /// The first token, through a linear layer and tanh.
  case cls
  /// The largest number of each column, and at least 0.
  case max
}

/// How text becomes tokens.
package struct TokenizerSettings: Sendable, Equatable {
  /// Which tokenizer a model's texts go through.
  package enum Kind: String, Sendable, CaseIterable {
    /// BERT's word pieces.
    case wordPiece = "wordpiece"
    /// Subwords as a hub's tokenizer file says, which then alone decides about case and accents.
    case subword

    /// The file in a model's folder that holds the pieces.
    package var fileName: String { self == .wordPiece ? "vocab.txt" : "tokenizer.json" }
  }

  package var kind = Kind.wordPiece
  package var lowercase = true
  package var stripAccents = true
  package var maxText = 77
  package var maxKnowledge = 66

  /// The published model's.
  package init() {}
}

/// How a picture becomes numbers: resized, cut to a square, then (colour / 255 − mean) / std.
package struct Preprocessing: Sendable, Equatable {
  /// How a picture that is not square is resized.
  package enum Resize: String, Sendable, CaseIterable {
    /// Both sides become `resizeTo`.
    case squash
    /// The shorter side becomes `resizeTo`, and the proportions stay.
    case shortSide = "short-side"
  }

  /// The filter that resizes pictures, by its name in Pillow.
  package enum Resample: String, Sendable, CaseIterable {
    case bilinear
    case bicubic
  }

  /// The height and width of the square, the configuration's `image.image_size`: the middle of what was resized.
  package var size = 224
  package var resize = Resize.squash
  package var resample = Resample.bilinear
  package var resizeTo: Int?
  package var mean: [Float] = [0.485, 0.456, 0.406]
  package var std: [Float] = [0.229, 0.224, 0.225]

  /// The published model's.
  package init() {}
}

/// How the projected text, picture and knowledge of a post become the one vector that the label is read from.
///
/// t, v and k below are the means of the projected tokens of the text, the picture and the knowledge; W and w are
/// learnt. What makes the model CLFA is the alignment before, so this is exchangeable.
package enum Aggregation: String, Sendable, CaseIterable {
  /// The text's tokens attend to themselves, the picture's and the knowledge's, layer after layer, and are pooled.
  case crossAttention = "cross-attention"
  /// W₂ ReLU(W₁ [t; v; k]); k only in a model with knowledge.
  case concat
  /// g t + (1 − g) v with g = σ(W [t; v]), number by number.
  case gated
  /// Parallel co-attention of the text's and the picture's tokens (Lu et al. 2016).
  case coAttention = "co-attention"
  /// t alone.
  case text
  /// v alone.
  case image

  /// Whether a third stream of words makes a difference to the scores of a model that has one.
  package var readsKnowledge: Bool { self == .crossAttention || self == .concat }
}
