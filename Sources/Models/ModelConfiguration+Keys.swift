import Bytes

// The keys of `config.json`. Those of the reference are as the reference has them.

extension ModelConfiguration: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("text", \.text), .init("image", \.image),
      .init("dim", \.dim, .integer(1...16_384), "D, the width of the space that text and picture share"),
      .init("projection_hidden", \.projectionHidden, .integer(1...16_384), "the width within a projection"),
      .init("fusion_layers", \.fusionLayers, .integer(1...256), "how many fusion layers follow each other"),
      .init("fusion_heads", \.fusionHeads, .integer(1...16_384), "heads of a fusion layer; they divide `dim`"),
      .init(
        "fusion_ffn", \.fusionFeedForward, .integer(1...16_384), "the width within a fusion layer's feed-forward net"),
      .init("fusion_eps", \.fusionEpsilon, .real(0...1), "what the fusion's norms add to the variance"),
      .init("knowledge", \.knowledge, .boolean, "whether the text attends to knowledge in words, too"),
      .init("aggregation", \.aggregation, .word, "how the sides become one vector"),
      .init("pooling", \.pooling, .word, "how the text's tokens become one vector after cross-attention"),
      .init(
        "labels", "1 to 65536", usual: "`2`", "how many labels there are", json: { .integer($0.labelNames.count) }),
      .init("dropout", \.training.dropout, .real(0...1), "training: the share of numbers that are dropped"),
      .init("alpha", \.training.alpha, .real(0...1e6), "training: the weight of the alignment losses"),
      .init("beta", \.training.beta, .real(0...1e6), "training: the weight of the classification loss"),
      .init(
        "temperature", \.training.temperature, .real(1e-6...1e6),
        "training: what the alignment's cosines are divided by"),
      .init(
        "format", "`\"\(format)\"`", usual: "required", "the version of this format", json: { _ in .string(format) }),
      .init(
        "label_names", \.labelNames, .strings, usual: "required",
        "the labels' names, each once, in the order of the answers"),
      .init("tokenizer", \.tokenizer),
      .init("preparation", \.preparation, .strings, "named steps of text before the tokenizer, in order"),
      .init("preprocessing", \.preprocessing),
      .init(
        "features", \.features, .features, written: .unlessDefault, usual: "absent",
        "streams of precomputed features that the text attends to behind picture and knowledge, in that order"),
      .init(
        "lexicon", "`\"\(lexiconName)\"`", "the folder has this file, whose polarities bias cross-attention",
        json: { $0.hasLexicon ? .string(lexiconName) : nil },
        read: { (reader, root) throws(ConfigurationError) in
          root.hasLexicon = try reader.optionalWord("lexicon", of: [lexiconName]) != nil
        }),
      .init(
        "learnt_without_picture", "true, false", "whether training ever showed the model a post without a picture",
        json: { $0.learntWithoutPicture.map { .bool($0) } },
        read: { (reader, root) throws(ConfigurationError) in
          root.learntWithoutPicture = try reader.optionalBoolean("learnt_without_picture")
        }),
      .init(
        "thresholds", "an object, 0.0 to 1.0 for each label",
        "the label that stands highest over its threshold is the answer",
        json: { root in root.calibration?.thresholds.map { .members(zip(root.labelNames, $0).map { ($0, .real($1)) }) }
        }),
      .init(
        "calibration", "`{\"kind\": \"temperature\", \"temperature\": T}`",
        "a probability p becomes p^(1/T), normalised",
        json: { $0.calibration?.json },
        read: { (reader, root) throws(ConfigurationError) in
          root.calibration = try Calibration(&reader, labelNames: root.labelNames)
        }),
      .init(
        "quantization", "an object", "where an int8 model comes from, and what quantising changed",
        json: { $0.quantisation?.json },
        read: { (reader, root) throws(ConfigurationError) in root.quantisation = try Quantisation(&reader) }),
    ]
  }
}

