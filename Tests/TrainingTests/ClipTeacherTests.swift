import Bytes
import Preparation
import Archives
import Corpus
import Foundation
import Inputs
import Models
import Scoring
import Synchronization
import TestSupport
import Testing
import Training

/// Compared with `transformers`; `Tests/ModelsTests/Data/make_clip.py` makes the small CLIPs and the expected vectors.
@Suite struct ClipTeacherTests {
  private struct Golden: Decodable {
    var texts: [String]
    var ids: [[Int32]]
    var pictures: [String]
  }

  private static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "ModelsTests/Data/clip").path
  private static let layouts = ["b32", "b16", "l14", "siglip"]

  private static func golden(_ layout: String) throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(filePath: "\(data)/\(layout)/golden.json")))
  }

  /// Rows of the layout's numbers.
  private static func rows(_ name: String, of layout: String) throws -> [[Float]] {
    let file = try Safetensors(path: "\(data)/\(layout)/golden.safetensors"), tensor = try #require(file[name])
    let numbers = file.floats(tensor), width = numbers.count / tensor.shape[0]
    return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  private static func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return vector.map { Float(Double($0) / length) }
  }

  private static func posts(_ csv: String) throws -> TeachingPosts {
    try TeachingPosts(paths: [csv], options: CorpusOptions(), imagesAreFiles: true)
  }

  private static func teacher(
    _ layout: String = "b16", images: String, decoding: PictureDecoding = .exact
  ) throws -> PairTeacher {
    try PairTeacher(
      texts: "\(data)/\(layout)", pictures: "\(data)/\(layout)",
      folders: try PictureFolders(images: images, paths: ["posts.csv"], names: ["posts.csv"], limits: PictureLimits()),
      decoding: decoding, limits: PictureLimits())
  }

  private static func teaching(_ teacher: PairTeacher) throws -> Teaching {
    try Teaching(teacher: teacher, name: "clip", shape: VectorTransform(centres: false))
  }

  @Test(arguments: layouts) func piecesAndPixelsEqualTransformers(layout: String) throws {
    let golden = try Self.golden(layout), folder = "\(Self.data)/\(layout)"
    let tokenizer = try SubwordTokenizer(
      json: [UInt8](try Data(contentsOf: URL(filePath: folder + "/tokenizer.json"))))
    for (text, ids) in zip(golden.texts, golden.ids) {
      #expect(tokenizer.encode(text, limit: layout == "siglip" ? 64 : 77).ids == ids, "\(text.prefix(40))")
    }
    let read = try ClipEncoder(folder: folder).preprocessing, pixels = try Self.rows("pixels", of: layout)
    #expect(read.resize == (layout == "siglip" ? .squash : .shortSide))
    let preprocessing = try PicturePreprocessing(read, size: read.size)
    for (name, expected) in zip(golden.pictures, pixels) {
      let file = try PictureFolder(root: Self.data + "/pictures").load(name)
      let found = try preprocessing(file, .exact, limits: PictureLimits())
      // A step of a sample is more than a hundredth.
      #expect(Self.difference(found, expected) < 1e-6, "\(name)")
    }
  }

  @Test(arguments: layouts) func vectorsEqualTransformers(layout: String) throws {
    let scratch = try Scratch(), golden = try Self.golden(layout), path = scratch.file("out.safetensors")
    let texts = try Self.rows("text", of: layout).map(Self.unit)
    let images = try Self.rows("image", of: layout).map(Self.unit)
    var csv = "id,text,image\n", expected: [(text: Int, image: Int)] = []
    for (index, text) in golden.texts.enumerated() where !text.isEmpty {
      csv += "\(expected.count),\"\(text)\",\(golden.pictures[index % golden.pictures.count])\n"
      expected.append((index, index % golden.pictures.count))
    }
    let posts = try Self.posts(try scratch.write("posts.csv", csv))
    let summary = try Self.teaching(try Self.teacher(layout, images: Self.data + "/pictures")).run(
      posts, to: path, threads: 2)
    #expect(summary.sentences == 6 && summary.pictures == 4 && summary.cut == 1 && summary.faults.isEmpty)
    let vectors = try TeacherCache.load(path)
    #expect(vectors.width == summary.width && vectors.count == 6)
    for (key, place) in expected.enumerated() {
      let found = try #require(vectors["\(key)"])
      #expect(Self.difference(found.text, texts[place.text]) <= 1e-5)
      #expect(Self.difference(found.image, images[place.image]) <= 1e-5)
    }
  }

  /// A folder of pictures, some of them unreadable, and a corpus of all.
  private static func nasty(_ scratch: Scratch) throws -> String {
    try FileManager.default.createDirectory(atPath: scratch.file("in/deep"), withIntermediateDirectories: true)
    for (name, copy) in [("wide.png", "a.png"), ("wide.png", "deep/again.png"), ("photo.jpg", "b.jpg")] {
      try FileManager.default.copyItem(atPath: "\(data)/pictures/\(name)", toPath: scratch.file("in/\(copy)"))
    }
    let whole = try Data(contentsOf: URL(filePath: "\(data)/pictures/tall.png"))
    for name in ["in/cut.png", "in/cut-again.png"] {
      try scratch.write(name, Array(whole.prefix(whole.count / 2)))
    }
    try scratch.write("in/text.png", "no picture")
    try FileManager.default.copyItem(atPath: "\(data)/pictures/tall.png", toPath: scratch.file("secret.png"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("in/link.png"), withDestinationPath: scratch.file("secret.png"))
    return try scratch.write(
      "posts.csv",
      """
      id,text,image
      1,a cat,a.png
      2,a dog,deep/again.png
      3,a cat,b.jpg
      4,a bird,cut.png
      5,a bird,cut-again.png
      6,a bird,text.png
      7,a bird,../secret.png
      8,a bird,link.png
      9,a bird,none.png
      10,a bird,
      11,,a.png
      1,a cat,a.png

      """)
  }

  @Test func unreadablePicturesAreFaultsOfTheirRows() throws {
    let scratch = try Scratch(), posts = try Self.posts(try Self.nasty(scratch)), path = scratch.file("out.safetensors")
    let summary = try Self.teaching(try Self.teacher(images: scratch.file("in"))).run(posts, to: path, threads: 3)
    #expect(posts.rows == 12 && posts.oneSided == 2 && posts.repeated == 1)
    #expect(summary.posts == 3 && summary.sentences == 3 && summary.pictures == 2)
    #expect(summary.faults.map(\.key) == ["4", "5", "6", "7", "8", "9"])
    #expect(
      summary.faults.map(\.code) == [
        .truncated, .truncated, .unsupportedFormat, .outsideFolder, .outsideFolder, .missing,
      ])
    #expect(
      summary.faults.map(\.path) == [
        "cut.png", "cut-again.png", "text.png", "../secret.png", "link.png", "none.png",
      ])
    let vectors = try TeacherCache.load(path)
    #expect(
      vectors.count == 3 && vectors["1"]?.image == vectors["2"]?.image && vectors["1"]?.text == vectors["3"]?.text)
  }

  @Test func aCorpusWithoutReadablePicturesIsReported() throws {
    let scratch = try Scratch()
    let posts = try Self.posts(try scratch.write("posts.csv", "text,image\na,no.png\nb,no.png\n"))
    let error = #expect(throws: TeachingError.self) {
      try Self.teaching(try Self.teacher(images: scratch.path)).run(posts, to: scratch.file("out"), threads: 1)
    }
    #expect(error.map { "\($0)".contains("no.png") && "\($0)".contains("none of the pictures of 2 posts") } == true)
    #expect(try scratch.names() == ["posts.csv"])
  }

  @Test func interruptedWorkContinuesAndAnyThreadsGiveTheSameBytes() throws {
    let scratch = try Scratch(), whole = scratch.file("whole"), path = scratch.file("out"), images = scratch.file("in")
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
    var csv = "text,image\n"
    for index in 0..<70 {
      try scratch.write(
        "in/\(index).png", PNG.file(width: 8, (0..<240).map { UInt8(truncatingIfNeeded: $0 * index + 7) }))
      csv += "cats \(index % 50),\(index).png\n"
    }
    let posts = try Self.posts(try scratch.write("posts.csv", csv))
    let teaching = try Teaching(
      teacher: try Self.teacher("b32", images: images), name: "clip", shape: VectorTransform(centres: true, whitened: 5)
    )
    let left = try teaching.run(posts, to: whole, threads: 1)
    #expect(left.reused == 0 && left.sentences == 50 && left.pictures == 70 && left.width == 5)
    let stop = Mutex(false)
    #expect(throws: TeachingError.interrupted) {
      try teaching.run(
        posts, to: path, threads: 1, shouldStop: { stop.withLock { $0 } },
        observe: { done, _ in if done >= 80 { stop.withLock { $0 = true } } })
    }
    #expect(try scratch.names().contains("out.encoded") && !scratch.names().contains("out"))
    let summary = try teaching.run(posts, to: path, threads: 3)
    #expect(summary.reused >= 80 && summary.reused < 120)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: whole)))
    #expect(try scratch.names() == ["in", "out", "posts.csv", "whole"])
  }

  /// A copy of a layout with a changed file.
  private static func changed(_ scratch: Scratch, _ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
    let folder = scratch.file("clip")
    try FileManager.default.copyItem(atPath: "\(data)/b32", toPath: folder)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    change(&bytes)
    try scratch.write("clip/\(name)", bytes)
    return folder
  }

  private static func load(_ folder: String, images: String) throws -> PairTeacher {
    try PairTeacher(
      texts: folder, pictures: folder,
      folders: try PictureFolders(images: images, paths: [], names: [], limits: PictureLimits()), decoding: .scaled,
      limits: PictureLimits())
  }

  @Test func weightsThatAreNotFiniteAreRejected() throws {
    let scratch = try Scratch()
    // The last tensor of the file ends in a NaN of 16 bits.
    let folder = try Self.changed(scratch, "model.safetensors") {
      $0.replaceSubrange(($0.count - 2)..., with: [255, 255])
    }
    let posts = try Self.posts(try scratch.write("posts.csv", "text,image\na,wide.png\n"))
    let teacher = try Self.load(folder, images: Self.data + "/pictures")
    #expect(throws: TeachingError.notFinite(of: "picture wide.png")) {
      try Self.teaching(teacher).run(posts, to: scratch.file("out"), threads: 1)
    }
    #expect(try !scratch.names().contains("out"))
  }

  @Test func incompatibleTokenizersAreRejected() throws {
    for (old, new, words) in [
      ("\"<|endoftext|>\",790]", "\"<|endoftext|>\",3]", "eos_token_id"), ("\"BPE\"", "\"BPX\"", "BPX"),
      ("\"id\":790", "\"id\":900", "901"),
    ] {
      let scratch = try Scratch()
      let folder = try Self.changed(scratch, "tokenizer.json") {
        $0 = Array(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8)
      }
      let error = #expect(throws: (any Error).self) { try Self.load(folder, images: scratch.path) }
      #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    }
    let scratch = try Scratch(), folder = try Self.changed(scratch, "config.json") { _ in }
    try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
    #expect(throws: ClipError.hub(.missing(path: folder + "/tokenizer.json"))) {
      try Self.load(folder, images: scratch.path)
    }
  }

  /// Without a tokenizer.json, its vocabulary and its merges in two files give the same pieces.
  @Test func aVocabularyAndMergesGiveTheSamePieces() throws {
    let scratch = try Scratch(), golden = try Self.golden("b32")
    let folder = try Self.changed(scratch, "config.json") { _ in }, file = folder + "/tokenizer.json"
    let model = try #require(try JSONParser.parse([UInt8](Data(contentsOf: URL(filePath: file))))["model"])
    let merges = (model["merges"]?.asList ?? []).compactMap { merge in
      merge.asString ?? merge.asList?.compactMap(\.asString).joined(separator: " ")
    }
    try scratch.write("clip/vocab.json", try #require(model["vocab"]).text())
    try scratch.write("clip/merges.txt", "#version: 0.2\n" + merges.map { $0 + "\n" }.joined())
    try FileManager.default.removeItem(atPath: file)
    let teacher = try ClipTeacher(folder: folder, decoding: .exact, limits: PictureLimits())
    #expect(merges.count > 100 && golden.texts.count > 5)
    for (text, ids) in zip(golden.texts, golden.ids) {
      #expect(teacher.pieces(of: text).ids == ids, "\(text.prefix(40))")
    }
    #expect(ClipEncoder.files(of: folder).contains("merges.txt"))
    try scratch.write("clip/tokenizer_config.json", #"{"truncation_side": "left"}"#)
    let error = #expect(throws: (any Error).self) {
      try ClipTeacher(folder: folder, decoding: .exact, limits: PictureLimits())
    }
    #expect(error.map { "\($0)".contains("truncation_side") } == true, "\(String(describing: error))")
  }

  /// This one has more pieces than the encoder has vectors for, which only a tokenizer that was read can tell.
  @Test func aSigLIPsModelOfSentencePieceIsRead() throws {
    let scratch = try Scratch(), folder = scratch.file("siglip"), path = folder + "/spiece.model"
    try FileManager.default.copyItem(atPath: "\(Self.data)/siglip", toPath: folder)
    try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
    let model = Checkout.root + "/Tests/InputsTests/Data/hubtokenizers/siglip/spiece.model"
    try FileManager.default.copyItem(atPath: model, toPath: path)
    #expect(throws: PreparationError.vocabularyTooLong(path: path, pieces: 160, rows: 146)) {
      try ClipTeacher(folder: folder, decoding: .exact, limits: PictureLimits())
    }
    #expect(ClipEncoder.files(of: folder).contains("spiece.model"))
  }

  /// The texts of one folder and the pictures of another have the vectors of their own encoder.
  @Test func twoFoldersTeachTogether() throws {
    let scratch = try Scratch(), golden = try Self.golden("b32"), path = scratch.file("out.safetensors")
    // A second CLIP with other weights: those of the first, shifted by one tensor.
    let other = try Self.changed(scratch, "model.safetensors") { $0[$0.count - 1] ^= 0x80 }
    let posts = try Self.posts(try scratch.write("posts.csv", "id,text,image\n1,\(golden.texts[0]),wide.png\n"))
    func vectors(_ texts: String, _ pictures: String) throws -> TeacherVectors {
      let teacher = try PairTeacher(
        texts: texts, pictures: pictures,
        folders: try PictureFolders(
          images: Self.data + "/pictures", paths: ["posts.csv"], names: ["posts.csv"], limits: PictureLimits()),
        decoding: .exact, limits: PictureLimits())
      _ = try Self.teaching(teacher).run(posts, to: path, threads: 1)
      return try #require(try TeacherCache.load(path)["1"])
    }
    let clip = "\(Self.data)/b32", one = try vectors(clip, clip), two = try vectors(other, other)
    let both = try vectors(clip, other)
    #expect(both.text == one.text && both.image == two.image && one.image != two.image)
    #expect(throws: TeachingError.differentWidths(text: 16, image: 24)) {
      try vectors(clip, "\(Self.data)/siglip")
    }
  }

  @Test func relatedModelsAreNamed() throws {
    let scratch = try Scratch()
    for layout in Self.layouts { #expect(try ClipTeacher.reads("\(Self.data)/\(layout)")) }
    #expect(try !ClipTeacher.reads(scratch.path))
    for type in ["siglip2", "blip", "siglip_vision_model"] {
      try scratch.write("config.json", "{\"model_type\":\"\(type)\"}")
      #expect(throws: TeachingError.unsupportedTeacher(path: scratch.file("config.json"), type: type)) {
        try ClipTeacher.reads(scratch.path)
      }
    }
    try scratch.write("config.json", "{\"model_type\":\"bert\"}")
    #expect(try !ClipTeacher.reads(scratch.path))
  }
}
