import Corpus
import Evaluation
import Foundation
import Testing

@Suite struct RepostTextTests {
  private static func read(_ text: String) -> String {
    String(decoding: RepostText(text).letters, as: UTF8.self)
  }

  @Test(arguments: [
    "RT @bob: I love Mondays", "rt @bob @ann I LOVE mondays!!", "RT@bob: I love\nMondays", "MT @bob I love Mondays",
    "RT @a: RT @b: I love Mondays", "“@bob: I love Mondays”", "I love Mondays via @bob",
    "I love Mondays (via @bob) https://t.co/x", "I love Mondays via @ann via @zoe", "via @bob: I love Mondays",
    "RT USER: I love Mondays", "RT <user> : I love Mondays", "RT : I love Mondays", "RT: I love Mondays",
    "Forwarded from Some Channel\nI love Mondays", "#repost @bob.smith • @get_repost\n・・・\nI love Mondays",
    "🔁 @bob: I love Mondays", "♻️ @bob I love Mondays", "\u{FEFF}RT @bob: I love Mondays",
    "RT @bob: I love Mondays https://t.c…", "RT @bob: I love Mondays htt…",
    "Retweeted Bob (@bob): I love Mondays", "Retweeted Bob B. Smith, PhD 🌞 (@bob):\n\nI love Mondays",
    "RT Bob (@bob): I love Mondays", "Shared by Bob (@bob)\nI love Mondays", "Shared: I love Mondays",
    "FWD: I love Mondays", "Fwd : Fwd: I love Mondays", "Fw: I love Mondays", "[Forwarded]: I love Mondays",
    "#Repost: I love Mondays", "QT @bob: I love Mondays", "via @bob I love Mondays", "I love Mondays [via @bob]",
    "I love Mondays\n\nvia: @bob",
  ])
  func aRepostHasTheTextOfItsOriginal(text: String) {
    #expect(Self.read(text) == "ilovemondays" && RepostText(text).isMarked)
  }

  @Test(arguments: [
    ("@bob I love Mondays", "ilovemondays"), (".@bob @ann: I love Mondays", "ilovemondays"),
    ("@a.b.c hello", "hello"), ("RT if you love Mondays", "rtifyoulovemondays"), ("RT", "rt"), ("via", "via"),
    ("share @bob this", "sharebobthis"), ("🔁 I love Mondays", "🔁ilovemondays"), ("hi via @", "hivia"),
    ("Forwarded from Some Channel", "forwardedfromsomechannel"), ("I love htt", "ilovehtt"),
    ("Shared lunch with Ann (@ann) today", "sharedlunchwithannanntoday"), ("Shared memories", "sharedmemories"),
    ("via: the old road", "viatheoldroad"), ("QT", "qt"), ("Retweeted this (twice): why", "retweetedthistwicewhy"),
    ("Shared Ann (@ann): I love Mondays", "sharedannannilovemondays"), ("Sharing: is caring", "sharingiscaring"),
    ("mt: machine translation", "mtmachinetranslation"),
    ("a@b.c mail", "abcmail"), ("@用户：月曜日が大好き", "月曜日が大好き"),
  ])
  func aTextThatIsNoRepostIsNotMarked(text: String, letters: String) {
    #expect(Self.read(text) == letters && !RepostText(text).isMarked)
  }

  @Test(arguments: [
    ("Tom &amp; Jerry &lt;3 &amp;amp; x", "tomjerry3x"), ("x pic.twitter.com/abc t.co/y", "x"),
    ("start www.x.com end", "startend"), ("月曜日が大好きhttps://t.co/abc です", "月曜日が大好きです"),
    ("cafe\u{301} ＡＢＣ ﬁ", "caf\u{E9}abcfi"), ("I ❤️ 👍🏽 it", "i❤👍it"), ("1️⃣ one", "1one"),
    ("C++ costs $5", "ccosts$5"), ("text\u{200B}zero", "textzero"), ("हिन्दी में", "हिन्दीमें"),
  ])
  func signsAndSpellingsDoNotCount(text: String, letters: String) {
    #expect(Self.read(text).unicodeScalars.elementsEqual(letters.unicodeScalars))
  }

