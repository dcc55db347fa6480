import Inputs
import Testing

@Suite struct TextPreparationTests {
  private func prepare(_ text: String, _ steps: String...) throws -> String {
    try TextPreparation(steps: steps)(text)
  }

  @Test func noStepsLeaveEveryByte() throws {
    let text = " &amp;  cafe\u{301}\r\n#Tag @user \u{0} "
    #expect(try Array(prepare(text).utf8) == Array(text.utf8))
    #expect(try TextPreparation(steps: []).steps == [])
  }

  @Test func stepsRunInOrder() throws {
    #expect(try prepare("@a &amp;lt; b", "unescape-html", "user=@user") == "@user &lt; b")
    #expect(try prepare("x &nbsp; y", "unescape-html", "collapse-space") == "x y")
    #expect(try prepare("x &nbsp; y", "collapse-space", "unescape-html") == "x \u{A0} y")
    let steps = ["url=http", "user=@user", "emoji=names"]
    #expect(try TextPreparation(steps: steps).steps == steps)
  }

  @Test(arguments: [
    ("a  b", "a b"), ("  a\t\n b\u{3000}", "a b"), ("\u{A0}", ""), ("", ""), ("a", "a"),
    ("\u{200B} a", "\u{200B} a"),
  ])
  func collapseSpace(text: String, expected: String) throws {
    #expect(try prepare(text, "collapse-space") == expected)
  }

  @Test func stepsThatDoNotExistAreRejectedByName() {
    for step in [
      "", "lowercase", "hashtag", "hashtag=drop", "emoji", "unescape-html=1", "URL=x", "=x", "url\u{338}=x",
    ] {
      #expect(throws: TextPreparationError.unknownStep(step)) { try TextPreparation(steps: [step]) }
    }
  }

  @Test func tokensAreOneShortWord() {
    for step in ["url", "url="] {
      #expect(throws: TextPreparationError.missingToken(step: "url")) { try TextPreparation(steps: [step]) }
    }
    for step in ["user=a b", "user=\u{3000}", "user=\u{1B}[0m"] {
      #expect(throws: TextPreparationError.blankInToken(step: "user")) { try TextPreparation(steps: [step]) }
    }
    #expect(throws: TextPreparationError.tokenTooLong(step: "number", limit: 32)) {
      try TextPreparation(steps: ["number=" + String(repeating: "n", count: 33)])
    }
  }

  @Test func stepsThatUndoOneAnotherAreRejected() {
    #expect(throws: TextPreparationError.repeatedStep("user")) {
      try TextPreparation(steps: ["user=@a", "collapse-space", "user=@b"])
    }
    #expect(throws: TextPreparationError.tokenRewritten(step: "url=@link", by: "user=@user")) {
      try TextPreparation(steps: ["url=@link", "user=@user"])
    }
    #expect(throws: Never.self) { try TextPreparation(steps: ["user=@user", "url=@link"]) }
  }

  @Test func errorsSayHowToFixThem() {
    #expect(
      TextPreparationError.unknownStep("urls").description
        == "There is no preparation step \"urls\". "
        + "The steps are unescape-html, collapse-space, url=TOKEN, user=TOKEN, "
        + "number=TOKEN, hashtag=split, emoji=names.")
    #expect(TextPreparationError.missingToken(step: "url").description.contains("\"url=TOKEN\""))
    #expect(TextPreparationError.blankInToken(step: "url").description.contains("one word"))
    #expect(TextPreparationError.tokenTooLong(step: "url", limit: 32).description.contains("32 bytes"))
    #expect(TextPreparationError.repeatedStep("url").description.contains("Remove one"))
    #expect(TextPreparationError.tokenRewritten(step: "a", by: "b").description.contains("Put \"b\" first"))
  }

  /// In a step that reads parts again and again, texts like these would take hours.
  @Test func hostileTextsTakeLinearTime() throws {
    let all = [
      "unescape-html", "url=U", "user=A", "number=N", "hashtag=split", "emoji=names", "collapse-space",
    ]
    let prepare = try TextPreparation(steps: all)
    let pieces = [
      "&", "&#", "&#1", "&#x", "&a", "http://", "http://!", "www.", "@", "1,", "1.", "#", "#1", "#_", "A",
      "a1", "😂", "1\u{20E3}",
      "\u{FE0F}", "\u{200D}", " ", "#aB", "a@",
    ]
    for piece in pieces {
      let text = String(repeating: piece, count: 300_000)
      #expect(prepare(text + "x").utf8.count <= 30 * text.utf8.count)
    }
  }
}

/// How often the steps of a preparation read a scalar of their text; no text may make them read it again and again.
@Suite struct PreparationGrowthTests {
  /// Scalars that count how often they are read.
  private struct CountedScalars: ScalarText {
    final class Reads { var count = 0 }

    let scalars: [Unicode.Scalar]
    let reads = Reads()
    var startIndex: Int { 0 }
    var endIndex: Int { scalars.count }

    subscript(place: Int) -> Unicode.Scalar {
      reads.count += 1
      return scalars[place]
    }
  }

  /// Repeated beginnings of the patterns that are searched for.
  static let parts = [
    "a", "&", "&#", "&#1", "&#x", "&amp", "&amp;", "h", "http://", "http://.", "https://))", "www.", "www", "@", "@a",
    "#", "#a",
    "#aB1", "#_", "_", "1", "1.", "1,a", "😀", "👩\u{200D}", "🇩", "\u{FE0F}", "1\u{FE0F}\u{20E3}", "#\u{FE0F}", "\u{301}",
    " ",
    "\u{A0}a",
  ]

