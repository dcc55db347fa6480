import CCairo
import Store

/// A PDF file under construction, or one page as an SVG or PNG file: owns Cairo's surface and context, and the bytes they
/// write.
///
/// Drawing never fails in the middle: Cairo keeps the first error, and `finish` reports it.
package final class PDFCanvas {
  let context: OpaquePointer
  /// Whether what is drawn ends as pixels.
  let isPixels: Bool
  private let surface: OpaquePointer
  private let sink = ByteSink()

  /// Where Cairo's bytes go.
  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private static let write: cairo_write_func_t = { closure, data, count in
    guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }

  /// Opens a PDF file of A4 pages.
  ///
  /// - Parameters:
  ///   - title: The document's title, for the reader's window.
  ///   - created: The date the file bears, UTC ISO 8601; without one Cairo would ask the clock.
  /// - Throws: `ReportingError.drawing` where Cairo has no memory.
  package convenience init(title: String, created: String) throws(ReportingError) {
    try self.init(isPixels: false) { sink in
      cairo_pdf_surface_create_for_stream(Self.write, sink, PageFormat.width, PageFormat.height)
    }
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, DisplayText.line(title))
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, Timestamp.checked(created))
  }

  /// Opens an SVG file of one page. Its text is drawn as outlines.
  package convenience init(svg size: PageSize) throws(ReportingError) {
    try self.init(isPixels: false) { sink in
      cairo_svg_surface_create_for_stream(Self.write, sink, size.width, size.height)
    }
  }

  /// Opens a PNG file of one white page, at so many pixels an inch.
  package convenience init(png size: PageSize, dpi: Int) throws(ReportingError) {
    let scale = Double(dpi) / 72
    let (width, height) = ((size.width * scale).rounded(.up), (size.height * scale).rounded(.up))
    try self.init(isPixels: true) { _ in
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(clamping: Int(width)), Int32(clamping: Int(height)))
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
    // Writes what is left, into a sink that still lives.
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
  }

  /// Ends the page; the next one begins blank.
  package func endPage() { cairo_show_page(context) }

  /// Adds an entry to the document's outline that leads to a page, counted from 1.
  func addOutline(_ title: String, page: Int) {
    cairo_pdf_surface_add_outline(
      surface, CAIRO_PDF_OUTLINE_ROOT, DisplayText.line(title, limit: 100), "page=\(page)",
      cairo_pdf_outline_flags_t(rawValue: 0))
  }

  /// Closes the file.
  ///
  /// - Returns: The file's bytes.
  /// - Throws: `ReportingError.drawing` with the first error of all the drawing.
  package func finish() throws(ReportingError) -> [UInt8] {
    var statuses = [cairo_status(context)]
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
}

extension PDFCanvas {
  package func fill(_ rect: Rect, _ colour: Colour) {
    set(colour)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_fill(context)
  }

  package func stroke(_ rect: Rect, _ colour: Colour, width: Double = 0.5) {
    set(colour)
    cairo_set_line_width(context, width)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_stroke(context)
  }

  package func line(
    _ from: Point, _ to: Point, _ colour: Colour, width: Double = 0.5, dashes: [Double] = []
  ) {
    set(colour)
    cairo_set_line_width(context, width)
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_move_to(context, from.x, from.y)
    cairo_line_to(context, to.x, to.y)
    cairo_stroke(context)
    cairo_set_dash(context, [], 0, 0)
  }

  /// Draws a stroke through points with round corners.
  func polyline(_ points: [Point], _ colour: Colour, width: Double) {
    guard let first = points.first, points.count > 1 else { return }
    set(colour)
    cairo_save(context)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_restore(context)
  }

  package func disc(_ centre: Point, radius: Double, _ colour: Colour) {
    set(colour)
    cairo_new_path(context)
    cairo_arc(context, centre.x, centre.y, radius, 0, 2 * Double.pi)
    cairo_fill(context)
  }

  /// Draws a text with its top left corner at a point.
  package func draw(_ text: ShapedText?, at point: Point) {
    guard let text else { return }
    set(text.style.colour)
    cairo_move_to(context, point.x, point.y)
    pango_cairo_show_layout(context, text.layout)
  }

  /// Draws a text whose first baseline lies at `y`, so that scripts of unlike height stand on one line.
  package func draw(_ text: ShapedText?, x: Double, baseline y: Double) {
    guard let text else { return }
    draw(text, at: Point(x: x, y: y - text.baseline))
  }

  /// Draws a text turned a quarter to the left: it reads upwards from a point, which is its left end's middle.
  package func drawUpwards(_ text: ShapedText?, from point: Point) {
    guard let text else { return }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, -Double.pi / 2)
    draw(text, at: Point(x: 0, y: -text.height / 2))
    cairo_restore(context)
  }

  /// Runs a drawing of which only the part inside a rectangle shows.
  package func clipped(to rect: Rect, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    drawing()
    cairo_restore(context)
  }

  /// Runs a drawing whose origin is a point of the page.
  func moved(to point: Point, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    drawing()
    cairo_restore(context)
  }

  func set(_ colour: Colour) {
    cairo_set_source_rgb(context, colour.red, colour.green, colour.blue)
  }
}
