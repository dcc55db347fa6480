import CCairo
import Inputs

/// A picture as Cairo draws it. One that is drawn several times is written once.
final class PixelImage {
  let surface: OpaquePointer
  let width: Int
  let height: Int

  /// The longest side that is worth its bytes on a page.
  static let longestSide = 720

  /// Prepares a picture, reduced to `longestSide`; nil where Cairo has no memory.
  ///
  /// - Parameters:
  ///   - picture: the picture.
  ///   - isGround: whether it is only the ground for colours: pale and grey.
  init?(_ picture: Picture, isGround: Bool = false) {
    let picture = Self.reduced(picture)
    (width, height) = (picture.width, picture.height)
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)) else { return nil }
    self.surface = surface
    guard let rows = cairo_image_surface_get_data(surface) else {
      cairo_surface_destroy(surface)
      return nil
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    cairo_surface_flush(surface)
    for place in 0..<width * height {
      var (red, green, blue) = (
        UInt32(picture.pixels[3 * place]), UInt32(picture.pixels[3 * place + 1]), UInt32(picture.pixels[3 * place + 2])
      )
      if isGround {
        // Rec. 601's luma, its blacks lifted so that colours over it stay apart.
        let grey = 90 + (299 * red + 587 * green + 114 * blue) * 165 / 255_000
        (red, green, blue) = (grey, grey, grey)
      }
      // Cairo's pixels are whole numbers in the machine's own order of bytes.
      UnsafeMutableRawPointer(rows + place / width * stride).storeBytes(
        of: red << 16 | green << 8 | blue, toByteOffset: 4 * (place % width), as: UInt32.self)
    }
    cairo_surface_mark_dirty(surface)
  }

  deinit { cairo_surface_destroy(surface) }

  private static func reduced(_ picture: Picture) -> Picture {
    let longest = max(picture.width, picture.height)
    guard longest > longestSide else { return picture }
    func side(_ side: Int) -> Int { max(1, side * longestSide / longest) }
    return PictureResampler().resize(picture, width: side(picture.width), height: side(picture.height))
  }
}

extension PDFCanvas {
  /// Draws a picture so that it fills a rectangle.
  func draw(_ image: PixelImage, in rect: Rect) {
    cairo_save(context)
    cairo_translate(context, rect.x, rect.y)
    cairo_scale(context, rect.width / Double(image.width), rect.height / Double(image.height))
    cairo_set_source_surface(context, image.surface, 0, 0)
    // Beyond its edge a picture goes on as it is there, or a reader shows a pale rim.
    cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
    cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
    cairo_fill(context)
    cairo_restore(context)
  }

  /// Fills a rectangle with a colour through which something shows.
  func fill(_ rect: Rect, _ colour: Colour, opacity: Double) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_fill(context)
  }
}
