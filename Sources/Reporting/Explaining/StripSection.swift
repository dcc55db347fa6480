import Explanation

/// Every piece of the text against every patch: where it looks, and how near both lie in the aligned space.
struct StripSection {
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  private let gutter = 92.0
  private let gap = 18.0
  /// Between the whole picture's token and the patches.
  private let apart = 2.5

  /// One matrix beside the names.
  private struct Strip {
    var map: PatchMap
    var scale: ColourScale
    var title: String
    /// The places on the scale of a piece's numbers.
    func places(_ piece: Int) -> [Double] {
      scale == .evenShare
        ? map[piece].map { PatchScores.evenShares($0, of: map.tokens) } : map[piece].map { Double($0) }
    }
  }

  func pieces() -> [Piece] {
    let heading = Piece.heading("Piece by piece, patch by patch", typesetter, width: width)
    guard explanation.cosines != nil else { return [] }
    let strips = strips
    let head = head(strips)
    return [heading] + alignmentRemark + [head]
      + explanation.pieces.indices.map { row($0, strips, head) } + [note]
  }

  private var strips: [Strip] {
    var strips: [Strip] = []
    if let scores = PatchScores(explanation.looking) {
      strips.append(Strip(map: scores.pieces, scale: scores.pieceScale, title: scores.measure))
    }
    if let cosines = explanation.cosines {
      strips.append(Strip(map: cosines, scale: .cosine, title: "cosine in the aligned space"))
    }
    return strips
  }

  private var side: Int { explanation.patches.side }
  /// The tokens before the patches'.
  private var wholes: Int { explanation.patches.hasWhole ? 1 : 0 }
  private var stripWidth: Double { (width - gutter - gap) / 2 }
  private var cellWidth: Double {
    min(12, (stripWidth - apart) / Double(side * side + wholes))
  }
  private var rowHeight: Double { explanation.pieces.count > 48 ? 7.6 : 8.6 }

  /// Where a picture token's cell begins.
  private func x(_ token: Int) -> Double { Double(token) * cellWidth + (token > 0 && wholes > 0 ? apart : 0) }

  private func head(_ strips: [Strip]) -> Piece {
    let legends = strips.map { ExplanationLegend(scale: $0.scale, title: $0.title) }
    let style = TextStyle.tiny.size(5.5)
    let whole = wholes > 0 ? typesetter.shape("whole", style) : nil
    let bands = (0..<side).map { typesetter.shape(side > 9 ? "\($0 + 1)" : "row \($0 + 1)", style) }
    let starts = strips.indices.map { gutter + Double($0) * (stripWidth + gap) }
    return Piece(height: 34, gap: 4, staysWithNext: true) { canvas, rect in
      for (legend, start) in zip(legends, starts) {
        legend.draw(canvas, Rect(x: rect.x + start, y: rect.y, width: stripWidth, height: 16), typesetter)
        canvas.drawUpwards(whole, from: Point(x: rect.x + start + cellWidth / 2, y: rect.maxY - 1))
        let band = Double(side) * cellWidth
        for (index, words) in bands.enumerated() {
          let left = rect.x + start + x(wholes) + Double(index) * band
          canvas.line(
            Point(x: left, y: rect.maxY - 8), Point(x: left, y: rect.maxY - 1), Palette.muted, width: 0.4)
          guard band > (words?.width ?? 0) + 2 else { continue }
          canvas.draw(words, x: left + 1.5, baseline: rect.maxY - 3)
        }
      }
    }
  }

  private func row(_ index: Int, _ strips: [Strip], _ head: Piece) -> Piece {
    let name = typesetter.shape(name(index), TextStyle.small.size(6.8), width: gutter - 6, alignment: .right)
    let places = strips.map { $0.places(index) }
    let starts = strips.indices.map { gutter + Double($0) * (stripWidth + gap) }
    var piece = Piece(height: rowHeight, staysWithNext: index < 3 || index > explanation.pieces.count - 4) {
      canvas, rect in
      canvas.clipped(to: Rect(x: rect.x, y: rect.y - 1.5, width: gutter, height: rowHeight + 3)) {
        canvas.draw(name, x: rect.x, baseline: rect.y + rowHeight * 0.5 + 2.5)
      }
      for (strip, (places, start)) in zip(strips, zip(places, starts)) {
        for (token, place) in places.enumerated() {
          canvas.fill(
            Rect(
              x: rect.x + start + x(token), y: rect.y + 0.3, width: cellWidth - (cellWidth > 4 ? 0.4 : 0),
              height: rowHeight - 0.6),
            strip.scale.colour(place))
        }
      }
    }
    piece.repeated = [head]
    return piece
  }

  /// A piece, and the word that it stands for where it hides that.
  private func name(_ index: Int) -> String {
    let piece = explanation.pieces[index]
    guard let word = piece.word, ["[UNK]", "<unk>"].contains(where: { $0.utf8.elementsEqual(piece.text.utf8) })
    else { return piece.text }
    return explanation.words[word].text + " " + piece.text
  }

  private var alignmentRemark: [Piece] {
    switch explanation.alignment {
    case .aligned: []
    case .none:
      [
        .remark(
          "Trained without alignment (alpha 0): this model never learnt to bring texts near their pictures, so its cosines "
            + "say nothing of what belongs together.", typesetter, width: width)
      ]
    case .unrecorded:
      [
        .remark(
          "The model's config.json does not say whether it was trained with alignment (alpha); without it, its cosines say "
            + "nothing of what belongs together.", typesetter, width: width)
      ]
    }
  }

  private var note: Piece {
    let first: String =
      switch explanation.looking {
      case .attention(let layers):
        "Left: where each piece looks, the mean of \(Format.count(layers.count, "layer", "layers")) and their heads; a row's "
          + "shares come to 1. Right: "
      case .coAttention: "Left: the affinity of co-attention, from −1 to 1. Right: "
      case .nowhere: "No piece of this model looks at a patch. "
      }
    return .paragraph(
      first
        + "cosine of each piece's vector and each patch's, where the model aligns text and picture. "
        + (wholes > 0 ? "The first column is the token of the whole picture; then patches, " : "Columns are patches, ")
        + "row by row from the top left.", .note, typesetter,
      width: width,
      lines: 4)
  }
}
