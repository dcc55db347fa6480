import Bytes

extension ModelConfiguration {
  /// The `config.json` of a model folder, every key written out, the reference's keys in the reference's order.
  public var json: String {
    var keys: [(String, String)] = [
      ("text", Self.object(text.keys)), ("image", Self.object(image.keys)), ("dim", "\(dim)"),
      ("projection_hidden", "\(projectionHidden)"), ("fusion_layers", "\(fusionLayers)"),
      ("fusion_heads", "\(fusionHeads)"), ("fusion_ffn", "\(fusionFeedForward)"),
      ("fusion_eps", "\(fusionEpsilon)"), ("knowledge", "\(knowledge)"),
      ("aggregation", JSONText.quoted(aggregation.rawValue)), ("pooling", JSONText.quoted(pooling.rawValue)),
      ("labels", "\(labelNames.count)"),
    ]
    keys += [
      ("dropout", "\(training.dropout)"), ("alpha", "\(training.alpha)"), ("beta", "\(training.beta)"),
      ("temperature", "\(training.temperature)"), ("format", JSONText.quoted(Self.format)),
      ("label_names", Self.list(labelNames.map(JSONText.quoted))), ("tokenizer", Self.object(tokenizer.keys)),
      ("preparation", Self.list(preparation.map(JSONText.quoted))),
      ("preprocessing", Self.object(preprocessing.keys)),
    ]
    if !features.isEmpty {
      let streams = features.map { stream in
        Self.object([
          ("name", JSONText.quoted(stream.name)), ("width", "\(stream.width)"), ("max_rows", "\(stream.maxRows)"),
        ])
      }
      keys.append(("features", Self.list(streams)))
    }
    if hasLexicon { keys.append(("lexicon", JSONText.quoted(Self.lexiconName))) }
    if let learntWithoutPicture { keys.append(("learnt_without_picture", "\(learntWithoutPicture)")) }
    if let calibration { keys += calibration.members(labelNames: labelNames) }
    if let quantisation { keys.append(("quantization", quantisation.json)) }
    return Self.object(keys) + "\n"
  }

  static func object(_ keys: [(String, String)]) -> String {
    "{" + keys.map { "\(JSONText.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
  }

  fileprivate static func list(_ values: [String]) -> String { "[" + values.joined(separator: ", ") + "]" }
}

extension ModelConfiguration.Text {
  fileprivate var keys: [(String, String)] {
    var keys = [
      ("vocab_size", "\(vocabularySize)"), ("hidden_size", "\(hiddenSize)"), ("layers", "\(layers)"),
      ("heads", "\(heads)"), ("ffn", "\(feedForward)"), ("max_positions", "\(maxPositions)"),
      ("type_vocab", "\(tokenTypes)"), ("eps", "\(epsilon)"),
    ]
    // What the reference does not know is said where it is not as there.
    if activation != .gelu { keys.append(("activation", JSONText.quoted(activation.rawValue))) }
    if normsFirst { keys.append(("norms_first", "true")) }
    if isCausal { keys.append(("causal", "true")) }
    return keys
  }
}

extension ModelConfiguration.Image {
  fileprivate var keys: [(String, String)] {
    var keys = [
      ("image_size", "\(size)"), ("patch_size", "\(patchSize)"), ("hidden_size", "\(hiddenSize)"),
      ("layers", "\(layers)"), ("heads", "\(heads)"), ("ffn", "\(feedForward)"), ("eps", "\(epsilon)"),
    ]
    if registers > 0 { keys.append(("registers", "\(registers)")) }
    if activation != .gelu { keys.append(("activation", JSONText.quoted(activation.rawValue))) }
    if !hasWhole { keys.append(("whole", "false")) }
    if hasFirstNorm { keys.append(("first_norm", "true")) }
    if !hasLastNorm { keys.append(("last_norm", "false")) }
    return keys
  }
}

extension TokenizerSettings {
  fileprivate var keys: [(String, String)] {
    // A tokenizer's file says itself what becomes of case and accents.
    let letters = [("lowercase", "\(lowercase)"), ("strip_accents", "\(stripAccents)")]
    return [("kind", JSONText.quoted(kind.rawValue))] + (kind == .wordPiece ? letters : [])
      + [("max_text", "\(maxText)"), ("max_knowledge", "\(maxKnowledge)")]
  }
}

extension Preprocessing {
  fileprivate var keys: [(String, String)] {
    let keys = [
      ("resize", JSONText.quoted(resize.rawValue)), ("resample", JSONText.quoted(resample.rawValue)),
      ("mean", ModelConfiguration.list(mean.map { "\($0)" })),
      ("std", ModelConfiguration.list(std.map { "\($0)" })),
    ]
    return keys + (resizeTo.map { [("resize_to", "\($0)")] } ?? [])
  }
}
