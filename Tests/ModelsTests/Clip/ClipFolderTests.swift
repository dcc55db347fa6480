import Archives
import Bytes
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

  /// The memory of a folder that `teach` reads was not checked: the system was asked for 4.2 million patches.
  @Test func aTeacherThatTakesTooMuchMemoryIsRejectedByItsKeys() throws {
    let folder = try Self.copy()
    try Self.change(folder, "config.json", "\"image_size\": 28", "\"image_size\": 4096")
    let error = #expect(throws: ClipError.self) { try ClipEncoder(folder: folder.path) }
    guard case .configuration(_, .needsTooMuch(let bytes, let limit, let keys))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bytes > limit && limit == 4 << 30 && keys.contains("vision_config.patch_size"))
  }

  @Test(arguments: [
    ("config.json", "\"projection_size\": 24", "\"projection_size\": 23", "text_config.projection_size"),
    ("config.json", "\"vision_use_head\": true", "\"vision_use_head\": false", "vision_config.vision_use_head"),
    ("config.json", "\"pad_token_id\": 1", "\"pad_token_id\": 999999", "text_config.pad_token_id"),
    ("preprocessor_config.json", "\"height\": 28", "\"height\": 27", "size"),
    ("preprocessor_config.json", "\"SiglipImageProcessor\"", "\"Siglip2ImageProcessor\"", "image_processor_type"),
  ]) func whatIsNoSigLIPHereIsNamed(file: String, old: String, new: String, key: String) throws {
    let folder = try Self.copy("siglip")
    try Self.change(folder, file, old, new)
    let error = #expect(throws: ClipError.self) { try ClipEncoder(folder: folder.path) }
    #expect(error.map { "\($0)".contains(key) } == true, "\(String(describing: error))")
  }

  @Test func aSigLIPsPicturesAreSquashed() throws {
    let read = try ClipEncoder(folder: ClipGolden.folder("siglip")).preprocessing
    #expect(read.resize == .squash && read.resizeTo == nil && read.size == 28 && read.resample == .bicubic)
    #expect(read.mean == [0.5, 0.5, 0.5] && read.std == [0.5, 0.5, 0.5])
    let folder = try Self.copy("siglip")
    try FileManager.default.removeItem(atPath: "\(folder.path)/preprocessor_config.json")
    #expect(try ClipEncoder(folder: folder.path).preprocessing == read)
  }

  /// Shards and archives hold the same numbers as the one file.
  @Test func weightsAreReadInEveryFormat() throws {
    let golden = try ClipGolden.load("b16"), folder = try Self.copy()
    let whole = try ClipEncoder(folder: folder.path), workspace = whole.makeWorkspace()
    let expected = try whole.vectors(ofTexts: golden.ids, using: workspace)
    #expect(ClipEncoder.files(of: folder.path).contains("model.safetensors"))
    let file = try Safetensors(path: "\(folder.path)/model.safetensors", skipsOtherTypes: true)
    let names = file.tensors.map(\.name)
    for (shard, part) in [("one.safetensors", names[..<20]), ("two.safetensors", names[20...])] {
      let tensors = file.tensors.filter { part.contains($0.name) }
      let writer = try SafetensorsWriter(
        path: "\(folder.path)/\(shard)", tensors: tensors.map { .init(name: $0.name.text, shape: $0.shape) })
      for tensor in tensors { try writer.append(file.floats(tensor)) }
      try writer.finish()
    }
    let map = names.enumerated().map { "\"\($1)\":\"\($0 < 20 ? "one" : "two").safetensors\"" }
    try folder.write("model.safetensors.index.json", "{\"weight_map\":{\(map.joined(separator: ","))}}")
    try FileManager.default.removeItem(atPath: "\(folder.path)/model.safetensors")
    let sharded = try ClipEncoder(folder: folder.path)
    #expect(try sharded.vectors(ofTexts: golden.ids, using: workspace) == expected)
    #expect(
      ClipEncoder.files(of: folder.path).suffix(3) == [
        "model.safetensors.index.json", "one.safetensors", "two.safetensors",
      ])
    try FileManager.default.removeItem(atPath: "\(folder.path)/two.safetensors")
    let error = #expect(throws: ClipError.self) { try ClipEncoder(folder: folder.path) }
    #expect(error.map { "\($0)".contains("two.safetensors") } == true)
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
        .missingTensor(path: weights, name: "text_model.encoder.layers.2.self_attn.q_proj.weight", shape: [16, 16]))
    ) { try ClipEncoder(folder: folder.path) }
  }

  @Test func truncatedAndMissingFilesAreNamed() throws {
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
