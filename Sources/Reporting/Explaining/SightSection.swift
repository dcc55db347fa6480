import Explanation
import Models
import Store

/// The picture, the patches that the text looks at, and those that single words look at.
struct SightSection {
  var post: ExplainedPost
  var typesetter: Typesetter
  var width: Double

  private static let height = 160.0
  private static let caption = 11.0

  func pieces() -> [Piece] {
    let heading = Piece.heading("Where the text looks in the picture", typesetter, width: width)
    switch post.sight {
    case .none:
      let rest = post.post.features.isEmpty ? ", so there is nothing that its words could look at" : ""
      return [heading, remark("This post has no picture\(rest).")] + lack
    case .lacking(let reason): return [heading, box("Nothing is computed again: \(reason).")]
    case .thumbnail(let picture, let reason):
      guard let image = PixelImage(picture) else { return [heading, box("Nothing is computed again: \(reason).")] }
      return [heading, plain(image, "a small copy from the store"), remark("Nothing is computed again: \(reason).")]
    case .picture(let picture):
      guard let image = PixelImage(picture) else { return [heading] + lack }
      guard let explanation = post.explanation else { return [heading, plain(image, "the picture")] + lack }
      guard let scores = PatchScores(explanation.looking), let ground = PixelImage(picture, isGround: true) else {
        return [heading, plain(image, "the picture"), remark(Self.absence(explanation))]
      }
      return [heading] + answer(scores, explanation)
        + [maps(image, ground, scores, explanation), legend(scores), note(scores, explanation)]
    }
  }

  /// Which patch gets most, or that attention is flat.
  private func answer(_ scores: PatchScores, _ explanation: Explanation) -> [Piece] {
    guard let (most, row, column) = scores.strongest(explanation.patches) else { return [] }
    let patches = explanation.patches.side * explanation.patches.side
    let words = Conclusion.looks(most: most, row: row, column: column, patches: patches).sentence
    return [.paragraph(words, .body, typesetter, width: width, lines: 3, gap: 2, staysWithNext: true)]
  }

  /// Why nothing is computed again of a post whose features are not at hand.
  private var lack: [Piece] { post.lackingFeatures.map { [remark("Nothing is computed again: \($0).")] } ?? [] }

  private func remark(_ text: String) -> Piece { .remark(text, typesetter, width: width) }

  /// Why a model's text looks nowhere.
  static func absence(_ explanation: Explanation) -> String {
    let name = explanation.aggregation.rawValue
    return switch explanation.aggregation {
    case .text: "This model reads the text alone (aggregation text): no word looks at the picture."
    case .image: "This model reads the picture alone (aggregation image): no word looks at it."
    default:
      "This model joins the mean vectors of text and picture (aggregation \(name)): no word looks at a patch, so there is "
        + "no attention to show."
    }
  }

  /// A grey box in the picture's place.
  private func box(_ reason: String) -> Piece {
    let words = typesetter.shape("not at hand", .note, width: 110, alignment: .centre)
    let text = typesetter.shape(reason, .body, width: width - 140, lines: 8)
    return Piece(height: 90, gap: 6) { canvas, rect in
      let place = Rect(x: rect.x, y: rect.y, width: 114, height: 90)
      canvas.fill(place, Palette.hairline)
      canvas.draw(words, x: place.x + 2, baseline: place.midY + 3)
      canvas.draw(text, at: Point(x: place.maxX + 14, y: rect.y + 2))
    }
  }

  private func plain(_ image: PixelImage, _ words: String) -> Piece {
    let place = PatchPicture.fit(image, in: Rect(x: 0, y: Self.caption, width: 238, height: 130))
    let name = typesetter.shape(words, .tiny, width: 238)
    return Piece(height: place.maxY, gap: 6) { canvas, rect in
      canvas.draw(name, x: rect.x, baseline: rect.y + 7)
      let place = Rect(x: rect.x, y: rect.y + place.y, width: place.width, height: place.height)
      canvas.draw(image, in: place)
      canvas.stroke(place, Palette.hairline, width: 0.4)
    }
  }

