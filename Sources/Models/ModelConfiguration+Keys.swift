import Bytes

// The keys of `config.json`. Those that the reference has keep its names and meanings.

extension ModelConfiguration: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("text", \.text), .init("image", \.image),
      .init("dim", \.dim, .integer(1...16_384), "D, the dimension of the space that text and picture share"),
      .init("projection_hidden", \.projectionHidden, .integer(1...16_384), "the hidden width of a projection"),
      .init("fusion_layers", \.fusionLayers, .integer(1...256), "the number of fusion layers"),
      .init(
        "fusion_heads", \.fusionHeads, .integer(1...16_384),
        "attention heads of a fusion layer; `dim` must be a multiple of it"),
      .init(
        "fusion_ffn", \.fusionFeedForward, .integer(1...16_384), "the hidden width of a fusion layer's feed-forward net"
      ),
      .init("fusion_eps", \.fusionEpsilon, .real(0...1), "epsilon of the fusion's layer norms"),
      .init("knowledge", \.knowledge, .boolean, "whether the text also attends to the post's knowledge"),
      .init("aggregation", \.aggregation, .word, "how text, picture and further streams are combined into one vector"),
      .init("pooling", \.pooling, .word, "how the text's tokens are pooled into one vector after cross-attention"),
      .init(
        "labels", "1 to 65536", usual: "`2`", "the number of labels", json: { .integer($0.labelNames.count) }),
      .init("dropout", \.training.dropout, .real(0...1), "training: dropout, the share of values set to 0"),
      .init("alpha", \.training.alpha, .real(0...1e6), "training: the weight of the alignment losses"),
      .init("beta", \.training.beta, .real(0...1e6), "training: the weight of the classification loss"),
      .init(
        "temperature", \.training.temperature, .real(1e-6...1e6),
        "training: the temperature, by which the alignment's cosines are divided"),
      .init(
        "format", "`\"\(format)\"`", usual: "required", "the version of this format", json: { _ in .string(format) }),
      .init(
        "label_names", \.labelNames, .texts, usual: "required",
        "the labels' names, each once, in the order of the model's outputs"),
      .init("tokenizer", \.tokenizer),
      .init("preparation", \.preparation, .strings, "the steps that normalize a text before the tokenizer, in order"),
      .init("preprocessing", \.preprocessing),
      .init(
        "features", \.features, .features, written: .unlessDefault, usual: "absent",
        "streams of precomputed features; the text attends to them after picture and knowledge, in this order"),
      .init(
        "lexicon", "`\"\(lexiconName)\"`", "the folder contains this file, whose polarities bias cross-attention",
        json: { $0.hasLexicon ? .string(lexiconName) : nil },
        read: { (reader, root) throws(ConfigurationError) in
          root.hasLexicon = try reader.optionalWord("lexicon", of: [lexiconName]) != nil
        }),
      .init(
        "learnt_without_picture", "true, false", "whether the training posts included any without a picture",
        json: { $0.learntWithoutPicture.map { .bool($0) } },
        read: { (reader, root) throws(ConfigurationError) in
          root.learntWithoutPicture = try reader.optionalBoolean("learnt_without_picture")
        }),
      .init(
        "thresholds", "an object, 0.0 to 1.0 for each label",
        "the predicted label is the one whose probability is highest relative to its threshold",
        json: { root in
          root.calibration?.thresholds.map { .members(zip(root.labelNames, $0).map { ($0.text, .real($1)) }) }
        }),
      .init(
        "calibration", "`{\"kind\": \"temperature\", \"temperature\": T}`",
        "a probability p becomes p^(1/T), normalized",
        json: { $0.calibration?.json },
        read: { (reader, root) throws(ConfigurationError) in
          root.calibration = try Calibration(&reader, labelNames: root.labelNames)
        }),
      .init(
        "quantization", "an object", "the source of an int8 model, and what quantization changed",
        json: { $0.quantisation?.json },
        read: { (reader, root) throws(ConfigurationError) in root.quantisation = try Quantisation(&reader) }),
    ]
  }
}

extension ModelConfiguration.Text: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("vocab_size", \.vocabularySize, .integer(1...4_194_304), "the number of pieces in the vocabulary"),
      .init("hidden_size", \.hiddenSize, .integer(1...16_384), "the width of a token's vector"),
      .init("layers", \.layers, .integer(0...256), "the number of blocks"),
      .init(
        "heads", \.heads, .integer(1...16_384),
        "attention heads of a block; `text.hidden_size` must be a multiple of it"),
      .init("ffn", \.feedForward, .integer(1...65_536), "the hidden width of a feed-forward net"),
      .init(
        "max_positions", \.maxPositions, .integer(2...16_384),
        "the number of position embeddings, which limits the length of a text"),
      .init("type_vocab", \.tokenTypes, .integer(1...1024), "the number of token types; only the first is used"),
      .init("eps", \.epsilon, .real(0...1), "epsilon of the layer norms"),
      .init("activation", \.activation, .word, written: .unlessDefault, activationWords),
      .init(
        "norms_first", \.normsFirst, .boolean, written: .unlessDefault,
        "whether layer norms come before attention and feed-forward net (pre-norm), with one more after the last block"
      ),
      .init(
        "causal", \.isCausal, .boolean, written: .unlessDefault,
        "whether a token attends only to itself and to earlier tokens"),
    ]
  }
}

