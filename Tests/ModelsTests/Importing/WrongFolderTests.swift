import Bytes
import Foundation
import Models
import Testing

/// Folders that are not what they were given as: the message says what they are and where the right one is.
@Suite struct WrongFolderTests {
  /// A folder with these files, whose names may have folders.
  private final class Tree {
    let path = NSTemporaryDirectory() + "clfa-tree-" + UUID().uuidString

    init(_ files: [(String, String)]) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, text) in files { try write(name, Array(text.utf8)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
      let file = URL(filePath: "\(path)/\(name)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }

    /// Adds the files of a fixture in a folder.
    func add(_ fixture: HubFixture, in folder: String) throws {
      let flat = try TemporaryFolder()
      try fixture.write(to: flat)
      for name in flat.names { try write("\(folder)/\(name)", try flat.bytes(of: "\(flat.path)/\(name)")) }
    }
  }

  static let folders: [(files: [(String, String)], found: WrongFolder)] = [
    ([("config.json", #"{"model_type":"bert"}"#), ("model-Q4_K_M.gguf", "GGUF")], .gguf("model-Q4_K_M.gguf")),
    ([("model.gguf", "GGUF")], .gguf("model.gguf")),
    (
      [("config.json", #"{"model_type":"bert"}"#), ("vocab.txt", "a"), ("tf_model.h5", "x")],
      .otherRuntime(file: "tf_model.h5", program: "TensorFlow")
    ),
    (
      [("config.json", #"{"model_type":"bert"}"#), ("vocab.txt", "a"), ("flax_model.msgpack", "x")],
      .otherRuntime(file: "flax_model.msgpack", program: "Flax")
    ),
    (
      [("config.json", #"{"model_type":"bert"}"#), ("vocab.txt", "a"), ("onnx/model.onnx", "x")],
      .otherRuntime(file: "onnx/model.onnx", program: "ONNX Runtime")
    ),
    (
      [("checkpoint-500/config.json", "{}"), ("checkpoint-1000/config.json", "{}"), ("runs/x", "")],
      .checkpoints(["checkpoint-1000", "checkpoint-500"])
    ),
    ([("refs/main", "abc"), ("snapshots/abc/config.json", "{}")], .within(["snapshots/abc"])),
    ([("best/config.json", "{}"), ("best/model.safetensors", "x")], .within(["best"])),
    (
      [("config.json", #"{"model_type":"bert"}"#), ("model.safetensors", "x"), ("trainer_state.json", "{}")],
      .noTokenizer
    ),
    ([("config.json", #"{"model_type":"vit"}"#)], .pictureEncoder("vit")),
    ([("config.json", #"{"format":"clfa-model/1"}"#)], .clfaModel),
    ([("config.json", #"{"architecture":"vit_small_patch14_dinov2","num_features":384}"#)], .otherLibrary("timm")),
    ([("open_clip_config.json", "{}")], .otherLibrary("OpenCLIP")),
    (
      [
        ("config.json", #"{"model_type":"bert"}"#), ("vocab.txt", "a"),
        ("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 438000000\n"),
      ],
      .pointer("model.safetensors")
    ),
    (
      [("modules.json", #"[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.WordEmbeddings"}]"#)],
      .module("sentence_transformers.models.WordEmbeddings")
    ),
    (
      [("modules.json", #"[{"idx":0,"name":"0","path":"","type":"custom_st.Transformer"}]"#)],
      .module("custom_st.Transformer")
    ),
    (
      [("modules.json", #"[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Pooling"}]"#)],
      .moduleOrder
    ),
  ]

  @Test(arguments: folders.indices) func isNamed(index: Int) throws {
    let (files, found) = Self.folders[index], tree = try Tree(files)
    let error = #expect(throws: HubError.self) { try HubTextEncoder.load(tree.path) }
    #expect(error == .wrongFolder(path: tree.path, found))
    let words = "\(try #require(error))"
    #expect(words.hasPrefix("\(tree.path) is ") && !words.contains("\n"), "\(words)")
  }

  @Test func aFileAndATextEncoderAreNotPictureEncoders() throws {
    let tree = try Tree([("config.json", #"{"model_type":"xlm-roberta"}"#), ("model.safetensors", "x")])
    #expect(throws: HubError.wrongFolder(path: tree.path, .textEncoder("xlm-roberta"))) {
      try HubImageEncoder.load(tree.path)
    }
    let file = tree.path + "/model.safetensors"
    #expect(throws: HubError.wrongFolder(path: file, .file)) { try HubTextEncoder.load(file) }
    #expect(throws: HubError.wrongFolder(path: file, .file)) { try HubImageEncoder.load(file) }
  }

  // MARK: Folders of sentence-transformers

  private static func modules(_ steps: [(String, String)]) -> String {
    let modules = steps.enumerated().map { index, step in
      #"{"idx":\#(index),"name":"\#(index)","path":"\#(step.1)","type":"sentence_transformers.models.\#(step.0)"}"#
    }
    return "[\(modules.joined(separator: ","))]"
  }

  @Test(arguments: ["0_Transformer", ""]) func theTransformerOfAWholeFolderIsTheEncoder(place: String) throws {
    let tree = try Tree([
      ("modules.json", Self.modules([("Transformer", place), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")])),
      ("1_Pooling/config.json", #"{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}"#),
    ])
    try tree.add(.bert, in: place.isEmpty ? "." : place)
    try tree.write(
      (place.isEmpty ? "" : place + "/") + "sentence_bert_config.json", Array(#"{"max_seq_length":9}"#.utf8))
    let encoder = try HubTextEncoder.load(tree.path)
    let name = "embeddings.word_embeddings.weight"
    #expect(try encoder.values("text_encoder.word.weight") == HubFixture.numbers(name, [5, 8]))
    let inner = place.isEmpty ? tree.path : "\(tree.path)/\(place)"
    #expect(encoder.vocabularyPath == inner + "/vocab.txt" && HubTextEncoder.folder(of: tree.path) == inner)
    let files = HubTextEncoder.files(of: tree.path).filter {
      FileManager.default.fileExists(atPath: "\(tree.path)/\($0)")
    }
    #expect(files.count == 3, "\(files)")
    let pooling = try SentencePooling.load(tree.path)
    #expect(pooling.mode == .cls && pooling.isUnitAfter && !pooling.isUnitBefore && pooling.maxPieces == 9)
    #expect(pooling.projection == nil)
    for file in SentencePooling.files(of: tree.path) {
      #expect(FileManager.default.fileExists(atPath: "\(tree.path)/\(file)"), "\(file)")
    }
  }

  @Test func waysOfPoolingAreReadOrNamed() throws {
    func pooling(_ json: String) throws -> SentencePooling {
      let tree = try Tree([
        ("modules.json", Self.modules([("Transformer", ""), ("Pooling", "1_Pooling")])),
        ("1_Pooling/config.json", json),
      ])
      return try SentencePooling.load(tree.path)
    }
    #expect(try pooling(#"{"pooling_mode_mean_tokens":true}"#).mode == .mean)
    #expect(try pooling(#"{"pooling_mode_mean_tokens":false,"pooling_mode_max_tokens":true}"#).mode == .max)
    #expect(try pooling(#"{"pooling_mode":"cls","embedding_dimension":8}"#).mode == .cls)
    for (json, word) in [
      (#"{"pooling_mode":"lasttoken"}"#, "lasttoken"), (#"{"pooling_mode_lasttoken":true}"#, "pooling_mode_lasttoken"),
      (#"{"pooling_mode_weightedmean_tokens":true}"#, "weightedmean"), (#"{"pooling_mode_cls_token":true}"#, "2 ways"),
    ] {
      let error = #expect(throws: HubError.self) { try pooling(json) }
      #expect("\(try #require(error))".contains(word), "\(json)")
    }
  }

  /// Each of the three, computed from the encoder's tokens by hand.
  @Test func poolingIsOfTheLastLayersTokens() throws {
    let folder = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    let hub = try HubTextEncoder.load(folder.path), sentences: [[Int32]] = [[2, 4, 4, 3], [2, 3]]
    let hidden = try hub.hiddenStates(sentences)
    for mode in SentencePooling.Mode.allCases {
      let encoder = try SentenceEncoder(hub, mode: mode)
      let pooled = try encoder.pooled(sentences, using: encoder.makeWorkspace())
      for (tokens, vector) in zip(hidden, pooled) {
        for column in 0..<8 {
          let numbers = stride(from: column, to: tokens.count, by: 8).map { tokens[$0] }
          let expected =
            switch mode {
            case .mean: numbers.reduce(0, +) / Float(numbers.count)
            case .cls: numbers[0]
            case .max: numbers.reduce(-Float.infinity, max)
            }
          #expect(abs(vector[column] - expected) < 1e-6)
        }
      }
    }
  }

  @Test func aClipWithinAFolderIsFound() throws {
    let tree = try Tree([("modules.json", Self.modules([("CLIPModel", "0_CLIPModel")]))])
    for name in ["config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"] {
      let path = "\(ClipGolden.folder("b32"))/\(name)"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      try tree.write("0_CLIPModel/\(name)", Array(try Data(contentsOf: URL(filePath: path))))
    }
    #expect(ClipEncoder.modelType(of: tree.path) == "clip")
    let encoder = try ClipEncoder(folder: tree.path), plain = try ClipEncoder(folder: ClipGolden.folder("b32"))
    #expect(try encoder.tokenizerPath() == tree.path + "/0_CLIPModel/tokenizer.json")
    #expect(encoder.configuration.dim == plain.configuration.dim)
    #expect(ClipEncoder.files(of: tree.path).allSatisfy { $0.hasPrefix("0_CLIPModel/") })
  }

  @Test func aModulesPathStaysWithinTheFolder() throws {
    for place in ["../x", "/etc", "a//b"] {
      let tree = try Tree([("modules.json", Self.modules([("Transformer", place), ("Pooling", "1_Pooling")]))])
      #expect(throws: HubError.badShard(path: tree.path + "/modules.json", file: place)) {
        try HubTextEncoder.load(tree.path)
      }
    }
  }
}
