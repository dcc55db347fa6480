import Archives
import Bytes
import Models
import Testing

@Suite struct ModelConfigurationTests {
  private static let least = #"{"format":"clfa-model/1","label_names":["no","yes"]}"#

  @Test func absentKeysAreThePublishedModels() throws {
    let configuration = try read(Self.least)
    #expect(configuration == ModelConfiguration(labelNames: ["no", "yes"]))
    #expect(configuration.text.vocabularySize == 30522 && configuration.text.epsilon == 1e-12)
    #expect(configuration.image.tokens == 50 && configuration.image.epsilon == 1e-6)
    #expect(configuration.dim == 512 && configuration.fusionHeads == 8 && configuration.pooling == .mean)
    #expect(configuration.contextStreams == ["image", "knowledge"])
    #expect(configuration.tokenizer.maxText == 77 && configuration.tokenizer.maxKnowledge == 66)
    #expect(configuration.preprocessing.mean == [0.485, 0.456, 0.406])
  }

  @Test func everyKeyIsRead() throws {
    let configuration = try read(
      """
      {"format": "clfa-model/1", "labels": 3, "label_names": ["a", "b", "c"], "aggregation": "cross-attention",
       "text": {"vocab_size": 9, "hidden_size": 8, "layers": 1, "heads": 2, "ffn": 5, "max_positions": 30,
                "type_vocab": 1, "eps": 1e-5},
       "image": {"image_size": 30, "patch_size": 7, "hidden_size": 6, "layers": 0, "heads": 3, "ffn": 4, "eps": 0},
       "lexicon": "lexicon.tsv", "dim": 10, "projection_hidden": 11, "fusion_layers": 2, "fusion_heads": 5, "fusion_ffn": 12,
       "fusion_eps": 1e-6, "knowledge": false, "pooling": "max", "dropout": 0, "alpha": 2, "beta": 0.5,
       "temperature": 0.07, "preparation": ["unescape-html", "url=HTTP"],
       "tokenizer": {"kind": "wordpiece", "lowercase": false, "strip_accents": false, "max_text": 30},
       "preprocessing": {"resize": "squash", "resample": "bilinear", "mean": [0, 0.5, 1], "std": [1, 2, 3]},
       "thresholds": {"a": 0.3, "b": 0.3, "c": 0.4}, "calibration": {"kind": "temperature", "temperature": 1.5}}
      """)
    #expect(configuration.labelNames == ["a", "b", "c"] && configuration.pooling == .max)
    #expect(configuration.calibration == Calibration(temperature: 1.5, thresholds: [0.3, 0.3, 0.4]))
    #expect(configuration.text.vocabularySize == 9 && configuration.text.maxPositions == 30)
    #expect(configuration.text.heads == 2 && configuration.text.epsilon == 1e-5)
    #expect(configuration.image.grid == 4 && configuration.image.tokens == 17)
    #expect(configuration.contextStreams == ["image"] && configuration.fusionFeedForward == 12)
    #expect(configuration.preparation == ["unescape-html", "url=HTTP"])
    #expect(!configuration.tokenizer.lowercase && !configuration.tokenizer.stripAccents)
    #expect(configuration.preprocessing.std == [1, 2, 3] && configuration.preprocessing.size == 30)
    #expect(configuration.hasLexicon && configuration.training.alpha == 2 && configuration.training.dropout == 0)
  }

  /// A folder of 87 kB made one row take 1.1 GB, and one of 284 kB asked for 16 GiB.
  @Test func memoryGrowsWithTheTokensNotWithTheirSquare() throws {
    func bytes(_ tokens: Int, _ side: Int) throws -> Int {
      let configuration = try read(
        """
        {"format": "clfa-model/1", "label_names": ["a", "b"], "dim": 8, "projection_hidden": 8, "fusion_heads": 2,
         "knowledge": false, "text": {"hidden_size": 8, "heads": 2, "max_positions": 16384, "causal": true},
         "image": {"hidden_size": 8, "heads": 2, "image_size": \(side), "patch_size": 4},
         "tokenizer": {"max_text": \(tokens)}}
        """)
      return configuration.postBytes
    }
    #expect(try bytes(16_384, 64) <= 10 * bytes(2048, 64))
    #expect(try bytes(16_384, 64) < 1 << 29)
    // Four times the side are sixteen times the tokens.
    #expect(try bytes(20, 1024) <= 20 * bytes(20, 256))
    #expect(try ModelConfiguration(json: Array(Self.least.utf8)).postBytes < 16 << 20)
  }

