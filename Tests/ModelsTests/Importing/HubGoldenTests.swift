import Bytes
import GoldenModels
import Models
import Testing

/// Encoders as `transformers` saves them, compared with its results for the same inputs.
@Suite struct HubGoldenTests {
  private static func golden(_ path: String) throws -> GoldenTensors {
    try GoldenTensors(path: "\(path)/golden.safetensors")
  }

  private static func path(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Data/hub/\(name)"
  }

  private static func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
    one.count == other.count ? zip(one, other).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  @Test(arguments: [
    "bert", "bert-sharded", "bert-torch", "bert-torch-sharded", "distilbert", "roberta", "xlm-roberta", "clip-text",
    "siglip-text",
  ])
  func textsHaveTheHiddenStatesOfTheOriginal(name: String) throws {
    let path = Self.path(name), golden = try Self.golden(path), encoder = try HubTextEncoder.load(path)
    let texts = try (0..<2).map { try #require(golden.slice("ids", $0)).map { Int32($0) } }
    let hidden = try encoder.hiddenStates(texts)
    for index in 0..<2 {
      let expected = try #require(golden.slice("hidden", index))
      #expect(Self.largestDifference(hidden[index], expected) < 1e-4)
      #expect((expected.map(abs).max() ?? 0) > 0.1)
    }
  }

  @Test(arguments: [
    ("vit", nil), ("vit-48", 48), ("deit", nil), ("deit-24", 24), ("dinov2", nil), ("dinov2-24", 24),
    ("dinov2-registers", nil), ("dinov2-registers-24", 24), ("dinov2-registers-48", 48), ("clip", nil),
    ("clip-vision", nil), ("clip-vision-48", 48), ("siglip", nil), ("siglip-vision", nil), ("siglip-vision-48", 48),
  ])
  func picturesHaveTheHiddenStatesOfTheOriginal(name: String, size: Int?) throws {
    let path = Self.path(name), golden = try Self.golden(path), encoder = try HubImageEncoder.load(path, size: size)
    let registers = name.hasPrefix("deit") ? 1 : name.contains("registers") ? 3 : 0
    #expect(encoder.configuration.registers == registers && encoder.configuration.size == size ?? 32)
    let pictures = try (0..<2).map { try #require(golden.slice("pixels", $0)) }
    let hidden = try encoder.hiddenStates(pictures)
    for index in 0..<2 {
      let expected = try #require(golden.slice("hidden", index))
      #expect(Self.largestDifference(hidden[index], expected) < 1e-4)
      #expect((expected.map(abs).max() ?? 0) > 0.1)
    }
  }

  /// A model of texts and pictures is two encoders; each half equals the encoder alone.
  @Test(arguments: ["clip", "siglip"]) func bothHalvesOfOneFolderAreEncoders(name: String) throws {
    let path = Self.path(name), golden = try Self.golden(path), isClip = name == "clip"
    let text = try HubTextEncoder.load(path), image = try HubImageEncoder.load(path)
    let texts = try (0..<2).map { try #require(golden.slice("ids", $0)).map { Int32($0) } }
    for (hidden, index) in zip(try text.hiddenStates(texts), 0..<2) {
      #expect(Self.largestDifference(hidden, try #require(golden.slice("text_hidden", index))) < 1e-4)
    }
    #expect(text.configuration.activation == (isClip ? .quickGELU : .tanhGELU) && text.configuration.normsFirst)
    #expect(text.configuration.isCausal == isClip && text.configuration.tokenTypes == 1)
    #expect(image.configuration.activation == .gelu && image.configuration.tokens == (isClip ? 17 : 16))
    #expect(image.configuration.hasFirstNorm == isClip && image.configuration.hasLastNorm == !isClip)
    #expect(try HubImageEncoder.load(Self.path(name + "-vision")).configuration.activation != .gelu)
  }

  /// Pieces after a CLIP text's last do not change it; those after a SigLIP text's do.
  @Test(arguments: ["clip-text", "siglip-text"]) func onlyClipsIgnoreLaterPieces(name: String) throws {
    let encoder = try HubTextEncoder.load(Self.path(name))
    let hidden = try encoder.hiddenStates([[2, 7, 9, 3], [2, 7, 30, 3]])
    let (before, behind) = (0..<2 * 16, 2 * 16..<4 * 16)
    #expect((hidden[0][before] == hidden[1][before]) == (name == "clip-text"))
    #expect(hidden[0][behind] != hidden[1][behind])
  }

  /// All ways of saving give the same model.
  @Test func shardsAndArchivesAreTheSameNumbers() throws {
    let one = try HubTextEncoder.load(Self.path("bert"))
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text = one.configuration
    let names = configuration.tensors.map(\.name).filter { $0.hasPrefix("text_encoder.") }
    for other in ["bert-sharded", "bert-torch", "bert-torch-sharded"] {
      let other = try HubTextEncoder.load(Self.path(other))
      for name in names { #expect(try one.values(name) == other.values(name), "\(name)") }
    }
  }

  @Test func googlesNamesAreTheSameEncoder() throws {
    let folder = Self.path("../checkpoints/authors"), golden = try Self.golden(folder)
    let encoder = try HubImageEncoder.load(folder + "/vit.npz")
    #expect(encoder.configuration.heads == 3 && encoder.configuration.layers == 2 && encoder.preprocessing == nil)
    let hidden = try encoder.hiddenStates(try (0..<3).map { try #require(golden.slice("pixels", $0)) })
    for index in 0..<3 {
      #expect(Self.largestDifference(hidden[index], try #require(golden.slice("image_hidden", index))) < 1e-4)
    }
    #expect(try HubImageEncoder.load(folder + "/vit.npz", size: 48).configuration.tokens == 37)
  }

  @Test func aListOfShardsNamesOnlyFilesInItsFolder() throws {
    for (shard, words) in [
      ("../bert/model.safetensors", "which is not in the same folder"), ("", "which is not in the same folder"),
      ("none.safetensors", "none.safetensors does not exist"), ("other.safetensors", "does not hold"),
    ] {
      let folder = try TemporaryFolder(), source = Self.path("bert")
      for name in ["config.json", "vocab.txt"] { try folder.write(name, try folder.bytes(of: "\(source)/\(name)")) }
      try folder.write("other.safetensors", safetensors("{}"))
      try folder.write(
        "model.safetensors.index.json", #"{"weight_map":{"embeddings.LayerNorm.weight":"\#(shard)"}}"#)
      let error = #expect(throws: HubError.self) { try HubTextEncoder.load(folder.path) }
      let said = "\(try #require(error))"
      #expect(said.contains(words), "\(said)")
    }
  }
}