extension ModelConfiguration.Text: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("vocab_size", \.vocabularySize, .integer(1...4_194_304), "pieces that have a vector"),
      .init("hidden_size", \.hiddenSize, .integer(1...16_384), "the width of a token"),
      .init("layers", \.layers, .integer(0...256), "how many blocks follow each other"),
      .init("heads", \.heads, .integer(1...16_384), "heads of a block; they divide `text.hidden_size`"),
      .init("ffn", \.feedForward, .integer(1...65_536), "the width within a feed-forward net"),
      .init("max_positions", \.maxPositions, .integer(2...16_384), "positions that have a vector: the longest text"),
      .init("type_vocab", \.tokenTypes, .integer(1...1024), "token types that have a vector; only the first is used"),
      .init("eps", \.epsilon, .real(0...1), "what the norms add to the variance"),
      .init("activation", \.activation, .word, written: .unlessDefault, activationWords),
      .init(
        "norms_first", \.normsFirst, .boolean, written: .unlessDefault,
        "whether a block's norms stand before its halves, and the encoder's own behind the last block"),
      .init(
        "causal", \.isCausal, .boolean, written: .unlessDefault,
        "whether a piece attends to itself and to those before it alone"),
    ]
  }
}

extension ModelConfiguration.Image: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("image_size", \.size, .integer(1...4096), "height and width of a picture"),
      .init("patch_size", \.patchSize, .integer(1...4096), "height and width of a patch; at most `image.image_size`"),
      .init("hidden_size", \.hiddenSize, .integer(1...16_384), "the width of a token"),
      .init("layers", \.layers, .integer(0...256), "how many blocks follow each other"),
      .init("heads", \.heads, .integer(1...16_384), "heads of a block; they divide `image.hidden_size`"),
      .init("ffn", \.feedForward, .integer(1...65_536), "the width within a feed-forward net"),
      .init("eps", \.epsilon, .real(0...1), "what the norms add to the variance"),
      .init(
        "registers", \.registers, .integer(0...1024), written: .unlessDefault,
        "learnt tokens behind the patches that have no place in the picture"),
      .init("activation", \.activation, .word, written: .unlessDefault, activationWords),
      .init(
        "whole", \.hasClassToken, .boolean, written: .unlessDefault,
        "whether a token for the whole picture stands before the patches"),
      .init(
        "first_norm", \.hasFirstNorm, .boolean, written: .unlessDefault,
        "whether there is a norm before the first block, `image_encoder.first_norm`"),
      .init(
        "last_norm", \.hasLastNorm, .boolean, written: .unlessDefault, "whether there is one behind the last block"),
    ]
  }
}

private let activationWords =
  "between a feed-forward net's products: GELU, x σ(1.702 x), or the form with tanh"

extension TokenizerSettings: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    // A tokenizer's file says itself what becomes of case and accents.
    let isWordPiece = ConfigurationKey<Self>.Presence.only { $0.kind == .wordPiece }
    return [
      .init("kind", \.kind, .word, "which tokenizer"),
      .init(
        "lowercase", \.lowercase, .boolean, written: isWordPiece, "whether letters are lower-cased, for word pieces"),
      .init(
        "strip_accents", \.stripAccents, .boolean, written: isWordPiece, "whether accents are stripped, for word pieces"
      ),
      .init("max_text", \.maxText, .integer(2...16_384), "the most tokens of a text, [CLS] and [SEP] included"),
      .init("max_knowledge", \.maxKnowledge, .integer(2...16_384), "the most tokens of knowledge, in the same way"),
    ]
  }
}

extension Preprocessing: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init(
        "resize", \.resize, .word, "both sides become `resize_to`, or the shorter one does and the proportions stay"),
      .init("resample", \.resample, .word, "how pixels are made of those around them, as Pillow has it"),
      .init("mean", \.mean, .channels(-1000...1000), "means of red, green and blue"),
      .init("std", \.std, .channels(1e-6...1000), "standard deviations of red, green and blue"),
      .init(
        "resize_to", \.resizeTo, .integer(1...4096, none: "image_size"), usual: "`image.image_size`; then absent",
        "pixels before the square of `image.image_size` is cut from the middle; at least that"),
    ]
  }
}
