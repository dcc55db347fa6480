import CImages

/// How large a picture may be; both bounds are checked before memory of that size is taken.
///
/// Decoding holds 3 bytes a pixel, a progressive JPEG up to 8 more for its coefficients, a WebP up to 6 more.
public struct PictureLimits: Equatable, Sendable {
  /// The most pixels a picture may have, width × height.
  public var pixels: Int
  /// The most bytes a picture file may have.
  public var bytes: Int

  /// The longest side a picture may have, whatever its pixels: libjpeg's own bound, for every format.
  ///
  /// It keeps the resampler's tables under a megabyte.
  public static let side = CIMAGES_MAX_SIDE

  /// Creates limits; by default 50 million pixels, which a camera of the day stays under, and 64 MiB, which holds such a
  /// picture in any format but a noisy PNG.
  public init(pixels: Int = 50_000_000, bytes: Int = 64 << 20) {
    self.pixels = pixels
    self.bytes = bytes
  }
}
