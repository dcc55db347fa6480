import Audit
import Bytes
import Corpus

/// A check as one JSON object, described in docs/check.md.
struct CheckObject {
  private let check: CorpusCheck

  init(_ check: CorpusCheck) { self.check = check }

  /// A name, and a value as JSON.
  typealias Member = (name: String, value: String)

  /// The object, without a line's end.
  var text: String {
    Self.text([
      Self.list("files", check.files, Self.quoted), Self.number("rows", check.rows), Self.number("left", check.left),
      Self.flag("limited", check.isLimited), Self.list("notices", check.notices) { Self.quoted("\($0)") },
      Self.objects("faults", check.faults, Self.fault), Self.objects("columns", check.columns, Self.column),
      Self.object("pictures", pictures), Self.objects("features", check.features, Self.features),
      Self.object("duplicates", duplicates),
      Self.objects("labels", check.labels, Self.label), Self.number("other_labels", check.otherLabels),
      Self.number("unlabelled", check.unlabelled),
      Self.list("spellings", check.spellings) { Self.array($0.map { Self.quoted($0.label) }) },
      Self.object("scripts", scripts), Self.object("model", check.pieces.map(Self.pieces)),
      Self.object("cues", check.audit.map(Self.cues)), Self.object("against", check.against.map(against)),
      Self.objects("findings", check.findings) {
        [Self.string("kind", $0.code), Self.string("text", "\($0)".withoutIsolates)]
      },
    ])
  }

  private static func label(_ label: LabelSummary) -> [Member] {
    [string("label", label.label), number("rows", label.count)]
  }

  private static func fault(_ fault: CorpusCheck.FaultSummary) -> [Member] {
    [
      string("stage", fault.stage.rawValue), string("code", fault.code.rawValue), number("rows", fault.count),
      objects("first", fault.first) {
        [
          string("file", $0.position.file), number("line", $0.position.line), string("key", $0.key),
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
      kinds("formats", pictures.formats), Self.spread("width", pictures.width), Self.spread("height", pictures.height),
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
    func kind(_ name: String, _ kind: Duplicates.Kind) -> Member {
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
      Self.number("close_texts", duplicates.closeTexts),
      Self.number("close_texts_contradicting", duplicates.closeContradicting),
      pairs("close", duplicates.closeExamples), Self.number("close_texts_not_kept", duplicates.closeUnkept),
      Self.optional("lookalikes", duplicates.lookalikes),
      Self.number("lookalikes_contradicting", duplicates.lookalikeContradicting),
      pairs("alike", duplicates.lookalikeExamples),
      Self.number("lookalikes_not_kept", duplicates.lookalikeUnkept),
      Self.number("lookalikes_plain", duplicates.lookalikePlain),
      Self.number("lookalikes_crowded", duplicates.lookalikeCrowded),
    ]
  }

  private func pairs(_ name: String, _ pairs: [Duplicates.Pair]) -> Member {
    Self.objects(name, pairs) {
      [
        Self.string("first", place($0.first)), Self.string("first_label", $0.firstLabel),
        Self.string("second", place($0.second)), Self.string("second_label", $0.secondLabel),
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
      objects("unknown_labels", pieces.strangeLabels, label), list("labels", pieces.modelLabels, quoted),
    ]
  }

  private func against(_ overlap: Overlap) -> [Member] {
    let place = { (place: Place) in
      "\(overlap.files.indices.contains(place.file) ? overlap.files[place.file] : "?"):\(place.line)"
    }
    return [
      Self.list("files", overlap.files, Self.quoted), Self.number("rows", overlap.rows),
      Self.number("lookalikes_not_kept", overlap.lookalikeUnkept),
      Self.number("lookalikes_plain", overlap.lookalikePlain),
      Self.number("lookalikes_crowded", overlap.lookalikeCrowded),
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
                  Self.string("here", self.place($0.first)), Self.string("here_label", $0.firstLabel),
                  Self.string("there", place($0.second)), Self.string("there_label", $0.secondLabel),
                  Self.string("excerpt", $0.excerpt),
                ]
              },
            ]
          })
      }
  }

  private func place(_ place: Place) -> String {
    "\(check.files.indices.contains(place.file) ? check.files[place.file] : "?"):\(place.line)"
  }
}
