package import Bytes

/// The `config.json` of a model folder: the model's sizes, its labels, and the preprocessing of its inputs.
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

    /// The number of patches in a row of the picture; pixels beyond the last whole one are ignored.
    package var grid: Int { size / patchSize }
    /// The number of class tokens before the patches: one or none.
    package var classTokens: Int { hasClassToken ? 1 : 0 }
    /// The number of tokens with a position embedding: a class token, if there is one, and one per patch.
    package var places: Int { classTokens + grid * grid }
    /// The number of tokens of a picture: a class token, if there is one, one per patch, and the registers.
    package var tokens: Int { places + registers }
  }

  /// Settings that only training reads; they are kept so that training can continue.
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
  package var labelNames: [ByteText]
  /// The conversion of text to tokens.
  package var tokenizer = TokenizerSettings()
  /// The named steps of text normalisation before the tokenizer, in order.
  package var preparation: [String] = []
  /// The conversion of pictures to pixels.
  package var preprocessing = Preprocessing()
  package var training = Training()
  /// Whether the training data had posts without a picture; nil if that was not recorded.
  package var learntWithoutPicture: Bool?
  /// Converts raw probabilities into a prediction; nil if none was fitted.
  package var calibration: Calibration?
  /// The record of quantisation; nil if the weights are as they were trained.
  package var quantisation: Quantisation?

  /// The name of the lexicon in a model's folder.
  package static let lexiconName = "lexicon.tsv"

  /// Creates the published model's configuration with these labels.
  package init(labelNames: [ByteText]) { self.labelNames = labelNames }

  /// The streams that the text attends to after itself, by their names in the weights, in order.
  package var contextStreams: [String] { ["image"] + (knowledge ? ["knowledge"] : []) + features.map(\.name) }

  /// The spaces of a post's vectors: those of every model, then one for each feature stream.
  package var spaces: [String] { PostClassifier.spaces + features.map(\.name) }
}

/// The activation in an encoder's feed-forward nets: variants of GELU.
package enum EncoderActivation: String, Sendable, CaseIterable {
  /// x Φ(x), the exact form.
  case gelu
  /// x σ(1.702 x), CLIP's.
  case quickGELU = "quick_gelu"
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), SigLIP's.
  case tanhGELU = "gelu_tanh"
}

/// How the text's tokens are pooled into one vector.
package enum Pooling: String, Sendable, CaseIterable {
  /// The mean of the tokens.
  case mean
  /// The first token, through a linear layer and tanh.
  case cls
  /// The largest number of each column, and at least 0.
  case max
}

/// The conversion of a picture to numbers: resized, cropped to a square, then (colour / 255 − mean) / std.
package struct Preprocessing: Sendable, Equatable {
  /// How a picture that is not square is resized.
  package enum Resize: String, Sendable, CaseIterable {
    /// Both sides become `resizeTo`.
    case squash
    /// The shorter side becomes `resizeTo`, with unchanged proportions.
    case shortSide = "short-side"
  }

  /// The filter for resizing pictures, by its name in Pillow.
  package enum Resample: String, Sendable, CaseIterable {
    case bilinear
    case bicubic
  }

  /// What is done about the orientation in a picture's EXIF data.
  package enum ExifOrientation: String, Sendable, CaseIterable {
    /// The picture stays as it is stored, as in the reference.
    case ignore
    /// The picture is turned upright first.
    case apply
  }

  /// The height and width of the square (`image.image_size` in the configuration): the centre of the resized picture.
  package var size = 224
  package var resize = Resize.squash
  package var resample = Resample.bilinear
  package var resizeTo: Int?
  package var exifOrientation = ExifOrientation.ignore
  package var mean: [Float] = [0.485, 0.456, 0.406]
  package var std: [Float] = [0.229, 0.224, 0.225]

  /// Creates the published model's settings.
  package init() {}
}

/// How the projected text, picture and knowledge of a post are combined into the vector that is classified.
///
/// t, v and k below are the means of the projected tokens of the text, the picture and the knowledge; W and w are
/// learnt. What makes the model CLFA is the alignment before this step, so the aggregation is exchangeable.
package enum Aggregation: String, Sendable, CaseIterable {
  /// The text's tokens attend to themselves, the picture's and the knowledge's, layer after layer, and are then pooled.
  case crossAttention = "cross-attention"
  /// W₂ ReLU(W₁ [t; v; k]); k only in a model with knowledge.
  case concat
  /// g t + (1 − g) v with g = σ(W [t; v]), number by number.
  case gated
  /// Parallel co-attention of the text's and the picture's tokens (Lu et al. 2016).
  case coAttention = "co-attention"
  /// Only t.
  case text
  /// Only v.
  case image

  /// Whether knowledge affects the scores of a model that has it.
  package var readsKnowledge: Bool { self == .crossAttention || self == .concat }
}
