import Archives
import Bytes
import Glibc
import GoldenModels
import Models
import Tensors
import Testing

@Suite struct CheckpointTests {
  private static func path(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Data/checkpoints/\(name)"
  }

  private static func options(_ labels: ByteText...) -> ImportedCheckpoint.Options {
    var options = ImportedCheckpoint.Options(labelNames: labels)
    (options.textHeads, options.imageHeads, options.fusionHeads) = (2, 3, 2)
    return options
  }

  private static func write(_ checkpoint: ImportedCheckpoint, _ name: String, to folder: TemporaryFolder) throws
    -> ModelFolder
  {
    try checkpoint.write(to: "\(folder.path)/M", vocabulary: path(name) + "/vocab.txt", card: "# M\n")
  }

  /// Compares the written folder's answers to the golden batch with the reference's.
  private static func compare(_ model: ModelFolder, _ name: String) throws {
    let golden = try GoldenTensors(path: path(name) + "/golden.safetensors")
    let posts = try (0..<3).map { index in
      var post = PostInputs(
        text: try #require(golden.pieces("text", index)), knowledge: golden.pieces("knowledge", index))
      post.pixels = golden.slice("pixels", index)
      return post
    }
    let classifier = try PostClassifier(folder: model)
    let scores = try classifier(posts, using: classifier.makeWorkspace())
    for (index, score) in scores.enumerated() {
      let expected = try #require(golden.slice("logits", index))
      #expect(expected.count == score.logits.count && (expected.map(abs).max() ?? 0) > 0.05)
      #expect(zip(score.logits, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(score.logits) \(expected)")
    }
  }

  private static func clear(_ folder: TemporaryFolder) {
    for name in ["config.json", "weights.safetensors", "vocab.txt", "card.md"] { unlink("\(folder.path)/M/\(name)") }
    rmdir("\(folder.path)/M")
  }

  @Test func theAuthorsCheckpointAnswersAsTheReference() throws {
    let folder = try TemporaryFolder()
    defer { Self.clear(folder) }
    let checkpoint = try ImportedCheckpoint(Self.path("authors/pytorch_model.bin"), Self.options("no", "yes"))
    let sizes = checkpoint.configuration
    #expect(sizes.knowledge && sizes.fusionLayers == 2 && sizes.dim == 8 && sizes.projectionHidden == 24)
    #expect(sizes.text.vocabularySize == 60 && sizes.text.maxPositions == 12 && sizes.text.feedForward == 24)
    #expect(sizes.image.size == 32 && sizes.image.patchSize == 8 && sizes.image.layers == 2)
    #expect(sizes.tokenizer.maxText == 12 && sizes.labelNames == ["no", "yes"])
    let model = try Self.write(checkpoint, "authors", to: folder)
    try Self.compare(model, "authors")
    #expect(try model.tensorErrors().isEmpty && model.cardExcerpt(limit: 9) == "M")
    #expect(throws: ModelError.alreadyThere(path: folder.path + "/M")) {
      try Self.write(checkpoint, "authors", to: folder)
    }
  }

