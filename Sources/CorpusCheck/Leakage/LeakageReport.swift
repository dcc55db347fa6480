package import Bytes
internal import Evaluation

/// A cue that predicts the label better than chance, on posts that were not used to learn its rule.
package struct LeakingCue: Sendable, Equatable {
  package var source: CueSource
  package var kind: CueKind
  /// The topic, on which the advice depends.
  package var topic: CueTopic
  /// The name: `a blank at the end`.
  package var name: String
  package var score: CueScore
  /// `score.p` times the number of cues that were tried, at most 1.
  package var adjustedP: Double
  /// The most informative value, in words.
  package var value: String
  /// The label that it predicts.
  package var label: ByteText
  /// Test posts with the value.
  package var posts: Int
  /// The share of them that have the label.
  package var share: Double
  /// Whether it is strong enough to be a finding; see docs/check.md.
  package var isFinding: Bool
  /// Why the named model cannot see it; nil if it may see it, and without a model.
  package var hiding: CueHiding?
  /// The posts that have the most informative value.
  var match: CueMatch

  /// Whether a model that is trained on the posts can learn it.
  package var isRead: Bool { source.isRead && hiding == nil }
}

/// A word that occurs with one label more often than chance, on posts that were not used to choose it.
package struct LeakingWord: Sendable, Equatable {
  package var source: CueSource
  package var word: String
  package var label: ByteText
  /// Test posts with the word.
  package var posts: Int
  /// The share of them that have the label.
  package var share: Double
  /// The lower end of its 95 % interval (Wilson's).
  package var low: Double
  /// The upper end.
  package var high: Double
  /// The label's share of all posts.
  package var prior: Double
  /// The share of the label's posts that have the word.
  package var reach: Double
  /// Corrected for the number of words that were tried.
  package var adjustedP: Double
  /// Whether the word nearly determines the label.
  package var isLeaking: Bool
  /// Whether it does so for many posts.
  package var isFinding: Bool
  /// Why the named model cannot see it; nil if it may see it, and without a model.
  package var hiding: CueHiding?
  /// The posts that have it.
  var match: CueMatch
}

/// Which posts have a value of a cue.
enum CueMatch: Sendable, Equatable {
  /// Those whose value of the cue, by its number among all, is one of these.
  case values(cue: Int, ClosedRange<UInt64>)
  /// Those with a word, by its hash, or those without it.
  case word(UInt64, of: CueSource, isThere: Bool)

  /// Whether a post is one of them.
  func holds(for post: CueSpool.Post) -> Bool {
    switch self {
    case .values(let cue, let range): post.values.indices.contains(cue) && post.values[cue].map(range.contains) == true
    case .word(let hash, let source, let isThere):
      (post.words.indices.contains(source == .knowledge ? 1 : 0)
        && post.words[source == .knowledge ? 1 : 0].contains(hash)) == isThere
    }
  }
}

/// Why cues were not tested.
package enum LeakageSkipReason: Sendable, Equatable {
  case noLabels
  /// Fewer than two labels have enough posts.
  case tooFewPosts(needed: Int)
  case tooManyLabels(most: Int)
}

/// The cues and words that reveal a label.
package struct LeakageReport: Sendable, Equatable {
  /// The minimum number of posts of a label.
  static let minimumPosts = 20
  /// The significance level for all cues together, and for all words together.
  static let level = 0.025
  /// The maximum number of words that are tested: those that look best in the learning half.
  static let maximumWords = 200

  /// The labels that were distinguished.
  package var labels: [ByteText]
  /// Labels with too few posts.
  package var leftOut: [ByteText]
  /// Posts in the learning half; each content counts once.
  package var fitPosts: Int
  /// Posts in the testing half.
  package var testPosts: Int
  /// Cues of form and habit that were tried.
  package var cuesTried: Int
  package var wordsTried: Int
  /// Cues beyond chance, the most informative first.
  package var cues: [LeakingCue]
  /// Words beyond chance, the most decisive first.
  package var words: [LeakingWord]
  /// The accuracy of all words of the text together (naive Bayes): it may well be high, and is not an error.
  package var together: CueScore?

  /// Records which cues and words a model cannot see.
  mutating func hide(from model: ModelReading) {
    for place in cues.indices { cues[place].hiding = model.hiding(cues[place]) }
    for place in words.indices { words[place].hiding = model.hiding(words[place]) }
  }
}

