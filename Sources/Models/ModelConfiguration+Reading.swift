import Bytes

extension ModelConfiguration {
  /// The one format that is read.
  static let format = "clfa-model/1"

  // More than any model has, little enough that no product of two overflows.
  private static let widths = 1...16_384
  private static let layers = 1...256

  /// Reads and checks a `config.json`. An absent key has the reference's default, an unknown one is refused.
  package init(json bytes: [UInt8]) throws(ConfigurationError) {
    let root: JSON
    do {
      root = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    var reader = try ConfigurationReader(root)
    guard let format = try reader.string("format") else { throw .missingKey("format") }
    guard format.hasSameBytes(as: ModelConfiguration.format) else {
      throw .unknownFormat(found: format, known: ModelConfiguration.format)
    }
    self.init(labelNames: try ModelConfiguration.labelNames(&reader))
    text = try Text(&reader)
    image = try Image(&reader)
    dim = try reader.integer("dim", dim, in: Self.widths)
    projectionHidden = try reader.integer("projection_hidden", projectionHidden, in: Self.widths)
    fusionLayers = try reader.integer("fusion_layers", fusionLayers, in: Self.layers)
    fusionHeads = try reader.integer("fusion_heads", fusionHeads, in: Self.widths)
    fusionFeedForward = try reader.integer("fusion_ffn", fusionFeedForward, in: Self.widths)
    fusionEpsilon = try reader.real("fusion_eps", fusionEpsilon, in: 0...1)
    knowledge = try reader.boolean("knowledge", knowledge)
    features = try ModelConfiguration.features(&reader)
    aggregation =
      Aggregation(rawValue: try reader.word("aggregation", of: Aggregation.allCases.map(\.rawValue))) ?? .crossAttention
    pooling = Pooling(rawValue: try reader.word("pooling", of: Pooling.allCases.map(\.rawValue))) ?? .mean
    preparation = try reader.strings("preparation") ?? []
    tokenizer = try TokenizerSettings(&reader)
    preprocessing = try Preprocessing(&reader)
    preprocessing.size = image.size
    hasLexicon = try reader.optionalWord("lexicon", of: [Self.lexiconName]) != nil
    training = try Training(&reader)
    learntWithoutPicture = try reader.optionalBoolean("learnt_without_picture")
    quantisation = try Quantisation(&reader)
    calibration = try Calibration(&reader, labelNames: labelNames)
    try reader.finish()
    try checkTogether()
  }

  private static func labelNames(_ reader: inout ConfigurationReader) throws(ConfigurationError) -> [String] {
    let labels = try reader.integer("labels", 2, in: 1...65_536)
    guard let names = try reader.strings("label_names") else { throw .missingKey("label_names") }
    guard names.count == labels else { throw .labelCount(labels: labels, names: names.count) }
    var seen: Set<ByteText> = []
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, seen.insert(ByteText(name)).inserted else {
        throw .labelName(name, index: index)
      }
    }
    return names
  }

  private static func features(_ outer: inout ConfigurationReader) throws(ConfigurationError) -> [FeatureStream] {
    var streams: [FeatureStream] = []
    for var reader in try outer.objects("features", limit: FeatureStream.limit) {
      guard let name = try reader.string("name") else { throw .missingKey(reader.name("name")) }
      let isTaken = streams.contains { $0.name.hasSameBytes(as: name) }
      guard FeatureStream.isName(name), !isTaken else { throw .featureName(name, isTaken: isTaken) }
      try reader.require(["width"])
      streams.append(
        FeatureStream(
          name: name, width: try reader.integer("width", 1, in: FeatureStream.widths),
          maxRows: try reader.integer("max_rows", 512, in: FeatureStream.rows)))
      try reader.finish()
    }
    return streams
  }

  /// What no key can be wrong about alone.
  private func checkTogether() throws(ConfigurationError) {
    var shared = [
      ("text.hidden_size", text.hiddenSize, "text.heads", text.heads),
      ("image.hidden_size", image.hiddenSize, "image.heads", image.heads),
    ]
    // A model without fusion layers never reads their heads.
    if aggregation == .crossAttention { shared.append(("dim", dim, "fusion_heads", fusionHeads)) }
    for (widthKey, width, headsKey, heads) in shared where !width.isMultiple(of: heads) {
      throw .headsDoNotDivide(widthKey: widthKey, width: width, headsKey: headsKey, heads: heads)
    }
    guard aggregation == .crossAttention || !hasLexicon else {
      throw .lexiconWithoutScores(aggregation: aggregation)
    }
    guard aggregation == .crossAttention || features.isEmpty else {
      throw .featuresWithoutFusion(aggregation: aggregation)
    }
    guard image.patchSize <= image.size else {
      throw .outOfRange(
        key: "image.patch_size", value: "\(image.patchSize)", allowed: "1 to image.image_size, \(image.size)")
    }
    if let resizeTo = preprocessing.resizeTo, resizeTo < image.size {
      throw .outOfRange(
        key: "preprocessing.resize_to", value: "\(resizeTo)", allowed: "image.image_size, \(image.size), or more")
    }
    let lengths = [
      ("tokenizer.max_text", tokenizer.maxText), ("tokenizer.max_knowledge", tokenizer.maxKnowledge),
    ]
    for (key, tokens) in lengths where tokens > text.maxPositions {
      // A model without the stream never reads the second.
      if knowledge || key == "tokenizer.max_text" {
        throw .moreTokensThanPositions(key: key, tokens: tokens, positions: text.maxPositions)
      }
    }
    try checkPostBytes()
  }
}

