import CImages

extension PictureFileFormat {
  /// The quality of the formats that lose something, of 100.
  private static let quality: Int32 = 88

  /// The file of a picture.
  ///
  /// - Throws: `IronyError.encoding` or `.drawing` where a library fails.
  package func file(of canvas: Canvas) throws(IronyError) -> [UInt8] {
    switch self {
    case .png: return try canvas.png()
    case .jpeg: return try encoded(canvas, cimages_jpeg_encode)
    case .webp: return try encoded(canvas, cimages_webp_encode)
    }
  }

  private typealias Encoder = (
    UnsafePointer<UInt8>?, UInt32, UInt32, Int32, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?
  ) -> cimages_status

  private func encoded(_ canvas: Canvas, _ encode: Encoder) throws(IronyError) -> [UInt8] {
    let pixels = try canvas.rgb()
    // Headers and tables, and more for the rest than any picture takes.
    var bytes = [UInt8](repeating: 0, count: 4096 + 2 * pixels.count)
    var count = bytes.count
    let status = encode(pixels, UInt32(canvas.width), UInt32(canvas.height), Self.quality, &bytes, &count)
    guard status == CIMAGES_OK else { throw .encoding(format: rawValue) }
    return Array(bytes[..<count])
  }
}
