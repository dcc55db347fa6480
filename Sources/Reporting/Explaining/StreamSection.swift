import Explanation

/// Every piece of the text against every row of a stream of features: where it looks, and how near both lie.
struct StreamSection {
  var stream: StreamLook
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  func pieces() -> [Piece] {
    let rows = stream.cosines.tokens
    var strips: [PieceStrips.Strip] = []
    if let mean = PatchMap.mean(stream.attention) {
      strips.append(PieceStrips.Strip(map: mean, scale: .evenShare, title: "attention, against an even share"))
    }
    strips.append(PieceStrips.Strip(map: stream.cosines, scale: .cosine, title: "cosine in the shared space"))
    let matrices = PieceStrips(
      explanation: explanation, columns: StripColumns(rows: rows), strips: strips, typesetter: typesetter, width: width)
    return [.heading("Where the text looks in its \(stream.name)", typesetter, width: width)] + matrices.pieces()
      + [note(rows)]
  }

  private func note(_ rows: Int) -> Piece {
    .paragraph(
      "A column is one of the \(Format.count(rows, "row", "rows")) of \(stream.name), in their order. Left: where each "
        + "piece looks, the mean of \(Format.count(stream.attention.count, "layer", "layers")) and their heads; a piece's "
        + "shares come to 1. Right: cosine of each piece's vector and each row's; it says something where the model was "
        + "trained to align them.", .note, typesetter, width: width, lines: 4)
  }
}
