import Models
import Testing

@Suite struct ModelWeightsTests {
  private let golden = Golden(name: "mean-2")

  /// Loads the golden model with another configuration or other weights.
  private func load(
    header: (String) -> String = { $0 }, configuration: (String) -> String = { $0 }
  ) throws -> PostClassifier {
    let folder = try TemporaryFolder()
    try folder.copy(golden)
    try folder.write("config.json", configuration(try folder.text(of: "\(golden.path)/config.json")))
    let weights = try folder.bytes(of: "\(golden.path)/weights.safetensors")
    let length = Int(weights[0]) | Int(weights[1]) << 8 | Int(weights[2]) << 16
    let original = String(decoding: weights[8..<8 + length], as: UTF8.self)
    try folder.write(
      "weights.safetensors", safetensors(header(original), data: Array(weights[(8 + length)...])))
    do {
      return try PostClassifier(folder: ModelFolder.load(folder.path))
    } catch {
      // The path differs in every run.
      throw LoadFailure(words: "\(error)".replacing(folder.path, with: "M"))
    }
  }

  private struct LoadFailure: Error, Equatable { let words: String }

  @Test func theGoldenModelLoads() throws { #expect(throws: Never.self) { try load() } }

  static let spoiled: [(old: String, new: String, words: String)] = [
    (
      "\"classifier.bias\"", "\"classifier.bios\"",
      "M/weights.safetensors has no tensor classifier.bias of shape [2]"
    ),
    (
      "\"text_encoder.blocks.1.attention.key.weight\"", "\"text_encoder.blocks.2.attention.key.weight\"",
      "M/weights.safetensors has no tensor text_encoder.blocks.1.attention.key.weight of shape [32, 32]"
    ),
    (
      "\"fusion.0.knowledge.norm.weight\"", "\"fusion.0.knowledge.norm.gamma\"",
      "M/weights.safetensors has no tensor fusion.0.knowledge.norm.weight of shape [16]"
    ),
    (
      "\"image_encoder.position\"", "\"image_encoder.positions\"",
      "M/weights.safetensors has no tensor image_encoder.position of shape [1, 17, 24]"
    ),
    ("\"pooler.bias\"", "\"pooler.bios\"", "M/weights.safetensors has no tensor pooler.bias of shape [16]"),
  ]

  @Test(arguments: spoiled.indices) func aTensorIsNamedByItsFullPath(index: Int) throws {
    let (old, new, words) = Self.spoiled[index]
    let error = #expect(throws: LoadFailure.self) { try load(header: { $0.replacing(old, with: new) }) }
    #expect(error?.words.hasPrefix(words) == true, "\(error?.words ?? "")")
  }

  @Test func anUnexpectedTensorIsNamed() throws {
    let extra = #"{"extra":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#
    let error = #expect(throws: LoadFailure.self) { try load(header: { extra + $0.dropFirst() }) }
    #expect(error?.words.hasPrefix("M/weights.safetensors: extra belongs to no part of this model") == true)
  }

  @Test func aWrongShapeIsNamedWithTheExpectedOne() throws {
    let error = #expect(throws: LoadFailure.self) {
      try load(header: { $0 }) { $0.replacing("\"vocab_size\": 200", with: "\"vocab_size\": 201") }
    }
    #expect(
      error?.words
        == "M/weights.safetensors: text_encoder.word.weight has shape [200, 32], config.json asks for [201, 32];"
        + " take both from the same model")
  }

  @Test func moreLayersThanConfiguredAreAnError() throws {
    let fewer = #expect(throws: LoadFailure.self) {
      try load(header: { $0 }) { $0.replacing("\"fusion_layers\": 2", with: "\"fusion_layers\": 1") }
    }
    #expect(fewer?.words.contains("fusion.1.fc1.bias belongs to no part of this model") == true)
    let more = #expect(throws: LoadFailure.self) {
      try load(header: { $0 }) { $0.replacing("\"fusion_layers\": 2", with: "\"fusion_layers\": 3") }
    }
    #expect(
      more?.words.contains("has no tensor fusion.2.text.attention.query.weight of shape [16, 16]") == true)
  }
}
