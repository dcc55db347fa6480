import Foundation
import Inputs
import Evaluation
import TestSupport
import Testing

@Suite struct PolarityLexiconTests {
  private static let pieces = [
    "[UNK]", "[CLS]", "[SEP]", "[MASK]", "not", "good", "bad", "##ly", "cafe", "##s", "a", "b", "##b", "-", "!", "so",
  ]

  private static func tokenizer(cased: Bool = false) throws -> WordPieceTokenizer {
    let vocabulary = try Vocabulary(bytes: Array(pieces.joined(separator: "\n").utf8))
    return TextGoldens.tokenizer(vocabulary, cased: cased)
  }

  private static func lexicon(_ text: String, cased: Bool = false) throws -> PolarityLexicon {
    try PolarityLexicon(bytes: Array(text.utf8), tokenizer: tokenizer(cased: cased))
  }

  private static func polarities(
    _ text: String, _ lexicon: String, cased: Bool = false, limit: Int = 77
  ) throws -> [Double?] {
    try Self.lexicon(lexicon, cased: cased)
      .polarities(of: tokenizer(cased: cased).encodeWords(text, limit: limit))
  }

  /// Computed by hand: |0.5 + 0.25| e^0.125 = 0.849861, |0.5 − 1| e^−0.5 = 0.303265, |−0.25 − 1| e^0.25 = 1.605032.
  @Test func theBiasesFollowTheFormula() throws {
    let tokenizer = try Self.tokenizer()
    // [CLS] good a bad ##ly [SEP], [CLS] so good [SEP]
    let biases = try Self.lexicon("good\t0.5\nbadly\t-0.25\nso\t1\n").biases(
      text: tokenizer.encodeWords("Good a badly", limit: 77), knowledge: tokenizer.encodeWords("so good", limit: 77))
    let x: Float = 0.849_861, y: Float = 0.303_265, z: Float = 1.605_032
    let text: [Float] = [
      0, 0, 0, 0, 0, 0,
      0, 0, 0, x, x, 0,
      0, 0, 0, 0, 0, 0,
      0, x, 0, 0, 0, 0,
      0, x, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0,
    ]
    let knowledge: [Float] = [
      0, 0, 0, 0,
      0, y, 0, 0,
      0, 0, 0, 0,
      0, z, x, 0,
      0, z, x, 0,
      0, 0, 0, 0,
    ]
    func differ(_ found: [Float]?, _ expected: [Float]) throws -> Float {
      let found = try #require(found)
      #expect(found.count == expected.count)
      return zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    }
    #expect(try differ(biases.text, text) < 1e-6)
    #expect(try differ(biases.knowledge, knowledge) < 1e-6)
  }

  @Test func biasesThatAreZeroEverywhereAreLeftOut() throws {
    let tokenizer = try Self.tokenizer(), lexicon = try Self.lexicon("good\t0.5\nbad\t0.5\nso\t0")
    let none = ScoreBiases(text: nil, knowledge: nil)
    let same = tokenizer.encodeWords("good bad good", limit: 77), empty = tokenizer.encodeWords("", limit: 77)
    #expect(lexicon.biases(text: same, knowledge: same) == none)
    #expect(lexicon.biases(text: empty, knowledge: same) == none)
    // A polarity of 0 is one.
    let biases = lexicon.biases(text: same, knowledge: tokenizer.encodeWords("so", limit: 77))
    #expect(biases.text == nil && biases.knowledge?.filter { $0 == 0.5 }.count == 3)
  }

  @Test func theLongestConceptIsTaken() throws {
    let lexicon = "good\t0.5\nnot good\t-0.75\nnot good - so bad\t-1\nbad\t-0.5\ngood a\t0.25\n"
    #expect(try Self.polarities("not good", lexicon) == [nil, -0.75, -0.75, nil])
    #expect(try Self.polarities("not good-so bad", lexicon) == [nil, -1, -1, -1, -1, -1, nil])
    #expect(try Self.polarities("not good-so good", lexicon) == [nil, -0.75, -0.75, nil, nil, 0.5, nil])
    // The words of a matched concept are not matched again; the beginning of an unmatched one is.
    #expect(try Self.polarities("not good a", lexicon) == [nil, -0.75, -0.75, nil, nil])
    #expect(try Self.polarities("not not good", lexicon) == [nil, nil, -0.75, -0.75, nil])
  }

  @Test func wordsAreThoseOfTheTokenizer() throws {
    // Case and accents are treated like in the tokenizer, in the lexicon and in the text.
    #expect(try Self.polarities("CAFÉS", "Cafés\t1") == [nil, 1, 1, nil])
    #expect(try Self.polarities("Good good", "good\t1", cased: true) == [nil, nil, 1, nil])
    // A word inside another word does not match; a word without pieces does.
    #expect(try Self.polarities("badly", "bad\t-1") == [nil, nil, nil, nil])
    #expect(try Self.polarities("zebra", "zebra\t1") == [nil, 1, nil])
    // A special piece separates words.
    #expect(try Self.polarities("not [MASK] good", "not good\t-1") == [nil, nil, nil, nil, nil])
    #expect(try Self.polarities("not_good", "not_good\t-1") == [nil, nil, nil, nil, nil])
    #expect(try Self.polarities("not good", "not_good\t-1") == [nil, -1, -1, nil])
    #expect(try Self.polarities("- _ -", "-_-\t-1") == [nil, -1, -1, -1, nil])
  }