extension ModelConfiguration.Image: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init("image_size", \.size, .integer(1...4096), "height and width of a picture in pixels"),
      .init(
        "patch_size", \.patchSize, .integer(1...4096),
        "height and width of a patch in pixels; at most `image.image_size`"),
      .init("hidden_size", \.hiddenSize, .integer(1...16_384), "the width of a token's vector"),
      .init("layers", \.layers, .integer(0...256), "the number of blocks"),
      .init(
        "heads", \.heads, .integer(1...16_384),
        "attention heads of a block; `image.hidden_size` must be a multiple of it"),
      .init("ffn", \.feedForward, .integer(1...65_536), "the hidden width of a feed-forward net"),
      .init("eps", \.epsilon, .real(0...1), "epsilon of the layer norms"),
      .init(
        "registers", \.registers, .integer(0...1024), written: .unlessDefault,
        "learnt tokens after the patches that belong to no part of the picture (registers)"),
      .init("activation", \.activation, .word, written: .unlessDefault, activationWords),
      .init(
        "whole", \.hasClassToken, .boolean, written: .unlessDefault,
        "whether there is a class token before the patches"),
      .init(
        "first_norm", \.hasFirstNorm, .boolean, written: .unlessDefault,
        "whether there is a layer norm before the first block, `image_encoder.first_norm`"),
      .init(
        "last_norm", \.hasLastNorm, .boolean, written: .unlessDefault,
        "whether there is a layer norm after the last block"),
    ]
  }
}

private let activationWords =
  "the activation of the feed-forward nets: GELU, x σ(1.702 x), or GELU's approximation with tanh"

extension TokenizerSettings: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    // A tokenizer file determines itself how case and accents are treated.
    let isWordPiece = ConfigurationKey<Self>.Presence.only { $0.kind.isWordPiece }
    return [
      .init("kind", \.kind, .word, "the kind of tokenizer"),
      .init(
        "lowercase", \.lowercase, .boolean, written: isWordPiece,
        "whether letters are lower-cased; for word pieces only"),
      .init(
        "strip_accents", \.stripAccents, .boolean, written: isWordPiece,
        "whether accents are stripped; for word pieces only"
      ),
      .init(
        "separate_chinese", \.separatesChinese, .boolean, written: .unlessDefault,
        "whether each Chinese character is a word; for word pieces only, like the keys down to `added_tokens`"),
      .init(
        "pretokenized", \.isPretokenized, .boolean, written: .unlessDefault,
        "whether words are separated by blanks alone, and nothing else is split, removed or lower-cased"),
      .init(
        "never_split", \.neverSplit, .texts, written: .unlessDefault,
        "words between blanks that stay as they are, in case, accents and punctuation"),
      .init("unknown", \.unknown, .text, written: .unlessDefault, "the piece for a word that has none"),
      .init("first", \.first, .text, written: .unlessDefault, "the piece at the beginning of every text"),
      .init("last", \.last, .text, written: .unlessDefault, "the piece at the end of every text"),
      .init("prefix", \.prefix, .text, written: .unlessDefault, "the beginning of pieces that continue a word"),
      .init(
        "word_limit", \.wordLimit, .integer(1...65_536), written: .unlessDefault,
        "the maximum number of characters in a word; a longer one is unknown"),
      .init(
        "added_tokens", \.addedTokens, .addedTokens, written: .unlessDefault,
        usual: "`[UNK]`, `[SEP]`, `[CLS]`, `[PAD]`, `[MASK]`, if the vocabulary has them",
        "tokens that are found in a text before its words are: with the blanks before or after them, only where no letter "
          + "or digit touches them, in the normalized text instead of the text as posted"),
      .init(
        "max_text", \.maxText, .integer(2...16_384), "the maximum number of tokens of a text, including [CLS] and [SEP]"
      ),
      .init(
        "max_knowledge", \.maxKnowledge, .integer(2...16_384),
        "the maximum number of tokens of knowledge, counted in the same way"),
    ]
  }
}

extension Preprocessing: ConfigurationObject {
  static var keys: [ConfigurationKey<Self>] {
    [
      .init(
        "resize", \.resize, .word,
        "whether both sides are resized to `resize_to`, or only the shorter one, with the proportions kept"),
      .init("resample", \.resample, .word, "the resampling filter, as in Pillow"),
      .init("mean", \.mean, .channels(-1000...1000), "the means of red, green and blue"),
      .init("std", \.std, .channels(1e-6...1000), "the standard deviations of red, green and blue"),
      .init(
        "resize_to", \.resizeTo, .integer(1...4096, none: "image_size"), usual: "`image.image_size`; then absent",
        "the size in pixels before the central square of `image.image_size` is cropped; at least `image.image_size`"),
      .init(
        "exif_orientation", \.exifOrientation, .word, written: .unlessDefault,
        "whether pictures are turned upright first, as the orientation in their EXIF data says"),
    ]
  }
}
