import Bytes

extension ModelConfiguration {
  /// The `config.json` of a model folder, every key written out, the reference's keys in the reference's order.
  package var json: String {
    var keys: [(String, String)] = [
      ("text", Self.object(text.keys)), ("image", Self.object(image.keys)), ("dim", "\(dim)"),
      ("projection_hidden", "\(projectionHidden)"), ("fusion_layers", "\(fusionLayers)"),
      ("fusion_heads", "\(fusionHeads)"), ("fusion_ffn", "\(fusionFeedForward)"),
      ("fusion_eps", "\(fusionEpsilon)"), ("knowledge", "\(knowledge)"),
      ("aggregation", JSONWriter.quoted(aggregation.rawValue)), ("pooling", JSONWriter.quoted(pooling.rawValue)),
      ("labels", "\(labelNames.count)"),
    ]
    keys += [
      ("dropout", "\(training.dropout)"), ("alpha", "\(training.alpha)"), ("beta", "\(training.beta)"),
      ("temperature", "\(training.temperature)"), ("format", JSONWriter.quoted(Self.format)),
      ("label_names", Self.list(labelNames.map(JSONWriter.quoted))), ("tokenizer", Self.object(tokenizer.keys)),
      ("preparation", Self.list(preparation.map(JSONWriter.quoted))),
      ("preprocessing", Self.object(preprocessing.keys)),
    ]
    if !features.isEmpty {
      let streams = features.map { stream in
        Self.object([
          ("name", JSONWriter.quoted(stream.name)), ("width", "\(stream.width)"), ("max_rows", "\(stream.maxRows)"),
        ])
      }
      keys.append(("features", Self.list(streams)))
    }
    if hasLexicon { keys.append(("lexicon", JSONWriter.quoted(Self.lexiconName))) }
    if let learntWithoutPicture { keys.append(("learnt_without_picture", "\(learntWithoutPicture)")) }
    if let calibration { keys += calibration.members(labelNames: labelNames) }
    if let quantisation { keys.append(("quantization", quantisation.json)) }
    return Self.object(keys) + "\n"
  }

  static func object(_ keys: [(String, String)]) -> String {
    "{" + keys.map { "\(JSONWriter.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
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
    if activation != .gelu { keys.append(("activation", JSONWriter.quoted(activation.rawValue))) }
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
    if activation != .gelu { keys.append(("activation", JSONWriter.quoted(activation.rawValue))) }
    if !hasClassToken { keys.append(("whole", "false")) }
    if hasFirstNorm { keys.append(("first_norm", "true")) }
    if !hasLastNorm { keys.append(("last_norm", "false")) }
    return keys
  }
}

extension TokenizerSettings {
  fileprivate var keys: [(String, String)] {
    // A tokenizer's file says itself what becomes of case and accents.
    let letters = [("lowercase", "\(lowercase)"), ("strip_accents", "\(stripAccents)")]
    return [("kind", JSONWriter.quoted(kind.rawValue))] + (kind == .wordPiece ? letters : [])
      + [("max_text", "\(maxText)"), ("max_knowledge", "\(maxKnowledge)")]
  }
}

extension Preprocessing {
  fileprivate var keys: [(String, String)] {
    let keys = [
      ("resize", JSONWriter.quoted(resize.rawValue)), ("resample", JSONWriter.quoted(resample.rawValue)),
      ("mean", ModelConfiguration.list(mean.map { "\($0)" })),
      ("std", ModelConfiguration.list(std.map { "\($0)" })),
    ]
    return keys + (resizeTo.map { [("resize_to", "\($0)")] } ?? [])
  }
}

extension ModelConfiguration {
  /// The keys that differ from the defaults, and the labels, in the order of the keys.
  package var canonical: [(key: String, value: String)] {
    let defaults = ModelConfiguration(labelNames: []).fields
    return zip(fields, defaults)
      .filter { $0.1 != $1.1 }
      .map { (key: $0.0.0, value: $0.0.1) }
      .sorted { $0.key < $1.key }
  }

  /// Every key with its value in words; the same keys in the same order for every configuration.
  private var fields: [(String, String)] {
    func list(_ strings: [String]) -> String {
      strings.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }
    return [
      ("dim", "\(dim)"), ("projection_hidden", "\(projectionHidden)"), ("fusion_layers", "\(fusionLayers)"),
      ("fusion_heads", "\(fusionHeads)"), ("fusion_ffn", "\(fusionFeedForward)"),
      ("fusion_eps", "\(fusionEpsilon)"), ("knowledge", "\(knowledge)"),
      ("features", list(features.map { "\($0.name) \($0.width) \($0.maxRows)" })),
      ("aggregation", aggregation.rawValue), ("pooling", pooling.rawValue),
      ("label_names", list(labelNames)), ("preparation", list(preparation)),
      ("text.vocab_size", "\(text.vocabularySize)"), ("text.hidden_size", "\(text.hiddenSize)"),
      ("text.layers", "\(text.layers)"), ("text.heads", "\(text.heads)"), ("text.ffn", "\(text.feedForward)"),
      ("text.max_positions", "\(text.maxPositions)"), ("text.type_vocab", "\(text.tokenTypes)"),
      ("text.eps", "\(text.epsilon)"), ("text.activation", text.activation.rawValue),
      ("text.norms_first", "\(text.normsFirst)"), ("text.causal", "\(text.isCausal)"),
      ("image.image_size", "\(image.size)"), ("image.patch_size", "\(image.patchSize)"),
      ("image.hidden_size", "\(image.hiddenSize)"), ("image.layers", "\(image.layers)"),
      ("image.heads", "\(image.heads)"), ("image.ffn", "\(image.feedForward)"),
      ("image.eps", "\(image.epsilon)"), ("image.registers", "\(image.registers)"),
      ("image.activation", image.activation.rawValue), ("image.whole", "\(image.hasClassToken)"),
      ("image.first_norm", "\(image.hasFirstNorm)"), ("image.last_norm", "\(image.hasLastNorm)"),
      ("tokenizer.kind", tokenizer.kind.rawValue),
      ("tokenizer.lowercase", "\(tokenizer.lowercase)"),
      ("tokenizer.strip_accents", "\(tokenizer.stripAccents)"),
      ("tokenizer.max_text", "\(tokenizer.maxText)"),
      ("tokenizer.max_knowledge", "\(tokenizer.maxKnowledge)"),
      ("preprocessing.mean", list(preprocessing.mean.map { "\($0)" })),
      ("preprocessing.std", list(preprocessing.std.map { "\($0)" })),
      ("preprocessing.resize", preprocessing.resize.rawValue),
      ("preprocessing.resample", preprocessing.resample.rawValue),
      ("preprocessing.resize_to", preprocessing.resizeTo.map { "\($0)" } ?? "image_size"),
      ("dropout", "\(training.dropout)"), ("alpha", "\(training.alpha)"), ("beta", "\(training.beta)"),
      ("temperature", "\(training.temperature)"),
    ]
  }
}
