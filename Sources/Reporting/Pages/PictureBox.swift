/// A post's picture in a box of one size, or what stands in its place.
struct PictureBox {
  private let picture: ShownPicture
  private let words: ShapedText?

  init(_ picture: ShownPicture, _ typesetter: Typesetter, width: Double) {
    self.picture = picture
    let words: String? =
      switch picture {
      case .jpeg: nil
      case .absent: "no picture"
      case .lacking: "not at hand"
      case .hidden: "hidden"
      }
    self.words = words.flatMap { typesetter.shape($0, .tiny.size(6.5), width: width - 4, alignment: .centre) }
  }

  func draw(_ canvas: PDFCanvas, _ rect: Rect) {
    if case .jpeg(let bytes, let width, let height) = picture {
      // A picture that fills its box needs no ground; beside a narrow one it shows where the box ends.
      canvas.fill(rect, Palette.wash)
      canvas.draw(jpeg: bytes, width: width, height: height, in: rect)
      return
    }
    if case .absent = picture {
      canvas.stroke(rect.inset(by: 0.3), Palette.hairline, width: 0.5)
    } else {
      canvas.fill(rect, Palette.hairline)
    }
    canvas.draw(words, x: rect.x + 2, baseline: rect.midY + 2)
  }
}
