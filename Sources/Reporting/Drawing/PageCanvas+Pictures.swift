import CCairo
import Glibc
import Inputs
import Results

extension PageCanvas {
  /// Draws a JPEG in its own proportions in the middle of a box. A PDF or SVG contains the JPEG file unchanged.
  ///
  /// - Returns: The picture's rectangle; nil if it cannot be drawn.
  @discardableResult
  package func draw(jpeg: [UInt8], width: Int, height: Int, in box: Rect) -> Rect? {
    guard width > 0, height > 0, let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { return nil }
    defer { cairo_surface_destroy(image) }
    // Without this check, a file that Cairo cannot embed would leave a black picture.
    guard fill(image, from: jpeg, width, height), isPixels || attach(jpeg, to: image) else { return nil }
    let scale = min(box.width / Double(width), box.height / Double(height))
    let size = (width: Double(width) * scale, height: Double(height) * scale)
    let place = Rect(
      x: box.midX - size.width / 2, y: box.midY - size.height / 2, width: size.width, height: size.height)
    cairo_save(context)
    cairo_translate(context, place.x, place.y)
    cairo_scale(context, scale, scale)
    cairo_set_source_surface(context, image, 0, 0)
    cairo_paint(context)
    cairo_restore(context)
    return place
  }

  /// Links a rectangle of the page to a web address; only in a PDF.
  func link(_ rect: Rect, to address: String) {
    let box = [rect.x, rect.y, rect.width, rect.height].map { "\(Int($0.rounded()))" }
    cairo_tag_begin(context, "Link", "rect=[\(box.joined(separator: " "))] uri='\(address)'")
    cairo_tag_end(context, "Link")
  }

  /// Attaches the JPEG file to an image, so that Cairo writes the file instead of pixels.
  private func attach(_ jpeg: [UInt8], to image: OpaquePointer) -> Bool {
    guard let copy = malloc(jpeg.count) else { return false }
    jpeg.withUnsafeBytes { copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: $0.count) }
    let bytes = copy.assumingMemoryBound(to: UInt8.self)
    let status = cairo_surface_set_mime_data(image, "image/jpeg", bytes, UInt(jpeg.count), free, copy)
    if status != CAIRO_STATUS_SUCCESS { free(copy) }
    return status == CAIRO_STATUS_SUCCESS
  }

  private func fill(_ image: OpaquePointer, from jpeg: [UInt8], _ width: Int, _ height: Int) -> Bool {
    guard let picture = try? PictureDecoder.decode(jpeg), picture.width == width, picture.height == height,
      let rows = cairo_image_surface_get_data(image)
    else { return false }
    let stride = Int(cairo_image_surface_get_stride(image))
    cairo_surface_flush(image)
    for y in 0..<height {
      let row = UnsafeMutableRawPointer(rows + y * stride)
      for x in 0..<width {
        let place = 3 * (y * width + x)
        let (red, green, blue) = (picture.pixels[place], picture.pixels[place + 1], picture.pixels[place + 2])
        // Cairo's pixels are integers in the machine's byte order.
        row.storeBytes(
          of: UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), toByteOffset: 4 * x, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(image)
    return true
  }
}

/// A picture as a Cairo surface; if it is drawn several times, the file contains it once.
final class PixelImage {
  let surface: OpaquePointer
  let width: Int
  let height: Int

  /// The longest side in pixels; more is not visible on a page.
  static let longestSide = 720

  /// Converts a picture, reduced to `longestSide`; nil if Cairo has no memory.
  ///
  /// - Parameters:
  ///   - picture: the picture.
  ///   - isGround: whether it is the pale grey background of a map.
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
        // Luma by Rec. 601, with raised blacks so that colours drawn over it can be distinguished.
        let grey = 90 + (299 * red + 587 * green + 114 * blue) * 165 / 255_000
        (red, green, blue) = (grey, grey, grey)
      }
      // Cairo's pixels are integers in the machine's byte order.
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

extension PageCanvas {
  /// Draws a picture so that it fills a rectangle.
  func draw(_ image: PixelImage, in rect: Rect) {
    cairo_save(context)
    cairo_translate(context, rect.x, rect.y)
    cairo_scale(context, rect.width / Double(image.width), rect.height / Double(image.height))
    cairo_set_source_surface(context, image.surface, 0, 0)
    // Extend the picture beyond its edges, or some viewers show a pale rim.
    cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
    cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
    cairo_fill(context)
    cairo_restore(context)
  }

  /// Fills a rectangle with a transparent colour.
  func fill(_ rect: Rect, _ colour: Colour, opacity: Double) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_fill(context)
  }
}

/// A post's picture in a box of fixed size, or a placeholder with the reason.
struct PictureBox {
  private let picture: ShownPicture
  private let words: ShapedText?

  init(_ picture: ShownPicture, _ typesetter: Typesetter, width: Double) {
    self.picture = picture
    let words: String? =
      switch picture {
      case .jpeg: nil
      case .absent: "no picture"
      case .lacking: "not available"
      case .hidden: "hidden"
      }
    self.words = words.flatMap { typesetter.shape($0, .tiny.size(6.5), width: width - 4, alignment: .centre) }
  }

  func draw(_ canvas: PageCanvas, _ rect: Rect) {
    if case .jpeg(let bytes, let width, let height) = picture {
      // The background shows the box next to a picture that does not fill it.
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
