import Bytes
import Results

/// Everything that a block needs for its layout.
struct BlockContext {
  var data: ReportData
  var typesetter: Typesetter
  /// The text's width in points.
  var width: Double
  var conclusions: Conclusions
  /// The options that the layout sets for the section.
  var options = SectionOptions()
  /// Posts with their attention maps, or the reason why there are none.
  var looks = AttentionExamples.withoutModel
  /// Whether the section is drawn as a figure, without its notes.
  var isFigure = false
  /// The parts of texts to hide: the typesetter hides handles and links, the code that shows a key hides the key.
  var redaction: Redaction = []

  /// The sentence at the top of a section; empty without a conclusion.
  func answer(_ conclusion: Conclusion?) -> [Piece] {
    guard let conclusion else { return [] }
    var piece = Piece.paragraph(
      conclusion.sentence.isolatingNames, .body, typesetter, width: width, lines: 5, gap: 0, staysWithNext: true)
    piece.height += 3
    return [piece]
  }

  /// The line that replaces a section whose data the run lacks; nil if nothing is missing.
  func lack(_ block: ReportBlock) -> Piece? {
    data.capabilities.firstMissing(of: block.needs).map { absent(block.subject, data.capabilities.reason($0)) }
  }

  func heading(_ text: String) -> Piece { .heading(text.isolatingNames, typesetter, width: width) }

  func note(_ text: String, gap: Double = 5, staysWithNext: Bool = false) -> Piece {
    .paragraph(text.isolatingNames, .note, typesetter, width: width, gap: gap, staysWithNext: staysWithNext)
  }

  /// The legend of a figure, in a line below it; empty in a report, where the note explains the marks.
  func key(_ text: String) -> [Piece] {
    guard isFigure, !text.isEmpty else { return [] }
    var piece = Piece.paragraph(text.isolatingNames, .tiny, typesetter, width: width, lines: 8, gap: 4)
    piece.words = nil
    return [piece]
  }

  func remark(_ text: String, onceAs: String? = nil) -> Piece {
    .remark(text.isolatingNames, typesetter, width: width, onceAs: onceAs)
  }

  /// The remark shown if the true labels are missing.
  var noTruth: Piece {
    remark(
      data.outcome.posts == 0
        ? "No post of this run was scored, so there is nothing to compare with the truth."
        : "No scored post of this run has a true label, so accuracy is unknown. Draw posts with clfa sample and "
          + "label them with clfa annotate or clfa label; or add a label column to the corpus and score it again with clfa score: "
          + "the labels are added without new predictions.",
      onceAs: "no truth")
  }
}

extension BlockContext {
  /// A post's text as it may be shown.
  func text(of post: ShownPost) -> String {
    let text = redaction.hiding(post.text, key: post.key)
    return text.isEmpty ? "(no text)" : text
  }

  /// The remark on missing pictures, shown once in a report.
  var pictureRemark: [Piece] {
    data.shown.pictures.remark.map { [remark($0, onceAs: "pictures")] } ?? []
  }

  /// The beginning of a query that gives the answers that the report shows.
  var query: String { data.calibration == nil ? "clfa query STORE" : "clfa query STORE --calibrated MODEL" }

  /// A command in a fixed-width font, on at most two lines.
  func command(_ command: String, before: String = "") -> Piece {
    let shaped = typesetter.shape(
      before + DisplayText.line(command, limit: 400), .code.size(6.5), width: width, lines: 2)
    let height = (shaped?.lines ?? 1) > 1 ? 20.0 : 11.0
    var piece = Piece(height: height, gap: 2) { canvas, rect in
      canvas.clipped(to: rect) { canvas.draw(shaped, x: rect.x, baseline: rect.y + 8) }
    }
    piece.words = .note
    return piece
  }
}
