import Benchmark
import Corpus
import Foundation
import Inputs
import TestSupport
import Testing

@Suite struct SyntheticCorpusTests {
  private static func vocabulary() -> String { SyntheticModel.vocabulary(count: 2000).joined(separator: "\n") }

  @Test func postsAreAsLongAsRealOnes() throws {
    let folder = try Scratch()
    let path = try SyntheticCorpus(count: 300, vocabulary: Self.vocabulary(), seed: 3).write(to: folder.path)
    let tokenizer = WordPieceTokenizer(
      vocabulary: try Vocabulary(bytes: Array(Self.vocabulary().utf8)), lowercase: true, stripAccents: true)
    var reader = try CorpusReader(paths: [path], options: CorpusOptions())
    var text = 0, knowledge = 0, silent = 0, rows = 0
    while let row = try reader.next() {
      guard case .post(let post) = row else { Issue.record("a fault"); continue }
      rows += 1
      let pieces = tokenizer.encode(post.text, limit: 77)
      #expect(pieces.unknownShare == 0, "every word is a piece")
      text += pieces.ids.count
      knowledge += tokenizer.encode(post.knowledge, limit: 66).ids.count
      if post.knowledge.isEmpty { silent += 1 }
    }
    #expect(rows == 300)
    #expect(abs(Double(text) / 300 - 24) < 1.5)
    #expect(abs(Double(knowledge) / 300 - 22) < 2.5)
    #expect(abs(Double(silent) / 300 - 0.28) < 0.08)
  }

  @Test func theSameSeedGivesTheSameBytesAndPicturesDiffer() throws {
    let one = try Scratch(), other = try Scratch(), third = try Scratch()
    for (folder, seed) in [(one, 5), (other, 5), (third, 6)] as [(Scratch, UInt64)] {
      _ = try SyntheticCorpus(count: 3, vocabulary: Self.vocabulary(), seed: seed).write(to: folder.path)
    }
    func bytes(_ folder: Scratch, _ name: String) throws -> Data {
      try Data(contentsOf: URL(filePath: folder.path + "/" + name))
    }
    for name in ["posts.csv", "pictures/0.jpg", "pictures/2.jpg"] {
      #expect(try bytes(one, name) == bytes(other, name))
      #expect(try bytes(one, name) != bytes(third, name))
    }
    #expect(try bytes(one, "pictures/0.jpg") != bytes(one, "pictures/1.jpg"))
    let picture = try PictureDecoder.decode([UInt8](bytes(one, "pictures/0.jpg")))
    #expect(picture.width == 640 && picture.height == 480)
  }
}
