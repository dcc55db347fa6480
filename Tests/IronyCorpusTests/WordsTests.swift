import Foundation
import IronyCorpus
import Testing

@Suite struct WordsTests {
  @Test(arguments: Polarity.allCases) func everyPhraseHasOnePlaceForATopic(_ polarity: Polarity) {
    for phrase in Phrases.of(polarity) { #expect(phrase.components(separatedBy: "{}").count == 2, "\(phrase)") }
  }

  @Test func nothingIsListedTwice() {
    let phrases = Polarity.allCases.flatMap(Phrases.of)
    #expect(Set(phrases.map { $0.lowercased() }).count == phrases.count)
    #expect(Set(Topics.all).count == Topics.all.count)
    #expect(Phrases.of(.good).count == Pairing.count)
    #expect(Phrases.of(.bad).count == Pairing.count)
    let glyphs = Polarity.allCases.flatMap(Glyph.of)
    #expect(Set(glyphs.map(\.name)).count == glyphs.count)
    #expect(Set(glyphs.map(\.character)).count == glyphs.count)
    #expect(Glyph.of(.good).count == Glyph.of(.bad).count)
  }

  @Test func theLabelNeedsBothSides() {
    #expect(Label(text: .good, picture: .good) == .sincere)
    #expect(Label(text: .bad, picture: .bad) == .sincere)
    #expect(Label(text: .good, picture: .bad) == .ironic)
    #expect(Label(text: .bad, picture: .good) == .ironic)
  }

  @Test(arguments: [
    (Dressing.Voice.written, "Honestly, I saw my bank @noor_w"), (.lower, "honestly, i saw my bank @noor_w"),
    (.shouted, "HONESTLY, I SAW MY BANK @noor_w"),
  ])
  func voicesLeaveUserNamesAlone(_ voice: Dressing.Voice, _ text: String) {
    let dressing = Dressing(opening: "honestly, ", closing: " {user}", user: "@noor_w", voice: voice)
    #expect(dressing.text("I saw {}", about: "my bank") == text)
  }

  @Test func aTextMayBeginWithAUserOrATopic() {
    let mention = Dressing(opening: "{user} ", closing: "", user: "@bluebus", voice: .written)
    #expect(mention.text("{} is here", about: "my bank") == "@bluebus my bank is here")
    let bare = Dressing(opening: "", closing: " #mood", user: "@bluebus", voice: .written)
    #expect(bare.text("{} is here", about: "my bank") == "My bank is here #mood")
  }
}
