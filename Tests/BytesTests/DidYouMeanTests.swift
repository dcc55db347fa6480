import Bytes
import Testing

@Suite struct DidYouMeanTests {
  let names = ["confusion", "coverage", "faults", "labels", "least-certain", "most-certain-mistakes"]

  @Test(arguments: [
    ("lables", "labels"), ("fualts", "faults"), ("LABELS", "labels"), ("least_certain", "least-certain"),
    ("cov", "coverage"), ("most-certain", "most-certain-mistakes"), ("coverge", "coverage"),
  ])
  func findsWhatWasMeant(word: String, meant: String) {
    #expect(DidYouMean.closest(to: word, in: names) == meant)
  }

  @Test(arguments: ["", "x", "report", "zzzzzzzz", "co"])
  func offersNothingFarAway(word: String) {
    #expect(DidYouMean.closest(to: word, in: names) == nil)
  }

  @Test func theFirstOfEqualsWins() {
    #expect(DidYouMean.closest(to: "cat", in: ["bat", "hat"]) == "bat")
  }

  @Test func longWordsCostLittle() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(DidYouMean.closest(to: long, in: ["labels"]) == nil)
  }

  @Test func hintsArePrintable() {
    #expect(DidYouMean.hint(for: "ab\u{1B}d", in: ["ab\u{1B}c"]) == " (did you mean \"ab\\u001bc\"?)")
    #expect(DidYouMean.hint(for: "x", in: names) == "")
  }
}
