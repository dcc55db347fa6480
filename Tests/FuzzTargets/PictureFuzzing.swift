import CImages
import Inputs

/// Pictures: JPEG, PNG, WebP, GIF, AVIF and HEIC, whole or cut off. A decoder must keep to the limit, to the size in the
/// header and write every pixel.
enum PictureFuzzing {
  private static let limits = PictureLimits(pixels: 1 << 16)
  private static let squashed = try? PicturePreprocessing(size: 8, mean: [0, 0, 0], std: [1, 1, 1])
  private static let cut = try? PicturePreprocessing(
    size: 8, mean: [0, 0, 0], std: [1, 1, 1], fit: PictureFit(sides: .shorter(9), filter: .bicubic))

  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try readCut(bytes)
    return try BrokenPromise.accepts {
      let header = try PictureDecoder.header(bytes, limits: limits)
      let whole = try PictureDecoder.decode(bytes, limits: limits)
      try check(whole, bytes, header)
      try check(reduced: try PictureDecoder.decode(bytes, limits: limits, least: 8), whole)
    }
  }

  /// A file that ends early, accepted: it has the size of its header, and every pixel is written.
  private static func readCut(_ bytes: [UInt8]) throws(BrokenPromise) {
    let limits = PictureLimits(pixels: limits.pixels, truncated: .accept)
    guard let header = try? PictureDecoder.header(bytes, limits: limits),
      let picture = try? PictureDecoder.decode(bytes, limits: limits)
    else { return }
    try BrokenPromise.unless(
      picture.width == header.width && picture.height == header.height, "a cut picture of another size")
    let (black, white) = (
      pixels(bytes, header, filledWith: 0, cut: true), pixels(bytes, header, filledWith: 255, cut: true)
    )
    try BrokenPromise.unless(black == white, "a pixel of a cut picture that nothing was written to")
  }

  private static func check(_ whole: Picture, _ bytes: [UInt8], _ header: PictureHeader) throws(BrokenPromise) {
    try BrokenPromise.unless(header.width * header.height <= limits.pixels, "more pixels than the limit")
    try BrokenPromise.unless(
      whole.width == header.width && whole.height == header.height, "another size than the header's")
    try BrokenPromise.unless(
      whole.pixels.count == 3 * whole.width * whole.height, "samples that do not fit the size")
    let (black, white) = (pixels(bytes, header, filledWith: 0), pixels(bytes, header, filledWith: 255))
    try BrokenPromise.unless(black == white, "a pixel that nothing was written to")
    // AVIF is turned after it is decoded.
    try BrokenPromise.unless(header.format == "AVIF" || black == whole.pixels, "other pixels the second time")
    let upright = whole.upright
    try BrokenPromise.unless(
      upright.pixels.count == whole.pixels.count && upright.orientation == .upright, "a turn that loses pixels")
  }

  private static func check(reduced: Picture, _ whole: Picture) throws(BrokenPromise) {
    try BrokenPromise.unless(reduced.pixels.count <= whole.pixels.count, "a reduced picture that is larger")
    guard let squashed, let cut else { throw BrokenPromise(description: "the preprocessing refuses its settings") }
    let counts = [squashed.square(whole), cut.square(whole), squashed.square(reduced)].map(\.pixels.count)
    try BrokenPromise.unless(counts == [192, 192, 192], "squares of \(counts) samples")
  }

  /// The decoder's samples, written over memory that holds one value.
  private static func pixels(
    _ bytes: [UInt8], _ header: PictureHeader, filledWith value: UInt8, cut isAccepted: Bool = false
  ) -> [UInt8] {
    var size = cimages_size(width: UInt32(header.width), height: UInt32(header.height))
    var (ended, turn): (CInt, CInt) = (0, 1)
    var message = [CChar](repeating: 0, count: Int(CIMAGES_MESSAGE))
    var pixels = [UInt8](repeating: value, count: 3 * header.width * header.height)
    let limit = UInt64(limits.pixels)
    withUnsafeMutablePointer(to: &ended) { ended in
      let cut = isAccepted ? ended : nil
      switch header.format {
      case "JPEG": _ = cimages_jpeg(bytes, bytes.count, limit, 0, cut, &size, &pixels, &message)
      case "PNG": _ = cimages_png(bytes, bytes.count, limit, cut, &size, &pixels, &message)
      case "WebP": _ = cimages_webp(bytes, bytes.count, limit, cut, &size, &pixels, &message)
      case "GIF": _ = cimages_gif(bytes, bytes.count, limit, cut, &size, &pixels, &message)
      case "AVIF":
        // The size as coded, which is that of the header before the turn.
        _ = cimages_avif(bytes, bytes.count, limit, &turn, &size, nil, &message)
        _ = cimages_avif(bytes, bytes.count, limit, &turn, &size, &pixels, &message)
      default: _ = cimages_heif(bytes, bytes.count, limit, &size, &pixels, &message)
      }
    }
    return pixels
  }
}
