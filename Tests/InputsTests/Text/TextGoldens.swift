import Foundation
import Inputs

/// The reference tokenizer's results; `Data/text/make_text.py` makes them.
enum TextGoldens {
  /// A text with its ids under the vocabulary of the goldens.
  struct Case: Decodable {
    struct Answer: Decodable {
      var ids: [Int32]
      var pieces: Int
      var unknown: Int
    }
    var text: String
    var limit: Int
    var uncased: Answer
    var cased: Answer
  }

  /// A vocabulary file with a text and its ids.
  struct SmallVocabulary: Decodable {
    var name: String
    var vocabulary: String
    var text: String
    var uncased: [Int32]
    var cased: [Int32]
  }

  /// The hashes of one block of code points.
  struct SweepLine {
    var start: UInt32
    /// In the order of ``modes``.
    var hashes: [String]
  }

  /// The columns of the sweep: lower-case, strip accents.
  static let modes = [(true, true), (true, false), (false, true), (false, false)]

  static func strings() throws -> [Case] { try lines(of: "strings.jsonl").map(decode) }
  static func vocabularies() throws -> [SmallVocabulary] { try lines(of: "vocabularies.jsonl").map(decode) }

  static func sweep() throws -> [SweepLine] {
    try lines(of: "sweep.tsv").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t").map(String.init)
      return UInt32(fields[0], radix: 16).map { SweepLine(start: $0, hashes: Array(fields[1...])) }
    }
  }

  static func vocabulary() throws -> Vocabulary {
    try Vocabulary(bytes: Array(Data(contentsOf: folder.appending(path: "vocab.txt"))))
  }

  static func tokenizer(_ vocabulary: Vocabulary, cased: Bool) -> WordPieceTokenizer {
    WordPieceTokenizer(vocabulary: vocabulary, lowercase: !cased, stripAccents: !cased)
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/text")

  private static func lines(of file: String) throws -> [Substring] {
    try String(decoding: Data(contentsOf: folder.appending(path: file)), as: UTF8.self).split(separator: "\n")
  }

  private static func decode<Value: Decodable>(_ line: Substring) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(line.utf8))
  }
}
