import CCairo
import CImages

/// A picture in memory under Cairo's hands.
package final class PictureCanvas {
  package let width: Int
  package let height: Int
  let surface: OpaquePointer
  let context: OpaquePointer

  /// An empty picture: transparent, or black and without transparency.
  ///
  /// - Throws: `SampleGeneratorError.drawing` if Cairo has no memory.
  init(width: Int32, height: Int32, isTransparent: Bool) throws(SampleGeneratorError) {
    let format = isTransparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24
    guard let surface = cairo_image_surface_create(format, width, height) else { throw .drawing(reason: "no surface") }
    guard let context = cairo_create(surface) else {
      cairo_surface_destroy(surface)
      throw .drawing(reason: "no context")
    }
    self.width = Int(width)
    self.height = Int(height)
    self.surface = surface
    self.context = context
    try check()
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Fails with the first error of all the drawing so far.
  func check() throws(SampleGeneratorError) {
    for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
      throw .drawing(reason: String(cString: cairo_status_to_string(status)))
    }
  }

  /// The pixels as Cairo keeps them, rows from the top: alpha (premultiplied), red, green, blue from the highest byte.
  private func pixels() throws(SampleGeneratorError) -> [UInt32] {
    try check()
    cairo_surface_flush(surface)
    guard let bytes = cairo_image_surface_get_data(surface) else { throw .drawing(reason: "no pixels") }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let raw = UnsafeRawPointer(bytes)
    var pixels: [UInt32] = []
    pixels.reserveCapacity(width * height)
    for row in 0..<height {
      for column in 0..<width { pixels.append(raw.load(fromByteOffset: row * stride + 4 * column, as: UInt32.self)) }
    }
    return pixels
  }

  /// The pixels, red, green and blue a byte each, rows from the top.
  package func rgb() throws(SampleGeneratorError) -> [UInt8] {
    try pixels().flatMap {
      [UInt8(truncatingIfNeeded: $0 >> 16), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
    }
  }

  /// The smallest part that holds every visible pixel; nil if no pixel is visible.
  func trimmed() throws(SampleGeneratorError) -> PictureCanvas? {
    let pixels = try pixels()
    var (left, top, right, bottom) = (width, height, -1, -1)
    for row in 0..<height {
      for column in 0..<width where pixels[row * width + column] >> 24 > 8 {
        (left, right) = (min(left, column), max(right, column))
        (top, bottom) = (min(top, row), max(bottom, row))
      }
    }
    guard right >= 0 else { return nil }
    let part = try PictureCanvas(width: Int32(right - left + 1), height: Int32(bottom - top + 1), isTransparent: true)
    cairo_set_source_surface(part.context, surface, -Double(left), -Double(top))
    cairo_paint(part.context)
    try part.check()
    return part
  }

  /// The file of the picture as PNG.
  func png() throws(SampleGeneratorError) -> [UInt8] {
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    let status = withExtendedLifetime(sink) {
      cairo_surface_write_to_png_stream(
        surface,
        { closure, data, count in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          let sink = Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue()
          sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(sink).toOpaque())
    }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .drawing(reason: String(cString: cairo_status_to_string(status)))
    }
    return sink.bytes
  }
}

extension PictureFileFormat {
  /// The quality of the formats that lose something, of 100.
  private static let quality: Int32 = 88

  /// The file of a picture.
  ///
  /// - Throws: `SampleGeneratorError.encoding` or `.drawing` if a library fails.
  package func file(of canvas: PictureCanvas) throws(SampleGeneratorError) -> [UInt8] {
    switch self {
    case .png: return try canvas.png()
    case .jpeg: return try encoded(canvas, cimages_jpeg_encode)
    case .webp: return try encoded(canvas, cimages_webp_encode)
    }
  }

  private typealias Encoder = (
    UnsafePointer<UInt8>?, UInt32, UInt32, Int32, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?
  ) -> cimages_status

  private func encoded(_ canvas: PictureCanvas, _ encode: Encoder) throws(SampleGeneratorError) -> [UInt8] {
    let pixels = try canvas.rgb()
    // Headers and tables, and more for the rest than any picture takes.
    var bytes = [UInt8](repeating: 0, count: 4096 + 2 * pixels.count)
    var count = bytes.count
    let status = encode(pixels, UInt32(canvas.width), UInt32(canvas.height), Self.quality, &bytes, &count)
    guard status == CIMAGES_OK else { throw .encoding(format: rawValue) }
    return Array(bytes[..<count])
  }
}

/// How a picture is kept.
package enum PictureFileFormat: String, CaseIterable, Sendable {
  case jpeg
  case png
  case webp

  /// The extension of file names.
  package var fileEnding: String { self == .jpeg ? "jpg" : rawValue }

  /// How often each occurs.
  static let mix: [PictureFileFormat] = [.jpeg, .jpeg, .png, .webp]
}
