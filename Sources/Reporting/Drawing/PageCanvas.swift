import Bytes
import CCairo
import Results

/// A PDF file, or one page as an SVG or PNG file, while it is drawn. Owns Cairo's surface and context and the bytes
/// that they write.
///
/// Drawing never fails in the middle: Cairo keeps the first error, and `finish` reports it.
package final class PageCanvas {
  let context: OpaquePointer
  /// Whether the result is pixels, so that picture files need not be attached.
  let isPixels: Bool
  /// If set, records what is drawn and where.
  package var record: DrawingRecord?
  private let surface: OpaquePointer
  private let sink = ByteSink()

  /// The destination of Cairo's bytes.
  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private static let write: cairo_write_func_t = { closure, data, count in
    guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }

  /// Opens a PDF file.
  ///
  /// - Parameters:
  ///   - title: The document's title, for the window of a PDF viewer.
  ///   - created: The creation date in the file, UTC ISO 8601; otherwise Cairo would use the current time.
  ///   - size: The pages' size, by default A4.
  /// - Throws: `ReportingError.drawing` if Cairo has no memory.
  package convenience init(title: String, created: String, size: PageSize = .a4) throws(ReportingError) {
    try self.init(isPixels: false) { closure in
      cairo_pdf_surface_create_for_stream(Self.write, closure, size.width, size.height)
    }
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, DisplayText.sentence(title))
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, Timestamp.checked(created))
  }

  /// Opens an SVG file of one page. Its text is drawn as outlines.
  package convenience init(svg size: PageSize) throws(ReportingError) {
    try self.init(isPixels: false) { closure in
      cairo_svg_surface_create_for_stream(Self.write, closure, size.width, size.height)
    }
  }

  /// Opens a PNG file of one white page, with `dpi` pixels per inch.
  package convenience init(png size: PageSize, dpi: Int) throws(ReportingError) {
    let scale = Double(dpi) / 72
    // Do not add a column of pixels for a rounding error in a whole width.
    func pixels(_ length: Double) -> Int32 { Int32(clamping: Int((length * scale - 1e-6).rounded(.up))) }
    try self.init(isPixels: true) { _ in
      cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, pixels(size.width), pixels(size.height))
    }
    set(.white)
    cairo_paint(context)
    cairo_scale(context, scale, scale)
  }

  private init(
    isPixels: Bool, _ surface: (UnsafeMutableRawPointer) -> OpaquePointer?
  ) throws(ReportingError) {
    guard let surface = surface(Unmanaged.passUnretained(sink).toOpaque()) else { throw .drawing("no surface") }
    guard let context = cairo_create(surface) else {
      cairo_surface_destroy(surface)
      throw .drawing("no context")
    }
    (self.surface, self.context, self.isPixels) = (surface, context, isPixels)
  }

  deinit {
    cairo_destroy(context)
    // Flush the remaining bytes while the sink still exists.
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
  }

  /// Ends the page; the next one begins blank.
  package func endPage() { cairo_show_page(context) }

  /// Adds an entry to the document's outline that leads to a page, counted from 1.
  func addOutline(_ title: String, page: Int) {
    cairo_pdf_surface_add_outline(
      surface, CAIRO_PDF_OUTLINE_ROOT, DisplayText.sentence(title, limit: 100), "page=\(page)",
      cairo_pdf_outline_flags_t(rawValue: 0))
  }

  /// Closes the file.
  ///
  /// - Returns: The file's bytes.
  /// - Throws: `ReportingError.drawing` with the first error that occurred while drawing.
  package func finish() throws(ReportingError) -> [UInt8] {
    let drawing = cairo_status(context)
    var statuses = [drawing]
    if isPixels {
      cairo_surface_flush(surface)
      statuses.append(cairo_surface_write_to_png_stream(surface, Self.write, Unmanaged.passUnretained(sink).toOpaque()))
    } else {
      cairo_surface_finish(surface)
    }
    statuses.append(cairo_surface_status(surface))
    for status in statuses where status != CAIRO_STATUS_SUCCESS {
      throw .drawing(String(cString: cairo_status_to_string(status)))
    }
    return sink.bytes
  }

  func set(_ colour: Colour) {
    cairo_set_source_rgb(context, colour.red, colour.green, colour.blue)
  }
}

/// The identifiers that Cairo writes into an SVG file.
///
/// Cairo numbers surfaces across the whole process, so the same drawing has different identifiers when it is drawn
/// again. Nothing refers to them, so they are removed.
enum SVGIdentifiers {
  private static let opening = Array("<g id=\"surface".utf8)

  /// An SVG file without the identifiers that depend on earlier drawings; any other file unchanged.
  static func settled(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: Array("<?xml".utf8)) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let next = rest.firstIndex(of: UInt8(ascii: "<")) {
      result += rest[..<next]
      rest = rest[next...]
      if rest.starts(with: opening), let end = rest.dropFirst(opening.count).firstIndex(where: { !isDigit($0) }) {
        result += opening
        result += Array("0".utf8)
        rest = rest[end...]
      } else {
        result.append(UInt8(ascii: "<"))
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
