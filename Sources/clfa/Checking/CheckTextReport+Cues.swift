import CorpusCheck
import Bytes

extension CheckTextReport {
  /// The cues that reveal a label, or why none were tested.
  mutating func cues() {
    section("Cues that reveal the label")
    guard let leakage = check.leakage else {
      switch check.leakageSkipReason {
      case .tooFewPosts(let needed): say("not tested: at least two labels with \(needed) posts each are needed")
      case .tooManyLabels(let most): say("not tested: there are more than \(most) labels")
      case .noLabels, nil: say("not tested: no post has a label")
      }
      return
    }
    say(
      "Rules were learnt on \(leakage.fitPosts.counted("post", "posts")) and tested on \(leakage.testPosts) others; each "
        + "content counts once. \(leakage.cuesTried) \(leakage.cuesTried == 1 ? "cue was" : "cues were") tested.")
    if !leakage.leftOut.isEmpty {
      say(
        "Left out, with too few posts: \(leakage.leftOut.prefix(10).map { short($0.text, 30) }.joined(separator: ", "))"
      )
    }
    if leakage.cues.isEmpty {
      return say("No cue is better than chance: \(Finding.percent(1 / Double(leakage.labels.count))).")
    }
    table(
      [["", "cue", "right", "95 %", "p", "most informative value"]]
        + leakage.cues.prefix(30).map { cue in
          [
            cue.isFinding ? "!" : "", short(Finding.name(cue.source, cue.name), 60),
            Finding.percent(cue.score.balancedAccuracy), interval(cue.score.low, cue.score.high), p(cue.adjustedP),
            "\(short(cue.value, 40)): \(Finding.percent(cue.share)) of \(cue.posts) are \(short(cue.label.text, 24))",
          ]
        })
    if leakage.cues.count > 30 { say("and \(leakage.cues.count - 30) more") }
    say(
      "right: balanced accuracy, the mean over labels of the share of posts that the rule predicts correctly; \(Finding.percent(1 / Double(leakage.labels.count))) "
        + "is chance. p: the probability of this result by chance, corrected for all cues.")
    say("!: a finding. The other cues are weak, or are habits of writing that may well be related to a label.")
    if leakage.cues.contains(where: { !$0.source.isRead }) {
      say(
        "The model does not read ids, paths, order, files and other columns. Cues in them show that posts of different "
          + "labels were collected separately, so texts and pictures may reveal this, too."
      )
    }
  }

  /// The words that predict a label, and the accuracy of all words together.
  mutating func words() {
    guard let leakage = check.leakage else { return }
    section("Words that reveal the label")
    if let together = leakage.together {
      say(
        "All words of the text together (naive Bayes) get \(Finding.percent(together.balancedAccuracy)) right "
          + "(\(interval(together.low, together.high)); chance \(Finding.percent(together.chance))) of \(together.posts) "
          + "held-out posts. This shows how much the text alone reveals; it is not an error.")
    }
    if leakage.words.isEmpty {
      return say(
        "No single word predicts a label better than chance; \(leakage.wordsTried) \(leakage.wordsTried == 1 ? "was" : "were") tested."
      )
    }
    let settling = leakage.words.filter(\.isLeaking), leaning = leakage.words.filter { !$0.isLeaking }
    if !settling.isEmpty {
      say("Words that nearly determine the label: at least 90 % of the held-out posts with the word have this label.")
      list(settling.prefix(20))
      if settling.count > 20 { say("and \(settling.count - 20) more") }
    }
    if !leaning.isEmpty {
      say("Words that are related to a label, which is normal:")
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
            short(word.label.text, 24), Finding.percent(word.share), interval(word.low, word.high),
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
