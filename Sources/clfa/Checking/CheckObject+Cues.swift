import Audit
import Bytes

extension CheckObject {
  // MARK: - What tells labels

  static func cues(_ audit: CueAudit) -> [Member] {
    [
      list("labels", audit.labels, quoted), list("left_out", audit.leftOut, quoted),
      number("learnt_from", audit.fitPosts), number("judged_by", audit.testPosts),
      number("cues_tried", audit.cuesTried), number("words_tried", audit.wordsTried), objects("cues", audit.cues, cue),
      objects("words", audit.words, word), object("words_together", audit.together.map(score)),
    ]
  }

  private static func cue(_ cue: CueResult) -> [Member] {
    source(cue.source) + [
      string("kind", cue.kind.rawValue), string("name", cue.name), flag("finding", cue.isFinding),
    ] + score(cue.score) + [
      real("corrected_p", cue.correctedP), string("value", cue.value), string("label", cue.label),
      number("posts", cue.posts), real("share", cue.share),
    ]
  }

  private static func word(_ word: WordResult) -> [Member] {
    source(word.source) + [
      string("word", word.word), string("label", word.label), flag("finding", word.isFinding),
      flag("gives_away", word.givesAway), number("posts", word.posts), real("share", word.share),
      real("low", word.low), real("high", word.high), real("prior", word.prior), real("reach", word.reach),
      real("corrected_p", word.correctedP),
    ]
  }

  private static func source(_ source: CueSource) -> [Member] {
    if case .column(let name) = source { return [string("source", "column"), string("column", name)] }
    return [string("source", source.words), string("column", nil)]
  }

  private static func score(_ score: CueScore) -> [Member] {
    [
      real("balanced_accuracy", score.balancedAccuracy), real("low", score.low), real("high", score.high),
      real("chance", score.chance), real("p", score.p), number("judged_by", score.posts),
    ]
  }

  // MARK: - Members

  static func quoted(_ value: String) -> String { JSONText.quoted(value) }
  static func array(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }
  static func text(_ members: [Member]) -> String {
    "{" + members.map { quoted($0.name) + ":" + $0.value }.joined(separator: ",") + "}"
  }

  static func string(_ name: String, _ value: String?) -> Member { (name, value.map(quoted) ?? "null") }
  static func number(_ name: String, _ value: Int) -> Member { (name, "\(value)") }
  static func optional(_ name: String, _ value: Int?) -> Member { (name, value.map { "\($0)" } ?? "null") }
  static func flag(_ name: String, _ value: Bool) -> Member { (name, value ? "true" : "false") }

  /// A number; `null` for one that JSON does not have.
  static func real(_ name: String, _ value: Double) -> Member { (name, value.isFinite ? "\(value)" : "null") }

  static func list<Element>(_ name: String, _ elements: [Element], _ value: (Element) -> String) -> Member {
    (name, array(elements.map(value)))
  }

  static func objects<Element>(_ name: String, _ elements: [Element], _ members: (Element) -> [Member]) -> Member {
    (name, array(elements.map { text(members($0)) }))
  }

  /// An object; `null` for none.
  static func object(_ name: String, _ members: [Member]?) -> Member { (name, members.map(text) ?? "null") }

  static func spread(_ name: String, _ summary: NumberSpread.Summary?) -> Member {
    object(
      name,
      summary.map {
        [
          number("count", $0.count), real("least", $0.least), real("percentile_5", $0.fifth), real("median", $0.median),
          real("percentile_95", $0.ninetyFifth), real("greatest", $0.greatest),
        ]
      })
  }
}