  /// The picture and all words at the left, the words that matter most at the right.
  private func maps(_ image: PixelImage, _ ground: PixelImage, _ scores: PatchScores, _ explanation: Explanation)
    -> Piece
  {
    let isWide = Double(image.width) > 1.7 * Double(image.height)
    let large = isWide ? (width: 238.0, height: 68.0) : (width: 114.0, height: Self.height - Self.caption)
    let step = isWide ? (x: 0.0, y: Self.height / 2) : (x: 124.0, y: 0.0)
    func picture(_ places: [Double], _ scale: ColourScale) -> PatchPicture {
      PatchPicture(image: ground, patches: explanation.patches, places: places, scale: scale)
    }
    let names = ["the picture", "all words"].map { typesetter.shape($0, .tiny, width: large.width) }
    let all = picture(scores.overall, scores.overallScale)
    let words = explanation.strongestWords(6).map { index in
      let word = explanation.words[index], small = TextStyle.tiny.colour(Palette.ink)
      return (
        typesetter.shape(word.text, small, width: 70), picture(scores.places(of: word.pieces), scores.pieceScale)
      )
    }
    let tall = PatchPicture.fit(
      image, in: Rect(x: 0, y: 0, width: large.width, height: large.height)
    ).height
    let height =
      isWide || words.count > 3
      ? Self.height : max(Self.caption + tall, words.isEmpty ? 0 : Self.height / 2)
    return Piece(height: height + 4, gap: 4, staysWithNext: true) { canvas, rect in
      func place(_ index: Int) -> Rect {
        PatchPicture.fit(
          image,
          in: Rect(
            x: rect.x + Double(index) * step.x, y: rect.y + Self.caption + Double(index) * step.y, width: large.width,
            height: large.height))
      }
      for (index, name) in names.enumerated() {
        canvas.draw(name, x: place(index).x, baseline: place(index).y - 4)
      }
      canvas.draw(image, in: place(0))
      canvas.stroke(place(0), Palette.hairline, width: 0.4)
      all.draw(canvas, place(1))
      let left = rect.x + 254, across = (rect.maxX - left) / 3
      for (index, (name, picture)) in words.enumerated() {
        let (row, column) = index.quotientAndRemainder(dividingBy: 3)
        let box = Rect(
          x: left + Double(column) * across, y: rect.y + Double(row) * Self.height / 2 + Self.caption, width: 70,
          height: Self.height / 2 - Self.caption - 4)
        canvas.clipped(to: Rect(x: box.x, y: box.y - Self.caption, width: across - 4, height: Self.caption)) {
          canvas.draw(name, x: box.x, baseline: box.y - 4)
        }
        picture.draw(canvas, PatchPicture.fit(image, in: box))
      }
    }
  }

  private func legend(_ scores: PatchScores) -> Piece {
    let legends = [
      ExplanationLegend(
        scale: scores.overallScale,
        title: "weight, against an even share"),
      ExplanationLegend(scale: scores.pieceScale, title: scores.measure),
    ]
    return Piece(height: ExplanationLegend.height, gap: 6, staysWithNext: true) { canvas, rect in
      legends[0].draw(canvas, Rect(x: rect.x, y: rect.y, width: rect.width * 0.54, height: rect.height), typesetter)
      legends[1].draw(
        canvas, Rect(x: rect.x + rect.width * 0.57, y: rect.y, width: rect.width * 0.43, height: rect.height),
        typesetter)
    }
  }

  private func note(_ scores: PatchScores, _ explanation: Explanation) -> Piece {
    let words: String =
      switch explanation.looking {
      case .attention(let layers):
        "Left: the mean over all pieces; right: the words whose absence changes the answer most. Mean of "
          + "\(Format.count(layers.count, "layer", "layers")) and their heads; blue is looked at more than an even share, "
          + "orange less. "
      case .coAttention, .nowhere:
        "Left: how much each patch weighs in the picture's vector. Right: how each word and patch are related, for the words "
          + "whose absence changes the answer most. "
      }
    let whole =
      "An even share is 1 in \(scores.pieces.tokens)"
      + (explanation.patches.hasWhole
        ? "; the token of the whole picture, which is no patch, has \(PatchScores.words(scores.overall.first ?? 0)). "
        : ". ")
    let edge = explanation.patches.covered < 1 ? " What lies right of and below the last patch is not seen." : ""
    return .paragraph(
      words + whole + "Attention is where the layers look, and no cause of the answer." + edge, .note, typesetter,
      width: width,
      lines: 5)
  }
}