extension CueCollector {
  /// Learns rules from one half of the posts, and tests them on the other.
  func leakage(_ labelNames: [ByteText]) -> Result<LeakageReport, LeakageSkipReason.Failure> {
    if hasTooManyLabels { return .failure(.init(reason: .tooManyLabels(most: CueCounts.maximumLabels))) }
    let all = Array(labelNames.indices.prefix(CueCounts.maximumLabels))
    guard let counts = posts.table(labels: all).first else { return .failure(.init(reason: .noLabels)) }
    let labels = all.filter {
      counts.fit[$0] + counts.test[$0] >= LeakageReport.minimumPosts && counts.fit[$0] >= 5 && counts.test[$0] >= 5
    }
    guard labels.count > 1 else { return .failure(.init(reason: .tooFewPosts(needed: LeakageReport.minimumPosts))) }
    let judge = CueEvaluator(
      labels: labels, names: labels.map { labelNames[$0] }, fit: labels.map { counts.fit[$0] },
      test: labels.map { counts.test[$0] })
    let (cues, cuesTried) = judge.cues(tested, words: placeholders(labels))
    let (words, wordsTried) = judge.words(
      [(.text, textWords)] + (knowledgeCues.isEmpty ? [] : [(.knowledge, knowledgeWords)]))
    return .success(
      LeakageReport(
        labels: judge.names, leftOut: all.filter { !labels.contains($0) }.map { labelNames[$0] },
        fitPosts: judge.fit.reduce(0, +), testPosts: judge.test.reduce(0, +), cuesTried: cuesTried,
        wordsTried: wordsTried, cues: cues, words: words, together: together.score(textWords, labels: labels)))
  }

  /// Placeholders and invisible scalars are cues of form, each on its own.
  private func placeholders(_ labels: [Int]) -> [(CueSource, WordCounts.Word)] {
    [(CueSource.text, textWords), (.knowledge, knowledgeWords)].flatMap { source, words in
      let all = words.words(labels: labels).filter {
        $0.form != .word && $0.isReliable && $0.fit.reduce(0, +) >= 5
      }.sorted { ($1.fit.reduce(0, +), ByteText($0.spelling)) < ($0.fit.reduce(0, +), ByteText($1.spelling)) }
      return [TokenForm.placeholder, .invisible].flatMap { form in
        all.filter { $0.form == form }.prefix(20).map { (source, $0) }
      }
    }
  }
}

extension LeakageSkipReason {
  /// The reason as an error, for a result.
  struct Failure: Error { var reason: LeakageSkipReason }
}

/// Tests cues and words on the half of the posts that was not used to learn their rules.
struct CueEvaluator {
  /// The labels' numbers.
  let labels: [Int]
  let names: [ByteText]
  /// Posts in the learning half, by label.
  let fit: [Int]
  /// Posts in the testing half, by label.
  let test: [Int]

  private static let minimumGain = 0.02, minimumHabitGain = 0.1

  /// Cues beyond chance, and the number of cues tested, including placeholders and invisible scalars.
  func cues(
    _ cues: [(number: Int, cue: Cue)], words: [(CueSource, WordCounts.Word)]
  ) -> (results: [LeakingCue], tried: Int) {
    var tried: [LeakingCue] = []
    for (number, cue) in cues {
      guard let rule = cue.rule(labels: labels), let score = rule.score(), let clearest = rule.clearest else {
        continue
      }
      tried.append(
        result(
          cue, rule, score, clearest, value: cue.word(clearest.bin, in: rule),
          match: .values(cue: number, cue.values(of: clearest.bin, in: rule))))
    }
    for (source, word) in words {
      let rule = presence(word)
      guard let score = rule.score(), let clearest = rule.clearest else { continue }
      let value = clearest.bin.value == 1 ? "there" : "not there"
      tried.append(
        result(
          Cue(source, of: word), rule, score, clearest, value: value,
          match: .word(word.hash, of: source, isThere: clearest.bin.value == 1)))
    }
    for place in tried.indices {
      tried[place].adjustedP = min(1, tried[place].score.p * Double(tried.count))
    }
    let found = tried.filter { $0.adjustedP <= LeakageReport.level }
    return (found.sorted { ($1.score.gain, $0.name) < ($0.score.gain, $1.name) }, tried.count)
  }

