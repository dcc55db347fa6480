import CorpusCheck
import Bytes
import Corpus
import Inputs
import Preparation

/// A check as one JSON object, described in docs/check.md.
struct CheckJSON {
  private let check: CorpusFindings
  private let list: FindingListFile?

  /// The findings, and the file that has every row behind them if one was written.
  init(_ check: CorpusFindings, list: FindingListFile? = nil) { (self.check, self.list) = (check, list) }

  /// A name, and a value as JSON.
  typealias Member = (name: String, value: String)

  /// The object, without a line end.
  var text: String {
    Self.text([
      Self.list("files", check.files, Self.quoted), Self.number("rows", check.rows), Self.number("left", check.left),
      Self.flag("limited", check.isLimited), Self.list("notices", check.notices) { Self.quoted("\($0)") },
      Self.list("cell_notices", check.cellNotices, Self.quoted),
      Self.objects("remedies", check.remedies.all) { [Self.string("flag", $0.flag), Self.number("rows", $0.rows)] },
      Self.objects("faults", check.faults, Self.fault), Self.objects("columns", check.columns, Self.column),
      Self.object("pictures", pictures), Self.objects("features", check.features, Self.features),
      Self.object("duplicates", duplicates),
      Self.objects("labels", check.labels, Self.label), Self.number("other_labels", check.otherLabels),
      Self.number("unlabelled", check.unlabelled),
      Self.list("spellings", check.spellings) { Self.array($0.map { Self.quoted($0.label.text) }) },
      Self.object("scripts", scripts),
      Self.objects("damaged_texts", check.damagedTexts, Self.damaged),
      Self.objects("not_utf8", check.undecodedFiles) {
        [Self.string("path", $0.path), Self.number("rows", $0.rows), Self.string("encoding", $0.encoding?.rawValue)]
      },
      Self.object("model", check.pieces.map(Self.pieces)),
      Self.object("cues", check.leakage.map(Self.cues)), Self.object("against", check.against.map(against)),
      Self.objects("findings", check.findings) {
        [
          Self.string("kind", $0.code), Self.string("stake", $0.rank.stake.rawValue),
          Self.string("text", Advice.message(of: $0).withoutIsolates),
        ]
      }, Self.object("list", list.map { [Self.string("file", $0.path), Self.number("rows", $0.rows)] }),
    ])
  }

  private static func label(_ label: LabelSummary) -> [Member] {
    [string("label", label.label.text), number("rows", label.count)]
  }

  private static func damaged(_ texts: DamagedTexts) -> [Member] {
    [
      string("kind", texts.damage.rawValue), number("posts", texts.posts), number("of", texts.of),
      objects("first", texts.examples) {
        [string("file", $0.file), number("line", $0.line), string("text", $0.text), string("repaired", $0.repaired)]
      },
    ]
  }

  private static func fault(_ fault: CorpusFindings.FaultSummary) -> [Member] {
    [
      string("stage", fault.stage.rawValue), string("code", fault.code.rawValue), number("rows", fault.count),
      objects("first", fault.first) {
        [
          string("file", $0.position.file.text), number("line", $0.position.line), string("key", $0.key?.text),
          string("path", $0.path), string("detail", $0.detail),
        ]
      },
    ]
  }

  private static func column(_ column: ColumnSummary) -> [Member] {
    [
      string("name", column.name), string("role", column.role?.rawValue), number("rows", column.rows),
      number("empty", column.empty), optional("distinct", column.distinct),
      objects("commonest", column.commonest) { [string("value", $0.value), number("rows", $0.count)] },
    ]
  }