  @Test func truncatedTextIsIgnored() throws {
    #expect(try Self.polarities("a badly", "badly\t-1", limit: 4) == [nil, nil, -1, nil])
    #expect(try Self.polarities("a not good", "not good\t-1\nnot\t-0.5", limit: 4) == [nil, nil, -0.5, nil])
    #expect(try Self.polarities("good", "good\t1", limit: 2) == [nil, nil])
  }

  @Test func blanksLineEndsAndAByteOrderMarkAreIgnored() throws {
    let lexicon = try Self.lexicon("\u{FEFF}good \t 0.5\r\n\r\n \t \n  not   good\t-1e-1\r\nso\t+.5")
    #expect(lexicon.count == 3)
    #expect(
      lexicon.polarities(of: try Self.tokenizer().encodeWords("not good so", limit: 9))
        == [nil, -0.1, -0.1, 0.5, nil])
  }

  static let bad: [(String, LexiconFormatError)] = [
    ("", .empty), ("\n \r\n", .empty), ("good", .notAnEntry(line: 1, tabs: 0)),
    ("good\t1\n\nbad\t1\t2", .notAnEntry(line: 3, tabs: 2)), ("\t0.5", .noConcept(line: 1)),
    ("\u{200B}\t0.5", .noConcept(line: 1)), ("word\tpolarity\ngood\t1", .notANumber(line: 1, found: "polarity")),
    ("good\t", .notANumber(line: 1, found: "")), ("good\tnan", .notANumber(line: 1, found: "nan")),
    ("good\tinf", .notANumber(line: 1, found: "inf")), ("good\t0x1p-1", .notANumber(line: 1, found: "0x1p-1")),
    ("good\t0,5", .notANumber(line: 1, found: "0,5")), ("good\t1 2", .notANumber(line: 1, found: "1 2")),
    ("good\t1.001", .outOfRange(line: 1, found: "1.001")), ("good\t-1e999", .outOfRange(line: 1, found: "-1e999")),
    ("good\t1\nbad\t0\ngood\t1", .duplicate("good", line: 3, first: 1)),
    ("not good\t1\nNOT_Good\t0", .duplicate("not good", line: 2, first: 1)),
    (String(repeating: "a", count: 1001) + "\t1", .conceptTooLong(line: 1, limit: 1000)),
    (String(repeating: "!", count: 600) + "\t1", .conceptTooLong(line: 1, limit: 1000)),
  ]

  @Test(arguments: bad.indices) func errorsNameTheLine(index: Int) {
    #expect(throws: Self.bad[index].1) { try Self.lexicon(Self.bad[index].0) }
  }

  @Test func limitsAreEnforced() throws {
    let tokenizer = try Self.tokenizer()
    #expect(throws: LexiconFormatError.invalidUTF8(line: 2)) {
      try PolarityLexicon(bytes: Array("a\t1\n".utf8) + [0xC3, 0x09, 0x31], tokenizer: tokenizer)
    }
    let large = [UInt8](repeating: 0x0A, count: PolarityLexicon.byteLimit + 1)
    #expect(throws: LexiconFormatError.tooLarge(bytes: large.count, limit: PolarityLexicon.byteLimit)) {
      try PolarityLexicon(bytes: large, tokenizer: tokenizer)
    }
    let many = (0...PolarityLexicon.conceptLimit).map { "\(String($0, radix: 36))\t1\n" }.joined()
    #expect(throws: LexiconFormatError.tooManyConcepts(limit: PolarityLexicon.conceptLimit)) {
      try PolarityLexicon(bytes: Array(many.utf8), tokenizer: tokenizer)
    }
  }

  @Test func aLexiconOfRepeatsIsReadInReasonableTime() throws {
    let lines = (1...500).map { String(repeating: "a ", count: $0) + "\t0.5\n" }.joined()
    let words = try Self.tokenizer().encodeWords(String(repeating: "a ", count: 200_000), limit: 16_384)
    let found = try Self.lexicon(lines).polarities(of: words)
    #expect(found.count == 16_384 && found.dropFirst().dropLast().allSatisfy { $0 == 0.5 })
  }

  @Test func anyBytesAreReadOrRejected() throws {
    let tokenizer = try Self.tokenizer()
    var random = SeededGenerator(seed: 3), read = 0
    let parts = ["good", "so", "\t", "\t1", "\t-.5", "\n", "\r", "_", " ", "é", "\u{FEFF}"].map { Array($0.utf8) }
    let broken: [[UInt8]] = [[0x00], [0xFF], [0xC3]]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random))
        .flatMap { _ in (parts + parts + broken).randomElement(using: &random) ?? [] }
      if (try? PolarityLexicon(bytes: bytes, tokenizer: tokenizer)) != nil { read += 1 }
    }
    #expect(read > 100)
  }

  /// Compares with a simple implementation that looks for every concept at every word.
  @Test func anyTextEqualsTheReferenceVersion() throws {
    let tokenizer = try Self.tokenizer()
    let words = ["not", "good", "badly", "cafés", "a", "bbb", "-", "zebra", "so"]
    var random = SeededGenerator(seed: 11)
    func phrase(_ count: ClosedRange<Int>) -> [String] {
      (0..<Int.random(in: count, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
    }
    for _ in 0..<300 {
      var concepts: [[String]: Double] = [:]
      for _ in 0..<12 { concepts[phrase(1...4)] = Double.random(in: -1...1, using: &random) }
      let lines = concepts.map { "\($0.key.joined(separator: " "))\t\($0.value)" }.joined(separator: "\n")
      let lexicon = try PolarityLexicon(bytes: Array(lines.utf8), tokenizer: tokenizer)
      let text = phrase(0...14), knowledge = phrase(0...6), limit = 12
      let biases = lexicon.biases(
        text: tokenizer.encodeWords(text.joined(separator: " "), limit: limit),
        knowledge: tokenizer.encodeWords(knowledge.joined(separator: " "), limit: limit))
      let rows = Twin.polarities(text, concepts, tokenizer, limit: limit)
      let columns = Twin.polarities(knowledge, concepts, tokenizer, limit: limit)
      #expect(biases.text ?? rows.flatMap { _ in rows.map { _ in 0 } } == Twin.biases(rows, rows))
      #expect(biases.knowledge ?? rows.flatMap { _ in columns.map { _ in 0 } } == Twin.biases(rows, columns))
    }
  }

  private enum Twin {
    static func polarities(
      _ words: [String], _ concepts: [[String]: Double], _ tokenizer: WordPieceTokenizer, limit: Int
    ) -> [Double?] {
      // The words that have a piece before the cut.
      var pieces: [Int] = [], room = limit - 2
      for word in words where room > 0 {
        pieces.append(min(tokenizer.encode(word, limit: 77).pieces, room))
        room -= pieces[pieces.count - 1]
      }
      let kept = Array(words.prefix(pieces.count))
      var found: [Double?] = [], start = 0
      while start < kept.count {
        let lengths = (1...4).filter { start + $0 <= kept.count && concepts[Array(kept[start..<start + $0])] != nil }
        let length = lengths.max() ?? 1, polarity = concepts[Array(kept[start..<start + length])]
        for word in start..<start + length { found += [Double?](repeating: polarity, count: pieces[word]) }
        start += length
      }
      return [nil] + found + [nil]
    }

    static func biases(_ rows: [Double?], _ columns: [Double?]) -> [Float] {
      rows.flatMap { a in
        columns.map { b in
          guard let a, let b else { return 0 }
          return Float(abs(a - b) * exp(-a * b))
        }
      }
    }
  }
}

/// Lexicons from files.
@Suite struct PolarityLexiconFileTests {
  private let folder: Scratch

  init() throws { folder = try Scratch() }

  private func load(_ name: String) throws -> PolarityLexicon {
    let tokenizer = TextGoldens.tokenizer(try TextGoldens.vocabulary(), cased: false)
    return try PolarityLexicon.load(folder.file(name), tokenizer: tokenizer)
  }

  private func error(_ name: String) throws -> String {
    let error = #expect(throws: LexiconError.self) { try load(name) }
    return "\(try #require(error))".replacing(folder.path, with: "F")
  }

  @Test func aFileIsReadAndItsErrorsAreNamed() throws {
    try folder.write("fine", "good\t1\nso bad\t-0.5\n")
    try folder.write("far", "good\t1\nbad\t-2\n")
    try folder.write("empty", "")
    try FileHandle(forWritingTo: URL(filePath: folder.write("large", ""))).truncate(atOffset: 1 << 40)
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)

    #expect(try load("fine").count == 2)
    #expect(try error("far") == "F/far: line 2: the polarity is -2, but it must be from -1 to 1")
    #expect(try error("empty").hasPrefix("F/empty: the lexicon has no entries; each line is "))
    #expect(
      try error("large").hasPrefix("F/large: the lexicon has 1099511627776 bytes, more than the 16777216 allowed"))
    #expect(try error("pipe") == "F/pipe is not a regular file; put the lexicon in its place")
    try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: true)
    #expect(try error("folder") == "F/folder is not a regular file; put the lexicon in its place")
    #expect(try error("none").hasPrefix("F/none can't be read: No such file or directory; check the path"))
  }
}
