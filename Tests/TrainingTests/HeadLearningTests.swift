import Archives
import Bytes
import Corpus
import Evaluation
import Foundation
import Inputs
import Models
import Preparation
import Scoring
import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// With a BERT of one layer of 8, and the pictures' half of the smallest CLIP.
@Suite struct HeadLearningTests {
  private static let clip = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "ModelsTests/Data/clip/b32").path
  private static let limits = PictureLimits()

  private static func folders(_ scratch: Scratch) throws -> PictureFolders {
    try PictureFolders(images: scratch.file("in"), paths: ["c.csv"], names: ["c.csv"], limits: limits)
  }

  /// Captions of pictures of their own; those from `first` on.
  private static func captions(_ scratch: Scratch, _ name: String, _ range: Range<Int>) throws -> HeadLearning.Captions
  {
    let words = ["a", "cat", "dog", "sad", "happy", "face"]
    try FileManager.default.createDirectory(atPath: scratch.file("in"), withIntermediateDirectories: true)
    var csv = "id,text,image\n"
    for index in range {
      try scratch.write(
        "in/\(index).png", PNG.file(width: 8, (0..<240).map { UInt8(truncatingIfNeeded: $0 * index + 7) }))
      csv += "\(index),\(words[index % 6]) \(words[index / 6 % 6]),\(index).png\n"
    }
    return HeadLearning.Captions(
      posts: try TeachingPosts(
        paths: [try scratch.write(name, csv)], options: CorpusOptions(), imagesAreFiles: true),
      folders: try folders(scratch))
  }

  private static func learning(_ scratch: Scratch) throws -> HeadLearning {
    var settings = HeadFitter.Settings()
    (settings.dim, settings.epochs, settings.batch) = (4, 3, 8)
    return try HeadLearning(
      textEncoder: try TeachingTests.bert(scratch), imageEncoder: clip, settings: settings, decoding: .exact,
      limits: limits)
  }

  private static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  private static func teacher(_ heads: String, _ scratch: Scratch) throws -> PairTeacher {
    try PairTeacher(
      texts: heads, pictures: heads, folders: try folders(scratch), decoding: .exact, limits: limits)
  }

  @Test func theFolderGivesTheVectorsThatWereMeasured() throws {
    let scratch = try Scratch(), heads = scratch.file("heads"), path = scratch.file("out.safetensors")
    let training = try Self.captions(scratch, "train.csv", 0..<20)
    let validation = try Self.captions(scratch, "valid.csv", 20..<32)
    let summary = try Self.learning(scratch).run(training, heldOut: validation, to: heads, threads: 2)
    #expect(summary.pairs == 20 && summary.losses.count == 3 && summary.known == 0 && summary.faults.isEmpty)
    #expect(try !scratch.names().contains("heads.encoded"))
    #expect(try PairTeacher.reads(heads))

    let taught = try Teaching(
      teacher: try Self.teacher(heads, scratch), name: "heads", shape: VectorTransform(centres: false)
    ).run(validation.posts, to: path, threads: 1)
    #expect(taught.width == 4 && taught.posts == 12)
    #expect(taught.pairs?.area == summary.heldOut?.area && taught.pairs?.posts == 12)
    // The encoders alone, and the projections that are in the folder.
    let read = try ProjectionHeads.load(heads), vectors = try #require(try TeacherCache.load(path)["20"])
    let texts = try SentenceTower(folder: scratch.file("bert"), head: nil)
    OneDNN.useOneThread()
    func unit(_ vector: [Float]) -> [Float] {
      let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      return vector.map { Float(Double($0) / length) }
    }
    let mean = try texts.vectors(ofTexts: [texts.pieces(of: "dog sad").ids], using: Workspace())[0]
    #expect(vectors.text == unit(read.text(unit(mean))))
  }

  @Test func anyThreadsGiveTheSameBytesAndInterruptedWorkContinues() throws {
    let scratch = try Scratch()
    let training = try Self.captions(scratch, "train.csv", 0..<20)
    let validation = try Self.captions(scratch, "valid.csv", 16..<30)
    let learning = try Self.learning(scratch), stop = Mutex(false)
    let one = try learning.run(training, heldOut: validation, to: scratch.file("one"), threads: 1)
    // Four of the held-out pictures also occur in the training captions.
    #expect(one.known == 4 && one.heldOut?.posts == 10)
    #expect(throws: TeachingError.interrupted) {
      try learning.run(
        training, heldOut: validation, to: scratch.file("three"), threads: 1,
        shouldStop: { stop.withLock { $0 } },
        observe: { progress in if case .epoch(1, _, _) = progress { stop.withLock { $0 = true } } })
    }
    #expect(try scratch.names().contains("three.encoded") && !scratch.names().contains("three"))
    _ = try learning.run(training, heldOut: validation, to: scratch.file("three"), threads: 3)
    for name in ["config.json", "model.safetensors", "text/vocab.txt", "image/model.safetensors"] {
      #expect(try Self.bytes(scratch.file("one/\(name)")) == Self.bytes(scratch.file("three/\(name)")), "\(name)")
    }
    #expect(throws: ModelError.alreadyThere(path: scratch.file("one"))) {
      try ProjectionHeads.checkPlace(scratch.file("one"))
    }
  }

  @Test func damagedFoldersAreNamed() throws {
    let scratch = try Scratch(), heads = scratch.file("heads")
    _ = try Self.learning(scratch).run(
      try Self.captions(scratch, "train.csv", 0..<12), heldOut: try Self.captions(scratch, "valid.csv", 12..<18),
      to: heads, threads: 1)
    func complaint(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
      let whole = [UInt8](try Self.bytes(scratch.file(name)))
      var bytes = whole
      change(&bytes)
      try scratch.write(name, bytes)
      defer { _ = try? scratch.write(name, whole) }
      let error = #expect(throws: (any Error).self) { try Self.teacher(heads, scratch) }
      return error.map { "\($0)" } ?? ""
    }
    func replacing(_ old: String, _ new: String) -> (inout [UInt8]) -> Void {
      { $0 = Array(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8) }
    }
    #expect(try complaint("heads/text/vocab.txt") { $0.append(10) }.contains("heads/text is not the encoder"))
    #expect(try complaint("heads/image/config.json") { $0.append(32) }.contains("heads/image is not the encoder"))
    #expect(try complaint("heads/config.json", replacing("\"version\" : 1", "\"version\" : 2")).contains("version"))
    #expect(try complaint("heads/config.json", replacing("\"dim\" : 4", "\"dim\" : 5")).contains("[5, 8]"))
    // The last number is not finite.
    let notFinite = try complaint("heads/model.safetensors") {
      $0.replaceSubrange(($0.count - 2)..., with: [192, 127])
    }
    #expect(notFinite.contains("image_projection.bias"), "\(notFinite)")
    _ = try Self.teacher(heads, scratch)
  }

  @Test func invalidEncodersAreErrors() throws {
    let scratch = try Scratch()
    #expect(throws: TeachingError.notAFolder(path: "vit.npz")) {
      try HeadLearning(
        textEncoder: try TeachingTests.bert(scratch), imageEncoder: "vit.npz", settings: HeadFitter.Settings(),
        decoding: .exact, limits: Self.limits)
    }
    try FileManager.default.createDirectory(atPath: scratch.file("in"), withIntermediateDirectories: true)
    #expect(throws: TeachingError.unprojectedPictures(path: scratch.file("bert"))) {
      try PairTeacher(
        texts: Self.clip, pictures: scratch.file("bert"), folders: try Self.folders(scratch), decoding: .exact,
        limits: Self.limits)
    }
  }

  /// What sentence-transformers put behind the mean is W·x + b of it, at most so many pieces.
  @Test func aProjectionOfSentenceTransformersIsRead() throws {
    let scratch = try Scratch(), bert = try TeachingTests.bert(scratch)
    let plain = try SentenceTower(folder: bert, head: nil)
    try FileManager.default.createDirectory(atPath: bert + "/2_Dense", withIntermediateDirectories: true)
    let dense = """
      {"in_features": 8, "out_features": 3, "bias": true, "activation_function": "torch.nn.modules.linear.Identity"}
      """
    try scratch.write("bert/2_Dense/config.json", dense)
    try scratch.write("bert/sentence_bert_config.json", "{\"max_seq_length\": 4, \"do_lower_case\": false}")
    let writer = try SafetensorsWriter(
      path: bert + "/2_Dense/model.safetensors",
      tensors: [.init(name: "linear.weight", shape: [3, 8]), .init(name: "linear.bias", shape: [3])])
    let weight = (0..<24).map { Float($0 % 5) - 2 }
    try writer.append(weight)
    try writer.append([1, -2, 3] as [Float])
    try writer.finish()
    let tower = try SentenceTower(folder: bert)
    #expect(tower.width == 3 && tower.identity != plain.identity && tower.remark != plain.remark)
    #expect(tower.pieces(of: "a cat a dog").ids.count == 4 && plain.pieces(of: "a cat a dog").ids.count == 6)
    OneDNN.useOneThread()
    let pieces = [tower.pieces(of: "a cat").ids]
    let hub = try HubTextEncoder.load(bert), hidden = try hub.hiddenStates(pieces)[0]
    let found = try tower.vectors(ofTexts: pieces, using: Workspace())[0]
    for row in 0..<3 {
      let expected = (0..<8).reduce(Float([1, -2, 3][row])) { sum, column in
        let mean =
          stride(from: column, to: hidden.count, by: 8).reduce(Float(0)) { $0 + hidden[$1] } / Float(hidden.count / 8)
        return sum + weight[row * 8 + column] * mean
      }
      #expect(abs(found[row] - expected) < 1e-4, "\(found[row]), not \(expected)")
    }
    try scratch.write("bert/2_Dense/config.json", dense.replacing("linear.Identity", with: "activation.Tanh"))
    let other = #expect(throws: HubError.self) { try SentenceTower(folder: bert) }
    #expect(other.map { "\($0)".contains("activation_function") } == true)
    try scratch.write("bert/2_Dense/config.json", dense.replacing("8", with: "9"))
    #expect(throws: HubError.self) { try SentenceTower(folder: bert) }
  }

  /// The steps of `modules.json`: the first token, projected, at length 1.
  @Test func theStepsOfSentenceTransformersAreFollowed() throws {
    let scratch = try Scratch(), bert = try TeachingTests.bert(scratch)
    let steps = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Dense", "2_Dense"), ("Normalize", "3_Normalize")]
    let modules = steps.map { #"{"path": "\#($1)", "type": "sentence_transformers.models.\#($0)"}"# }
    for folder in ["1_Pooling", "2_Dense"] {
      try FileManager.default.createDirectory(atPath: "\(bert)/\(folder)", withIntermediateDirectories: true)
    }
    try scratch.write("bert/modules.json", "[\(modules.joined(separator: ","))]")
    try scratch.write(
      "bert/1_Pooling/config.json", #"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#)
    try scratch.write("bert/2_Dense/config.json", #"{"in_features": 8, "out_features": 2, "bias": false}"#)
    let writer = try SafetensorsWriter(
      path: bert + "/2_Dense/model.safetensors", tensors: [.init(name: "linear.weight", shape: [2, 8])])
    let weight = (0..<16).map { Float($0 % 3) - 1 }
    try writer.append(weight)
    try writer.finish()
    let tower = try SentenceTower(folder: bert), pieces = [tower.pieces(of: "a cat").ids]
    OneDNN.useOneThread()
    let hidden = try HubTextEncoder.load(bert).hiddenStates(pieces)[0]
    let projected = (0..<2).map { row in (0..<8).reduce(Float(0)) { $0 + weight[row * 8 + $1] * hidden[$1] } }
    let length = (projected[0] * projected[0] + projected[1] * projected[1]).squareRoot()
    let found = try tower.vectors(ofTexts: pieces, using: Workspace())[0]
    #expect(found.count == 2 && zip(found, projected).allSatisfy { abs($0 - $1 / length) < 1e-4 })
    #expect(tower.remark == "cls of the last layer's tokens, projected")
  }
}
