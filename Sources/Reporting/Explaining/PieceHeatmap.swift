import Bytes
import Explanation
import Results

/// The attention of every word piece as a row of coloured cells, in one matrix or two next to each other.
struct TokenHeatmap {
  var explanation: Explanation
  var columns: HeatmapColumns
  var strips: [Strip]
  var typesetter: Typesetter
  var width: Double

  private let gutter = 92.0
  private let gap = 18.0
  /// The gap between the leading columns and the others, in points.
  private let apart = 2.5

  /// One matrix.
  struct Strip {
    var map: TokenMap
    var scale: ColourScale
    var title: String

    /// A piece's values on the colour scale.
    fileprivate func places(_ piece: Int) -> [Double] {
      scale == .evenShare
        ? map[piece].map { PatchScores.relativeToUniform($0, of: map.tokens) } : map[piece].map { Double($0) }
    }
  }

  /// The legends and column names, then one row for each piece.
  func pieces() -> [Piece] {
    let head = head
    return [head] + explanation.pieces.indices.map { row($0, head) }
  }

  private var stripWidth: Double { (width - gutter - gap) / 2 }
  private var cellWidth: Double { min(12, (stripWidth - apart) / Double(columns.count)) }
  private var rowHeight: Double { explanation.pieces.count > 48 ? 7.6 : 8.6 }

  /// The left edge of a column's cell.
  private func x(_ column: Int) -> Double {
    Double(column) * cellWidth + (column > 0 && columns.leads != nil ? apart : 0)
  }

  private var head: Piece {
    let legends = strips.map { HorizontalScaleLegend(scale: $0.scale, title: $0.title) }
    let style = TextStyle.tiny.size(5.5)
    let lead = columns.leads.map { typesetter.shape($0, style) } ?? nil
    let bands = columns.bands.map { (start: $0.start, width: $0.width, words: typesetter.shape($0.name, style)) }
    let starts = strips.indices.map { gutter + Double($0) * (stripWidth + gap) }
    return Piece(height: 34, gap: 4, staysWithNext: true) { canvas, rect in
      for (legend, start) in zip(legends, starts) {
        legend.draw(canvas, Rect(x: rect.x + start, y: rect.y, width: stripWidth, height: 16), typesetter)
        canvas.drawUpwards(lead, from: Point(x: rect.x + start + cellWidth / 2, y: rect.maxY - 1))
        for band in bands {
          let left = rect.x + start + x(band.start)
          canvas.line(
            Point(x: left, y: rect.maxY - 8), Point(x: left, y: rect.maxY - 1), Palette.muted, width: 0.4)
          guard Double(band.width) * cellWidth > (band.words?.width ?? 0) + 2 else { continue }
          canvas.draw(band.words, x: left + 1.5, baseline: rect.maxY - 3)
        }
      }
    }
  }

  private func row(_ index: Int, _ head: Piece) -> Piece {
    let name = typesetter.shape(name(index), TextStyle.small.size(6.8), width: gutter - 6, alignment: .right)
    let places = strips.map { $0.places(index) }
    let starts = strips.indices.map { gutter + Double($0) * (stripWidth + gap) }
    var piece = Piece(height: rowHeight, staysWithNext: index < 3 || index > explanation.pieces.count - 4) {
      canvas, rect in
      canvas.clipped(to: Rect(x: rect.x, y: rect.y - 1.5, width: gutter, height: rowHeight + 3)) {
        canvas.draw(name, x: rect.x, baseline: rect.y + rowHeight * 0.5 + 2.5)
      }
      for (strip, (places, start)) in zip(strips, zip(places, starts)) {
        for (column, place) in places.enumerated() {
          canvas.fill(
            Rect(
              x: rect.x + start + x(column), y: rect.y + 0.3, width: cellWidth - (cellWidth > 4 ? 0.4 : 0),
              height: rowHeight - 0.6),
            strip.scale.colour(place))
        }
      }
    }
    piece.repeated = [head]
    return piece
  }

  /// A piece's text; an unknown piece is shown after its word.
  private func name(_ index: Int) -> String {
    let piece = explanation.pieces[index]
    guard let word = piece.word, ["[UNK]", "<unk>"].contains(ByteText(piece.text)) else { return piece.text }
    return explanation.words[word].text + " " + piece.text
  }
}

