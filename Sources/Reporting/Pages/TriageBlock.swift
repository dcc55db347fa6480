import Bytes
import Evaluation
import Results

/// Posts to review, each with its picture, text, prediction and the reason.
enum TriageBlock {
  /// The number of posts shown.
  static let posts = SectionOption("posts", 1...200, standard: 30)

  private static let box = (width: 76.0, height: 54.0)
  private static let gap = 12.0
  /// The most characters of a label that are shown.
  private static let labelLength = 90

  static func pieces(_ context: BlockContext) -> [Piece] {
    let notable = context.data.shown.notable.prefix(context.options[posts])
    guard !notable.isEmpty else {
      return [
        context.heading("Posts to review"),
        context.remark("No post to review: \(absenceReason(context.data.capabilities))."),
      ]
    }
    return [context.heading("Posts to review"), context.note(words(context), gap: 0)] + context.pictureRemark
      + notable.map { piece($0.post, title: reason($0), context) }
  }

  private static func words(_ context: BlockContext) -> String {
    var kinds: [String] = []
    let isSure = context.data.capabilities.tells(.confidence)
    if context.data.outcome.labelled > 0 {
      kinds.append(isSure ? "mistakes with the highest confidence" : "mistakes, chosen by the hash of their content")
    }
    if isSure { kinds.append("posts with the lowest confidence") }
    if context.data.outcome.alignment.overall.count > 0 {
      kinds.append("posts whose text and picture are farthest apart")
    }
    let last = kinds.popLast() ?? ""
    var words = kinds.isEmpty ? "The \(last)." : "Taken in turn: \(kinds.joined(separator: ", ")), and \(last)."
    words +=
      " From \(Format.count(context.data.outcome.posts, "scored post", "scored posts")); each post is shown once."
    if !isSure { words += " No post is called undecided: \(context.data.capabilities.reason(.confidence))." }
    return words
  }

  private static func absenceReason(_ capabilities: RunCapabilities) -> String {
    // With only labels, only mistakes can be shown.
    capabilities.firstMissing(of: [.posts, .confidence, .truth]).map(capabilities.reason) ?? "no label is wrong"
  }

  /// A post with its picture, and a title above its text.
  static func piece(_ post: ShownPost, title: String, _ context: BlockContext) -> Piece {
    let width = context.width - box.width - gap
    let picture = PictureBox(post.picture, context.typesetter, width: box.width)
    let title = shaped(title, context.typesetter, width: width * 0.68)
    let key = context.typesetter.shape(context.redaction.key(post.key), .tiny, width: width * 0.3, alignment: .right)
    let text = context.typesetter.shape(context.text(of: post), .small, width: width, lines: 3)
    let textHeight = min(text?.height ?? 0, 40)
    // Leave room to show both labels in full, with the text below them.
    let textStart = 12 + (title?.furtherHeight ?? 0)
    return Piece(height: max(box.height, textStart + textHeight) + 1, gap: 7) { canvas, rect in
      picture.draw(canvas, Rect(x: rect.x, y: rect.y, width: box.width, height: box.height))
      let x = rect.x + box.width + gap
      canvas.draw(title, x: x, baseline: rect.y + 8)
      canvas.draw(key, x: rect.maxX - width * 0.3, baseline: rect.y + 8)
      canvas.clipped(to: Rect(x: x, y: rect.y + textStart, width: width, height: textHeight + 1)) {
        canvas.draw(text, at: Point(x: x, y: rect.y + textStart))
      }
    }
  }

  /// A post's title, on enough lines for two long labels.
  static func shaped(_ title: String, _ typesetter: Typesetter, width: Double) -> ShapedText? {
    typesetter.shape(title, .small.bold(), width: width, lines: 8)
  }

  /// Why a post is shown.
  static func reason(_ notable: NotablePost) -> String {
    let post = notable.post
    let name = { (label: ByteText) in DisplayText.line(DisplayText.name(label), limit: labelLength) }
    let said = name(post.predicted) + (post.confidence.map { " \(Format.decimal($0, 3))" } ?? "")
    let truth = post.truth.map {
      $0 == post.predicted ? ", which is right" : ", but the true label is \(name($0))"
    }
    switch notable.reason {
    case .sureMistake: return "\(post.confidence == nil ? "Wrong" : "Confident and wrong"): \(said)\(truth ?? "")"
    case .undecided: return "Undecided: \(said)\(truth ?? "")"
    case .apart:
      return "Text and picture apart, cosine \(Format.decimal(post.similarity ?? 0, 2)): \(said)\(truth ?? "")"
    }
  }
}
