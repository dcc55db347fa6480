import Explanation
import Glibc
import Models
import Results

/// The picture with the attention of the text, and of single words, to its patches.
struct PictureAttentionSection {
  var post: ExplainedPost
  var typesetter: Typesetter
  var width: Double

  private static let height = 160.0
  private static let caption = 11.0

  func pieces() -> [Piece] {
    let heading = Piece.heading("Attention of the text to the picture", typesetter, width: width)
    switch post.pictureStatus {
    case .none:
      let rest = post.post.features.isEmpty ? ", so there is no attention to show" : ""
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

  /// A sentence on the patch with the most attention, or that attention is flat.
  private func answer(_ scores: PatchScores, _ explanation: Explanation) -> [Piece] {
    guard let (most, row, column) = scores.strongest(explanation.patches) else { return [] }
    let patches = explanation.patches.side * explanation.patches.side
    let words = Conclusion.looks(most: most, row: row, column: column, patches: patches).sentence
    return [.paragraph(words, .body, typesetter, width: width, lines: 3, gap: 2, staysWithNext: true)]
  }

  /// The remark on a post that is not computed again because its features are not available.
  private var lack: [Piece] { post.lackingFeatures.map { [remark("Nothing is computed again: \($0).")] } ?? [] }

  private func remark(_ text: String) -> Piece { .remark(text, typesetter, width: width) }

  /// Why a model has no attention of the text to the picture.
  static func absence(_ explanation: Explanation) -> String {
    let name = explanation.aggregation.rawValue
    return switch explanation.aggregation {
    case .text: "This model reads the text alone (aggregation text): no word attends to the picture."
    case .image: "This model reads the picture alone (aggregation image): no word attends to it."
    default:
      "This model joins the mean vectors of text and picture (aggregation \(name)): no word attends to a patch, so there is "
        + "no attention to show."
    }
  }

  /// A grey box in place of the picture.
  private func box(_ reason: String) -> Piece {
    let words = typesetter.shape("not available", .note, width: 110, alignment: .centre)
    let text = typesetter.shape(reason, .body, width: width - 140, lines: 8)
    return Piece(height: 90, gap: 6) { canvas, rect in
      let place = Rect(x: rect.x, y: rect.y, width: 114, height: 90)
      canvas.fill(place, Palette.hairline)
      canvas.draw(words, x: place.x + 2, baseline: place.midY + 3)
      canvas.draw(text, at: Point(x: place.maxX + 14, y: rect.y + 2))
    }
  }

  private func plain(_ image: PixelImage, _ words: String) -> Piece {
    let place = PatchOverlay.fit(image, in: Rect(x: 0, y: Self.caption, width: 238, height: 130))
    let name = typesetter.shape(words, .tiny, width: 238)
    return Piece(height: place.maxY, gap: 6) { canvas, rect in
      canvas.draw(name, x: rect.x, baseline: rect.y + 7)
      let place = Rect(x: rect.x, y: rect.y + place.y, width: place.width, height: place.height)
      canvas.draw(image, in: place)
      canvas.stroke(place, Palette.hairline, width: 0.4)
    }
  }

  /// The picture and the map of all words at the left, the words with the largest effect at the right.
  private func maps(_ image: PixelImage, _ ground: PixelImage, _ scores: PatchScores, _ explanation: Explanation)
    -> Piece
  {
    let isWide = Double(image.width) > 1.7 * Double(image.height)
    let large = isWide ? (width: 238.0, height: 68.0) : (width: 114.0, height: Self.height - Self.caption)
    let step = isWide ? (x: 0.0, y: Self.height / 2) : (x: 124.0, y: 0.0)
    func picture(_ places: [Double], _ scale: ColourScale) -> PatchOverlay {
      PatchOverlay(image: ground, patches: explanation.patches, places: places, scale: scale)
    }
    let names = ["the picture", "all words"].map { typesetter.shape($0, .tiny, width: large.width) }
    let all = picture(scores.overall, scores.overallScale)
    let words = explanation.strongestWords(6).map { index in
      let word = explanation.words[index], small = TextStyle.tiny.colour(Palette.ink)
      return (
        typesetter.shape(word.text, small, width: 70), picture(scores.places(of: word.pieces), scores.pieceScale)
      )
    }
    let tall = PatchOverlay.fit(
      image, in: Rect(x: 0, y: 0, width: large.width, height: large.height)
    ).height
    let height =
      isWide || words.count > 3
      ? Self.height : max(Self.caption + tall, words.isEmpty ? 0 : Self.height / 2)
    return Piece(height: height + 4, gap: 4, staysWithNext: true) { canvas, rect in
      func place(_ index: Int) -> Rect {
        PatchOverlay.fit(
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
        picture.draw(canvas, PatchOverlay.fit(image, in: box))
      }
    }
  }

  private func legend(_ scores: PatchScores) -> Piece {
    let legends = [
      HorizontalScaleLegend(
        scale: scores.overallScale,
        title: "weight / even share"),
      HorizontalScaleLegend(scale: scores.pieceScale, title: scores.measure),
    ]
    return Piece(height: HorizontalScaleLegend.height, gap: 6, staysWithNext: true) { canvas, rect in
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
        "Left: the mean over all pieces; right: the words with the largest effect on the answer. Mean of "
          + "\(Format.count(layers.count, "layer", "layers")) and their heads; blue gets more than an even share, "
          + "orange less. "
      case .coAttention, .nowhere:
        "Left: how much each patch weighs in the picture's vector. Right: how each word and patch are related, for the words "
          + "with the largest effect on the answer. "
      }
    let whole =
      "An even share is 1 in \(scores.pieces.tokens)"
      + (explanation.patches.hasClassToken
        ? "; the class token, which is not a patch, has \(PatchScores.words(scores.overall.first ?? 0)). "
        : ". ")
    let edge = explanation.patches.covered < 1 ? " The margin right of and below the last patch is not read." : ""
    return .paragraph(
      words + whole + "Attention does not show causes of the answer." + edge, .note, typesetter,
      width: width,
      lines: 5)
  }
}

/// The attention of a text to a picture, as values on colour scales for the whole text and for each word piece.
struct PatchScores {
  /// For each picture token, the weight from the whole text.
  var overall: [Double]
  /// For each word piece and picture token, a share of attention or their similarity.
  var pieces: TokenMap
  /// The scale of `overall`.
  let overallScale = ColourScale.evenShare
  /// The scale of `pieces`.
  var pieceScale: ColourScale
  /// The name of the measure of `pieces`, for legends.
  var measure: String

  /// Nil if the model has no attention of the text to the picture.
  init?(_ looking: CrossModalAttention) {
    switch looking {
    case .attention(let layers):
      guard let mean = TokenMap.mean(layers) else { return nil }
      overall = mean.mean(over: 0..<mean.pieces).map { Self.relativeToUniform($0, of: mean.tokens) }
      (pieces, pieceScale) = (mean, .evenShare)
      measure = "attention / even share"
    case .coAttention(let maps):
      overall = maps.tokenWeights.map { Self.relativeToUniform($0, of: maps.tokenWeights.count) }
      (pieces, pieceScale) = (maps.affinity, .cosine)
      measure = "affinity"
    case .nowhere: return nil
    }
  }

  /// The values on the scale for the mean over a range of pieces, one for each picture token.
  func places(of range: Range<Int>) -> [Double] {
    pieces.mean(over: range).map {
      pieceScale == .evenShare ? Self.relativeToUniform($0, of: pieces.tokens) : Double($0)
    }
  }

  /// The patch with the most attention of the whole text, relative to an even share, with its row and column from 1.
  /// The token of the whole picture does not count.
  func strongest(_ patches: PatchGrid) -> (most: Double, row: Int, column: Int)? {
    let first = patches.hasClassToken ? 1 : 0
    guard patches.side > 0, let place = overall.indices.dropFirst(first).max(by: { overall[$0] < overall[$1] }) else {
      return nil
    }
    let (row, column) = (place - first).quotientAndRemainder(dividingBy: patches.side)
    return (exp2(overall[place]), row + 1, column + 1)
  }

  /// The logarithm to base 2 of a share relative to an even one; 0 gives the lower end of the scale.
  static func relativeToUniform(_ share: Float, of count: Int) -> Double {
    share > 0 ? max(log2(Double(share) * Double(count)), -64) : -64
  }

  /// A value on the even-share scale as text: `1.3 ×`.
  static func words(_ place: Double) -> String { "\(Format.decimal(exp2(place), place < -3 ? 2 : 1)) ×" }
}

/// A picture with its patches coloured.
struct PatchOverlay {
  var image: PixelImage
  var patches: PatchGrid
  /// Values on the scale: that of the whole-picture token first, if there is one, then patch by patch from the top
  /// left.
  var places: [Double]
  var scale: ColourScale
  /// The opacity of the colours.
  private let opacity = 0.62

  init(image: PixelImage, patches: PatchGrid, places: [Double], scale: ColourScale) {
    (self.image, self.patches, self.places, self.scale) = (image, patches, places, scale)
  }

  func draw(_ canvas: PageCanvas, _ rect: Rect) {
    canvas.draw(image, in: rect)
    let width = rect.width * patches.covered / Double(patches.side)
    let height = rect.height * patches.covered / Double(patches.side)
    for (index, place) in places.dropFirst(patches.hasClassToken ? 1 : 0).prefix(patches.side * patches.side)
      .enumerated()
    {
      let (row, column) = index.quotientAndRemainder(dividingBy: patches.side)
      canvas.fill(
        Rect(x: rect.x + Double(column) * width, y: rect.y + Double(row) * height, width: width, height: height),
        scale.colour(place), opacity: opacity)
    }
    canvas.stroke(rect, Palette.hairline, width: 0.4)
  }

  /// The largest rectangle with a picture's proportions at the top left of a box. An extremely narrow picture is drawn
  /// wider, so that its patches can be seen.
  static func fit(_ image: PixelImage, in box: Rect) -> Rect {
    let scale = min(box.width / Double(image.width), box.height / Double(image.height))
    return Rect(
      x: box.x, y: box.y, width: max(Double(image.width) * scale, min(12, box.width)),
      height: max(Double(image.height) * scale, min(12, box.height)))
  }
}
