import Bytes
import CorpusCheck
import Foundation
import Evaluation
import TestSupport
import Testing

/// Planted cues are found, and random ones are not.
@Suite struct LeakageReportTests {
  private static let words = "the bus train office garden is was late early great awful today again never always my our"
    .split(separator: " ")

  /// Posts of random words with random labels; `change` may make a text reveal its label.
  private static func posts(
    _ count: Int, seed: UInt64, labels: [String] = ["ironic", "sincere"],
    _ change: (String, String, inout SeededGenerator) -> String = { text, _, _ in text }
  ) -> [(text: String, label: String)] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let label = labels[random.index(below: labels.count)]
      var text = (0..<4 + random.index(below: 10)).map { _ in String(words[random.index(below: words.count)]) }
        .joined(separator: " ")
      if random.unit() < 0.3 { text += [".", "!", "?", "..."][random.index(below: 4)] }
      if random.unit() < 0.3 { text = text.prefix(1).uppercased() + text.dropFirst() }
      return (change("\(text) \(number)", label, &random), label)
    }
  }

  private static func csv(_ posts: [(text: String, label: String)]) -> String {
    "id,text,label\n" + posts.enumerated().map { "p\($0 * 7919 % 100_003),\"\($1.text)\",\($1.label)\n" }.joined()
  }

  private static func leakage(_ posts: [(text: String, label: String)]) throws -> LeakageReport {
    try #require(Scratch().check(csv(posts)).leakage)
  }

  /// Adds a blank at the end to a share of the ironic posts, and to the remaining share of the others.
  private static func leak(_ share: Double) -> (String, String, inout SeededGenerator) -> String {
    { text, label, random in random.unit() < (label == "ironic" ? share : 1 - share) ? text + " " : text }
  }

  @Test(arguments: [(0.94, 1500), (0.7, 1500), (0.6, 3000)])
  func aBlankAtTheEndIsFound(share: Double, count: Int) throws {
    let leakage = try Self.leakage(Self.posts(count, seed: 11, Self.leak(share)))
    let cue = try #require(leakage.cues.first { $0.name == "a blank at the end" })
    #expect(cue.isFinding && cue.source == .text && cue.kind == .form)
    #expect(cue.value == "yes" ? cue.label == "ironic" : cue.label == "sincere")
    #expect(cue.score.low < share && share < cue.score.high, "\(cue.score)")
    #expect(abs(cue.score.balancedAccuracy - share) < 0.05)
    // A cue that includes this one reveals as much; no other cue does.
    #expect(
      leakage.cues.allSatisfy {
        ["a blank at the end", "blanks at either end or two in a row"].contains($0.name) || $0.score.gain < 0.1
      })
    #expect(leakage.words.isEmpty)
  }

  @Test func threeLabelsHaveCues() throws {
    let labels = ["negative", "neutral", "positive"]
    let leakage = try Self.leakage(
      Self.posts(3000, seed: 12, labels: labels) { text, label, random in
        label == "neutral" && random.unit() < 0.8 ? "  " + text : text
      })
    let cue = try #require(leakage.cues.first { $0.name == "two blanks in a row" })
    #expect(cue.isFinding && cue.label == "neutral" && cue.share == 1 && cue.score.chance == 1.0 / 3)
    #expect(abs(cue.score.balancedAccuracy - (0.8 + 1) / 3) < 0.05)
  }

  @Test func aPlaceholderOfOneLabelIsFound() throws {
    let leakage = try Self.leakage(
      Self.posts(3000, seed: 13) { text, label, random in
        label == "ironic" && random.unit() < 0.05 ? text + " <num>" : text
      })
    let cue = try #require(leakage.cues.first { $0.name == "the placeholder <num>" })
    #expect(cue.isFinding && cue.share == 1 && cue.label == "ironic")
  }

  @Test func aSelectorLeftByARemovedEmojiIsFound() throws {
    let leakage = try Self.leakage(
      Self.posts(2000, seed: 19) { text, label, random in
        random.unit() < (label == "ironic" ? 0.83 : 0.001) ? text + "\u{FE0F}" : text
      })
    let cue = try #require(leakage.cues.first { $0.name == "the invisible character U+FE0F (variation selector-16)" })
    #expect(cue.isFinding && cue.kind == .form && cue.label == "ironic" && cue.value == "there")
    #expect(abs(cue.score.balancedAccuracy - 0.915) < 0.03, "\(cue.score)")
    #expect(leakage.cues.contains { $0.name == "invisible or broken characters" && $0.isFinding })
    #expect(leakage.words.isEmpty && leakage.together.map { $0.balancedAccuracy < 0.6 } ?? false)
  }

  /// A finding has advice only if a step of normalisation makes the labels equal, and it names that step.
  @Test func adviceIsGivenWhereItApplies() throws {
    let leakage = try Self.leakage(
      Self.posts(2000, seed: 20) { text, label, random in
        label == "ironic" ? text + " and so on and on with many words more" : text + "  "
      })
    let length = try #require(leakage.cues.first { $0.name == "length in words" && $0.isFinding })
    #expect("\(Finding.cue(length))".hasSuffix("(chance 50.0 %)"))
    let blanks = try #require(leakage.cues.first { $0.name == "two blanks in a row" && $0.isFinding })
    #expect("\(Finding.cue(blanks))".contains("normalized with collapse-space"))
    var path = length
    (path.source, path.topic, path.name) = (.path, .other, "length")
    #expect("\(Finding.cue(path))".hasPrefix("path: length: ") && !path.source.isRead && !path.isRead)
    #expect("\(Finding.cue(path))".contains("no model reads the path of a picture, but compare how"))
  }

  /// No step makes an invisible entity harmless, and advice about knowledge mentions knowledge.
  @Test func adviceFitsTheSourceOfTheCue() throws {
    let leakage = try Self.leakage(
      Self.posts(2000, seed: 21) { text, label, _ in text + (label == "ironic" ? " &#8203; b" : " &amp; b") })
    let entity = try #require(leakage.cues.first { $0.name == "the placeholder &#8203;" })
    #expect("\(Finding.cue(entity))".hasSuffix("remove these entities from the texts of all labels"))
    var known = try #require(leakage.cues.first { $0.name == "the placeholder &amp;" })
    #expect("\(Finding.cue(known))".contains("train with texts that are normalized with unescape-html, or"))
    known.source = .knowledge
    #expect(
      "\(Finding.cue(known))".hasSuffix(
        "normalized with unescape-html, or write the character itself in the knowledge"))
    let braille = try Self.leakage(
      Self.posts(2000, seed: 22) { text, label, _ in label == "ironic" ? text + " \u{2800}" : text })
    #expect(braille.cues.contains { $0.isFinding && $0.name.contains("U+2800") })
    #expect(!braille.cues.contains { $0.name.contains("unusual blanks") })
  }

  @Test func aWordThatDeterminesTheLabelIsFound() throws {
    let leakage = try Self.leakage(
      Self.posts(2000, seed: 14) { text, label, random in
        label == "ironic" && random.unit() < 0.2 ? text + " #sarcasm" : text
      })
    let word = try #require(leakage.words.first)
    #expect(word.word == "#sarcasm" && word.label == "ironic" && word.share == 1 && word.isFinding)
    #expect(abs(word.reach - 0.2) < 0.05 && word.low > 0.9)
    let together = try #require(leakage.together)
    #expect(together.balancedAccuracy > 0.5)
  }

  @Test func columnsIDsAndOrderAreTested() throws {
    var rows = "id,text,label,source,lang\n"
    var random = SeededGenerator(seed: 15)
    for number in 0..<800 {
      let isIronic = random.unit() < 0.5
      rows += "\(isIronic ? "9" : "8")\(random.index(below: 1_000_000))x\(number),text \(number),"
      rows += "\(isIronic ? "ironic" : "sincere"),\(isIronic ? "web" : "app"),\(random.unit() < 0.5 ? "en" : "de")\n"
    }
    let leakage = try #require(try Scratch().check(rows).leakage)
    let found = leakage.cues.filter { $0.score.balancedAccuracy == 1 }
    #expect(found.contains { $0.source == .column("source") && $0.name == "value" && !$0.source.isRead })
    #expect(found.contains { $0.source == .id && $0.name == "first character" })
    #expect(!leakage.cues.contains { $0.source == .column("lang") || $0.source == .text })
    let sorted = try Self.leakage(Self.posts(800, seed: 16).sorted { $0.label < $1.label })
    #expect(sorted.cues.contains { $0.source == .order && $0.score.balancedAccuracy > 0.9 })
  }

  /// Many corpora with shuffled labels: every reported cue is due to chance. Cues may be reported in one of forty
  /// corpora, and words in another.
  @Test func shuffledLabelsAreQuiet() throws {
    var alarms = 0
    let seeds = 80
    for seed in 0..<seeds {
      let labels = seed.isMultiple(of: 2) ? ["ironic", "sincere"] : ["negative", "neutral", "positive"]
      // Every third corpus has labels of unequal frequency.
      let posts = Self.posts(400, seed: UInt64(1000 + seed), labels: seed % 3 == 0 ? labels + [labels[0]] : labels)
      let leakage = try Self.leakage(posts)
      #expect(leakage.cuesTried > 0)
      if !leakage.cues.isEmpty || !leakage.words.isEmpty { alarms += 1 }
    }
    #expect(alarms <= 4, "\(alarms) of \(seeds)")
  }

  @Test func aPostThatIsRepeatedCountsOnce() throws {
    // One post with a blank at its end, three hundred times, among random posts.
    let posts = Self.posts(600, seed: 17) + Array(repeating: (text: "the same again ", label: "ironic"), count: 300)
    let leakage = try Self.leakage(posts)
    #expect(leakage.fitPosts + leakage.testPosts == 601 && leakage.cues.filter { $0.source == .text }.isEmpty)
  }

  @Test func reasonsForUntestedCuesAreGiven() throws {
    #expect(try Scratch().check("text\na\nb\n").leakageSkipReason == .noLabels)
    #expect(try Scratch().check("text,label\na,x\nb,y\n").leakageSkipReason == .tooFewPosts(needed: 20))
    let many = "text,label\n" + (0..<200).map { "text \($0),label \($0)\n" }.joined()
    #expect(try Scratch().check(many).leakageSkipReason == .tooManyLabels(most: 64))
  }

  @Test func threadsChangeNothing() throws {
    let csv = Self.csv(Self.posts(700, seed: 18, Self.leak(0.8)))
    let one = try Scratch().check(csv, threads: 1), three = try Scratch().check(csv, threads: 3)
    #expect(one.leakage == three.leakage && one.leakage?.cues.isEmpty == false)
    #expect(one.columns == three.columns)
  }
}
