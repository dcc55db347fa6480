/// A decoded picture: 8-bit RGB, rows from the top, pixels from the left, no padding.
public struct Picture: Equatable, Sendable {
  /// Pixels in a row; at least 1.
  public let width: Int
  /// Rows; at least 1.
  public let height: Int
  /// `height × width × 3` samples: R, G, B of the first pixel of the first row, then of the next.
  public let pixels: [UInt8]

  /// Creates a picture from its samples.
  ///
  /// - Precondition: `width` and `height` are positive and `pixels` holds three samples for each pixel.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == 3 * width * height, "A picture has three samples a pixel.")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
