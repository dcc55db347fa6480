/// One of the few sizes of type a report uses.
package struct TextStyle: Equatable, Sendable {
  /// The size in points.
  package var size: Double
  /// Whether the weight is bold.
  package var isBold = false
  /// Whether letters have one width, for commands.
  package var isMono = false
  /// The colour.
  package var colour: Colour = Palette.ink

  func bold() -> TextStyle {
    var style = self
    style.isBold = true
    return style
  }

  func colour(_ colour: Colour) -> TextStyle {
    var style = self
    style.colour = colour
    return style
  }

  func size(_ size: Double) -> TextStyle {
    var style = self
    style.size = size
    return style
  }

  package static let title = TextStyle(size: 21, isBold: true)
  package static let heading = TextStyle(size: 11.5, isBold: true)
  package static let body = TextStyle(size: 9)
  package static let small = TextStyle(size: 8)
  package static let note = TextStyle(size: 8, colour: Palette.muted)
  package static let tiny = TextStyle(size: 7, colour: Palette.muted)
  package static let code = TextStyle(size: 7.5, isMono: true, colour: Palette.muted)
}
