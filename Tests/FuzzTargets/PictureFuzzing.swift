import CImages
import Inputs

/// Pictures: JPEG, PNG, WebP and GIF. A decoder must keep to the limit, to the size in the header and write every pixel.
enum PictureFuzzing {
  private static let limits = PictureLimits(pixels: 1 << 16)
  private static let squashed = try? PicturePreprocessing(size: 8, mean: [0, 0, 0], std: [1, 1, 1])
  private static let cut = try? PicturePreprocessing(
    size: 8, mean: [0, 0, 0], std: [1, 1, 1], fit: PictureFit(sides: .shorter(9), filter: .bicubic))

  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      let header = try PictureDecoder.header(bytes, limits: limits)
      let whole = try PictureDecoder.decode(bytes, limits: limits)
      try check(whole, bytes, header)
      try check(reduced: try PictureDecoder.decode(bytes, limits: limits, least: 8), whole)
    }
  }

  private static func check(_ whole: Picture, _ bytes: [UInt8], _ header: PictureHeader) throws(BrokenPromise) {
    try BrokenPromise.unless(header.width * header.height <= limits.pixels, "more pixels than the limit")
    try BrokenPromise.unless(
      whole.width == header.width && whole.height == header.height, "another size than the header's")
    try BrokenPromise.unless(
      whole.pixels.count == 3 * whole.width * whole.height, "samples that do not fit the size")
    let (black, white) = (pixels(bytes, header, filledWith: 0), pixels(bytes, header, filledWith: 255))
    try BrokenPromise.unless(black == whole.pixels && white == whole.pixels, "a pixel that nothing was written to")
  }

  private static func check(reduced: Picture, _ whole: Picture) throws(BrokenPromise) {
    try BrokenPromise.unless(reduced.pixels.count <= whole.pixels.count, "a reduced picture that is larger")
    guard let squashed, let cut else { throw BrokenPromise(description: "the preprocessing refuses its settings") }
    let counts = [squashed.square(whole), cut.square(whole), squashed.square(reduced)].map(\.pixels.count)
    try BrokenPromise.unless(counts == [192, 192, 192], "squares of \(counts) samples")
  }

  /// The decoder's samples, written over memory that holds one value.
  private static func pixels(_ bytes: [UInt8], _ header: PictureHeader, filledWith value: UInt8) -> [UInt8] {
    var size = cimages_size(width: UInt32(header.width), height: UInt32(header.height))
    var message = [CChar](repeating: 0, count: Int(CIMAGES_MESSAGE))
    var pixels = [UInt8](repeating: value, count: 3 * header.width * header.height)
    let limit = UInt64(limits.pixels)
    switch header.format {
    case "JPEG": _ = cimages_jpeg(bytes, bytes.count, limit, 0, &size, &pixels, &message)
    case "PNG": _ = cimages_png(bytes, bytes.count, limit, &size, &pixels, &message)
    case "WebP": _ = cimages_webp(bytes, bytes.count, limit, &size, &pixels, &message)
    default: _ = cimages_gif(bytes, bytes.count, limit, &size, &pixels, &message)
    }
    return pixels
  }
}
