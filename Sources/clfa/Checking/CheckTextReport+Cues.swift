import CorpusCheck
import Bytes

extension CheckTextReport {
  /// The cues that tell a label by themselves, or why none were looked for.
  mutating func cues() {
    section("Cues that tell the label")
    guard let audit = check.audit else {
      switch check.leakageSkipReason {
      case .tooFewPosts(let needed): say("not looked for: two labels with \(needed) posts each are needed")
      case .tooManyLabels(let most): say("not looked for: there are over \(most) labels")
      case .noLabels, nil: say("not looked for: no post has a label")
      }
      return
    }
    say(
      "Rules were learnt on \(audit.fitPosts.counted("post", "posts")) and judged by \(audit.testPosts) others, each "
        + "content once; \(audit.cuesTried) cues were tried.")
    if !audit.leftOut.isEmpty {
      say("Left out, with too few posts: \(audit.leftOut.prefix(10).map { short($0, 30) }.joined(separator: ", "))")
    }
    if audit.cues.isEmpty {
      return say("None tells more than chance: \(Finding.percent(1 / Double(audit.labels.count))).")
    }
    table(
      [["", "cue", "right", "95 %", "p", "what tells most"]]
        + audit.cues.prefix(30).map { cue in
          [
            cue.isFinding ? "!" : "", short(Finding.name(cue.source, cue.name), 60),
            Finding.percent(cue.score.balancedAccuracy), interval(cue.score.low, cue.score.high), p(cue.adjustedP),
            "\(short(cue.value, 40)): \(Finding.percent(cue.share)) of \(cue.posts) are \(short(cue.label, 24))",
          ]
        })
    if audit.cues.count > 30 { say("and \(audit.cues.count - 30) more") }
    say(
      "right: the mean of the labels' shares that the rule gets right; \(Finding.percent(1 / Double(audit.labels.count))) "
        + "is chance. p: of so much by chance, corrected for all cues.")
    say("!: to look at. The others are weak, or habits of writing that may well go with a label.")
    if audit.cues.contains(where: { !$0.source.isRead }) {
      say(
        "The model does not read ids, paths, order, files and other columns. Cues there show that labels were collected "
          + "apart, so texts and pictures may show that, too."
      )
    }
  }

  /// The words that stand with one label, and how far all words lead.
  mutating func words() {
    guard let audit = check.audit else { return }
    section("Words that tell the label")
    if let together = audit.together {
      say(
        "All words of the text together (naive Bayes) get \(Finding.percent(together.balancedAccuracy)) right "
          + "(\(interval(together.low, together.high)); chance \(Finding.percent(together.chance))) of \(together.posts) "
          + "held-out posts: this is what the text alone can tell, and is not an error.")
    }
    if audit.words.isEmpty {
      return say("No word by itself stands with a label more often than chance; \(audit.wordsTried) were tried.")
    }
    let settling = audit.words.filter(\.isLeaking), leaning = audit.words.filter { !$0.isLeaking }
    if !settling.isEmpty {
      say("Words that all but settle the label: at least nine held-out posts in ten that have one have the label.")
      list(settling.prefix(20))
      if settling.count > 20 { say("and \(settling.count - 20) more") }
    }
    if !leaning.isEmpty {
      say("Words that lean to a label, which words may:")
      list(leaning.prefix(10))
      if leaning.count > 10 { say("and \(leaning.count - 10) more") }
    }
  }

  private mutating func list(_ words: ArraySlice<LeakingWord>) {
    table(
      [["", "word", "label", "share", "95 %", "of all posts", "of the label's posts", "posts"]]
        + words.map { word in
          [
            word.isFinding ? "!" : "",
            short(word: (word.source == .text ? "" : "\(word.source.words): ") + word.word, 40),
            short(word.label, 24), Finding.percent(word.share), interval(word.low, word.high),
            Finding.percent(word.prior), Finding.percent(word.reach), "\(word.posts)",
          ]
        })
  }

  private func interval(_ low: Double, _ high: Double) -> String {
    "\(Finding.percent(low).dropLast(2))–\(Finding.percent(high))"
  }

  private func p(_ p: Double) -> String {
    p < 0.0001 ? "< 0.0001" : "\((p * 10_000).rounded() / 10_000)"
  }
}
