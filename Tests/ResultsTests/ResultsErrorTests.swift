import Results
import Testing

@Suite struct ResultsErrorTests {
  @Test func messagesSayHowToFixIt() {
    #expect(
      ResultsError.noSuchRun("post", known: ["posts", "other"]).description.contains(
        "did you mean \"posts\"?"))
    #expect(
      ResultsError.noSuchRun("zzzz", known: ["a", "b"]).description.hasSuffix("the store's runs are a, b"))
    #expect(
      ResultsError.noTruth(run: "posts", posts: 3).description.contains("neither needs new predictions")
    )
    #expect(ResultsError.noTruth(run: "posts", posts: 0).description.contains("query STORE coverage"))
    #expect(
      ResultsError.noTruth(run: "posts", posts: 1).description.hasPrefix("the one scored post of run \"posts\" has"))
  }

  @Test func namesFromOutsideAreEscaped() {
    let words = ResultsError.noSuchRun("a\u{1B}[2J\u{202E}", known: []).description
    #expect(words.contains("a\\u{1B}[2J\\u{202E}"))
  }
}
