import Bytes
import Results

/// True labels that are probably wrong, with their posts.
enum LabelIssuesBlock {
  /// The number of posts shown.
  static let posts = SectionOption("posts", 1...200, standard: 12)
  /// The most characters of a label that are shown.
  private static let labelLength = 90

  private static let words =
    "By confident learning: another label is as probable as it usually is in the posts that have it, and the model does not "
    + "predict the given label. The least probable labels come first. A post here may have the right label and be hard for "
    + "the model. If the model was trained on these posts, it has learnt their labels and finds little."

  static func pieces(_ context: BlockContext) -> [Piece] {
    guard let doubts = context.data.shown.doubts else { return [] }
    let heading = context.heading("Labels that are probably wrong")
    guard doubts.labelled > 0 else {
      return [heading, context.remark("The model knows none of the true labels of this run, so it cannot doubt them.")]
    }
    let answer = context.answer(context.conclusions.doubts)
    let shown = doubts.posts.prefix(context.options[posts])
    guard !shown.isEmpty else { return [heading] + answer + [context.note(words)] }
    let further = doubts.found - shown.count
    return [heading] + answer + [context.note(words, gap: 2, staysWithNext: true)] + context.pictureRemark
      + shown.map { TriageBlock.piece($0.post, title: title($0), context) }
      + [
        context.note(
          (further > 0 ? "\(Format.count(further, "more is", "more are")) not shown. " : "")
            + "To draw \(doubts.found == 1 ? "it" : "all of them") to be labelled again:", gap: 10, staysWithNext: true),
        context.command(again(doubts, context)),
        context.note(
          "Then label them with clfa annotate STORE --annotator NAME; or fill in the column \u{201C}label\u{201D} of again.csv, "
            + "and run clfa label STORE again.csv. The new label counts from then on.", gap: 2),
      ]
      + (context.data.calibration == nil
        ? []
        : [
          context.note(
            "The probabilities here are calibrated; clfa sample uses the model's own, so it may draw other posts.")
        ])
  }

  private static func title(_ doubt: ShownDoubts.Post) -> String {
    let name = { (label: ByteText) in DisplayText.line(DisplayText.name(label), limit: labelLength) }
    return "Given \(name(doubt.given)), probability \(Format.decimal(doubt.probability, 3)); more likely "
      + "\(name(doubt.likely)), \(Format.decimal(doubt.likelyProbability, 3))"
  }

  /// The command that draws the posts.
  private static func again(_ doubts: ShownDoubts, _ context: BlockContext) -> String {
    let run = context.data.run
    return "clfa sample STORE --design label-issues --size \(doubts.found)"
      + (run.isLatest ? "" : " --run \(Shell.word(run.name.text))") + (run.reposts == nil ? "" : " --distinct")
      + " -o again.csv"
  }
}