  private var pictures: [Member] {
    let pictures = check.pictures
    func kinds(_ name: String, _ kinds: [PictureSummary.Kind]) -> Member {
      Self.object(name, kinds.map { Self.number($0.name, $0.count) })
    }
    return [
      Self.flag("decoded", pictures.isDecoded), Self.number("readable", pictures.readable),
      Self.number("unnamed", pictures.unnamed), kinds("unreadable", pictures.unreadable),
      kinds("formats", pictures.formats), Self.number("turned", pictures.turned), Self.number("cut", pictures.cut),
      Self.object("rules", pictures.rules.all.map { Self.number($0.name, $0.count) }),
      Self.object("found", PictureRuleTable.Outcome.allCases.map { Self.number($0.rawValue, pictures.table[$0]) }),
      Self.objects("offers", pictures.table.offers) {
        [
          Self.string("rule", $0.match.rawValue), Self.number("rows", $0.rows),
          Self.objects("examples", $0.examples) {
            [Self.string("reference", $0.reference), Self.string("file", $0.file)]
          },
        ]
      },
      Self.spread("width", pictures.width), Self.spread("height", pictures.height),
      Self.spread("bytes", pictures.bytes),
    ]
  }

  private static func features(_ features: FeatureSummary) -> [Member] {
    [
      string("stream", features.stream), string("column", features.column), optional("width", features.width),
      number("posts", features.posts), number("without", features.without), spread("rows", features.rows),
    ]
  }

  private var duplicates: [Member] {
    let duplicates = check.duplicates
    func kind(_ name: String, _ kind: DuplicateSummary.Kind) -> Member {
      Self.object(
        name,
        [
          Self.number("different", kind.different), Self.number("repeating_rows", kind.extra),
          Self.number("contradicting", kind.contradicting), Self.number("contradicting_rows", kind.contradictingRows),
          Self.number("counted_one_in", kind.scale),
          Self.objects("commonest", kind.commonest) {
            [
              Self.number("rows", $0.count), Self.string("place", place($0.place)),
              Self.string("excerpt", $0.excerpt),
            ]
          }, pairs("contradictions", kind.contradictions),
        ])
    }
    return [
      Self.number("same_id_same_content", duplicates.sameIDSameContent),
      Self.number("same_id_other_content", duplicates.sameIDOtherContent), pairs("same_id", duplicates.idExamples),
      kind("contents", duplicates.contents), kind("texts", duplicates.texts), kind("pictures", duplicates.pictures),
      Self.object(
        "reposts",
        [
          Self.number("rows", duplicates.reposts), Self.number("groups", duplicates.repostGroups),
          Self.number("counted_one_in", duplicates.repostScale),
        ]),
      Self.number("close_texts", duplicates.nearDuplicateTexts),
      Self.number("close_texts_contradicting", duplicates.closeContradicting),
      pairs("close", duplicates.closeExamples), Self.number("close_texts_not_kept", duplicates.nearDuplicatesOverLimit),
      Self.optional("lookalikes", duplicates.lookalikes),
      Self.number("lookalikes_contradicting", duplicates.lookalikeContradicting),
      pairs("alike", duplicates.lookalikeExamples),
      Self.number("lookalikes_not_kept", duplicates.lookalikeOverLimit),
      Self.number("lookalikes_plain", duplicates.lookalikeTooUniform),
      Self.number("lookalikes_crowded", duplicates.lookalikePartlyCompared),
    ]
  }

  private func pairs(_ name: String, _ pairs: [DuplicateSummary.Pair]) -> Member {
    Self.objects(name, pairs) {
      [
        Self.string("first", place($0.first)), Self.string("first_label", $0.firstLabel?.text),
        Self.string("second", place($0.second)), Self.string("second_label", $0.secondLabel?.text),
        Self.string("excerpt", $0.excerpt),
      ]
    }
  }

  private var scripts: [Member] {
    [
      Self.objects("scripts", check.scripts.scripts) {
        [Self.string("name", $0.name), Self.number("posts", $0.posts), Self.number("letters", $0.letters)]
      }, Self.number("without_letters", check.scripts.withoutLetters), Self.number("mixed", check.scripts.mixed),
    ]
  }

