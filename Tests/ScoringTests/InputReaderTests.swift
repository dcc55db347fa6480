import Preparation
import Foundation
import Inputs
import Models
import Scoring
import TestSupport
import Testing

/// The model's input for a post's words.
@Suite struct InputReaderTests {
  private static let sample = URL(filePath: Checkout.samples + "/model")

  /// The words of a post as the sample model reads them, after a change to its folder.
  private func read(
    text: String, knowledge: String = "", lexicon: String?, _ change: (String) -> String = { $0 }
  ) throws -> PostInputs {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-reader-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: Self.sample, to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "config.json")
    var configuration = change(try String(contentsOf: file, encoding: .utf8))
    if let lexicon {
      configuration = configuration.replacing("\"dim\":", with: "\"lexicon\": \"lexicon.tsv\", \"dim\":")
      try Data(lexicon.utf8).write(to: folder.appending(path: "lexicon.tsv"))
    }
    try Data(configuration.utf8).write(to: file)
    let reader = try InputReader(
      folder: ModelFolder.load(folder.path), limits: PictureLimits(), decoding: .exact)
    return reader.words(text: text, knowledge: knowledge).inputs
  }

  @Test func withoutALexiconThereAreNoBiases() throws {
    let inputs = try read(text: "love the great train", lexicon: nil)
    #expect(inputs.selfBias == nil && inputs.crossBias == nil && inputs.knowledge == nil)
  }

  @Test func aLexiconBiasesPairsOfItsWords() throws {
    let lexicon = "love\t0.8\ngreat train\t-0.5\n"
    let plain = try read(text: "LOVE the great train", lexicon: nil)
    let inputs = try read(text: "LOVE the great train", lexicon: lexicon)
    #expect(inputs.text == plain.text && inputs.crossBias == nil && inputs.text.count == 6)
    let biases = try #require(inputs.selfBias), x = Float(1.3 * exp(0.4))
    let expected = [(1, 3), (1, 4), (3, 1), (4, 1)].reduce(into: [Float](repeating: 0, count: 36)) {
      $0[$1.0 * 6 + $1.1] = x
    }
    #expect(zip(biases, expected).allSatisfy { abs($0 - $1) < 1e-6 } && biases.count == 36)
    #expect(try read(text: "the train", lexicon: lexicon).selfBias == nil)
  }

  @Test func knowledgeIsBiasedToo() throws {
    let inputs = try read(text: "love", knowledge: "a great train", lexicon: "love\t0.8\ngreat\t-0.5\n") {
      $0.replacing("\"knowledge\": false", with: "\"knowledge\": true")
    }
    #expect(inputs.text.count == 3 && inputs.knowledge?.count == 5 && inputs.selfBias == nil)
    let biases = try #require(inputs.crossBias)
    #expect(biases.count == 15 && biases.indices.filter { biases[$0] != 0 } == [7])
  }

  /// A lexicon meets the text that the preparation made.
  @Test func theTextIsPreparedFirst() throws {
    let inputs = try read(text: "#LoveTrain", lexicon: "love\t1\ntrain\t-1\n") {
      $0.replacing("\"preparation\": []", with: "\"preparation\": [\"hashtag=split\"]")
    }
    #expect(inputs.selfBias?.filter { $0 != 0 }.count == 2)
  }

  @Test func errorsOfALexiconAreNamed() throws {
    let error = #expect(throws: LexiconError.self) { try read(text: "a", lexicon: "love\t1\nlove\t0.5\n") }
    let words = "\(try #require(error))"
    #expect(words.contains("/lexicon.tsv: line 2: \"love\" is the same as line 1"), "\(words)")
  }
}