extension ModelConfiguration.Text {
  fileprivate init(_ outer: inout ConfigurationReader) throws(ConfigurationError) {
    var reader = try outer.object("text")
    self.init()
    vocabularySize = try reader.integer("vocab_size", vocabularySize, in: 1...4_194_304)
    hiddenSize = try reader.integer("hidden_size", hiddenSize, in: 1...16_384)
    layers = try reader.integer("layers", layers, in: 0...256)
    heads = try reader.integer("heads", heads, in: 1...16_384)
    feedForward = try reader.integer("ffn", feedForward, in: 1...65_536)
    maxPositions = try reader.integer("max_positions", maxPositions, in: 2...16_384)
    tokenTypes = try reader.integer("type_vocab", tokenTypes, in: 1...1024)
    epsilon = try reader.real("eps", epsilon, in: 0...1)
    activation = try EncoderActivation(&reader)
    normsFirst = try reader.boolean("norms_first", normsFirst)
    isCausal = try reader.boolean("causal", isCausal)
    try reader.finish()
  }
}

extension ModelConfiguration.Image {
  fileprivate init(_ outer: inout ConfigurationReader) throws(ConfigurationError) {
    var reader = try outer.object("image")
    self.init()
    size = try reader.integer("image_size", size, in: 1...4096)
    patchSize = try reader.integer("patch_size", patchSize, in: 1...4096)
    hiddenSize = try reader.integer("hidden_size", hiddenSize, in: 1...16_384)
    layers = try reader.integer("layers", layers, in: 0...256)
    heads = try reader.integer("heads", heads, in: 1...16_384)
    feedForward = try reader.integer("ffn", feedForward, in: 1...65_536)
    epsilon = try reader.real("eps", epsilon, in: 0...1)
    registers = try reader.integer("registers", registers, in: 0...1024)
    activation = try EncoderActivation(&reader)
    hasClassToken = try reader.boolean("whole", hasClassToken)
    hasFirstNorm = try reader.boolean("first_norm", hasFirstNorm)
    hasLastNorm = try reader.boolean("last_norm", hasLastNorm)
    try reader.finish()
  }
}

extension EncoderActivation {
  fileprivate init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
    self = Self(rawValue: try reader.word("activation", of: Self.allCases.map(\.rawValue))) ?? .gelu
  }
}

extension ModelConfiguration.Training {
  fileprivate init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
    self.init()
    dropout = try reader.real("dropout", dropout, in: 0...1)
    alpha = try reader.real("alpha", alpha, in: 0...1e6)
    beta = try reader.real("beta", beta, in: 0...1e6)
    temperature = try reader.real("temperature", temperature, in: 1e-6...1e6)
  }
}

extension TokenizerSettings {
  fileprivate init(_ outer: inout ConfigurationReader) throws(ConfigurationError) {
    var reader = try outer.object("tokenizer")
    self.init()
    kind = Kind(rawValue: try reader.word("kind", of: Kind.allCases.map(\.rawValue))) ?? kind
    lowercase = try reader.boolean("lowercase", lowercase)
    stripAccents = try reader.boolean("strip_accents", stripAccents)
    maxText = try reader.integer("max_text", maxText, in: 2...16_384)
    maxKnowledge = try reader.integer("max_knowledge", maxKnowledge, in: 2...16_384)
    try reader.finish()
  }
}

extension Preprocessing {
  fileprivate init(_ outer: inout ConfigurationReader) throws(ConfigurationError) {
    var reader = try outer.object("preprocessing")
    self.init()
    resize = Resize(rawValue: try reader.word("resize", of: Resize.allCases.map(\.rawValue))) ?? .squash
    resample = Resample(rawValue: try reader.word("resample", of: Resample.allCases.map(\.rawValue))) ?? .bilinear
    resizeTo = try reader.optionalInteger("resize_to", in: 1...4096)
    mean = try reader.channels("mean", mean.map(Double.init), in: -1000...1000).map { Float($0) }
    std = try reader.channels("std", std.map(Double.init), in: 1e-6...1000).map { Float($0) }
    try reader.finish()
  }
}
