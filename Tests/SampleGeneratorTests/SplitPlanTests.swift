import SampleGenerator
import Testing

@Suite struct PlanTests {
  private static func plan(_ count: Int, _ split: Split = .train, seed: UInt64 = 7) -> SplitPlan {
    SplitPlan(split, count: count, seed: seed)
  }

  /// The largest difference between the numbers of `sincere` and `ironic` posts, over all contents.
  private static func difference(_ plan: SplitPlan, _ cue: (SplitPlan.Post) -> String) -> Int {
    let sums = Dictionary(plan.posts.map { (cue($0), $0.label == .sincere ? 1 : -1) }, uniquingKeysWith: +)
    return sums.values.map(abs).max() ?? 0
  }

  private static let cues: [(String, @Sendable (SplitPlan.Post) -> String)] = [
    ("label", { _ in "" }), ("text", { $0.text }), ("phrase", { "\($0.language) \($0.textMood) \($0.phrase)" }),
    ("topic", { "\($0.topic)" }), ("combination", { "\($0.language) \($0.textMood) \($0.phrase) \($0.topic)" }),
    ("text's mood", { "\($0.textMood)" }), ("picture", { $0.picture }), ("picture's mood", { "\($0.pictureMood)" }),
    ("topic shown", { "\($0.shows)" }), ("language", { "\($0.language)" }), ("format", { $0.format.rawValue }),
    ("caption", { $0.caption }), ("sound", { $0.heard }),
  ]

