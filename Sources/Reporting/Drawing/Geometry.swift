/// A point on a page; units are points (1/72 inch), the origin is the top left corner.
package struct Point: Equatable, Sendable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

/// A rectangle on a page, in points.
package struct Rect: Equatable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var maxX: Double { x + width }
  package var maxY: Double { y + height }
  package var midX: Double { x + width / 2 }
  package var midY: Double { y + height / 2 }

  func inset(by margin: Double) -> Rect {
    Rect(x: x + margin, y: y + margin, width: max(0, width - 2 * margin), height: max(0, height - 2 * margin))
  }
}

/// A page's size, in points.
package struct PageSize: Equatable, Sendable {
  package var width: Double
  package var height: Double

  package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// A4, portrait.
  package static let a4 = PageSize(width: PageFormat.width, height: PageFormat.height)
}

/// The sizes of a page.
package enum PageFormat {
  /// A4, in points.
  package static let width = 595.276
  package static let height = 841.89
  /// The left and right margin.
  package static let side = 56.0
  /// The text's area: below the running header, above the footer.
  package static let body = Rect(
    x: side, y: 72, width: width - 2 * side, height: height - 72 - 56)
  /// The baselines of the running header and of the footer.
  static let headerBaseline = 44.0
  static let footerBaseline = height - 32
}
