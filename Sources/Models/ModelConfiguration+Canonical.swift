extension ModelConfiguration {
  /// The keys that differ from the defaults, and the labels, in the order of the keys.
  var canonical: [(key: String, value: String)] {
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
      ("image.activation", image.activation.rawValue), ("image.whole", "\(image.hasWhole)"),
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
