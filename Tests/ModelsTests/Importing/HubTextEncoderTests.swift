import Bytes
import Models
import Testing

@Suite struct HubTextEncoderTests {
  @Test func everyTensorIsFoundUnderOurName() throws {
    let folder = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    let encoder = try HubTextEncoder.load(folder.path)
    let sizes = encoder.configuration
    #expect(sizes.vocabularySize == 5 && sizes.hiddenSize == 8 && sizes.layers == 2 && sizes.heads == 2)
    #expect(sizes.feedForward == 12 && sizes.maxPositions == 16 && sizes.tokenTypes == 2 && sizes.epsilon == 1e-12)
    #expect(encoder.vocabularyPath == folder.path + "/vocab.txt" && encoder.tokenizer == TokenizerSettings())
    let pairs = [
      ("word.weight", "embeddings.word_embeddings.weight", [5, 8]),
      ("position.weight", "embeddings.position_embeddings.weight", [16, 8]),
      ("token_type.weight", "embeddings.token_type_embeddings.weight", [2, 8]),
      ("norm.weight", "embeddings.LayerNorm.weight", [8]), ("norm.bias", "embeddings.LayerNorm.bias", [8]),
      ("blocks.1.attention.query.weight", "encoder.layer.1.attention.self.query.weight", [8, 8]),
      ("blocks.1.attention.key.bias", "encoder.layer.1.attention.self.key.bias", [8]),
      ("blocks.0.attention.value.weight", "encoder.layer.0.attention.self.value.weight", [8, 8]),
      ("blocks.0.attention_output.weight", "encoder.layer.0.attention.output.dense.weight", [8, 8]),
      ("blocks.0.attention_norm.bias", "encoder.layer.0.attention.output.LayerNorm.bias", [8]),
      ("blocks.1.fc1.weight", "encoder.layer.1.intermediate.dense.weight", [12, 8]),
      ("blocks.1.fc2.weight", "encoder.layer.1.output.dense.weight", [8, 12]),
      ("blocks.1.output_norm.weight", "encoder.layer.1.output.LayerNorm.weight", [8]),
    ]
    for (ours, theirs, shape) in pairs {
      #expect(try encoder.values("text_encoder." + ours) == HubFixture.numbers(theirs, shape), "\(ours)")
    }
    #expect(throws: HubError.unknownTensor(name: "text_encoder.pooler.weight")) {
      try encoder.values("text_encoder.pooler.weight")
    }
  }

  /// Spellings of older programs, and of models with a head.
  static let spellings: [@Sendable (String) -> String] = [
    { "bert." + $0 },
    {
      guard $0.contains("LayerNorm") else { return $0 }
      return String($0.dropLast($0.hasSuffix("weight") ? 6 : 4)) + ($0.hasSuffix("weight") ? "gamma" : "beta")
    },
    { "bert." + spellings[1]($0) }, { "_orig_mod." + $0 }, { "module.bert." + $0 }, { "model.encoder_of_text." + $0 },
  ]

  @Test(arguments: spellings.indices) func otherSpellingsAreTheSameModel(index: Int) throws {
    let folder = try TemporaryFolder(), plain = try TemporaryFolder()
    try HubFixture.bert.write(to: folder, renamed: Self.spellings[index])
    try HubFixture.bert.write(to: plain)
    let (one, other) = (try HubTextEncoder.load(folder.path), try HubTextEncoder.load(plain.path))
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text = one.configuration
    let names = configuration.tensors.map(\.name).filter { $0.hasPrefix("text_encoder.") }
    #expect(names.count == 5 + 2 * 16)
    for name in names { #expect(try one.values(name) == other.values(name), "\(name)") }
  }

  @Test func theTokenizersSettingsAreUsed() throws {
    let cases = [
      ("{}", true, true), (#"{"do_lower_case":false}"#, false, false),
      (#"{"do_lower_case":false,"strip_accents":true}"#, false, true),
      (#"{"do_lower_case":true,"strip_accents":null}"#, true, true),
      (#"{"strip_accents":false,"never_split":null,"model_max_length":512}"#, true, false),
    ]
    for (json, lowercase, stripAccents) in cases {
      let folder = try TemporaryFolder()
      var fixture = HubFixture.bert
      fixture.files.append(("tokenizer_config.json", json))
      try fixture.write(to: folder)
      let encoder = try HubTextEncoder.load(folder.path)
      #expect(encoder.tokenizer.lowercase == lowercase && encoder.tokenizer.stripAccents == stripAccents, "\(json)")
    }
  }

  static let refused: [(key: String, value: String, fault: ConfigurationError)] = [
    (
      "model_type", "\"electra\"",
      .unknownWord(
        key: "model_type", found: "electra",
        allowed: [
          "bert", "distilbert", "roberta", "xlm-roberta", "camembert", "clip", "clip_text_model", "siglip",
          "siglip_text_model",
        ])
    ),
    ("hidden_act", "\"gelu_new\"", .unknownWord(key: "hidden_act", found: "gelu_new", allowed: ["gelu"])),
    (
      "position_embedding_type", "\"relative_key\"",
      .unknownWord(key: "position_embedding_type", found: "relative_key", allowed: ["absolute"])
    ),
    ("is_decoder", "true", .outOfRange(key: "is_decoder", value: "true", allowed: "false")),
    ("hidden_size", "-8", .outOfRange(key: "hidden_size", value: "-8", allowed: "1 to 16384")),
    (
      "num_attention_heads", "3",
      .headsDoNotDivide(widthKey: "hidden_size", width: 8, headsKey: "num_attention_heads", heads: 3)
    ),
  ]

  @Test(arguments: refused.indices) func unsupportedSettingsAreNamedErrors(index: Int) throws {
    let folder = try TemporaryFolder(), (key, value, fault) = Self.refused[index]
    var fixture = HubFixture.bert
    fixture.set(key, value)
    try fixture.write(to: folder)
    #expect(throws: HubError.configuration(path: folder.path + "/config.json", fault)) {
      try HubTextEncoder.load(folder.path)
    }
  }

  @Test func aTensorThatIsMissingOrMisshapenIsNamed() throws {
    let folder = try TemporaryFolder(), path = folder.path + "/model.safetensors"
    try HubFixture.bert.write(to: folder) {
      $0 == "encoder.layer.1.intermediate.dense.bias" ? "elsewhere" : $0
    }
    #expect(
      throws: HubError.missingTensor(path: path, name: "encoder.layer.1.intermediate.dense.bias", shape: [12])
    ) { try HubTextEncoder.load(folder.path) }
    var fixture = HubFixture.bert
    fixture.set("vocab_size", "6")
    try fixture.write(to: folder)
    #expect(
      throws: HubError.misshapenTensor(
        path: path, name: "embeddings.word_embeddings.weight", expected: [6, 8], found: [5, 8])
    ) { try HubTextEncoder.load(folder.path) }
  }

  @Test(arguments: ["config.json", "model.safetensors", "vocab.txt"])
  func aFileThatIsMissingIsNamed(name: String) throws {
    let folder = try TemporaryFolder(), partial = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    for file in ["config.json", "model.safetensors", "vocab.txt"] where file != name {
      try partial.write(file, try folder.bytes(of: "\(folder.path)/\(file)"))
    }
    #expect(throws: HubError.missing(path: "\(partial.path)/\(name)")) { try HubTextEncoder.load(partial.path) }
  }

  @Test func invalidFilesAreRejected() throws {
    let folder = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    try folder.write("config.json", "[]")
    #expect(
      throws: HubError.configuration(
        path: folder.path + "/config.json", .wrongKind(key: "the file", expected: "an object", found: "a list"))
    ) { try HubTextEncoder.load(folder.path) }
    try HubFixture.bert.write(to: folder)
    try folder.write("model.safetensors", "nothing")
    #expect(throws: HubError.self) { try HubTextEncoder.load(folder.path) }
  }

  /// RoBERTa's first position is the one after its padding id, and its pieces are in a tokenizer file.
  @Test func robertaBeginsAfterItsPadding() throws {
    let folder = try TemporaryFolder()
    var fixture = HubFixture.bert
    fixture.tensors = fixture.tensors.map { ("roberta." + $0.name, $0.shape) }
    fixture.configuration =
      fixture.configuration.filter { $0.key != "model_type" }
      + [("model_type", "\"xlm-roberta\""), ("pad_token_id", "1")]
    fixture.files = [("tokenizer.json", "{}")]
    try fixture.write(to: folder)
    let encoder = try HubTextEncoder.load(folder.path)
    #expect(encoder.configuration.maxPositions == 14 && encoder.tokenizer.kind == .subword)
    #expect(encoder.vocabularyPath == folder.path + "/tokenizer.json")
    let positions = HubFixture.numbers("roberta.embeddings.position_embeddings.weight", [16, 8])
    #expect(try encoder.values("text_encoder.position.weight") == Array(positions.dropFirst(16)))
    let words = HubFixture.numbers("roberta.embeddings.word_embeddings.weight", [5, 8])
    #expect(try encoder.values("text_encoder.word.weight") == words)
  }

  /// A vocab.txt beside bpe.codes is BERTweet's, not one of word pieces; other files count if there is no tokenizer.json.
  @Test func otherTokenizersAreKnownByTheirFiles() throws {
    for (files, name, isConverted) in [
      (["vocab.txt", "bpe.codes", "tokenizer.json"], "bpe.codes", true),
      (["vocab.json", "merges.txt"], "merges.txt", true),
      (["tokenizer.json", "merges.txt"], "tokenizer.json", false),
      (["config.json", "sentencepiece.bpe.model"], "sentencepiece.bpe.model", true),
    ] {
      let folder = try TemporaryFolder()
      var fixture = HubFixture.bert
      fixture.files = files.filter { $0 != "config.json" }.map { ($0, "{}") }
      try fixture.write(to: folder)
      let encoder = try HubTextEncoder.load(folder.path)
      #expect(encoder.vocabularyPath == folder.path + "/" + name && encoder.tokenizer.kind == .subword)
      #expect(HubTextEncoder.files(of: folder.path).contains("merges.txt") == isConverted)
    }
  }
}
