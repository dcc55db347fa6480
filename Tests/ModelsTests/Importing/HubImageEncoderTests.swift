import Models
import Testing

@Suite struct HubImageEncoderTests {
  @Test(arguments: ["", "vit."]) func everyTensorIsFoundUnderOurName(prefix: String) throws {
    let folder = try TemporaryFolder()
    try HubFixture.vit.write(to: folder) { prefix + $0 }
    let encoder = try HubImageEncoder.load(folder.path), sizes = encoder.configuration
    #expect(sizes.size == 4 && sizes.patchSize == 2 && sizes.hiddenSize == 8 && sizes.layers == 1)
    #expect(sizes.heads == 4 && sizes.feedForward == 12 && sizes.epsilon == 1e-12 && sizes.tokens == 5)
    #expect(encoder.preprocessing == nil)
    let pairs = [
      ("cls", "embeddings.cls_token", [1, 1, 8]), ("position", "embeddings.position_embeddings", [1, 5, 8]),
      ("patch.weight", "embeddings.patch_embeddings.projection.weight", [8, 3, 2, 2]),
      ("patch.bias", "embeddings.patch_embeddings.projection.bias", [8]),
      ("blocks.0.attention.query.weight", "encoder.layer.0.attention.attention.query.weight", [8, 8]),
      ("blocks.0.attention.key.weight", "encoder.layer.0.attention.attention.key.weight", [8, 8]),
      ("blocks.0.attention.value.bias", "encoder.layer.0.attention.attention.value.bias", [8]),
      ("blocks.0.attention_output.bias", "encoder.layer.0.attention.output.dense.bias", [8]),
      ("blocks.0.norm1.weight", "encoder.layer.0.layernorm_before.weight", [8]),
      ("blocks.0.norm2.bias", "encoder.layer.0.layernorm_after.bias", [8]),
      ("blocks.0.fc1.weight", "encoder.layer.0.intermediate.dense.weight", [12, 8]),
      ("blocks.0.fc2.bias", "encoder.layer.0.output.dense.bias", [8]), ("norm.weight", "layernorm.weight", [8]),
    ]
    for (ours, theirs, shape) in pairs {
      #expect(try encoder.values("image_encoder." + ours) == HubFixture.numbers(theirs, shape), "\(ours)")
    }
  }

  @Test func theChannelsSettingsAreRead() throws {
    let imagenet = #""image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]"#
    let cases: [(json: String, mean: [Float], std: [Float])] = [
      ("{\(imagenet),\"resample\":2,\"size\":{\"height\":4}}", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
      ("{}", [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
      ("{\(imagenet),\"do_normalize\":false}", [0, 0, 0], [1, 1, 1]),
      (#"{"rescale_factor":0.00392156862745098}"#, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
    ]
    for (json, mean, std) in cases {
      let folder = try TemporaryFolder()
      var fixture = HubFixture.vit
      fixture.files.append(("preprocessor_config.json", json))
      try fixture.write(to: folder)
      let preprocessing = try #require(try HubImageEncoder.load(folder.path).preprocessing)
      #expect(preprocessing.mean == mean && preprocessing.std == std && preprocessing.size == 4, "\(json)")
    }
  }

  static let refused: [(key: String, value: String, fault: ConfigurationError)] = [
    (
      "model_type", "\"swin\"",
      .unknownWord(
        key: "model_type",
        found: "swin",
        allowed: [
          "vit", "deit", "dinov2", "dinov2_with_registers", "clip", "clip_vision_model", "siglip",
          "siglip_vision_model",
        ])
    ),
    ("use_swiglu_ffn", "true", .outOfRange(key: "use_swiglu_ffn", value: "true", allowed: "false")),
    ("hidden_act", "\"quick_gelu\"", .unknownWord(key: "hidden_act", found: "quick_gelu", allowed: ["gelu"])),
    ("num_channels", "1", .outOfRange(key: "num_channels", value: "1", allowed: "3 to 3")),
    ("qkv_bias", "false", .outOfRange(key: "qkv_bias", value: "false", allowed: "true")),
    ("patch_size", "5", .outOfRange(key: "patch_size", value: "5", allowed: "1 to 4")),
  ]

  @Test(arguments: refused.indices) func unsupportedSettingsAreNamedErrors(index: Int) throws {
    let folder = try TemporaryFolder(), (key, value, fault) = Self.refused[index]
    var fixture = HubFixture.vit
    fixture.set(key, value)
    try fixture.write(to: folder)
    let error = HubError.configuration(path: folder.path + "/config.json", fault)
    #expect(throws: error) { try HubImageEncoder.load(folder.path) }
    #expect("\(error)".hasSuffix("ViT, DeiT or DINOv2, and either can be a half of CLIP or SigLIP"))
  }

  @Test func aTableOfPositionsForOtherPicturesIsRejected() throws {
    let folder = try TemporaryFolder()
    var fixture = HubFixture.vit
    fixture.set("image_size", "6")
    try fixture.write(to: folder)
    #expect(
      throws: HubError.misshapenTensor(
        path: folder.path + "/model.safetensors", name: "embeddings.position_embeddings", expected: [1, 10, 8],
        found: [1, 5, 8])
    ) { try HubImageEncoder.load(folder.path) }
  }
}