  private func result(
    _ cue: Cue, _ rule: CueRule, _ score: CueScore, _ clearest: (bin: CueRule.Bin, label: Int), value: String,
    match: CueMatch
  ) -> LeakingCue {
    let posts = clearest.bin.test.reduce(0, +), hits = clearest.bin.test[clearest.label]
    let settles = posts > 0 && isLeaking(hits, of: posts, label: clearest.label) && posts * 200 >= score.posts
    let isFinding =
      cue.kind == .form ? score.gain >= Self.minimumGain || settles : score.gain >= Self.minimumHabitGain
    return LeakingCue(
      source: cue.source, kind: cue.kind, topic: cue.topic, name: cue.name, score: score, adjustedP: 1, value: value,
      label: names[clearest.label],
      posts: posts, share: posts == 0 ? 0 : Double(hits) / Double(posts), isFinding: isFinding, match: match)
  }

  /// Words beyond chance, and the number of words tested: those that stand out in the learning half.
  func words(_ sources: [(CueSource, WordCounts)]) -> (results: [LeakingWord], tried: Int) {
    let all = Double(fit.reduce(0, +))
    var candidates: [(source: CueSource, word: WordCounts.Word, label: Int, z: Double)] = []
    for (source, counts) in sources {
      for word in counts.words(labels: labels) where word.form == .word && word.isReliable {
        let posts = word.fit.reduce(0, +)
        guard posts >= 5 else { continue }
        let label =
          fit.indices.max { Double(word.fit[$0]) / Double(fit[$0]) < Double(word.fit[$1]) / Double(fit[$1]) } ?? 0
        let prior = Double(fit[label]) / all, n = Double(posts)
        let z = (Double(word.fit[label]) - n * prior) / (n * prior * (1 - prior)).squareRoot()
        if z > 2 { candidates.append((source, word, label, z)) }
      }
    }
    candidates.sort { ($1.z, ByteText($0.word.spelling)) < ($0.z, ByteText($1.word.spelling)) }
    let tried = candidates.prefix(LeakageReport.maximumWords)
    let posts = test.reduce(0, +)
    let results = tried.compactMap { source, word, label, _ -> LeakingWord? in
      let drawn = word.test.reduce(0, +), hits = word.test[label]
      let p = FisherExactTest.probability(hits: hits, marked: test[label], drawn: drawn, all: posts)
      let corrected = min(1, p * Double(tried.count))
      guard corrected <= LeakageReport.level, drawn > 0 else { return nil }
      let interval = WilsonInterval(hits, of: drawn), reach = Double(hits) / Double(test[label])
      let isLeaking = isLeaking(hits, of: drawn, label: label)
      return LeakingWord(
        source: source, word: word.spelling, label: names[label], posts: drawn, share: Double(hits) / Double(drawn),
        low: interval.low, high: interval.high, prior: Double(test[label]) / Double(posts), reach: reach,
        adjustedP: corrected, isLeaking: isLeaking, isFinding: isLeaking && reach >= 0.05,
        match: .word(word.hash, of: source, isThere: true))
    }
    return (
      results.sorted {
        ($1.isLeaking ? 1 : 0, $1.reach * ($1.share - $1.prior), $0.word)
          < ($0.isLeaking ? 1 : 0, $0.reach * ($0.share - $0.prior), $1.word)
      }, tried.count
    )
  }

  /// Whether nine posts in ten have the label, and significantly more than halfway from its share of all posts to all.
  private func isLeaking(_ hits: Int, of posts: Int, label: Int) -> Bool {
    let prior = Double(test[label]) / Double(test.reduce(0, +))
    return Double(hits) >= 0.9 * Double(posts) && WilsonInterval(hits, of: posts).low >= (1 + prior) / 2
  }

  /// The rule for the presence of a word.
  private func presence(_ word: WordCounts.Word) -> CueRule {
    CueRule(
      [
        CueRule.Bin(value: 1, fit: word.fit, test: word.test),
        CueRule.Bin(
          value: 0, fit: zip(fit, word.fit).map { $0 - $1 }, test: zip(test, word.test).map { $0 - $1 }),
      ], labelCount: labels.count)
  }
}