/// The columns of a strip, grouped into named bands.
struct HeatmapColumns {
  /// Neighbouring columns with a common name.
  struct Band {
    var start: Int
    var width: Int
    var name: String
  }

  /// The name of the first column if it is not part of a band.
  var leads: String?
  var bands: [Band]

  /// The number of columns.
  var count: Int { bands.last.map { $0.start + $0.width } ?? 0 }

  /// The tokens of a picture: that of the whole picture, if there is one, then one band for each row of patches.
  init(_ patches: PatchGrid) {
    let side = patches.side, first = patches.hasClassToken ? 1 : 0
    leads = patches.hasClassToken ? "whole" : nil
    bands = (0..<side).map {
      Band(start: first + $0 * side, width: side, name: side > 9 ? "\($0 + 1)" : "row \($0 + 1)")
    }
  }

  /// The rows of a feature stream, numbered from 1, in about ten bands.
  init(rows: Int) {
    let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    let step = steps.first { rows <= $0 * 10 } ?? 1_000
    bands = stride(from: 0, to: rows, by: step).map {
      Band(start: $0, width: min(step, rows - $0), name: "\($0 + 1)")
    }
  }
}

/// Every word piece against every patch: its attention, and their similarity in the aligned space.
struct PatchHeatmapSection {
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  func pieces() -> [Piece] {
    guard let cosines = explanation.cosines else { return [] }
    var strips: [TokenHeatmap.Strip] = []
    if let scores = PatchScores(explanation.looking) {
      strips.append(TokenHeatmap.Strip(map: scores.pieces, scale: scores.pieceScale, title: scores.measure))
    }
    strips.append(TokenHeatmap.Strip(map: cosines, scale: .cosine, title: "cosine in the aligned space"))
    let matrices = TokenHeatmap(
      explanation: explanation, columns: HeatmapColumns(explanation.patches), strips: strips, typesetter: typesetter,
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
          "Trained without alignment (alpha 0): this model did not learn to bring texts near their pictures, so its cosines "
            + "do not show what belongs together.", typesetter, width: width)
      ]
    case .unrecorded:
      [
        .remark(
          "The model's config.json does not say whether it was trained with alignment (alpha); without it, its cosines do "
            + "not show what belongs together.", typesetter, width: width)
      ]
    }
  }

  private var note: Piece {
    let first: String =
      switch explanation.looking {
      case .attention(let layers):
        "Left: the attention of each piece, the mean of \(Format.count(layers.count, "layer", "layers")) and their heads; a row's "
          + "shares sum to 1. Right: "
      case .coAttention: "Left: the affinity of co-attention, from −1 to 1. Right: "
      case .nowhere: "No piece of this model attends to a patch. "
      }
    return .paragraph(
      first
        + "cosine of each piece's vector and each patch's, where the model aligns text and picture. "
        + (explanation.patches.hasClassToken
          ? "The first column is the class token; then patches, " : "Columns are patches, ")
        + "row by row from the top left.", .note, typesetter,
      width: width,
      lines: 4)
  }
}

/// Every word piece against every row of a feature stream: its attention, and their similarity.
struct StreamHeatmapSection {
  var stream: StreamAttention
  var explanation: Explanation
  var typesetter: Typesetter
  var width: Double

  func pieces() -> [Piece] {
    let rows = stream.cosines.tokens
    var strips: [TokenHeatmap.Strip] = []
    if let mean = TokenMap.mean(stream.attention) {
      strips.append(TokenHeatmap.Strip(map: mean, scale: .evenShare, title: "attention / even share"))
    }
    strips.append(TokenHeatmap.Strip(map: stream.cosines, scale: .cosine, title: "cosine in the shared space"))
    let matrices = TokenHeatmap(
      explanation: explanation, columns: HeatmapColumns(rows: rows), strips: strips, typesetter: typesetter,
      width: width)
    return [.heading("Attention of the text to its \(stream.name)", typesetter, width: width)] + matrices.pieces()
      + [note(rows)]
  }

  private func note(_ rows: Int) -> Piece {
    .paragraph(
      "A column is one of the \(Format.count(rows, "row", "rows")) of \(stream.name), in their order. Left: the attention of each "
        + "piece, the mean of \(Format.count(stream.attention.count, "layer", "layers")) and their heads; a piece's "
        + "shares sum to 1. Right: cosine of each piece's vector and each row's; it is meaningful if the model was "
        + "trained to align them.", .note, typesetter, width: width, lines: 4)
  }
}
