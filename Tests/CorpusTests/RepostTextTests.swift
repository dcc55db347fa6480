import Corpus
import Testing

@Suite struct RepostTextTests {
  private static func read(_ text: String) -> String {
    String(String.UnicodeScalarView(RepostText(text).letters))
  }

  @Test(arguments: [
    "RT @bob: I love Mondays", "rt @bob @ann I LOVE mondays!!", "RT@bob: I love\nMondays", "MT @bob I love Mondays",
    "RT @a: RT @b: I love Mondays", "“@bob: I love Mondays”", "I love Mondays via @bob",
    "I love Mondays (via @bob) https://t.co/x", "I love Mondays via @ann via @zoe", "via @bob: I love Mondays",
    "RT USER: I love Mondays", "RT <user> : I love Mondays", "RT : I love Mondays", "RT: I love Mondays",
    "Forwarded from Some Channel\nI love Mondays", "#repost @bob.smith • @get_repost\n・・・\nI love Mondays",
    "🔁 @bob: I love Mondays", "♻️ @bob I love Mondays", "\u{FEFF}RT @bob: I love Mondays",
    "RT @bob: I love Mondays https://t.c…", "RT @bob: I love Mondays htt…",
  ])
  func aRepostHasTheTextOfItsOriginal(text: String) {
    #expect(Self.read(text) == "ilovemondays" && RepostText(text).isMarked)
  }

  @Test(arguments: [
    ("@bob I love Mondays", "ilovemondays"), (".@bob @ann: I love Mondays", "ilovemondays"),
    ("@a.b.c hello", "hello"), ("RT if you love Mondays", "rtifyoulovemondays"), ("RT", "rt"), ("via", "via"),
    ("share @bob this", "sharebobthis"), ("🔁 I love Mondays", "🔁ilovemondays"), ("hi via @", "hivia"),
    ("Forwarded from Some Channel", "forwardedfromsomechannel"), ("I love htt", "ilovehtt"),
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
}
