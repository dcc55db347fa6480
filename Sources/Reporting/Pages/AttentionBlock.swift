import Explanation
import Results

/// The attention of the text to the picture, for a few posts to review.
enum AttentionBlock {
  /// The number of posts shown.
  static let posts = SectionOption("posts", 1...12, standard: 3)
  /// The number of posts read for each one shown, since some have no picture.
  static let candidates = 4

  private static let words =
    "Posts to review, computed again: the picture, the attention of all words to its patches, and that of each of the six "
    + "words with the largest effect on the answer. clfa explain shows a whole post."

  static func pieces(_ context: BlockContext) -> [Piece] {
    let heading = context.heading("Attention to the picture")
    if context.data.capabilities.isImported {
      return [
        heading, context.remark("The predictions come from another system, and its model is not available."),
      ]
    }
    switch context.looks {
    case .lacking(let reason): return [heading, context.remark(reason)]
    case .posts(let posts):
      let shown = posts.prefix(context.options[Self.posts])
      guard !shown.isEmpty else {
        return [heading, context.remark("No post to review has a picture.")]
      }
      let looks = shown.compactMap {
        $0.explained.explanation.flatMap { PatchScores($0.looking)?.strongest($0.patches) }
      }
      let answer = Conclusion.attention(flat: looks.count { $0.most < Conclusion.flat }, posts: looks.count)
      var pieces = [heading] + (looks.isEmpty ? [] : context.answer(answer))
      pieces.append(context.note(words, gap: 2, staysWithNext: true))
      for (index, post) in shown.enumerated() {
        pieces += self.pieces(of: post, isLast: index == shown.count - 1, context)
      }
      return pieces
    }
  }

  private static func pieces(of post: AttentionExamples.Post, isLast: Bool, _ context: BlockContext) -> [Piece] {
    let section = PictureAttentionSection(post: post.explained, typesetter: context.typesetter, width: context.width)
    // Only the last post gets the legend and its note, which are the same for all.
    var maps = section.pieces().filter { $0.heading == nil }
    if !isLast, let map = maps.firstIndex(where: { $0.words == nil }) {
      maps = Array(maps[...map])
      maps[map].staysWithNext = false
    }
    return [
      title(of: post.notable, context),
      .paragraph(
        context.text(of: post.notable.post), .small, context.typesetter, width: context.width, lines: 3, gap: 2,
        staysWithNext: true),
    ] + maps
  }

  private static func title(of notable: NotablePost, _ context: BlockContext) -> Piece {
    let reason = TriageBlock.shaped(TriageBlock.reason(notable), context.typesetter, width: context.width * 0.68)
    let key = context.typesetter.shape(
      context.redaction.key(notable.post.key), .tiny, width: context.width * 0.3, alignment: .right)
    return Piece(height: 14 + (reason?.furtherHeight ?? 0), gap: 9, staysWithNext: true) { canvas, rect in
      canvas.line(Point(x: rect.x, y: rect.y), Point(x: rect.maxX, y: rect.y), Palette.hairline, width: 0.4)
      canvas.draw(reason, x: rect.x, baseline: rect.y + 11)
      canvas.draw(key, x: rect.maxX - rect.width * 0.3, baseline: rect.y + 11)
    }
  }
}