  @Test func theReferencesNamesMayHaveThePrefixModule() throws {
    let folder = try TemporaryFolder()
    defer { Self.clear(folder) }
    let checkpoint = try ImportedCheckpoint(Self.path("reference/pytorch_model.bin"), Self.options("a", "b", "c"))
    #expect(!checkpoint.configuration.knowledge)
    #expect(
      checkpoint.notes == [
        .passedOver(path: Self.path("reference/pytorch_model.bin"), keys: ["epoch"], objects: []),
        .prefix(path: Self.path("reference/pytorch_model.bin"), prefix: "module."),
      ])
    try Self.compare(try Self.write(checkpoint, "reference", to: folder), "reference")
  }

  @Test func lightningsWrapperAndWhatIsBesideTheTensorsArePassedOver() throws {
    let folder = try TemporaryFolder(), path = Self.path("reference/lightning.ckpt")
    defer { Self.clear(folder) }
    var options = Self.options("a", "b", "c")
    #expect(throws: HubError.unexpectedTensors(path: path, names: ["loss_fn.weight"])) {
      try ImportedCheckpoint(path, options)
    }
    options.ignored = ["loss_fn.*"]
    let checkpoint = try ImportedCheckpoint(path, options)
    #expect(checkpoint.notes.contains(.ignored(path: path, names: ["loss_fn.weight"])))
    #expect(checkpoint.notes.contains(.prefix(path: path, prefix: "model._orig_mod.")))
    guard case .passedOver(_, let keys, let objects)? = checkpoint.notes.first else {
      Issue.record("\(checkpoint.notes)")
      return
    }
    #expect(keys == ["epoch", "pytorch-lightning_version", "best_f1", "hyper_parameters"])
    #expect(objects.contains("argparse.Namespace"))
    #expect(checkpoint.notes.allSatisfy { !"\($0)".contains("\n") })
    try Self.compare(try Self.write(checkpoint, "reference", to: folder), "reference")
    options.ignored = ["loss.*"]
    #expect(throws: HubError.ignoredNothing(path: path, pattern: "loss.*")) { try ImportedCheckpoint(path, options) }
  }

  /// Writes the reference's tensors under other names.
  private static func renamed(in folder: TemporaryFolder, _ name: (String) -> [String]) throws -> String {
    let model = try ImportedCheckpoint(path("reference/pytorch_model.bin"), options("a", "b", "c"))
    let tensors = model.configuration.tensors
    let path = "\(folder.path)/renamed.safetensors"
    let entries = tensors.flatMap { tensor in
      name(tensor.name).map { SafetensorsWriter.Entry(name: $0, type: .f32, shape: tensor.shape) }
    }
    let writer = try SafetensorsWriter(path: path, entries: entries)
    for tensor in tensors { for _ in name(tensor.name) { try writer.append(try model.values(tensor.name)) } }
    try writer.finish()
    return path
  }

  @Test(arguments: ["_orig_mod.", "module._orig_mod.", "model.", "clfa.", "a.very.own.model."])
  func anyPrefixOfAllNamesIsCutAndReported(prefix: String) throws {
    let folder = try TemporaryFolder(), plain = try TemporaryFolder()
    let path = try Self.renamed(in: folder) { [prefix + $0] }
    let one = try ImportedCheckpoint(path, Self.options("a", "b", "c"))
    #expect(one.notes == [.prefix(path: path, prefix: prefix)])
    let two = try ImportedCheckpoint(try Self.renamed(in: plain) { [$0] }, Self.options("a", "b", "c"))
    #expect(two.notes.isEmpty && one.configuration == two.configuration)
    for tensor in one.configuration.tensors { #expect(try one.values(tensor.name) == two.values(tensor.name)) }
  }

  @Test func severalModelsInAFileAreNotMixed() throws {
    let folder = try TemporaryFolder()
    let path = try Self.renamed(in: folder) { ["student." + $0, "teacher." + $0] }
    var options = Self.options("a", "b", "c")
    #expect(throws: HubError.severalPrefixes(path: path, prefixes: ["student.", "teacher."])) {
      try ImportedCheckpoint(path, options)
    }
    options.ignored = ["teacher.*"]
    #expect(try ImportedCheckpoint(path, options).notes.contains(.prefix(path: path, prefix: "student.")))
  }

  @Test func whatNoShapeShowsComesFromTheConfigurationNextToIt() throws {
    let folder = try TemporaryFolder(), path = try Self.renamed(in: folder) { [$0] }
    var options = ImportedCheckpoint.Options(labelNames: ["a", "b", "c"])
    let guessed = try ImportedCheckpoint(path, options)
    #expect(guessed.configuration.text.heads == 1 && guessed.configuration.pooling == .mean)
    #expect(
      guessed.notes.map { "\($0)" }.contains { $0.hasSuffix("text encoder 1, picture encoder 1, shared space 1") })
    let sizes =
      #""image":{"hidden_size":12,"heads":3},"dim":8,"fusion_heads":2,"pooling":"cls","tokenizer":{"lowercase":false}"#
    try folder.write("config.json", #"{"text":{"hidden_size":16,"heads":2},\#(sizes)}"#)
    let known = try ImportedCheckpoint(path, options)
    let model = known.configuration
    #expect(model.text.heads == 2 && model.image.heads == 3 && model.fusionHeads == 2 && model.pooling == .cls)
    #expect(!model.tokenizer.lowercase && known.notes.count == 1)
    (options.textHeads, options.pooling) = (4, .max)
    let asked = try ImportedCheckpoint(path, options)
    #expect(asked.configuration.text.heads == 4 && asked.configuration.pooling == .max)
    try folder.write("config.json", #"{"text":{"hidden_size":32,"heads":2},\#(sizes)}"#)
    #expect(
      try ImportedCheckpoint(path, options).notes.first == .otherConfiguration(path: folder.path + "/config.json"))
  }

  @Test func anotherPictureEncoderReplacesItsOwn() throws {
    let folder = try TemporaryFolder()
    defer { Self.clear(folder) }
    let encoder = try HubImageEncoder.load(Self.path("authors/vit.npz"))
    let checkpoint = try ImportedCheckpoint(
      Self.path("authors/pytorch_model.bin"), Self.options("no", "yes"), image: encoder)
    // It is the same one under Google's names.
    try Self.compare(try Self.write(checkpoint, "authors", to: folder), "authors")
  }

  @Test func anotherSizeOfPicturesResizesTheTable() throws {
    var options = Self.options("no", "yes")
    options.imageSize = 48
    let checkpoint = try ImportedCheckpoint(Self.path("authors/pytorch_model.bin"), options)
    #expect(checkpoint.configuration.image.tokens == 37 && checkpoint.configuration.preprocessing.size == 48)
    let encoder = try HubImageEncoder.load(Self.path("authors/vit.npz"), size: 48)
    #expect(try checkpoint.values("image_encoder.position") == encoder.values("image_encoder.position"))
  }

  // MARK: What is no such model

  private static func words(_ body: () throws -> Void) throws -> String {
    let error = #expect(throws: HubError.self, performing: body)
    return "\(try #require(error))"
  }

  @Test func optionsMustMatchTheCheckpoint() throws {
    let path = Self.path("authors/pytorch_model.bin")
    #expect(
      try Self.words { _ = try ImportedCheckpoint(path, Self.options("a")) }.contains("has 2 labels, but 1 names"))
    #expect(try Self.words { _ = try ImportedCheckpoint(path, Self.options("a", "a")) }.contains("\"a\" occurs twice"))
    #expect(try Self.words { _ = try ImportedCheckpoint(path, Self.options("a", "")) }.contains("one is empty"))
    var options = Self.options("a", "b")
    options.textHeads = 3
    #expect(try Self.words { _ = try ImportedCheckpoint(path, options) }.contains("the text encoder is"))
    let encoder = try HubImageEncoder.load(Self.path("../hub/vit"))
    #expect(
      try Self.words { _ = try ImportedCheckpoint(path, Self.options("a", "b"), image: encoder) }.contains(
        "the image encoder is 16 wide, but the model reads 12"))
  }

  @Test func otherCheckpointsAreNamedWithTheSupportedOnes() throws {
    let words = try Self.words {
      _ = try ImportedCheckpoint(Self.path("../../Data/hub/bert/golden.safetensors"), Self.options("a"))
    }
    #expect(words.contains("its tensors are hidden") && words.contains("attention_net.*"), "\(words)")
    for (name, kind) in [("bert-torch/pytorch_model.bin", "text"), ("deit/model.safetensors", "image")] {
      let words = try Self.words { _ = try ImportedCheckpoint(Self.path("../hub/\(name)"), Self.options("a")) }
      #expect(words.contains("holds only a \(kind) encoder"), "\(words)")
    }
    let words2 = try Self.words { _ = try ImportedCheckpoint(Self.path("authors/vocab.txt"), Self.options("a")) }
    #expect(words2.contains("make or download the file again"), "\(words2)")
  }

  @Test func aVocabularyThatIsTooLongWritesNothing() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try ImportedCheckpoint(Self.path("authors/pytorch_model.bin"), Self.options("no", "yes"))
    let vocabulary = try folder.write("vocab.txt", String(repeating: "a\n", count: 61))
    #expect(throws: HubError.vocabularyTooLong(path: vocabulary, pieces: 61, size: 60)) {
      try checkpoint.write(to: folder.path + "/M", vocabulary: vocabulary, card: "")
    }
    #expect(!folder.names.contains { $0.hasPrefix("M") || $0.hasPrefix(".M") })
  }

  @Test func aNumberThatIsNotFiniteWritesNothing() throws {
    let folder = try TemporaryFolder()
    var bytes = try folder.bytes(of: Self.path("authors/pytorch_model.bin"))
    let tensors = try bytes.withUnsafeBytes { (bytes) throws(ArchiveError) -> [StoredTensor] in
      try TorchFile(bytes).tensors
    }
    let place = try #require(tensors.first { $0.name == "mlp_image.fc2.weight" }).start + 8
    bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0xC0, 0x7F])
    let path = try folder.write("nan.bin", bytes)
    let checkpoint = try ImportedCheckpoint(path, Self.options("no", "yes"))
    #expect(throws: HubError.notFinite(path: path, name: "image_projection.fc2.weight")) {
      try Self.write(checkpoint, "authors", to: folder)
    }
    #expect(!folder.names.contains { $0.hasPrefix("M") || $0.hasPrefix(".M") })
  }

  /// The table of tensors, truncated or renamed: the missing or unexpected tensor is named.
  @Test func missingMisshapenAndUnexpectedTensorsAreErrors() throws {
    let folder = try TemporaryFolder()
    let bytes = try folder.bytes(of: Self.path("authors/pytorch_model.bin"))
    func renamed(_ old: String, _ new: String) throws -> String {
      #expect(old.utf8.count == new.utf8.count)
      var copy = bytes
      let wanted = Array(old.utf8)
      let at = try #require(copy.indices.first { copy[$0...].starts(with: wanted) })
      copy.replaceSubrange(at..<at + wanted.count, with: Array(new.utf8))
      let path = try folder.write("renamed.bin", copy)
      return try Self.words { _ = try ImportedCheckpoint(path, Self.options("no", "yes")) }
    }
    let missing = try renamed("mlp_text.fc2.bias", "mlp_text.fc2.bios")
    #expect(missing.contains("has no tensor mlp_text.fc2.bias of shape [8]"), "\(missing)")
    let more = try renamed("model.head.bias", "model.hood.bias")
    #expect(more.contains("model.hood.bias belongs to no part of this model"), "\(more)")
  }
}
