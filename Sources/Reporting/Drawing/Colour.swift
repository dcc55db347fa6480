import Glibc

/// A colour in sRGB, each channel from 0 to 1.
package struct Colour: Equatable, Sendable {
  package var red: Double
  package var green: Double
  package var blue: Double

  /// A colour from six hexadecimal digits, 0xRRGGBB.
  package init(_ hex: UInt32) {
    red = Double(hex >> 16 & 0xFF) / 255
    green = Double(hex >> 8 & 0xFF) / 255
    blue = Double(hex & 0xFF) / 255
  }

  private init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour at a fraction of the way to another one, from 0 to 1.
  func mixed(with other: Colour, _ part: Double) -> Colour {
    Colour(
      red: red + (other.red - red) * part, green: green + (other.green - green) * part,
      blue: blue + (other.blue - blue) * part)
  }

  /// Relative luminance as WCAG 2.1 defines it, from 0 (black) to 1 (white).
  package var luminance: Double {
    func linear(_ channel: Double) -> Double {
      channel <= 0.04045 ? channel / 12.92 : Colour.power((channel + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// WCAG 2.1's contrast ratio (L₁ + 0.05) / (L₂ + 0.05), from 1 to 21.
  package func contrast(with other: Colour) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// Black or white, whichever has the higher contrast on this colour; it is never below 4.58.
  package var readable: Colour {
    contrast(with: .white) >= contrast(with: .black) ? .white : .black
  }

  package static let white = Colour(0xFFFFFF)
  package static let black = Colour(0x000000)
}

/// The colours of a report: ink, greys, one accent, and its opposite for mistakes.
enum Palette {
  static let ink = Colour(0x1B_1F24)
  static let muted = Colour(0x5A_6572)
  static let hairline = Colour(0xD6_DCE3)
  static let wash = Colour(0xF4_F6F9)
  static let accent = Colour(0x15_5A9C)
  static let accentLight = Colour(0x8F_B8DE)
  static let quiet = Colour(0xB4_BDC8)
  static let opposite = Colour(0xB4_561A)
}

extension Colour {
  /// x to the power of y, for x ≥ 0.
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}
