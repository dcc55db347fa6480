import Explanation

/// Every piece of the text against every patch: where it looks, and how near both lie in the aligned space.
struct StripSection {
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  func pieces() -> [Piece] {
    guard let cosines = explanation.cosines else { return [] }
    var strips: [PieceStrips.Strip] = []
    if let scores = PatchScores(explanation.looking) {
      strips.append(PieceStrips.Strip(map: scores.pieces, scale: scores.pieceScale, title: scores.measure))
    }
    strips.append(PieceStrips.Strip(map: cosines, scale: .cosine, title: "cosine in the aligned space"))
    let matrices = PieceStrips(
      explanation: explanation, columns: StripColumns(explanation.patches), strips: strips, typesetter: typesetter,
      width: width)
    return [.heading("Piece by piece, patch by patch", typesetter, width: width)] + alignmentRemark + matrices.pieces()
      + [note]
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
        + (explanation.patches.hasWhole
          ? "The first column is the token of the whole picture; then patches, " : "Columns are patches, ")
        + "row by row from the top left.", .note, typesetter,
      width: width,
      lines: 4)
  }
}
