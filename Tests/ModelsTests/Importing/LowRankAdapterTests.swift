import Archives
import Bytes
import Models
import Testing

/// LoRA adapters: those that PEFT saved are merged as it merges them, and nothing else is read as one.
@Suite struct LowRankAdapterTests {
  private static let data: String = {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Data/lora"
  }()

  private static func compare(_ found: [Float], _ expected: [Float], _ name: String) {
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)")
  }

  /// `query` and `value`; ranks and scales by pattern, with an embedding; biases, and norms saved whole.
  @Test(arguments: [("plain", 4, 0), ("patterns", 7, 0), ("classifier", 13, 23)])
  func aTextEncoderIsMergedAsByPEFT(name: String, matrices: Int, others: Int) throws {
    let folder = "\(Self.data)/\(name)"
    let merged = try HubTextEncoder.load("\(folder)/adapter", base: "\(folder)/base")
    let (expected, base) = (try HubTextEncoder.load("\(folder)/merged"), try HubTextEncoder.load("\(folder)/base"))
    var model = ModelConfiguration(labelNames: [])
    model.text = expected.configuration
    let names = model.tensors.map(\.name).filter { $0.hasPrefix("text_encoder.") }
    var changed = 0
    for name in names {
      Self.compare(try merged.values(name), try expected.values(name), name)
      if try merged.values(name) != base.values(name) { changed += 1 }
    }
    #expect(changed >= 4 && merged.configuration == expected.configuration)
    #expect(merged.vocabularyPath == "\(folder)/base/vocab.txt" && base.notes.isEmpty)
    let note = ImportNote.merged(
      adapter: "\(folder)/adapter", base: "\(folder)/base/model.safetensors", matrices: matrices, others: others)
    #expect(merged.notes == [note], "\(merged.notes)")
  }

  /// A convolution, a bias, and the names that transformers 5 has for a ViT in memory.
  @Test func aPictureEncoderIsMergedAsByPEFT() throws {
    let folder = "\(Self.data)/vit"
    let merged = try HubImageEncoder.load("\(folder)/adapter", base: "\(folder)/base")
    let (expected, base) = (try HubImageEncoder.load("\(folder)/merged"), try HubImageEncoder.load("\(folder)/base"))
    var model = ModelConfiguration(labelNames: [])
    model.image = expected.configuration
    var changed = 0
    for name in model.tensors.map(\.name).filter({ $0.hasPrefix("image_encoder.") }) {
      Self.compare(try merged.values(name), try expected.values(name), name)
      if try merged.values(name) != base.values(name) { changed += 1 }
    }
    #expect(changed == 2 + 2 * (2 + 2), "\(changed)")
  }

  /// The base is a whole checkpoint, whose names have a prefix.
  @Test func aWholeModelIsMerged() throws {
    let folder = try TemporaryFolder(), tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let base = "/\(tests)/Data/checkpoints/reference/pytorch_model.bin", module = "classifier"
    try folder.write(
      "adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":2,"target_modules":["classifier"]}"#)
    let writer = try SafetensorsWriter(
      path: folder.path + "/adapter_model.safetensors",
      entries: [("A", [1, 8]), ("B", [3, 1])].map { part, shape in
        SafetensorsWriter.Entry(name: "base_model.model.\(module).lora_\(part).weight", type: .f32, shape: shape)
      })
    try writer.append((0..<8).map { Float($0) })
    try writer.append([1, 0, -1] as [Float])
    try writer.finish()
    var options = ImportedCheckpoint.Options(labelNames: ["a", "b", "c"])
    #expect(throws: HubError.adapter(path: folder.path, .noBase(name: nil))) {
      try ImportedCheckpoint(folder.path, options)
    }
    let plain = try ImportedCheckpoint(base, options)
    options.base = base
    let merged = try ImportedCheckpoint(folder.path, options)
    let (before, after) = (try plain.values("classifier.weight"), try merged.values("classifier.weight"))
    let changes = zip(after, before).map { ($0 - $1).rounded() }
    let steps = (0..<8).map { Float(2 * $0) }, nothing = [Float](repeating: 0, count: 8)
    #expect(changes == steps + nothing + steps.map { -$0 })
    #expect(try plain.values("classifier.bias") == merged.values("classifier.bias"))
    #expect(throws: HubError.adapter(path: base, .notAnAdapter)) { try ImportedCheckpoint(base, options) }
  }

  // MARK: What is not merged

  /// A copy of an adapter whose settings are changed.
  private static func changed(_ name: String, _ key: String, _ value: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder(), path = "\(data)/\(name)/adapter"
    var json = try folder.text(of: "\(path)/adapter_config.json")
    let lines = json.split(separator: "\n").map(String.init)
    #expect(
      !lines.contains { $0.hasPrefix("  \"\(key)\": [") || $0.hasPrefix("  \"\(key)\": {") && !$0.hasSuffix("{},") })
    json = lines.filter { !$0.hasPrefix("  \"\(key)\":") }.joined(separator: "\n")
    try folder.write(
      "adapter_config.json", json.replacing("{\n", with: "{\n  \"\(key)\": \(value),\n", maxReplacements: 1))
    try folder.write("adapter_model.safetensors", try folder.bytes(of: "\(path)/adapter_model.safetensors"))
    return folder
  }

  private static func words(_ name: String, _ key: String, _ value: String) throws -> String {
    let folder = try changed(name, key, value)
    let error = #expect(throws: HubError.self) {
      try HubTextEncoder.load(folder.path, base: "\(data)/\(name)/base")
    }
    return "\(try #require(error))"
  }

  static let rejected: [(key: String, value: String)] = [
    ("use_dora", "true"), ("use_qalora", "true"), ("lora_bias", "true"), ("init_lora_weights", "\"pissa\""),
    ("init_lora_weights", "\"olora\""), ("trainable_token_indices", "[1, 2]"), ("layer_replication", "[[0, 1]]"),
    ("target_parameters", "[\"a\"]"), ("peft_type", "\"LOHA\""), ("an_unknown_key", "1"), ("r", "0"),
    ("bias", "\"some\""), ("rank_pattern", "{\"(query|value)\": 4}"), ("alpha_pattern", "[]"),
  ]

  @Test(arguments: rejected.indices) func aSettingThatIsNotPlainLoRAIsNamed(index: Int) throws {
    let (key, value) = Self.rejected[index], words = try Self.words("plain", key, value)
    #expect(words.contains(key) && words.contains("adapter_config.json"), "\(words)")
  }

  @Test func theSettingsMustFitTheTensors() throws {
    let rank = try Self.words("plain", "r", "3")
    #expect(rank.contains("shapes [[4, 8], [8, 4]], but its rank is 3"), "\(rank)")
    let folder = try Self.changed("plain", "use_rslora", "true")
    // α / √r instead of α / r.
    let merged = try HubTextEncoder.load(folder.path, base: "\(Self.data)/plain/base")
    let other = try HubTextEncoder.load("\(Self.data)/plain/adapter", base: "\(Self.data)/plain/base")
    let base = try HubTextEncoder.load("\(Self.data)/plain/base"), name = "text_encoder.blocks.1.attention.query.weight"
    let (root, plain, start) = (try merged.values(name), try other.values(name), try base.values(name))
    #expect(root.indices.allSatisfy { abs((root[$0] - start[$0]) - 2 * (plain[$0] - start[$0])) < 1e-5 })
  }

  @Test func anAdapterNeedsItsBaseAndOnlyAnAdapterHasOne() throws {
    let adapter = "\(Self.data)/plain/adapter", base = "\(Self.data)/plain/base"
    let folder = try Self.changed("plain", "base_model_name_or_path", "\"bert-base-uncased\"")
    #expect(throws: HubError.adapter(path: folder.path, .noBase(name: "bert-base-uncased"))) {
      try HubTextEncoder.load(folder.path)
    }
    #expect(throws: HubError.adapter(path: base, .notAnAdapter)) { try HubTextEncoder.load(base, base: base) }
    let error = #expect(throws: HubError.self) { try HubImageEncoder.load(adapter, base: "\(Self.data)/vit/base") }
    let words = "\(try #require(error))"
    #expect(words.contains("has no tensor for encoder.layer.0.attention.self.query.weight"), "\(words)")
  }
}
