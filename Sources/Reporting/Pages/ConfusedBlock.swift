import Bytes
import Evaluation
import Results

/// A strip of posts for each of the largest off-diagonal cells of the confusion matrix.
enum ConfusedBlock {
  /// The number of cells with a strip.
  static let cells = SectionOption("cells", 1...40, standard: 4)
  /// The number of posts in each strip.
  static let posts = SectionOption("posts", 1...6, standard: 4)

  private static let gap = 10.0
  private static let pictureHeight = 62.0
  /// The most characters of a label in a title.
  private static let titleLength = 90
  /// The most bytes of a command that fit on the page.
  private static let commandLength = 230

  static func pieces(_ context: BlockContext) -> [Piece] {
    let outcome = context.data.outcome
    guard outcome.labelled > 0, let part = outcome.evaluation[.all] else { return [] }
    let pairs = context.data.shown.confused
    let heading = context.heading("Confused labels, with posts")
    let answer = context.answer(context.conclusions.confused)
    guard !pairs.isEmpty else { return [heading] + answer }
    let isSure = context.data.capabilities.tells(.confidence)
    let shown = pairs.prefix(context.options[cells])
    let further = context.data.shown.furtherPairs + pairs.count - shown.count
    var words =
      isSure
      ? "Of each pair, the posts with the highest confidence that differ most in the fused space; the number is the "
        + "probability of the predicted label."
      : "Of each pair, some posts, chosen by the hash of their content: the run has labels but no confidences, so they cannot "
        + "be ranked."
    if further > 0 {
      words += " The \(shown.count == 1 ? "largest pair is" : "\(shown.count) largest pairs are") shown; "
      words += "\(Format.count(further, "other has", "others have")) at most as many posts "
      words += "(\(context.query) confusion lists all)."
    }
    var pieces = [heading] + answer + [context.note(words, gap: 2, staysWithNext: true)]
    for pair in shown {
      let row = part.matrix.rowIndex(of: pair.truth).map { part.matrix.support(row: $0) } ?? pair.count
      pieces += self.pieces(of: pair, support: row, context)
    }
    return pieces + context.pictureRemark
  }

  private static func pieces(of pair: ConfusedPair, support: Int, _ context: BlockContext) -> [Piece] {
    let name = { (label: ByteText) in DisplayText.line(DisplayText.name(label), limit: titleLength) }
    let title = context.typesetter.shape(
      "\(name(pair.truth))  →  \(name(pair.predicted))", .small.bold(), width: context.width * 0.62, lines: 6)
    let count = context.typesetter.shape(
      "\(Format.count(pair.count, "post", "posts")), \(Format.share(pair.count, of: support)) of the "
        + "\(Format.count(support)) that are \(name(pair.truth))", .tiny, width: context.width * 0.37, lines: 6,
      alignment: .right)
    // Leave room to show both labels in full.
    let further = max(title?.furtherHeight ?? 0, count?.furtherHeight ?? 0)
    let head = Piece(height: 14 + further, gap: 9, staysWithNext: true) { canvas, rect in
      canvas.line(Point(x: rect.x, y: rect.y), Point(x: rect.maxX, y: rect.y), Palette.hairline, width: 0.4)
      canvas.draw(title, x: rect.x, baseline: rect.y + 11)
      canvas.draw(count, x: rect.maxX - rect.width * 0.37, baseline: rect.y + 11)
    }
    let wanted = context.options[posts]
    let width = (context.width - gap * Double(wanted - 1)) / Double(wanted)
    let cards = pair.posts.prefix(wanted).map { card($0, width: width, context) }
    let height = cards.map(\.height).max() ?? 0
    let strip = Piece(height: height, gap: 4, staysWithNext: true) { canvas, rect in
      for (index, card) in cards.enumerated() {
        card.draw(canvas, Point(x: rect.x + Double(index) * (width + gap), y: rect.y))
      }
    }
    var pieces = [head, strip]
    if pair.count > cards.count {
      pieces.append(
        context.command(rest(of: pair, context), before: "and \(Format.count(pair.count - cards.count)) more: "))
    } else {
      pieces[1].staysWithNext = false
    }
    return pieces
  }

  private static func card(
    _ post: ShownPost, width: Double, _ context: BlockContext
  ) -> (height: Double, draw: (PageCanvas, Point) -> Void) {
    let box = PictureBox(post.picture, context.typesetter, width: width)
    let number = post.confidence.flatMap { context.typesetter.shape(Format.decimal($0, 3), .small.bold()) }
    let key = context.typesetter.shape(
      context.redaction.key(post.key), .tiny.size(6.5), width: width - 34, alignment: .right)
    let text = context.typesetter.shape(
      context.text(of: post), TextStyle.small.size(7), width: width, lines: 4)
    let textHeight = min(text?.height ?? 0, 46)
    return (
      pictureHeight + 14 + textHeight,
      { canvas, corner in
        box.draw(canvas, Rect(x: corner.x, y: corner.y, width: width, height: pictureHeight))
        let baseline = corner.y + pictureHeight + 10
        canvas.draw(number, x: corner.x, baseline: baseline)
        canvas.draw(key, x: corner.x + 34, baseline: baseline)
        canvas.clipped(to: Rect(x: corner.x, y: baseline + 3, width: width, height: textHeight + 1)) {
          canvas.draw(text, at: Point(x: corner.x, y: baseline + 3))
        }
      }
    )
  }

  /// The command that lists all posts of a pair.
  private static func rest(of pair: ConfusedPair, _ context: BlockContext) -> String {
    let mistakes =
      context.data.capabilities.tells(.confidence)
      ? "\(context.query) most-certain-mistakes limit=-1"
      : "\(context.query) confused-pairs examples=\(pair.count)"
    guard context.data.run.isLatest else {
      return "\(mistakes) \(Shell.word("run=\(context.data.run.name)"))"
    }
    func literal(_ label: ByteText) -> String {
      "'" + label.text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    let command =
      "\(context.query) --sql "
      + Shell.word(
        "SELECT key, confidence, text FROM mistake WHERE truth = \(literal(pair.truth)) AND label = "
          + "\(literal(pair.predicted)) ORDER BY confidence DESC")
    // A command that is cut off could not be run, so use the one that lists all mistakes.
    return command.utf8.count <= commandLength ? command : mistakes
  }
}
