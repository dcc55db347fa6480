import Explanation
import Glibc

/// What a page shows of how a text looks at a picture: places on a scale for all words together and for each piece.
struct PatchScores {
  /// For each picture token its weight for the whole text.
  var overall: [Double]
  /// For each piece and picture token: a share of attention, or how far both are related.
  var pieces: PatchMap
  /// The scale of `overall`.
  let overallScale = ColourScale.evenShare
  /// The scale of `pieces`.
  var pieceScale: ColourScale
  /// What the scale of `pieces` measures, for legends.
  var measure: String

  /// The scores of an explanation; nil where the text looks nowhere.
  init?(_ looking: Looking) {
    switch looking {
    case .attention(let layers):
      guard let mean = PatchMap.mean(layers) else { return nil }
      overall = mean.mean(over: 0..<mean.pieces).map { Self.evenShares($0, of: mean.tokens) }
      (pieces, pieceScale) = (mean, .evenShare)
      measure = "attention, against an even share"
    case .coAttention(let maps):
      overall = maps.tokenWeights.map { Self.evenShares($0, of: maps.tokenWeights.count) }
      (pieces, pieceScale) = (maps.affinity, .cosine)
      measure = "affinity"
    case .nowhere: return nil
    }
  }

  /// The places on the scale of a mean over pieces, a number for each picture token.
  func places(of range: Range<Int>) -> [Double] {
    pieces.mean(over: range).map { pieceScale == .evenShare ? Self.evenShares($0, of: pieces.tokens) : Double($0) }
  }

  /// The patch that the whole text looks at most, against an even share, with its row and column from 1; the token of the
  /// whole picture is no patch.
  func strongest(_ patches: PatchGrid) -> (most: Double, row: Int, column: Int)? {
    let first = patches.hasWhole ? 1 : 0
    guard patches.side > 0, let place = overall.indices.dropFirst(first).max(by: { overall[$0] < overall[$1] }) else {
      return nil
    }
    let (row, column) = (place - first).quotientAndRemainder(dividingBy: patches.side)
    return (exp2(overall[place]), row + 1, column + 1)
  }

  /// A share as a power of two of an even one; nothing at all is as far below as the scale goes.
  static func evenShares(_ share: Float, of count: Int) -> Double {
    share > 0 ? max(log2(Double(share) * Double(count)), -64) : -64
  }

  /// A place on the even-share scale in words: `1.3 ×`.
  static func words(_ place: Double) -> String { "\(Format.decimal(exp2(place), place < -3 ? 2 : 1)) ×" }
}