  @Test func aPostThatTakesTooMuchMemoryIsRejectedByItsKeys() throws {
    for (part, key) in [
      (
        #""text":{"hidden_size":16384,"heads":16,"max_positions":16384},"tokenizer":{"max_text":16384}"#,
        "tokenizer.max_text"
      ), (#""image":{"image_size":4096,"patch_size":1}"#, "image.image_size"),
    ] {
      do {
        _ = try read(#"{"format":"clfa-model/1","label_names":["no","yes"],"# + part + "}")
        Issue.record("\(key) was read")
      } catch {
        guard case .needsTooMuch(let bytes, let limit, let keys)? = error as? ConfigurationError else {
          Issue.record("\(error)")
          continue
        }
        #expect(bytes > limit && limit == 4 << 30 && keys.contains(key), "\(error)")
        #expect("\(error)".contains(key) && "\(error)".contains("4 GiB"))
      }
    }
  }

  /// Training asked the system for 195 GB before it gave an error: its layers keep attention weights for all pairs of
  /// tokens.
  @Test(arguments: [
    (
      #""text":{"hidden_size":64,"heads":16,"layers":12,"max_positions":16384},"tokenizer":{"max_text":16384}"#,
      "tokenizer.max_text"
    ),
    (#""image":{"image_size":512,"patch_size":4,"hidden_size":64,"heads":4,"layers":12}"#, "image.patch_size"),
    (#""image":{"image_size":512,"patch_size":2,"hidden_size":16,"heads":16,"layers":256}"#, "image.patch_size"),
  ])
  func trainingThatTakesTooMuchMemoryIsRejectedByItsKeys(part: String, key: String) throws {
    // Scoring takes little.
    let configuration = try read(#"{"format":"clfa-model/1","label_names":["no","yes"],"# + part + "}")
    #expect(configuration.postBytes <= ModelConfiguration.postByteLimit)
    do {
      try configuration.checkTrainingBytes()
      Issue.record("\(key) was taken")
    } catch {
      guard case .trainingNeedsTooMuch(let bytes, let limit, let keys) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(bytes > limit && limit == 16 << 30 && keys.contains(key), "\(error)")
      #expect("\(error)".contains("training") && "\(error)".contains(key), "\(error)")
    }
  }

  /// A BERT and a ViT of the usual sizes are far from the limit.
  @Test func trainingOfUsualSizesIsAllowed() throws {
    let configuration = try read(
      """
      {"format": "clfa-model/1", "label_names": ["no", "yes"], "text": {"max_positions": 512},
       "image": {"image_size": 384, "patch_size": 16}, "tokenizer": {"max_text": 512}}
      """)
    try configuration.checkTrainingBytes()
    #expect(configuration.trainingBytes < 3 << 30)
    // Twice the tokens are more than twice the memory.
    var longer = configuration
    (longer.text.maxPositions, longer.tokenizer.maxText) = (1024, 1024)
    let need = configuration.trainingNeeds[0].bytes, more = longer.trainingNeeds[0].bytes
    #expect(more > 2 * need && more < 4 * need)
  }

  /// Changes to the minimal configuration, with the error that each causes.
  static let bad: [(String, ConfigurationError)] = [
    (#""foo":1"#, .unknownKey("foo")),
    (#""activation":"gelu""#, .unknownKey("activation")),
    (#""text":{"foo":1}"#, .unknownKey("text.foo")),
    (#""image":{"image_size":64,"channels":3}"#, .unknownKey("image.channels")),
    (#""tokenizer":{"cased":true}"#, .unknownKey("tokenizer.cased")),
    (#""preprocessing":{"crop":1}"#, .unknownKey("preprocessing.crop")),
    (#""text":[]"#, .wrongKind(key: "text", expected: "an object", found: "a list")),
    (#""dim":"512""#, .wrongKind(key: "dim", expected: "a whole number", found: "a string")),
    (#""dim":512.0"#, .wrongKind(key: "dim", expected: "a whole number", found: "a number")),
    (#""dim":null"#, .wrongKind(key: "dim", expected: "a whole number", found: "null")),
    (#""dim":true"#, .wrongKind(key: "dim", expected: "a whole number", found: "true or false")),
    (#""knowledge":1"#, .wrongKind(key: "knowledge", expected: "true or false", found: "a whole number")),
    (#""preparation":"x""#, .wrongKind(key: "preparation", expected: "a list of strings", found: "a string")),
    (
      #""preparation":[1]"#,
      .wrongKind(key: "preparation", expected: "a list of strings", found: "a whole number")
    ),
    (#""dim":0"#, .outOfRange(key: "dim", value: "0", allowed: "1 to 16384")),
    (#""dim":-8"#, .outOfRange(key: "dim", value: "-8", allowed: "1 to 16384")),
    (
      #""text":{"hidden_size":1000000}"#,
      .outOfRange(key: "text.hidden_size", value: "1000000", allowed: "1 to 16384")
    ),
    (
      #""text":{"heads":9223372036854775807}"#,
      .outOfRange(key: "text.heads", value: "9223372036854775807", allowed: "1 to 16384")
    ),
    (#""fusion_layers":0"#, .outOfRange(key: "fusion_layers", value: "0", allowed: "1 to 256")),
    (#""text":{"eps":-1e-9}"#, .outOfRange(key: "text.eps", value: "-1e-09", allowed: "0.0 to 1.0")),
    (#""temperature":0"#, .outOfRange(key: "temperature", value: "0.0", allowed: "1e-06 to 1000000.0")),
    (
      #""image":{"image_size":16}"#,
      .outOfRange(key: "image.patch_size", value: "32", allowed: "1 to image.image_size, 16")
    ),
    (
      #""preprocessing":{"std":[1,0,1]}"#,
      .outOfRange(key: "preprocessing.std", value: "0.0", allowed: "1e-06 to 1000.0")
    ),
    (
      #""preprocessing":{"mean":[1,1]}"#,
      .wrongKind(key: "preprocessing.mean", expected: "a list of three numbers", found: "a list")
    ),
    (#""text":{"heads":7}"#, heads("text.hidden_size", 768, "text.heads", 7)),
    (#""image":{"heads":5}"#, heads("image.hidden_size", 768, "image.heads", 5)),
    (#""fusion_heads":3"#, heads("dim", 512, "fusion_heads", 3)),
    (#""pooling":"sum""#, .unknownWord(key: "pooling", found: "sum", allowed: ["mean", "cls", "max"])),
    (
      #""tokenizer":{"kind":"clip"}"#,
      .unknownWord(key: "tokenizer.kind", found: "clip", allowed: ["wordpiece", "wordpiece-json", "subword"])
    ),
    (
      #""preprocessing":{"resample":"lanczos"}"#,
      .unknownWord(key: "preprocessing.resample", found: "lanczos", allowed: ["bilinear", "bicubic"])
    ),
    (
      #""aggregation":"magic""#,
      .unknownWord(
        key: "aggregation", found: "magic",
        allowed: ["cross-attention", "concat", "gated", "co-attention", "text", "image"])
    ),
    (
      #""lexicon":"../lexicon.tsv""#,
      .unknownWord(key: "lexicon", found: "../lexicon.tsv", allowed: ["lexicon.tsv"])
    ),
    (
      #""lexicon":"lexicon.tsv","aggregation":"gated""#, .lexiconWithoutScores(aggregation: .gated)
    ),
    (#""labels":3"#, .labelCount(labels: 3, names: 2)),
    (
      #""tokenizer":{"max_text":600}"#,
      .moreTokensThanPositions(key: "tokenizer.max_text", tokens: 600, positions: 512)
    ),
    (
      #""text":{"max_positions":70},"tokenizer":{"max_text":70,"max_knowledge":71}"#,
      .moreTokensThanPositions(key: "tokenizer.max_knowledge", tokens: 71, positions: 70)
    ),
    (#""dim":8,"dim":8"#, .notJSON(.duplicateKey("dim", at: 60))),
  ]

  @Test(arguments: bad.indices) func invalidValuesAreNamed(index: Int) {
    let (members, fault) = Self.bad[index]
    #expect(throws: fault) { try read("\(Self.least.dropLast()),\(members)}") }
  }

  @Test func labelsMustBeNamed() {
    let cases: [(String, ConfigurationError)] = [
      (#"{"format":"clfa-model/1"}"#, .missingKey("label_names")),
      (#"{"label_names":["a","b"]}"#, .missingKey("format")),
      (#"{"format":"clfa-model/2"}"#, .unknownFormat(found: "clfa-model/2", known: "clfa-model/1")),
      (#"{"format":"clfa-model/1","label_names":["a",""]}"#, .labelName("", index: 1)),
      (#"{"format":"clfa-model/1","label_names":["a","a"]}"#, .labelName("a", index: 1)),
      ("[]", .wrongKind(key: "the file", expected: "an object", found: "a list")),
      ("{", .notJSON(.expected("a string", at: 1))),
    ]
    for (text, fault) in cases { #expect(throws: fault) { try read(text) } }
    #expect(throws: Never.self) { try read(#"{"format":"clfa-model/1","label_names":["\u00e9","e\u0301"]}"#) }
  }

  @Test func aModelWithoutKnowledgeMayHaveAnyLengthOfIt() throws {
    let configuration = try read(
      #"\#(Self.least.dropLast()),"knowledge":false,"text":{"max_positions":77}}"#)
    #expect(configuration.tokenizer.maxText == 77)
  }

  @Test(arguments: Aggregation.allCases) func everyAggregationIsRead(aggregation: Aggregation) throws {
    let configuration = try read("\(Self.least.dropLast()),\"aggregation\":\"\(aggregation.rawValue)\"}")
    #expect(configuration.aggregation == aggregation)
  }

  @Test func aModelWithoutFusionMayHaveAnyNumberOfItsHeads() throws {
    #expect(throws: Never.self) { try read(#"\#(Self.least.dropLast()),"aggregation":"gated","fusion_heads":7}"#) }
  }

  private func read(_ text: String) throws -> ModelConfiguration {
    try ModelConfiguration(json: Array(text.utf8))
  }

  private static func heads(_ widthKey: String, _ width: Int, _ headsKey: String, _ heads: Int)
    -> ConfigurationError
  {
    .headsDoNotDivide(widthKey: widthKey, width: width, headsKey: headsKey, heads: heads)
  }
}

@Suite struct ModelConfigurationJSONTests {
  @Test(arguments: Golden.all) func aWrittenConfigurationIsReadBack(golden: Golden) throws {
    let configuration = try golden.load().configuration
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }

  @Test func keysUnknownToTheReferenceAreWrittenOnlyIfUsed() throws {
    let usual = ModelConfiguration(labelNames: ["a"])
    for word in ["activation", "norms_first", "causal", "whole", "first_norm", "last_norm", "registers"] {
      #expect(!usual.json.contains(word))
    }
    var other = usual
    (other.text.activation, other.text.normsFirst, other.text.isCausal) = (.quickGELU, true, true)
    (other.image.activation, other.image.hasClassToken) = (.tanhGELU, false)
    (other.image.hasFirstNorm, other.image.hasLastNorm) = (true, false)
    #expect(try ModelConfiguration(json: Array(other.json.utf8)) == other)
  }

  @Test func anyLabelNamesAreReadBack() throws {
    var configuration = ModelConfiguration(labelNames: ["\"quoted\\\"", "line\nfeed\u{1}", "ironía 🙃"])
    configuration.preparation = ["url=<url>"]
    configuration.hasLexicon = true
    configuration.learntWithoutPicture = false
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
  }
}

@Suite struct ModelConfigurationTensorsTests {
  @Test func twoSpellingsAreTwoLabels() throws {
    let (composed, decomposed): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    let both = ModelConfiguration(labelNames: [composed, decomposed])
    #expect(both != ModelConfiguration(labelNames: [decomposed, composed]))
    #expect(try ModelConfiguration(json: Array(both.json.utf8)) == both)
  }

  @Test(arguments: Golden.all) func everyTensorOfTheReferenceIsListed(golden: Golden) throws {
    let configuration = try golden.load().configuration
    let file = try Safetensors(path: "\(golden.path)/weights.safetensors")
    let listed = configuration.tensors.sorted { $0.name < $1.name }
    #expect(listed.map(\.name) == file.tensors.map(\.name.text))
    for tensor in listed { #expect(file[tensor.name]?.shape == tensor.shape, "\(tensor.name)") }
    #expect(configuration.parameters == file.tensors.reduce(0) { $0 + $1.count })
  }

  @Test func anEncoderOfACLIPHasItsNorms() {
    var model = ModelConfiguration(labelNames: ["a"])
    (model.image.hasClassToken, model.image.hasFirstNorm, model.image.hasLastNorm) = (false, true, false)
    let names = model.tensors.map(\.name)
    #expect(names.contains("image_encoder.first_norm.weight") && names.contains("image_encoder.first_norm.bias"))
    #expect(!names.contains("image_encoder.norm.weight") && !names.contains("image_encoder.cls"))
    #expect(model.tensors.first { $0.name == "image_encoder.position" }?.shape == [1, 49, 768])
  }

  @Test func thePublishedModelHasSomeTwoHundredMillionNumbers() {
    #expect(ModelConfiguration(labelNames: ["a", "b"]).parameters == 216_313_858)
  }
}