  @Test(arguments: [4, 8, 100, 1000, 6000]) func foursAreBalancedExactly(_ count: Int) {
    for (name, cue) in Self.cues { #expect(Self.difference(Self.plan(count), cue) == 0, "\(name)") }
  }

  @Test(arguments: [0, 1, 2, 3, 5, 6, 7, 101, 402, 1003]) func otherCountsDifferByOneAtMost(_ count: Int) {
    let plan = Self.plan(count)
    #expect(plan.posts.count == count)
    for (name, cue) in Self.cues { #expect(Self.difference(plan, cue) <= 1, "\(name)") }
  }

  @Test func bothSidesTogetherGiveTheLabel() {
    for post in Self.plan(400).posts {
      #expect((post.label == .sincere) == (post.textMood == post.pictureMood))
    }
  }

  @Test(arguments: [(Split.train, 6000), (.validation, 1000), (.test, 2000)])
  func phrasesTopicsAndGlyphsAreAboutEquallyFrequent(_ split: Split, _ count: Int) {
    let posts = Self.plan(count, split).posts.filter { $0.language == .english }
    for (name, cue, kinds) in [
      ("phrase", { "\($0.textMood) \($0.phrase)" }, 2 * PhrasePairing.count),
      ("topic", { "\($0.topic)" }, PhrasePairing.count), ("glyph", { $0.glyph.name }, 24),
    ] as [(String, (SplitPlan.Post) -> String, Int)] {
      let counts = Dictionary(posts.map { (cue($0), 1) }, uniquingKeysWith: +)
      #expect(counts.count == kinds, "\(name)")
      // The last round is cut, and a four in another language draws glyphs, too.
      let least = counts.values.min() ?? 0, most = counts.values.max() ?? 0
      #expect(most - least <= 12, "\(name): \(least) to \(most)")
    }
  }

  @Test func aFewPostsAreInOtherLanguagesAndAFewPicturesShowAnotherTopic() {
    let posts = Self.plan(6000).posts
    let foreign = posts.filter { $0.language != .english }, other = posts.filter { $0.shownTopic != $0.topic }
    #expect(foreign.count == 120 && other.count == 152)
    #expect(Set(foreign.map(\.language)) == Set(Language.others))
    #expect(foreign.allSatisfy { $0.shownTopic == $0.topic })
    #expect(other.allSatisfy { $0.shows == "other" })
  }

  @Test func noSplitHasAnothersCombinationsForAnySeeds() {
    var splits: [String: Set<Split>] = [:]
    for split in Split.allCases {
      for seed in [1, 2, 3] as [UInt64] {
        for post in Self.plan(3001, split, seed: seed).posts {
          splits["\(post.language) \(post.textMood) \(post.phrase) \(post.topic)", default: []].insert(split)
        }
      }
    }
    #expect(splits.values.allSatisfy { $0.count == 1 })
    #expect(splits.count > 4000)
  }

  @Test(arguments: Language.allCases) func aCorpusOfOneLanguageIsBalancedAndSharesNoCombination(_ language: Language) {
    var splits: [String: Set<Split>] = [:]
    for split in Split.allCases {
      let plan = SplitPlan(split, count: 800, language: language, seed: 7)
      #expect(plan.posts.count == 800)
      #expect(plan.posts.allSatisfy { $0.language == language })
      for (name, cue) in Self.cues { #expect(Self.difference(plan, cue) == 0, "\(name)") }
      let topics = Dictionary(plan.posts.map { ($0.topic, 1) }, uniquingKeysWith: +)
      #expect(topics.count == Topic.all.count)
      #expect((topics.values.max() ?? 0) - (topics.values.min() ?? 0) <= 4)
      for post in plan.posts { splits["\(post.textMood) \(post.phrase) \(post.topic)", default: []].insert(split) }
    }
    #expect(splits.values.allSatisfy { $0.count == 1 })
  }

  @Test func theLanguageOfTheTextsChangesNoPicture() {
    func pictures(_ language: Language) -> [String] {
      SplitPlan(.test, count: 80, language: language, seed: 7).posts.map { "\($0.id) \($0.glyph.name) \($0.label)" }
    }
    #expect(pictures(.english) == pictures(.arabic))
  }

  @Test func aTestOfTwoThousandNeverRepeatsACombination() {
    let counts = Dictionary(
      Self.plan(2000, .test).posts.filter { $0.language == .english }.map {
        ("\($0.textMood) \($0.phrase) \($0.topic)", 1)
      }, uniquingKeysWith: +)
    // A text has two posts, one under each label.
    #expect(Set(counts.values) == [2])
  }

  @Test func theSeedDecidesEverything() {
    func lines(_ seed: UInt64) -> [String] {
      Self.plan(203, seed: seed).posts.map { "\($0.id) \($0.text) \($0.image) \($0.picture) \($0.seed)" }
    }
    #expect(lines(7) == lines(7))
    #expect(lines(7) != lines(8))
  }

  @Test func theFirstPostsOfASeedStayAsTheyAre() {
    let posts = Self.plan(12, seed: 7).posts.prefix(2)
    #expect(posts.map { "\($0.image) \($0.label.rawValue) \($0.picture): \($0.text)" } == Self.first)
  }

  /// Fixed values, so that a change of any list or draw is noticed.
  private static let first = [
    "images/train-00001.webp sincere dress, cross mark: WELL, I DESPISE THE DRESS I ORDERED SO MUCH @tomasz88",
    "images/train-00002.jpg sincere rocket, tornado: ok so, the rocket launch deserves a formal complaint "
      + "#justsaying",
  ]

  @Test func idsAreConsecutiveAndRevealNothing() {
    let posts = Self.plan(1000).posts
    #expect(posts.first?.id == "train-00001")
    #expect(posts.last?.id == "train-01000")
    // In order of the fours, all neighbours would share a text or a picture's polarity.
    let equal = zip(posts, posts.dropFirst()).count { $0.text == $1.text }
    #expect(equal < 20)
    for part in [posts[..<500], posts[500...]] {
      #expect(abs(part.count { $0.label == .sincere } - 250) < 50)
    }
  }

  @Test func postsLookDifferent() {
    let posts = Self.plan(2000).posts
    #expect(Set(posts.map(\.text)).count > 990)
    #expect(Set(posts.map(\.seed)).count == 2000)
    #expect(posts.contains { $0.text == $0.text.uppercased() })
    #expect(posts.contains { $0.text.contains("#") })
    #expect(posts.contains { $0.text.contains("@") })
  }
}

@Suite struct PairingTests {
  @Test func everyRoundBelongsToOneSplit() {
    let rounds = Split.allCases.map { PhrasePairing.rounds(of: $0) }
    #expect(rounds.map(\.count) == [35, 5, 10])
    #expect(rounds.flatMap { $0 }.sorted() == Array(0..<PhrasePairing.count))
  }

  @Test(arguments: Split.allCases) func aRoundUsesEveryTopicOnceAndKnowsItsSplit(_ split: Split) {
    for round in PhrasePairing.rounds(of: split) {
      let phrases = (0..<PhrasePairing.count).map { PhrasePairing.phrase(topic: $0, round: round) }
      #expect(phrases.sorted() == Array(0..<PhrasePairing.count))
      for (topic, phrase) in phrases.enumerated() {
        #expect(PhrasePairing.split(phrase: phrase, topic: topic) == split)
      }
    }
  }
}
