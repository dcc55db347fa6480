import Foundation
import Inputs
import Testing

/// Which subwords are of which word, and what they are called.
@Suite struct SubwordWordsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/subwords")

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  private struct Case: Decodable { var text: String }

  private static func texts() throws -> [String] {
    try String(decoding: Data(contentsOf: folder.appending(path: "cases.jsonl")), as: UTF8.self).split(separator: "\n")
      .map { try JSONDecoder().decode(Case.self, from: Data($0.utf8)).text }
  }

  private func words(_ read: TokenizedWords) -> [String] {
    read.words.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test(arguments: ["clip", "gpt2", "unigram"]) func idsAreTheSameAndWordsDoNotOverlap(name: String) throws {
    let tokenizer = try SubwordTokenizer(json: Self.bytes(name))
    let texts = try Self.texts()
    #expect(texts.count > 40)
    for text in texts {
      for limit in [2, 3, 7, 1000] {
        let read = tokenizer.encodeWords(text, limit: limit)
        #expect(read.text == tokenizer.encode(text, limit: limit), "\(text)")
        var end = 1
        for word in read.words {
          #expect(word.pieces.lowerBound >= end && !word.pieces.isEmpty && !word.bytes.isEmpty, "\(text)")
          end = word.pieces.upperBound
        }
        #expect(end <= read.text.ids.count - 1, "\(text)")
      }
    }
  }

  @Test func wordsAreThoseOfTheVocabularysKind() throws {
    let text = "It's  a fine day,  2024"
    let clip = try SubwordTokenizer(json: Self.bytes("clip")).encodeWords(text, limit: 100)
    #expect(words(clip) == ["it", "'s", "a", "fine", "day", ",", "2", "0", "2", "4"])
    let gpt2 = try SubwordTokenizer(json: Self.bytes("gpt2")).encodeWords(text, limit: 100)
    #expect(words(gpt2) == ["It", "'s", "a", "fine", "day", ",", "2024"])
    let unigram = try SubwordTokenizer(json: Self.bytes("unigram")).encodeWords(text, limit: 100)
    #expect(words(unigram) == ["It's", "a", "fine", "day,", "2024"])
  }

  /// A word's pieces, side by side, are the word.
  @Test(arguments: ["clip", "gpt2", "unigram"]) func namesSpellTheWords(name: String) throws {
    let bytes = try Self.bytes(name)
    let tokenizer = try SubwordTokenizer(json: bytes), names = PieceNames(json: bytes)
    let read = tokenizer.encodeWords("a fine day and other posts", limit: 100)
    #expect(read.words.count == 6)
    for word in read.words {
      let pieces = try word.pieces.map { try #require(names[read.text.ids[$0]]) }
      let spelled = pieces.joined().replacing("▁", with: "")
      #expect(spelled == String(decoding: word.bytes, as: UTF8.self), "\(pieces)")
    }
    #expect(names[-1] == nil && names[1 << 22] == nil)
  }

  @Test func whatIsNoVocabularyHasNoNames() {
    for text in ["", "{", "[]", #"{"model":{"vocab":{"a":-1,"b":99999999999}}}"#, #"{"model":{"vocab":[[],1,["a"]]}}"#]
    {
      #expect(PieceNames(json: Array(text.utf8))[0] == nil)
    }
  }
}
