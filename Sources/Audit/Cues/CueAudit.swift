internal import Evaluation

/// A cue that tells the label better than chance, on posts that its rule did not learn from.
package struct CueResult: Sendable, Equatable {
  package var source: CueSource
  package var kind: CueKind
  /// What could be done about it depends on this.
  package var topic: CueTopic
  /// What it looks at: `a blank at the end`.
  package var name: String
  package var score: CueScore
  /// `score.p` times the number of cues that were tried, at most 1.
  package var correctedP: Double
  /// The value that tells most, in words.
  package var value: String
  /// The label that it tells.
  package var label: String
  /// Posts of the judging half that show the value.
  package var posts: Int
  /// The share of them that have the label.
  package var share: Double
  /// Whether it is more than people may mean by it; see docs/check.md.
  package var isFinding: Bool
}

/// A word that stands with one label more often than chance, on posts that it was not chosen by.
package struct WordResult: Sendable, Equatable {
  package var source: CueSource
  package var word: String
  package var label: String
  /// Posts of the judging half with the word.
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
  package var correctedP: Double
  /// Whether the word all but settles the label.
  package var givesAway: Bool
  /// Whether it does so for many posts.
  package var isFinding: Bool
}

/// Why there are no cues to tell.
package enum NoAudit: Sendable, Equatable {
  case noLabels
  /// Fewer than two labels have enough posts.
  case tooFewPosts(needed: Int)
  case tooManyLabels(most: Int)
}

/// What tells the label by itself.
package struct CueAudit: Sendable, Equatable {
  /// Labels that are rarer are left out.
  static let fewestPosts = 20
  /// What all cues together, and all words together, may find by chance alone: each with this probability.
  static let level = 0.025
  /// Words that are tried, those that look best on the half to learn from.
  static let mostWords = 200

  /// The labels that were told apart.
  package var labels: [String]
  /// Labels left out, for there are too few posts.
  package var leftOut: [String]
  /// Posts to learn from; each content counts once.
  package var fitPosts: Int
  /// Posts to judge by.
  package var testPosts: Int
  /// Cues of form and habit that were tried.
  package var cuesTried: Int
  package var wordsTried: Int
  /// Cues beyond chance, the ones that tell most first.
  package var cues: [CueResult]
  /// Words beyond chance, the ones that settle most first.
  package var words: [WordResult]
  /// How far all words of the text lead together (naive Bayes): what a text may well say, not a fault.
  package var together: CueScore?
}

extension CueBook {
  /// Learns rules from one half of the posts, and judges them by the other.
  func audit(_ labelNames: [String]) -> Result<CueAudit, NoAudit.Failure> {
    if hasTooManyLabels { return .failure(.init(reason: .tooManyLabels(most: CueCounts.mostLabels))) }
    let all = Array(labelNames.indices.prefix(CueCounts.mostLabels))
    guard let counts = posts.table(labels: all).first else { return .failure(.init(reason: .noLabels)) }
    let labels = all.filter {
      counts.fit[$0] + counts.test[$0] >= CueAudit.fewestPosts && counts.fit[$0] >= 5 && counts.test[$0] >= 5
    }
    guard labels.count > 1 else { return .failure(.init(reason: .tooFewPosts(needed: CueAudit.fewestPosts))) }
    let judge = CueJudge(
      labels: labels, names: labels.map { labelNames[$0] }, fit: labels.map { counts.fit[$0] },
      test: labels.map { counts.test[$0] })
    let (cues, cuesTried) = judge.cues(all: self.all, words: placeholders(labels))
    let (words, wordsTried) = judge.words(
      [(.text, textWords)] + (knowledgeCues.isEmpty ? [] : [(.knowledge, knowledgeWords)]))
    return .success(
      CueAudit(
        labels: judge.names, leftOut: all.filter { !labels.contains($0) }.map { labelNames[$0] },
        fitPosts: judge.fit.reduce(0, +), testPosts: judge.test.reduce(0, +), cuesTried: cuesTried,
        wordsTried: wordsTried, cues: cues, words: words, together: together.score(textWords, labels: labels)))
  }

  /// Placeholders, and scalars that cannot be seen, are form: each is a cue of its own.
  private func placeholders(_ labels: [Int]) -> [(CueSource, WordCounts.Word)] {
    [(CueSource.text, textWords), (.knowledge, knowledgeWords)].flatMap { source, words in
      let all = words.words(labels: labels).filter {
        $0.form != .word && $0.isReliable && $0.fit.reduce(0, +) >= 5
      }.sorted { ($1.fit.reduce(0, +), $0.spelling) < ($0.fit.reduce(0, +), $1.spelling) }
      return [TokenForm.placeholder, .invisible].flatMap { form in
        all.filter { $0.form == form }.prefix(20).map { (source, $0) }
      }
    }
  }
}

extension NoAudit {
  /// The reason as an error, for a result.
  struct Failure: Error { var reason: NoAudit }
}
