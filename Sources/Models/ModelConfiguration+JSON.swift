import Bytes

extension ModelConfiguration {
  /// The only supported format.
  static let format = "clfa-model/1"
  private static let defaults = ModelConfiguration(labelNames: [])

  /// Reads and checks a `config.json`. An absent key has the reference's default; an unknown one is an error.
  package init(json bytes: [UInt8]) throws(ConfigurationError) {
    let root: JSON
    do {
      root = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(error)
    }
    var reader = try ConfigurationReader(root)
    guard let format = try reader.string("format") else { throw .missingKey("format") }
    guard format == ModelConfiguration.format else {
      throw .unknownFormat(found: format, known: ModelConfiguration.format)
    }
    self.init(labelNames: try ModelConfiguration.labelNames(&reader))
    for key in Self.keys { try key.read(&reader, &self) }
    preprocessing.size = image.size
    try reader.finish()
    try checkTogether()
  }

  /// The `config.json` of a model folder.
  package var json: String { Self.keys.json(self, Self.defaults).text(.spaced) + "\n" }

  /// The keys that differ from the defaults, and the labels, in the order of the keys.
  package var canonical: [(key: String, value: String)] {
    Self.keys.flatMap { $0.differences(self, Self.defaults, "") }.sorted { $0.key < $1.key }
  }

  /// The table of all keys in `docs/design.md`.
  package static var documentation: [String] { keys.flatMap { $0.rows(defaults, "") } }

  private static func labelNames(_ reader: inout ConfigurationReader) throws(ConfigurationError) -> [ByteText] {
    let labels = try reader.integer("labels", 2, in: 1...65_536)
    guard let names = try reader.strings("label_names")?.map({ ByteText($0) }) else { throw .missingKey("label_names") }
    guard names.count == labels else { throw .labelCount(labels: labels, names: names.count) }
    var seen: Set<ByteText> = []
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, seen.insert(name).inserted else {
        throw .labelName(name.text, index: index)
      }
    }
    return names
  }

  /// Checks the rules that involve several keys.
  private func checkTogether() throws(ConfigurationError) {
    var shared = [
      ("text.hidden_size", text.hiddenSize, "text.heads", text.heads),
      ("image.hidden_size", image.hiddenSize, "image.heads", image.heads),
    ]
    // A model without fusion layers never uses their number of heads.
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
    for (index, token) in (tokenizer.addedTokens ?? []).enumerated() where token.id >= text.vocabularySize {
      throw .outOfRange(
        key: "tokenizer.added_tokens[\(index)].id", value: "\(token.id)",
        allowed: "less than text.vocab_size, \(text.vocabularySize)")
    }
    let lengths = [
      ("tokenizer.max_text", tokenizer.maxText), ("tokenizer.max_knowledge", tokenizer.maxKnowledge),
    ]
    for (key, tokens) in lengths where tokens > text.maxPositions {
      // A model without knowledge never uses the second limit.
      if knowledge || key == "tokenizer.max_text" {
        throw .moreTokensThanPositions(key: key, tokens: tokens, positions: text.maxPositions)
      }
    }
    try checkPostBytes()
  }
}
