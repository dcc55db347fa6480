/// A fixed mapping from values to colours; it never stretches to the data, so two reports can be compared.
package enum ColourScale: Sendable {
  /// Shares from 0 to 1: near white to dark accent.
  case share
  /// Cosines from −1 to 1: the accent's opposite, near white at 0, the accent. Colours change faster near 0,
  /// where most cosines lie; the legend shows by how much.
  case cosine
  /// Shares of attention against an even share, as powers of two: −3 is an eighth of it, 3 eight times as much.
  case evenShare

  /// The least and the greatest value.
  package var domain: ClosedRange<Double> {
    switch self {
    case .share: 0...1
    case .cosine: -1...1
    case .evenShare: -3...3
    }
  }

  /// The values a legend marks, with their words.
  var ticks: [(value: Double, words: String)] {
    switch self {
    case .share: [(0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1, "100 %")]
    case .cosine: [(-1, "−1"), (-0.5, "−0.5"), (0, "0"), (0.5, "0.5"), (1, "1")]
    case .evenShare: [(-3, "⅛"), (-2, "¼"), (-1, "½"), (0, "1 ×"), (1, "2 ×"), (2, "4 ×"), (3, "8 ×")]
    }
  }

  /// The colour of a value; values outside the domain take its ends.
  package func colour(_ value: Double) -> Colour {
    let value = min(max(value, domain.lowerBound), domain.upperBound)
    switch self {
    case .share:
      return Self.interpolate(Self.shareStops, value)
    case .cosine:
      let strength = Colour.power(value.magnitude, 0.6)
      return Self.interpolate(value < 0 ? Self.negativeStops : Self.positiveStops, strength)
    case .evenShare:
      return Self.interpolate(value < 0 ? Self.negativeStops : Self.positiveStops, value.magnitude / 3)
    }
  }

  private static let shareStops = [0xF3F6FA, 0xCBDDEF, 0x8FB8DE, 0x4585C2, 0x15_5A9C, 0x0B_3A69].map {
    Colour(UInt32($0))
  }
  private static let positiveStops = [0xF7F7F6, 0xBBD4EB, 0x6FA4D4, 0x2A_6FB0, 0x0B_3A69].map {
    Colour(UInt32($0))
  }
  private static let negativeStops = [0xF7F7F6, 0xF3CFB3, 0xDE9A66, 0xB4_561A, 0x7A_3408].map {
    Colour(UInt32($0))
  }

  private static func interpolate(_ stops: [Colour], _ part: Double) -> Colour {
    let place = part * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], place - Double(lower))
  }
}
