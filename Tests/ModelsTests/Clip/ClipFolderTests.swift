import Foundation
import Models
import Testing

@Suite struct ClipFolderTests {
  /// A copy of a layout in a folder of its own.
  private static func copy(_ layout: String = "b16") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["config.json", "model.safetensors", "preprocessor_config.json"] {
      try FileManager.default.copyItem(
        atPath: "\(ClipGolden.folder(layout))/\(name)", toPath: "\(folder.path)/\(name)")
    }
    return folder
  }

  /// Replaces text in a file of the folder.
  private static func change(_ folder: TemporaryFolder, _ name: String, _ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    try #require(text.contains(old), "\(old)")
    try text.replacing(old, with: new).write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
  }

  @Test func preprocessingIsReadInBothSpellings() throws {
    let old = try ClipEncoder(folder: ClipGolden.folder("b32")).preprocessing
    #expect(old.size == 28 && old.resizeTo == nil && old.resize == .shortSide && old.resample == .bicubic)
    #expect(old.mean == [0.481_454_66, 0.457_827_5, 0.408_210_73])
    let new = try ClipEncoder(folder: ClipGolden.folder("l14")).preprocessing
    #expect(new.size == 32 && new.resizeTo == 36 && new.std == [0.268_629_54, 0.261_302_58, 0.275_777_11])
    let folder = try Self.copy()
    try FileManager.default.removeItem(atPath: "\(folder.path)/preprocessor_config.json")
    let absent = try ClipEncoder(folder: folder.path).preprocessing
    #expect(absent == old)
  }

  @Test(arguments: [
    ("config.json", "\"gelu\"", "\"relu\"", "text_config.hidden_act"),
    ("config.json", "\"model_type\": \"clip\"", "\"model_type\": \"clap\"", "model_type"),
    ("config.json", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "text_config.num_attention_heads"),
    ("config.json", "\"patch_size\": 2", "\"patch_size\": 29", "vision_config.patch_size"),
    ("config.json", "\"image_size\": 28", "\"image_size\": 26", "crop_size"),
    ("config.json", "\"num_channels\": 3", "\"num_channels\": 1", "vision_config.num_channels"),
    ("config.json", "\"projection_dim\": 16", "\"projection_dim\": 0", "projection_dim"),
    ("preprocessor_config.json", "\"resample\": 3", "\"resample\": 1", "resample"),
    ("preprocessor_config.json", "\"shortest_edge\": 32", "\"shortest_edge\": 20", "size"),
    ("preprocessor_config.json", "\"do_center_crop\": true", "\"do_center_crop\": false", "do_center_crop"),
    ("preprocessor_config.json", "\"do_resize\": true", "\"do_resize\": false", "do_resize"),
    ("preprocessor_config.json", "\"height\": 28", "\"height\": 27", "crop_size"),
  ]) func whatIsNotBuiltIsNamed(file: String, old: String, new: String, key: String) throws {
    let folder = try Self.copy()
    try Self.change(folder, file, old, new)
    let error = #expect(throws: ClipError.self) { try ClipEncoder(folder: folder.path) }
    #expect(error.map { "\($0)".contains(key) } == true, "\(String(describing: error))")
  }

  @Test func aTensorThatIsMissingOrOfAnotherShapeIsNamed() throws {
    let folder = try Self.copy(), weights = "\(folder.path)/model.safetensors"
    try Self.change(folder, "config.json", "\"vocab_size\": 791", "\"vocab_size\": 790")
    #expect(
      throws: ClipError.hub(
        .misshapenTensor(
          path: weights, name: "text_model.embeddings.token_embedding.weight", expected: [790, 16], found: [791, 16]))
    ) { try ClipEncoder(folder: folder.path) }
    try Self.change(folder, "config.json", "\"vocab_size\": 790", "\"vocab_size\": 791")
    try Self.change(folder, "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")
    #expect(
      throws: ClipError.hub(
        .missingTensor(path: weights, name: "text_model.encoder.layers.2.layer_norm1.weight", shape: [16]))
    ) { try ClipEncoder(folder: folder.path) }
  }

  @Test func aFileThatEndsEarlyOrIsNotThereIsNamed() throws {
    let folder = try Self.copy(), weights = "\(folder.path)/model.safetensors"
    let whole = try Data(contentsOf: URL(filePath: weights))
    for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: URL(filePath: weights))
      #expect(throws: ClipError.self) { try ClipEncoder(folder: folder.path) }
    }
    try FileManager.default.removeItem(atPath: weights)
    #expect(throws: ClipError.hub(.missing(path: weights))) { try ClipEncoder(folder: folder.path) }
    #expect(throws: ClipError.hub(.missing(path: "nowhere/config.json"))) { try ClipEncoder(folder: "nowhere") }
    #expect(ClipEncoder.modelType(of: "nowhere") == nil && ClipEncoder.modelType(of: folder.path) == "clip")
  }
}