  @Test(arguments: ["", " \n", "...", "…", "@", "@@@", "@bob", "RT @bob", "via @ann", "http://only.this/page", "\0"])
  func nothingIsLeftOfSigns(text: String) {
    #expect(Self.read(text).isEmpty && RepostText(text).weight == 0)
  }

  @Test func lettersOfChineseJapaneseAndKoreanCountTwice() {
    #expect(RepostText("月曜日 abc").weight == 9 && RepostText("월요일").weight == 6)
  }

  /// Each letter has two accents, and Foundation composes a long text of these slowly.
  @Test func longTextsAreComposedInParts() {
    let read = Self.read(String(repeating: "e\u{301}", count: 5_000))
    #expect(read.unicodeScalars.count == 5_000 && read.unicodeScalars.allSatisfy { $0 == "\u{E9}" })
  }

  /// Most texts are read byte by byte, or without asking Foundation for NFKC: with the same result.
  @Test func theShortWaysGiveWhatTheLongOneGives() {
    let ascii = [
      "RT", "rt", "MT", "QT", "via", "@bob", "@a.b.c", "@", ":", " ", "\n", "\r\n", "\"", "'", "(", ")", "http",
      "https://t.co/x", "https:/", "...", "t.co/y", "pic.x.com/a", "WWW.x.com", "HTTP://X", "&amp;", "&amp;lt;",
      "&#39;",
      "&", "Forwarded from Some Channel", "#repost", "post", "by", "shared", "FWD:", "Retweeted Bob (@bob):", "RT:",
      "RT USER:", "RT <user> :", "I love Mondays", "h", "w", "t", "p", "$5", "_", "-", ".", "\0", "\u{B}", "^", "|",
    ]
    let others = [
      "@用户", "“", "”", "🔁", "♻️", "é", "e\u{301}", "İ", "ǅ", "ß", "ﬁ", "ＲＴ", "…", "½", "Ⓐ", "한국어", "ᄀ", "ᅡ", "ᆨ", "가",
      "月曜日", "か\u{3099}", "हिन्दी", "عربي", "\u{64B}", "\u{653}", "👍🏽", "👩\u{200D}👩", "1️⃣", "\u{200B}", "\u{FEFF}",
      "\u{A0}", "\u{3000}", "«", "ĳ", "ſ", "\u{212A}", "ﷺ", "€", "—", "™", "Привет", "ก\u{E33}", "ά",
    ]
    var random = SeededGenerator(seed: 17)
    for round in 0..<4_000 {
      let pieces = round.isMultiple(of: 2) ? ascii : ascii + others
      let text = (0..<[1, 2, 3, 5, 9, 17, 60][round % 7]).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      let long = RepostText(scalars: Array(text.precomposedStringWithCompatibilityMapping.unicodeScalars))
      #expect(RepostText(text) == long, "\(text.debugDescription)")
    }
  }

  /// Of such scalars alone a text needs no composing: each is its own NFKC, and is the second part of no other.
  @Test func composedScalarsAreTheirOwnSpelling() {
    let scalars = (0..<0x20000 as Range<UInt32>).compactMap(Unicode.Scalar.init)
    let composed = scalars.filter(\.isComposed)
    #expect(composed.count > 30_000)
    for scalar in composed {
      let text = String(Character(scalar))
      #expect(text.precomposedStringWithCompatibilityMapping.unicodeScalars.elementsEqual([scalar]))
      #expect(scalar.properties.canonicalCombiningClass == .notReordered)
    }
    for scalar in scalars {
      let parts = String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars
      #expect(!parts.dropFirst().contains { $0.isComposed }, "\(scalar.value)")
    }
  }
}
