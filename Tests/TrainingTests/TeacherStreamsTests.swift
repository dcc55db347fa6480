import Bytes
import Preparation
import Archives
import Corpus
import GRDB
import Models
import Scoring
import TestSupport
import Testing
import Training

/// Teachers' vectors of feature streams, in addition to those of texts and pictures.
@Suite struct TeacherStreamsTests {
  private func file(_ scratch: Scratch, _ matrices: [(name: String, shape: [Int], numbers: [Float])]) throws -> String {
    let path = scratch.file("teacher.safetensors")
    let writer = try SafetensorsWriter(
      path: path, entries: matrices.map { SafetensorsWriter.Entry(name: $0.name, type: .f32, shape: $0.shape) },
      metadata: [("ids", "a,b")])
    for matrix in matrices { try writer.append(matrix.numbers) }
    try writer.finish()
    return path
  }

  /// Posts a and b of a corpus, read for a model with these streams of features.
  private func posts(_ scratch: Scratch, streams: [String]) throws -> TrainingPosts {
    let corpus = try scratch.write("features.csv", "id,text,audio,label\na,good,,x\nb,bad,,y\n")
    let columns = streams.map { FeatureColumn(FeatureStream(name: $0, width: 1)) }
    return try TrainingPosts.read(
      paths: [corpus],
      features: try FeatureFiles(columns, folder: nil, paths: [corpus], names: ["features.csv"]),
      options: CorpusOptions(), reader: try scratch.reader())
  }

  @Test func furtherMatricesAreStreams() throws {
    let scratch = try Scratch()
    let path = try file(
      scratch,
      [("text", [2, 2], [1, 2, 3, 4]), ("image", [2, 2], [5, 6, 7, 8]), ("audio", [2, 2], [0, 0, 9, 1])])
    let teacher = try TeacherCache.load(path), posts = try scratch.posts("id,text,label\na,good,x\nb,bad,y\n")
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts), teacher: teacher)
    #expect(set[1].teacher == TeacherVectors(text: [3, 4], image: [7, 8]), "the model reads no stream")
    let streamed = try self.posts(scratch, streams: ["audio"])
    let streams = try TrainingSet(streamed, labels: try LabelSet(of: streamed), teacher: teacher)
    #expect(streams[0].teacher?.features == [nil] && streams[1].teacher?.features == [[9, 1]])
  }

  @Test func aPostWithoutAVectorHasNoneInAStream() throws {
    let scratch = try Scratch(), path = scratch.file("teacher.sqlite")
    try DatabaseQueue(path: path).write {
      try $0.execute(
        sql: """
          CREATE TABLE teacher (id TEXT PRIMARY KEY, text BLOB, image BLOB, audio BLOB, "Not a stream" TEXT);
          INSERT INTO teacher VALUES ('a', x'0000803f', x'00000040', NULL, 'x'), ('b', x'0000803f', x'00000040', x'00004040', 1);
          """)
    }
    let teacher = try TeacherCache.load(path), posts = try posts(scratch, streams: ["video", "audio"])
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts), teacher: teacher)
    #expect(set[0].teacher?.features == [nil, nil] && set[1].teacher?.features == [nil, [3]])
  }

  @Test func shapesThatDifferAreRejected() throws {
    let scratch = try Scratch()
    let path = try file(
      scratch, [("text", [2, 1], [1, 2]), ("image", [2, 1], [5, 6]), ("audio", [1, 1], [9])])
    #expect(throws: TeacherError.otherShape(path: path, name: "audio", found: [1, 1], expected: [2, 1])) {
      try TeacherCache.load(path)
    }
    let broken = try file(
      scratch, [("text", [2, 1], [1, 2]), ("image", [2, 1], [5, 6]), ("audio", [2, 1], [9, .nan])])
    #expect(throws: TeacherError.notFinite(path: broken, name: "audio", id: "b")) { try TeacherCache.load(broken) }
  }
}
