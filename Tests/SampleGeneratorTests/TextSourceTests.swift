import Foundation
import SampleGenerator
import Evaluation
import Testing

@Suite struct TextSourceTests {
  @Test func everyNumberIsEquallyLikely() {
    var random = SeededGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.index(below: 7)] += 1 }
    // Six standard deviations of a binomial distribution with 70,000 trials and probability 1/7.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 560 })
  }

  @Test func everyOrderOfFourIsEquallyLikely() {
    var random = SeededGenerator(seed: 12)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<48_000 { counts[random.shuffled(0..<4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 2000) < 270 })
  }

  @Test func drawsStayAsTheyAre() {
    var random = SeededGenerator(seed: 7)
    #expect((0..<8).map { _ in random.index(below: 1000) } == Self.indices)
    #expect(random.shuffled(0..<8) == Self.order)
    #expect(random.shuffled([] as [Int]).isEmpty)
  }

  // By a Python script that does the same with whole numbers of any size.
  private static let indices = [389, 16, 900, 582, 452, 249, 467, 328]
  private static let order = [5, 7, 6, 3, 4, 0, 2, 1]

  @Test func numbersLieInTheirRange() {
    var random = SeededGenerator(seed: 13)
    let numbers = (0..<10_000).map { _ in random.number(in: -2...6) }
    #expect(numbers.allSatisfy { (-2...6).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 2) < 0.15)
  }
}

@Suite struct WordsTests {
  @Test(arguments: Language.allCases) func everyPhraseHasOnePlaceForATopic(_ language: Language) {
    for phrase in Mood.allCases.flatMap(language.phrases) {
      #expect(phrase.components(separatedBy: "{}").count == 2, "\(phrase)")
    }
    #expect(language.phrases(of: .good).count == language.phrases(of: .bad).count)
  }

  @Test(arguments: Language.others) func everyTopicHasAPhraseInEverySplit(_ language: Language) {
    let phrases = language.phrases(of: .good).indices
    #expect(phrases.count == 10 && PhrasePairing.count.isMultiple(of: 10))
    for topic in Topic.all.indices {
      for (split, count) in zip(Split.allCases, [7, 1, 2]) {
        #expect(phrases.count { PhrasePairing.split(phrase: $0, topic: topic) == split } == count)
      }
    }
  }

  @Test func nothingIsListedTwice() {
    for language in Language.allCases {
      let phrases = Mood.allCases.flatMap(language.phrases), topics = Topic.all.map { $0.words(in: language) }
      #expect(Set(phrases.map { $0.lowercased() }).count == phrases.count)
      #expect(Set(topics).count == topics.count)
    }
    #expect(Phrases.of(.good).count == PhrasePairing.count)
    let glyphs = Mood.allCases.flatMap(\.glyphs) + Topic.all.map(\.glyph)
    #expect(Set(glyphs.map(\.name)).count == glyphs.count)
    #expect(Set(glyphs.map(\.character)).count == glyphs.count)
    #expect(Mood.good.glyphs.count == Mood.bad.glyphs.count)
  }

  @Test func oneLanguageIsRightToLeftAndOneHasNoBlanks() {
    let arabic = Language.arabic.phrases(of: .good)[1], japanese = Language.japanese.phrases(of: .bad)
    #expect(arabic.unicodeScalars.contains { (0x0600...0x06FF).contains($0.value) })
    #expect(
      japanese.allSatisfy { !$0.contains(" ") } && Topic.all.allSatisfy { !$0.words(in: .japanese).contains(" ") })
  }

  @Test func theLabelNeedsBothSides() {
    #expect(IronyLabel(text: .good, picture: .good) == .sincere)
    #expect(IronyLabel(text: .bad, picture: .bad) == .sincere)
    #expect(IronyLabel(text: .good, picture: .bad) == .ironic)
    #expect(IronyLabel(text: .bad, picture: .good) == .ironic)
  }

  @Test(arguments: [
    (PostTemplate.Casing.written, "Honestly, I saw my bank @noor_w"), (.lower, "honestly, i saw my bank @noor_w"),
    (.shouted, "HONESTLY, I SAW MY BANK @noor_w"),
  ])
  func voicesLeaveUserNamesAlone(_ casing: PostTemplate.Casing, _ text: String) {
    let dressing = PostTemplate(opening: "honestly, ", closing: " {user}", user: "@noor_w", casing: casing)
    #expect(dressing.text("I saw {}", about: "my bank") == text)
  }

  @Test func aTextMayBeginWithAUserOrATopic() {
    let mention = PostTemplate(opening: "{user} ", closing: "", user: "@bluebus", casing: .written)
    #expect(mention.text("{} is here", about: "my bank") == "@bluebus my bank is here")
    let bare = PostTemplate(opening: "", closing: " #mood", user: "@bluebus", casing: .written)
    #expect(bare.text("{} is here", about: "my bank") == "My bank is here #mood")
  }
}
