import Bytes
import Archives
import Corpus
import Foundation
import Models
import Evaluation
import Synchronization
import TestSupport
import Testing
import Training

@Suite struct TeachingTests {
  /// Writes a hub's BERT of one layer of 8 with random numbers, and these pieces.
  static func bert(_ scratch: Scratch) throws -> String {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "cat", "dog", "sad", "happy", "face"]
    try FileManager.default.createDirectory(atPath: scratch.file("bert"), withIntermediateDirectories: true)
    try scratch.write("bert/vocab.txt", pieces.joined(separator: "\n"))
    try scratch.write(
      "bert/config.json",
      """
      {"model_type":"bert","vocab_size":10,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,
      "intermediate_size":16,"max_position_embeddings":6,"hidden_act":"gelu"}
      """)
    let block = "encoder.layer.0."
    var shapes: [(String, [Int])] = [
      ("embeddings.word_embeddings.weight", [10, 8]), ("embeddings.position_embeddings.weight", [6, 8]),
      ("embeddings.token_type_embeddings.weight", [2, 8]),
    ]
    for norm in ["embeddings.LayerNorm", block + "attention.output.LayerNorm", block + "output.LayerNorm"] {
      shapes += [(norm + ".weight", [8]), (norm + ".bias", [8])]
    }
    for (name, inputs, outputs) in [
      ("attention.self.query", 8, 8), ("attention.self.key", 8, 8), ("attention.self.value", 8, 8),
      ("attention.output.dense", 8, 8), ("intermediate.dense", 8, 16), ("output.dense", 16, 8),
    ] {
      shapes += [(block + name + ".weight", [outputs, inputs]), (block + name + ".bias", [outputs])]
    }
    let writer = try SafetensorsWriter(
      path: scratch.file("bert/model.safetensors"),
      entries: shapes.map { SafetensorsWriter.Entry(name: $0.0, type: .f32, shape: $0.1) })
    var random = SeededGenerator(seed: 5)
    for (_, shape) in shapes {
      try writer.append((0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &random) })
    }
    try writer.finish()
    return scratch.file("bert")
  }

  private static let options = CorpusOptions(columns: ColumnMap(text: "text", image: "picture"))

  private static let corpus = """
    id,text,picture
    1,a cat,happy face
    2,a dog,sad face
    3,a sad cat,happy face
    4,happy dog,a cat
    2,a dog,sad face
    3,other words,happy face
    5,,sad face
    6,a sad dog,
    7,,
    8,a
    "9,1",a happy cat,a dog
    """

  @Test func rowsAreAccountedFor() throws {
    let scratch = try Scratch()
    let posts = try TeachingPosts(paths: [try scratch.write("posts.csv", Self.corpus)], options: Self.options)
    #expect(posts.rows == 11 && posts.oneSided == 2 && posts.repeated == 1 && posts.contradicting == 1)
    #expect(posts.faults.map(\.code) == [.emptyPost, .tooFewFields])
  }

  @Test(arguments: [1, 3]) func vectorsAreMatchedByKeyOnAnyNumberOfThreads(threads: Int) throws {
    let scratch = try Scratch(), path = scratch.file("out.safetensors")
    let posts = try TeachingPosts(paths: [try scratch.write("posts.csv", Self.corpus)], options: Self.options)
    let teacher = try SentenceTeacher(folder: try Self.bert(scratch))
    #expect(teacher.width == 8)
    func vectors(_ shape: VectorTransform, threads: Int) throws -> (Teaching.Summary, TeacherCache) {
      let summary = try Teaching(teacher: teacher, name: "bert", shape: shape).run(posts, to: path, threads: threads)
      return (summary, try TeacherCache.load(path))
    }
    let (taught, plain) = try vectors(VectorTransform(centres: false), threads: threads)
    var summary = taught
    summary.pairs = nil
    // Two posts have the same picture.
    #expect(taught.pairs?.posts == 4)
    // Of the 5 texts and the 4 pictures' words, "a cat" and "a dog" are on both sides.
    #expect(summary == Teaching.Summary(posts: 5, width: 8, sentences: 9 - 2 + 1, cut: 0, central: 0))
    #expect(plain.count == 5 && plain["9,1"] != nil && plain["5"] == nil)
    #expect(plain["1"]?.text == plain["4"]?.image && plain["1"]?.image == plain["3"]?.image)
    #expect(plain["2"]?.text == plain["9,1"]?.image && plain["1"]?.text != plain["2"]?.text)

    let (white, shaped) = try vectors(VectorTransform(centres: true, whitened: 3), threads: threads)
    #expect(white.width == 3 && white.posts == 5 && shaped.width == 3)
    for key: ByteText in ["1", "2", "3", "4", "9,1"] {
      let pair = try #require(shaped[key])
      for vector in [pair.text, pair.image] { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5) }
    }
    let first = try Data(contentsOf: URL(filePath: path))
    _ = try vectors(VectorTransform(centres: true, whitened: 3), threads: 2)
    #expect(try Data(contentsOf: URL(filePath: path)) == first)
    #expect(try scratch.names() == ["bert", "out.safetensors", "posts.csv"])
  }

  @Test func interruptedWorkContinues() throws {
    let scratch = try Scratch(), path = scratch.file("out.safetensors"), whole = scratch.file("whole.safetensors")
    let words = ["a", "cat", "dog", "sad"]
    let csv =
      "text,picture\n"
      + (0..<256).map { number in
        let text = [number & 3, number >> 2 & 3, number >> 4 & 3, number >> 6].map { words[$0] }.joined(separator: " ")
        return "\(text),happy \(text)\n"
      }.joined()
    let posts = try TeachingPosts(paths: [try scratch.write("posts.csv", csv)], options: Self.options)
    let teaching = try Teaching(
      teacher: try SentenceTeacher(folder: try Self.bert(scratch)), name: "bert",
      shape: VectorTransform(centres: true, whitened: 4))
    let left = try teaching.run(posts, to: whole, threads: 1)
    #expect(left.reused == 0 && left.sentences == 512)
    let stop = Mutex(false)
    #expect(throws: TeachingError.interrupted) {
      try teaching.run(
        posts, to: path, threads: 1, shouldStop: { stop.withLock { $0 } },
        observe: { done, _ in if done >= 100 { stop.withLock { $0 = true } } })
    }
    #expect(try scratch.names().contains("out.safetensors.encoded") && !scratch.names().contains("out.safetensors"))
    let summary = try teaching.run(posts, to: path, threads: 2)
    #expect(summary.reused == 128)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: whole)))
    #expect(try scratch.names() == ["bert", "out.safetensors", "posts.csv", "whole.safetensors"])
  }

  @Test func longTextsAreCutAndCounted() throws {
    let scratch = try Scratch()
    let csv = try scratch.write("posts.csv", "text,picture\na cat a cat a cat,dog\na cat a cat,dog\nsad,face\n")
    let posts = try TeachingPosts(paths: [csv], options: Self.options)
    let teaching = try Teaching(
      teacher: try SentenceTeacher(folder: try Self.bert(scratch)), name: "bert", shape: VectorTransform(centres: false)
    )
    let summary = try teaching.run(posts, to: scratch.file("out.safetensors"), threads: 1)
    let teacher = try TeacherCache.load(scratch.file("out.safetensors"))
    #expect(summary.cut == 1 && teacher["posts.csv#2"]?.text == teacher["posts.csv#3"]?.text)
  }

  @Test func reasonsForMissingVectorsAreGiven() throws {
    let scratch = try Scratch(), path = scratch.file("out.safetensors")
    let teacher = try SentenceTeacher(folder: try Self.bert(scratch))
    #expect(throws: TeachingError.tooManyDirections(asked: 9, width: 8)) {
      try Teaching(teacher: teacher, name: "bert", shape: VectorTransform(centres: true, whitened: 9))
    }
    let oneSided = try scratch.write("one.csv", "text,picture\na cat,\n")
    #expect(throws: TeachingError.noPosts(files: ["one.csv"], oneSided: 1, faulted: 0)) {
      try TeachingPosts(paths: [oneSided], options: Self.options)
    }
    let same = try TeachingPosts(
      paths: [try scratch.write("same.csv", "text,picture\na cat,dog\na dog,dog\n")], options: Self.options)
    let teaching = try Teaching(teacher: teacher, name: "bert", shape: VectorTransform(centres: true))
    #expect(throws: TeachingError.oneVector) { try teaching.run(same, to: path, threads: 1) }
    #expect(try scratch.names() == ["bert", "one.csv", "same.csv"])
    #expect(throws: TeachingError.interrupted) {
      try teaching.run(same, to: path, threads: 1, shouldStop: { true })
    }
  }

  @Test func aPlaceWhereNothingCanBeWrittenIsRejectedBeforehand() throws {
    let scratch = try Scratch()
    try SafetensorsTeacher.checkPlace(scratch.file("new.safetensors"))
    for path in [scratch.path, scratch.file("nowhere/new.safetensors")] {
      #expect(throws: ModelError.self) { try SafetensorsTeacher.checkPlace(path) }
    }
  }
}