  @Test(
    arguments: [
      "unescape-html", "collapse-space", "url=URL", "user=USER", "number=NUM", "hashtag=split", "emoji=names",
    ], parts)
  func eightTimesTheTextIsReadEightTimesAsOften(step: String, part: String) throws {
    let step = try TextStep(step), size = part.unicodeScalars.count
    func reads(_ count: Int) -> Int {
      let text = CountedScalars(scalars: Array(String(repeating: part, count: count / size).unicodeScalars))
      _ = step.apply(to: text)
      return text.reads.count
    }
    let few = reads(1200), many = reads(9600)
    #expect(few >= 1000 && many <= 9 * few, "\(few), then \(many)")
    #expect(few <= 20 * 1200, "\(few)")
  }
}

@Suite struct HashtagSplittingTests {
  @Test(arguments: [
    ("#BadHairDay2024", "Bad Hair Day 2024"), ("#fail", "fail"), ("#NASAHubble", "NASA Hubble"),
    ("#a_b__c_", "a b c"),
    ("#2024", "#2024"), ("#_", "#_"), ("#", "#"), ("# fail", "# fail"), ("a#b", "a#b"),
    ("#one#two", "one two"),
    ("(#Ok)!", "(Ok)!"), ("#ÉcoleÉté", "École Été"), ("#Cafe\u{301}Bar", "Cafe\u{301} Bar"), ("#日本語", "日本語"),
    ("＃x", "x"), ("#4You2", "4 You 2"), ("##x", "#x"), ("&#39;", "&#39;"),
  ])
  func hashtag(text: String, expected: String) throws {
    #expect(try Array(TextPreparation(steps: ["hashtag=split"])(text).utf8) == Array(expected.utf8))
  }
}

@Suite struct HTMLUnescapingTests {
  @Test(arguments: [
    ("AT&amp;T &lt;3 &gt; &quot;x&quot; &apos;", "AT&T <3 > \"x\" '"),
    ("&eacute;&Eacute;&yuml;&nbsp;&thetasym;&lang;", "éÉÿ\u{A0}ϑ⟨"),
    ("&#39;&#x27;&#X1f602;&#00039;", "''😂'"), ("&amp;lt;", "&lt;"), ("&#150;&#x80;&#129;", "–€\u{81}"),
    ("&#0;&#xD800;&#xDFFF;&#x110000;&#99999999999999999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("AT&T &amp &copy=2 &;&#;&#x;&#xg;&#12 &", "AT&T &amp &copy=2 &;&#;&#x;&#xg;&#12 &"),
    ("&unknown; &AMP; &thetasyms; &é;", "&unknown; &AMP; &thetasyms; &é;"), ("&&amp;&", "&&&"), ("", ""),
  ])
  func entitiesBecomeWhatTheyStandFor(text: String, expected: String) throws {
    let prepare = try TextPreparation(steps: ["unescape-html"])
    #expect(Array(prepare(text).utf8) == Array(expected.utf8))
  }
}

@Suite struct EmojiNamingTests {
  @Test(arguments: [
    ("lol😂", "lol face with tears of joy"), ("😂😂!", "face with tears of joy face with tears of joy !"),
    ("a 👍🏽 b", "a thumbs up sign b"), ("👨‍👩‍👧", "man woman girl"), ("❤️", "heavy black heart"),
    ("❤x", "heavy black heart x"), ("© ™", "© ™"), ("©️", "copyright sign"), ("❤\u{FE0E}", "❤\u{FE0E}"),
    ("1️⃣ #⃣ 2", "1 # 2"),
    ("\u{FE0F}\u{20E3}", "\u{FE0F}\u{20E3}"), ("ک\u{200D}ا", "ک\u{200D}ا"),
    ("🏴\u{E0067}\u{E0062}\u{E007F}.", "waving black flag ."), ("123 #*", "123 #*"), ("", ""),
  ])
  func emoji(text: String, expected: String) throws {
    #expect(try Array(TextPreparation(steps: ["emoji=names"])(text).utf8) == Array(expected.utf8))
  }
}

@Suite struct ReplaceableTests {
  @Test(arguments: [
    ("see http://t.co/N8abc", "see URL"), ("HTTPS://T.CO/x?a=1&b=2 ok", "URL ok"), ("(www.a.com).", "(URL)."),
    ("http://t.co/N8…", "URL…"), ("texthttp://t.co/a", "text URL"), ("http://t.co/aです", "URL です"),
    ("http:// x", "http:// x"), ("http://...", "http://..."), ("awww.a.b", "awww.a.b"), ("www.", "www."),
    ("h", "h"), ("http://a http://b", "URL URL"), ("<http://a>", "<URL>"), ("http", "http"),
  ])
  func url(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["url=URL"])(text) == expected)
  }

  @Test(arguments: [
    ("@a_1: hi", "USER: hi"), ("RT @a@b @c", "RT USER@b USER"), ("me@example.com", "me@example.com"),
    ("@ x", "@ x"), ("@", "@"),
    ("＠a", "USER"), ("@aé", "USER é"), (".@a", ".USER"), ("@@a", "@USER"),
  ])
  func user(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["user=USER"])(text) == expected)
  }

  @Test(arguments: [
    ("1", "N"), ("$1,000.50!", "$N!"), ("3:30pm", "N:30pm"), ("4th b2b 2nite 1,2x", "4th b2b 2nite 1,2x"),
    ("1..2", "N..N"),
    ("50%", "N%"), ("5.", "N."), ("٣٤", "N"), ("-7", "-N"), ("", ""),
  ])
  func number(text: String, expected: String) throws {
    #expect(try TextPreparation(steps: ["number=N"])(text) == expected)
  }
}
