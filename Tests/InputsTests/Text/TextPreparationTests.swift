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

  @Test func stepsWorkInTheirOrder() throws {
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

  @Test func stepsThatDoNotExistAreRefusedByName() {
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

  @Test func stepsThatUndoOneAnotherAreRefused() {
    #expect(throws: TextPreparationError.repeatedStep("user")) {
      try TextPreparation(steps: ["user=@a", "collapse-space", "user=@b"])
    }
    #expect(throws: TextPreparationError.tokenRewritten(step: "url=@link", by: "user=@user")) {
      try TextPreparation(steps: ["url=@link", "user=@user"])
    }
    #expect(throws: Never.self) { try TextPreparation(steps: ["user=@user", "url=@link"]) }
  }

  @Test func errorsNameTheMend() {
    #expect(
      TextPreparationError.unknownStep("urls").description
        == "There is no preparation step “urls”. "
        + "The steps are unescape-html, collapse-space, url=TOKEN, user=TOKEN, "
        + "number=TOKEN, hashtag=split, emoji=names.")
    #expect(TextPreparationError.missingToken(step: "url").description.contains("“url=TOKEN”"))
    #expect(TextPreparationError.blankInToken(step: "url").description.contains("one word"))
    #expect(TextPreparationError.tokenTooLong(step: "url", limit: 32).description.contains("32 bytes"))
    #expect(TextPreparationError.repeatedStep("url").description.contains("Remove one"))
    #expect(TextPreparationError.tokenRewritten(step: "a", by: "b").description.contains("Put “b” first"))
  }

  /// A step that looks again at what it has read takes hours for texts like these.
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
