internal import Evaluation

/// Judges cues and words by the half of the posts that their rules did not learn from.
struct CueJudge {
  /// The labels' numbers.
  let labels: [Int]
  let names: [String]
  /// Posts to learn from, by label.
  let fit: [Int]
  /// Posts to judge by, by label.
  let test: [Int]

  private static let leastGain = 0.02, leastGainOfHabit = 0.1

  /// Cues beyond chance, and how many were tried. Placeholders and scalars that cannot be seen are tried among them.
  func cues(all: [Cue], words: [(CueSource, WordCounts.Word)]) -> (results: [CueResult], tried: Int) {
    var tried: [CueResult] = []
    for cue in all {
      guard let rule = cue.rule(labels: labels), let score = rule.score(), let clearest = rule.clearest else {
        continue
      }
      tried.append(
        result(cue, rule, score, clearest, value: cue.word(clearest.bin, in: rule)))
    }
    for (source, word) in words {
      let rule = presence(word)
      guard let score = rule.score(), let clearest = rule.clearest else { continue }
      let value = clearest.bin.value == 1 ? "there" : "not there"
      tried.append(result(Cue(source, of: word), rule, score, clearest, value: value))
    }
    for place in tried.indices {
      tried[place].correctedP = min(1, tried[place].score.p * Double(tried.count))
    }
    let found = tried.filter { $0.correctedP <= CueAudit.level }
    return (found.sorted { ($1.score.gain, $0.name) < ($0.score.gain, $1.name) }, tried.count)
  }

  private func result(
    _ cue: Cue, _ rule: CueRule, _ score: CueScore, _ clearest: (bin: CueRule.Bin, label: Int), value: String
  ) -> CueResult {
    let posts = clearest.bin.test.reduce(0, +), hits = clearest.bin.test[clearest.label]
    let settles = posts > 0 && givesAway(hits, of: posts, label: clearest.label) && posts * 200 >= score.posts
    let isFinding =
      cue.kind == .form ? score.gain >= Self.leastGain || settles : score.gain >= Self.leastGainOfHabit
    return CueResult(
      source: cue.source, kind: cue.kind, topic: cue.topic, name: cue.name, score: score, correctedP: 1, value: value,
      label: names[clearest.label],
      posts: posts, share: posts == 0 ? 0 : Double(hits) / Double(posts), isFinding: isFinding)
  }

  /// Words beyond chance, and how many were tried: those that stand out on the half to learn from.
  func words(_ sources: [(CueSource, WordCounts)]) -> (results: [WordResult], tried: Int) {
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
    candidates.sort { ($1.z, $0.word.spelling) < ($0.z, $1.word.spelling) }
    let tried = candidates.prefix(CueAudit.mostWords)
    let posts = test.reduce(0, +)
    let results = tried.compactMap { source, word, label, _ -> WordResult? in
      let drawn = word.test.reduce(0, +), hits = word.test[label]
      let p = HypergeometricTail.probability(hits: hits, marked: test[label], drawn: drawn, all: posts)
      let corrected = min(1, p * Double(tried.count))
      guard corrected <= CueAudit.level, drawn > 0 else { return nil }
      let interval = WilsonInterval(hits, of: drawn), reach = Double(hits) / Double(test[label])
      let givesAway = givesAway(hits, of: drawn, label: label)
      return WordResult(
        source: source, word: word.spelling, label: names[label], posts: drawn, share: Double(hits) / Double(drawn),
        low: interval.low, high: interval.high, prior: Double(test[label]) / Double(posts), reach: reach,
        correctedP: corrected, givesAway: givesAway, isFinding: givesAway && reach >= 0.05)
    }
    return (
      results.sorted {
        ($1.givesAway ? 1 : 0, $1.reach * ($1.share - $1.prior), $0.word)
          < ($0.givesAway ? 1 : 0, $0.reach * ($0.share - $0.prior), $1.word)
      }, tried.count
    )
  }

  /// Whether nine posts in ten have the label, and surely more than halfway from its share of all posts to all.
  private func givesAway(_ hits: Int, of posts: Int, label: Int) -> Bool {
    let prior = Double(test[label]) / Double(test.reduce(0, +))
    return Double(hits) >= 0.9 * Double(posts) && WilsonInterval(hits, of: posts).low >= (1 + prior) / 2
  }

  /// The rule by whether a word is there.
  private func presence(_ word: WordCounts.Word) -> CueRule {
    CueRule(
      [
        CueRule.Bin(value: 1, fit: word.fit, test: word.test),
        CueRule.Bin(
          value: 0, fit: zip(fit, word.fit).map { $0 - $1 }, test: zip(test, word.test).map { $0 - $1 }),
      ], labelCount: labels.count)
  }
}
