/// How a picture comes to a model's square: its sides are resized, and the middle of what comes out is the square.
public struct PictureFit: Sendable, Equatable {
  /// What becomes of the sides.
  public enum Sides: Sendable, Equatable {
    /// Both become so many pixels; proportions are not kept.
    case squashed(Int)
    /// The shorter one becomes so many pixels; proportions are kept.
    case shorter(Int)
  }

  /// What becomes of the sides.
  public let sides: Sides
  /// What pixels are made of.
  public let filter: ResampleFilter

  /// Sides and filter.
  public init(sides: Sides, filter: ResampleFilter) { (self.sides, self.filter) = (sides, filter) }

  /// The pixels of a side before the square is cut out.
  public var side: Int {
    switch sides {
    case .squashed(let side), .shorter(let side): side
    }
  }

  /// The size of a picture before the square is cut out.
  func size(of picture: Picture) -> (width: Int, height: Int) {
    switch sides {
    case .squashed(let side): return (side, side)
    case .shorter(let side):
      let (short, long) = (min(picture.width, picture.height), max(picture.width, picture.height))
      let longer = max(side, Int(Double(side * long) / Double(short)))
      return picture.width <= picture.height ? (side, longer) : (longer, side)
    }
  }
}

/// What a pixel is made of when a picture is resized, by the name that Pillow has for it.
public enum ResampleFilter: Sendable, Hashable {
  /// Pixels up to one step away, the nearer the more.
  case bilinear
  /// Pixels up to two steps away by Keys' cubic curve, which has negative weights.
  case bicubic

  /// How many steps away the pixels may be.
  var support: Double { self == .bilinear ? 1 : 2 }

  /// The weight of a pixel so many steps away.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear: return max(0, 1 - x)
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}
