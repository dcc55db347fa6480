import CCairo
import Glibc
import Inputs

extension PDFCanvas {
  /// Draws a JPEG in its own proportions into the middle of a box. A PDF and an SVG hold the file as it is.
  ///
  /// - Returns: Where it stands; `nil` where it cannot be drawn.
  @discardableResult
  package func draw(jpeg: [UInt8], width: Int, height: Int, in box: Rect) -> Rect? {
    guard width > 0, height > 0, let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { return nil }
    defer { cairo_surface_destroy(image) }
    // A file that Cairo cannot take as it is would otherwise leave a black picture.
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

  /// Lets a rectangle of the page lead to an address on the web; in a PDF only.
  func link(_ rect: Rect, to address: String) {
    let box = [rect.x, rect.y, rect.width, rect.height].map { "\(Int($0.rounded()))" }
    cairo_tag_begin(context, "Link", "rect=[\(box.joined(separator: " "))] uri='\(address)'")
    cairo_tag_end(context, "Link")
  }

  /// Gives an empty image its file, which is then all that is written of it.
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
        // Cairo's pixels are whole numbers of the machine's own order of bytes.
        row.storeBytes(
          of: UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), toByteOffset: 4 * x, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(image)
    return true
  }
}
