import Explanation

/// A picture under the colours of its patches.
struct PatchPicture {
  var image: PixelImage
  /// Over which patches.
  var patches: PatchGrid
  /// The scale's places, the whole picture's first where it has one, then patch by patch from the top left.
  var places: [Double]
  var scale: ColourScale
  /// How much of the picture the colours hide.
  private let opacity = 0.62

  init(image: PixelImage, patches: PatchGrid, places: [Double], scale: ColourScale) {
    (self.image, self.patches, self.places, self.scale) = (image, patches, places, scale)
  }

  func draw(_ canvas: PDFCanvas, _ rect: Rect) {
    canvas.draw(image, in: rect)
    let width = rect.width * patches.covered / Double(patches.side)
    let height = rect.height * patches.covered / Double(patches.side)
    for (index, place) in places.dropFirst(patches.hasWhole ? 1 : 0).prefix(patches.side * patches.side).enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: patches.side)
      canvas.fill(
        Rect(x: rect.x + Double(column) * width, y: rect.y + Double(row) * height, width: width, height: height),
        scale.colour(place), opacity: opacity)
    }
    canvas.stroke(rect, Palette.hairline, width: 0.4)
  }

  /// The largest rectangle of a picture's proportions at the top left of a box. A picture that is a mere line is drawn
  /// wider than it is, so that its patches can be seen.
  static func fit(_ image: PixelImage, in box: Rect) -> Rect {
    let scale = min(box.width / Double(image.width), box.height / Double(image.height))
    return Rect(
      x: box.x, y: box.y, width: max(Double(image.width) * scale, min(12, box.width)),
      height: max(Double(image.height) * scale, min(12, box.height)))
  }
}
