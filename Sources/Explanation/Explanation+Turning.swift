package import Inputs

extension Explanation {
  /// The explanation of a picture that the model saw as it is stored, with patches in the order of the upright picture.
  package func upright(_ orientation: PictureOrientation) -> Explanation {
    guard orientation != .upright else { return self }
    var upright = self
    upright.cosines = cosines.map { patches.upright($0, orientation) }
    switch looking {
    case .attention(let layers): upright.looking = .attention(layers.map { patches.upright($0, orientation) })
    case .coAttention(var maps):
      maps.affinity = patches.upright(maps.affinity, orientation)
      maps.tokenWeights = patches.upright(tokens: maps.tokenWeights, orientation)
      upright.looking = .coAttention(maps)
    case .nowhere: break
    }
    upright.patches.margin = patches.margin.upright(orientation)
    return upright
  }
}

extension PatchGrid {
  /// The sides of the picture at which the pixels lie that no patch covers, if there are any.
  package struct Margin: Sendable, Equatable {
    /// At the left instead of the right.
    package var isLeft = false
    /// At the top instead of the bottom.
    package var isTop = false

    /// A margin at the right and the bottom.
    package init() {}

    private init(isLeft: Bool, isTop: Bool) { (self.isLeft, self.isTop) = (isLeft, isTop) }

    /// The same on the upright picture.
    func upright(_ orientation: PictureOrientation) -> Margin {
      // A grid of one number at the corner where the margins meet, turned with the picture.
      var corners = [false, false, false, false]
      corners[(isTop ? 0 : 2) + (isLeft ? 0 : 1)] = true
      let place = orientation.upright(corners, width: 2).firstIndex(of: true) ?? 3
      return Margin(isLeft: place % 2 == 0, isTop: place < 2)
    }
  }

  /// A number for each picture token, with those of patches in the order of the upright picture.
  func upright(tokens: [Float], _ orientation: PictureOrientation) -> [Float] {
    let first = hasClassToken ? 1 : 0, end = first + side * side
    guard side > 0, tokens.count >= end else { return tokens }
    return tokens[..<first] + orientation.upright(Array(tokens[first..<end]), width: side) + tokens[end...]
  }

  /// A map of pieces and picture tokens, with patches in the order of the upright picture.
  func upright(_ map: TokenMap, _ orientation: PictureOrientation) -> TokenMap {
    var turned = map
    turned.values = (0..<map.pieces).flatMap { upright(tokens: map[$0], orientation) }
    return turned
  }
}
