import Inputs
import Testing

@Suite struct BasicTokenizerTests {
  /// Every code point alone, inside a word, and between two marks that are reordered unless it separates them.
  @Test(arguments: TextGoldens.modes.indices)
  func everyCodePointGivesTheWordsOfTheReference(mode: Int) throws {
    let (lowercase, stripAccents) = TextGoldens.modes[mode]
    let tokenizer = BasicTokenizer(lowercase: lowercase, stripAccents: stripAccents)
    let lines = try TextGoldens.sweep()
    #expect(lines.count == 0x110000 / 4096)
    for line in lines {
      var hash = FNV1a()
      let scalars = (line.start..<line.start + 4096).compactMap(Unicode.Scalar.init)
      for (before, after) in [("", ""), ("a", "b"), ("a\u{302E}", "\u{1D165}b")] {
        var text: [UInt8] = []
        for scalar in scalars {
          if !text.isEmpty { text.append(0x20) }
          text += before.utf8
          text += String(scalar).utf8
          text += after.utf8
        }
        for word in tokenizer.words(String(decoding: text, as: UTF8.self)) { hash.add(word) }
      }
      let block = String(line.start, radix: 16)
      #expect(
        hash.hexadecimal == line.hashes[mode],
        "Block \(block), lower-case \(lowercase), strip \(stripAccents): make_text.py --explain \(block)."
      )
    }
  }

  @Test func wordsEndAtBlanksAndPunctuation() {
    let tokenizer = BasicTokenizer(lowercase: true, stripAccents: true)
    #expect(tokenizer.words(" Café-CRÈME,\tplease\u{200B}! ") == ["cafe", "-", "creme", ",", "please", "!"])
    #expect(tokenizer.words("你好world") == ["你", "好", "world"])
    #expect(tokenizer.words("") == [])
  }

  @Test func accentsStayIfTheModelKeepsThem() {
    let words = BasicTokenizer(lowercase: false, stripAccents: false).words("CAFÉ Cafe\u{301}")
    #expect(words.map { Array($0.utf8) } == ["CAFÉ", "Cafe\u{301}"].map { Array($0.utf8) })
  }

  @Test func manyCombiningMarksAreSorted() {
    let tokenizer = BasicTokenizer(lowercase: true, stripAccents: true)
    let marks = String(repeating: "\u{302E}\u{1D165}", count: 100_000)
    let ordered =
      String(repeating: "\u{1D165}", count: 100_000) + String(repeating: "\u{302E}", count: 100_000)
    #expect(tokenizer.words("a" + marks).map { Array($0.utf8) } == [Array(("a" + ordered).utf8)])
  }
}

/// The 64-bit FNV-1a hash of words, each followed by a line feed.
private struct FNV1a {
  private var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: String) {
    for byte in word.utf8 { add(byte) }
    add(0x0A)
  }

  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
  }
}
