import CorpusCheck
import Foundation
import Preparation
import TestSupport
import Testing

@Suite struct TextDamageTests {
  private static let texts = [
    "I\u{2019}m loving this \u{201C}great\u{201D} weather \u{2013} again \u{1F602}",
    "Gr\u{F6}\u{DF}e z\u{E4}hlt, caf\u{E9} f\u{FC}r alle",
    "#StandUp \u{1F1FA}\u{1F1F8}", "na\u{EF}ve fa\u{E7}ade \u{2014} d\u{E9}j\u{E0} vu",
    "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442} \u{43C}\u{438}\u{440}",
    "\u{4F60}\u{597D}", "\u{D6}sterreich",
  ]

  /// The bytes of UTF-8 read in a code page of one byte.
  private static func misread(_ text: String, as page: String.Encoding) -> String {
    let bytes = Array(text.utf8)
    return bytes.map { byte in
      // The five bytes that Windows-1252 does not define stay as they are in the programs that make such text.
      String(bytes: [byte], encoding: page) ?? String(Unicode.Scalar(byte))
    }.joined()
  }

  private func corpus(_ texts: [String]) -> String {
    "id,text\n" + texts.enumerated().map { "\($0),\"\($1.replacingOccurrences(of: "\"", with: "\"\""))\"\n" }.joined()
  }

  @Test func textEncodedTwiceIsFoundAndRepaired() throws {
    let check = try Scratch().check(corpus(Self.texts.map { Self.misread($0, as: .isoLatin1) } + ["plain"]))
    let found = try #require(check.damagedTexts.first)
    #expect(check.damagedTexts.count == 1 && found.damage == .encodedTwice)
    #expect(found.posts == Self.texts.count && found.of == Self.texts.count + 1)
    #expect(found.examples.map(\.line) == [2, 3, 4])
    #expect(
      found.examples.map(\.repaired) == [
        String(Self.texts[0].prefix(30)), String(Self.texts[1].prefix(30)), "\u{1F1FA}\u{1F1F8}",
      ])
    let words = try #require(check.findings.first { $0.code == "damaged_texts" }).description
    #expect(words.hasPrefix("7 of 8 texts hold UTF-8 that was encoded twice, such as"), "\(words)")
    #expect(words.contains("iconv -f UTF-8 -t ISO-8859-1 posts.csv > FIXED"), "\(words)")
  }

  @Test func textReadAsWindows1252IsFoundAndRepaired() throws {
    let check = try Scratch().check(corpus(Self.texts.map { Self.misread($0, as: .windowsCP1252) }))
    let found = try #require(check.damagedTexts.first)
    #expect(check.damagedTexts.count == 1 && found.damage == .readAsWindows1252 && found.posts == Self.texts.count)
    #expect(found.examples.first?.text.hasPrefix("I\u{E2}\u{20AC}\u{2122}m") == true)
    let words = try #require(check.findings.first { $0.code == "damaged_texts" }).description
    #expect(words.contains("read as Windows-1252") && words.contains("ftfy --preserve-entities"), "\(words)")
  }

  @Test(arguments: [
    "Gr\u{F6}\u{DF}e z\u{E4}hlt", "\u{AB}CAF\u{C9}\u{BB}", "\u{201E}MEN\u{DC}\u{201C}", "MANH\u{C3}\u{BB}",
    "\u{C9}\u{2122}", "N\u{C3}O", "\u{20AC}5 \u{2013} 10 \u{20AC}",
    "\u{E2}ge", "\u{1F602}\u{FE0F}", "\u{4F60}\u{597D}", "plain", "",
  ])
  func soundTextIsLeftAlone(text: String) throws {
    #expect(try Scratch().check(corpus([text, "other"])).damagedTexts.isEmpty)
  }

  @Test func entitiesAreFoundUnlessTheModelDecodesThem() throws {
    let check = try Scratch().check(corpus(["salt &amp; pepper &lt;3", "it&#39;s", "AT&T; fine & good;", "a & b"]))
    let found = try #require(check.damagedTexts.first)
    #expect(found.damage == .entities && found.posts == 2 && found.of == 4)
    #expect(found.examples.map(\.repaired) == ["& pepper <3", "it's"])
    let words = try #require(check.findings.first { $0.code == "damaged_texts" }).description
    #expect(words.contains("unescape-html") && words.contains("html.unescape"), "\(words)")
  }

  /// Texts that a program wrote as escapes, each with what it should be.
  @Test(arguments: [
    (TextDamage.pythonBytes, #"b'caf\xc3\xa9 \xe2\x80\x99'"#, "café ’"), (.pythonBytes, #"b"it's""#, "it's"),
    (.escapes, #"Caf\u00e9 it\u2019s"#, "Café it’s"), (.escapes, #"lol \ud83d\ude02"#, "lol 😂"),
    (.escapes, #"\U0001F602"#, "😂"), (.escapes, #"\xe2\x80\x99 quote"#, "’ quote"),
    (.percentEscapes, "Caf%C3%A9", "Café"), (.percentEscapes, "Hello%20world", "Hello world"),
  ])
  func escapedTextIsFound(damage: TextDamage, text: String, repaired: String) throws {
    let check = try Scratch().check(corpus([text, text, "other", text]))
    let found = try #require(check.damagedTexts.first)
    #expect(check.damagedTexts.count == 1 && found.damage == damage && found.posts == 3 && found.of == 4)
    #expect(repaired.hasSuffix(try #require(found.examples.first).repaired))
    let words = try #require(check.findings.first { $0.code == "damaged_texts" }).description
    #expect(words.hasPrefix("3 of 4 texts hold ") && words.contains("> FIXED"), "\(words)")
    // One or two such texts may be about escapes.
    #expect(try Scratch().check(corpus([text, text, "other"])).damagedTexts.isEmpty)
  }

  @Test(arguments: [
    #"C:\users\u12"#, #"\ud83d alone"#, #"a\nb"#, #"\xe9"#, #"b'\xff'"#, "b'", "bonjour 'x'", "save 50%20 today",
    "100% sure",
    "https://de.wikipedia.org/wiki/K%C3%B6ln", "5%ab",
  ])
  func textWithOtherSignsIsLeftAlone(text: String) throws {
    #expect(try Scratch().check(corpus([text, text + " ", " " + text, text])).damagedTexts.isEmpty)
  }

  @Test func lostCharactersAreNamedAsLost() throws {
    let check = try Scratch().check(corpus(["one caf\u{FFFD} a", "two \u{FFFD}", "three\u{FFFD}", "four"]))
    let found = try #require(check.damagedTexts.first)
    #expect(found.damage == .lost && found.posts == 3 && found.examples.first?.text == "caf\u{FFFD} a")
    let words = try #require(check.findings.first { $0.code == "damaged_texts" }).description
    #expect(words.contains("nothing in it restores them") && !words.contains(" for \""), "\(words)")
  }
}