  private static func pieces(_ pieces: PieceSummary) -> [Member] {
    [
      string("name", pieces.model), number("limit", pieces.limit), number("texts", pieces.texts),
      number("truncated", pieces.truncated), number("pieces", pieces.allPieces),
      number("unknown_pieces", pieces.unknownPieces), number("texts_with_unknown", pieces.withUnknown),
      spread("length", pieces.pieces),
      objects("unknown_labels", pieces.unknownLabels, label), list("labels", pieces.modelLabels) { quoted($0.text) },
    ]
  }

  private func against(_ overlap: CorpusOverlap) -> [Member] {
    let place = { (place: RowLocation) in
      "\(overlap.files.indices.contains(place.file) ? overlap.files[place.file] : "?"):\(place.line)"
    }
    return [
      Self.list("files", overlap.files, Self.quoted), Self.number("rows", overlap.rows),
      Self.number("lookalikes_not_kept", overlap.lookalikeOverLimit),
      Self.number("lookalikes_plain", overlap.lookalikeTooUniform),
      Self.number("lookalikes_crowded", overlap.lookalikePartlyCompared),
    ]
      + Finding.OverlapKind.allCases.map { kind in
        Self.object(
          kind.rawValue,
          overlap.kinds.first { $0.kind == kind }.map { _, found in
            [
              Self.number("rows", found.rows), Self.number("of", found.of),
              Self.number("contradicting", found.contradicting), Self.number("counted_one_in", found.scale),
              Self.objects("examples", found.examples) {
                [
                  Self.string("here", self.place($0.first)), Self.string("here_label", $0.firstLabel?.text),
                  Self.string("there", place($0.second)), Self.string("there_label", $0.secondLabel?.text),
                  Self.string("excerpt", $0.excerpt),
                ]
              },
            ]
          })
      }
  }

  private func place(_ place: RowLocation) -> String {
    "\(check.files.indices.contains(place.file) ? check.files[place.file] : "?"):\(place.line)"
  }
}

extension CheckJSON {
  // MARK: - What tells labels

  static func cues(_ leakage: LeakageReport) -> [Member] {
    [
      list("labels", leakage.labels) { quoted($0.text) }, list("left_out", leakage.leftOut) { quoted($0.text) },
      number("learnt_from", leakage.fitPosts), number("judged_by", leakage.testPosts),
      number("cues_tried", leakage.cuesTried), number("words_tried", leakage.wordsTried),
      objects("cues", leakage.cues, cue),
      objects("words", leakage.words, word), object("words_together", leakage.together.map(score)),
    ]
  }

  private static func cue(_ cue: LeakingCue) -> [Member] {
    source(cue.source) + [
      string("kind", cue.kind.rawValue), string("name", cue.name), flag("finding", cue.isFinding),
      flag("read", cue.isRead),
    ] + score(cue.score) + [
      real("corrected_p", cue.adjustedP), string("value", cue.value), string("label", cue.label.text),
      number("posts", cue.posts), real("share", cue.share),
    ]
  }

  private static func word(_ word: LeakingWord) -> [Member] {
    source(word.source) + [
      string("word", word.word), string("label", word.label.text), flag("finding", word.isFinding),
      flag("gives_away", word.isLeaking), number("posts", word.posts), real("share", word.share),
      real("low", word.low), real("high", word.high), real("prior", word.prior), real("reach", word.reach),
      real("corrected_p", word.adjustedP),
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

  static func quoted(_ value: String) -> String { JSONWriter.quoted(value) }
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

  static func spread(_ name: String, _ summary: QuantileSketch.Summary?) -> Member {
    object(
      name,
      summary.map {
        [
          number("count", $0.count), real("least", $0.least), real("percentile_5", $0.percentile5),
          real("median", $0.median),
          real("percentile_95", $0.percentile95), real("greatest", $0.greatest),
        ]
      })
  }
}
