import Foundation
import Inputs
import Evaluation
import Testing

/// How a tokenizer's number of steps grows with the text: a post of a megabyte must not block a corpus.
@Suite struct GrowthTests {
  /// Texts of about a given number of bytes that are hard for one part or another.
  static let texts: [(name: String, text: @Sendable (Int) -> String)] = [
    ("one letter", { String(repeating: "a", count: $0) }),
    ("capitals", { String(repeating: "ÀB", count: $0 / 3) }),
    ("words", { String(repeating: "the cat sat ", count: $0 / 12) }),
    ("two marks in turn", { "e" + String(repeating: "\u{301}\u{323}", count: $0 / 4) }),
    ("signs of marks alone", { "\u{F40}" + String(repeating: "\u{F73}", count: $0 / 3) }),
    ("newer scalars", { String(repeating: "\u{1FAE0}", count: $0 / 4) }),
    ("blanks", { "x" + String(repeating: " ", count: $0) + "x" }),
    ("pieces of their own", { String(repeating: " </s> ", count: $0 / 6) }),
    ("half a piece", { String(repeating: "<", count: $0) }),
    (
      "letters by chance",
      { count in
        var random = SeededGenerator(seed: 3)
        return String(decoding: (0..<count).map { _ in UInt8(0x61 + random.index(below: 26)) }, as: UTF8.self)
      }
    ),
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/subwords")

  @Test(arguments: ["clip", "gpt2", "unigram", "siglip"])
  func eightTimesTheTextTakesAboutEightTimesTheSteps(name: String) throws {
    let tokenizer = try SubwordTokenizer(json: [UInt8](Data(contentsOf: Self.folder.appending(path: "\(name).json"))))
    func steps(_ text: String) -> Int {
      var work = StepCounter()
      _ = tokenizer.encode(text, limit: 77, &work)
      return work.steps
    }
    for (what, text) in Self.texts {
      let few = steps(text(4000)), many = steps(text(32_000))
      // n log n of the merges' heap grows by log 32,000 / log 4,000 more; the square would be 64.
      #expect(few >= 1000 && many <= 11 * few, "\(what): \(few), then \(many)")
    }
  }

  /// Bases that compose with a mark, with each other, or not at all, and marks of many classes; all of Unicode 9.
  private static let scalars: [Unicode.Scalar] = [
    "a", "e", "s", "α", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}", "\u{9C7}", "\u{9BE}", "\u{DD9}", "\u{DCF}",
    "\u{DCA}", "\u{F71}", "\u{F72}", "\u{F73}", "\u{F75}", "\u{F81}", "\u{301}", "\u{308}", "\u{323}", "\u{344}",
    "\u{345}", "\u{327}", "\u{334}", "\u{5B0}", "\u{342}", "\u{313}", "\u{20D0}", "\u{3099}",
  ]

  /// Marks that compose to other marks: the same text by Unicode's rules, but not for Foundation, which leaves them in
  /// place.
  private static let together: [Unicode.Scalar: [Unicode.Scalar]] = [
    "\u{344}": ["\u{308}", "\u{301}"], "\u{F73}": ["\u{F71}", "\u{F72}"], "\u{F75}": ["\u{F71}", "\u{F74}"],
    "\u{F81}": ["\u{F71}", "\u{F80}"],
  ]

  /// Long runs of marks are sorted by the tokenizer, not by Foundation; both must give the same text.
  @Test func longRunsOfMarksComposeAsFoundationComposesThem() {
    var random = SeededGenerator(seed: 5)
    let marks = Self.scalars.filter { $0.properties.canonicalCombiningClass != .notReordered }
    for _ in 0..<400 {
      var text = String.UnicodeScalarView(), apart = String.UnicodeScalarView()
      func append(_ scalar: Unicode.Scalar) {
        text.append(scalar)
        for part in Self.together[scalar] ?? [scalar] { apart.append(part) }
      }
      for _ in 0..<6 {
        for _ in 0..<random.index(below: 4) { append(Self.scalars[random.index(below: Self.scalars.count)]) }
        for _ in 0..<random.index(below: 80) { append(marks[random.index(below: marks.count)]) }
      }
      var work = StepCounter()
      let composed = CanonicalComposition.composed(String(text), &work)
      #expect(composed.utf8.elementsEqual(String(apart).precomposedStringWithCanonicalMapping.utf8))
    }
  }

  @Test func vocabulariesThatMakeTextsSlowAreRejected() throws {
    func file(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
      let data = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
      var file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      change(&file)
      return [UInt8](try JSONSerialization.data(withJSONObject: file))
    }
    let long = String(repeating: "a", count: 2000)
    let literal = try file("clip") {
      $0["added_tokens"] = [["id": 5, "content": long, "special": true, "normalized": false]]
    }
    #expect(throws: TokenizerError.unsupported("added_tokens", "a token of more than 256 bytes")) {
      try SubwordTokenizer(json: literal)
    }
    let piece = try file("unigram") {
      guard var model = $0["model"] as? [String: Any], let vocabulary = model["vocab"] as? [Any] else { return }
      model["vocab"] = vocabulary + [[long, -3.5] as [Any]]
      $0["model"] = model
    }
    #expect(throws: TokenizerError.unsupported("model.vocab", "a piece of more than 512 bytes")) {
      try SubwordTokenizer(json: piece)
    }
  }
}
