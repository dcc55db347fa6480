import CImages

/// Decodes picture files to RGB, with the same result as Pillow's `Image.open(file).convert("RGB")`.
///
/// JPEG (grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive), PNG (all), WebP (lossy, lossless, first frame), GIF
/// (first frame), AVIF (first picture), HEIC (within one level of Pillow with pillow-heif). Alpha is dropped; colour
/// profiles are ignored. An orientation in EXIF data is read and not applied; the turn and the mirroring of an AVIF or
/// HEIC file are applied, since its format demands it.
package enum PictureDecoder {
  /// Decodes a picture file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; the format is recognised by its content.
  ///   - limits: `limits.pixels` is checked against the header, before memory for the pixels is allocated;
  ///     `limits.truncated` says whether the file may end early.
  ///   - least: allows a JPEG to be decoded at a half, a quarter or an eighth of its size, as long as both sides keep
  ///     at least this many pixels; `nil` for its full size.
  /// - Returns: the picture, or the first frame if there are several.
  /// - Throws: `emptyFile`, `unsupportedFormat`, `unsupportedVariant`, `tooManyPixels`, `truncated`, `corrupt` or
  ///   `outOfMemory`. Damage that the format's library reports as a warning and repairs is not an error.
  package static func decode(
    _ bytes: [UInt8], limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureError) -> Picture {
    var call = try DecoderCall(bytes, limits, least: least)
    try call.run(into: nil)

    let (width, height) = (Int(call.size.width), Int(call.size.height))
    let count = 3 * width * height
    var problem: PictureError?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      do throws(PictureError) {
        try call.run(into: buffer.baseAddress)
        written = count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    var picture = Picture(width: width, height: height, pixels: pixels)
    picture.isCut = call.isCut
    picture.orientation = call.ownOrientation
    picture = picture.upright
    picture.orientation = ExifOrientation.of(bytes, format: call.format)
    return picture
  }

  /// Reads only a picture file's header; damage after the header is not detected, since nothing is decoded.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - limits: the largest files and pictures accepted.
  /// - Returns: the format's name, and the size in pixels.
  /// - Throws: the errors of ``decode(_:limits:least:)`` that concern the header.
  package static func header(
    _ bytes: [UInt8], limits: PictureLimits = PictureLimits()
  ) throws(PictureError) -> PictureHeader {
    var call = try DecoderCall(bytes, limits)
    try call.run(into: nil)
    let (width, height) = (Int(call.size.width), Int(call.size.height)), swaps = call.ownOrientation.swapsSides
    return PictureHeader(
      format: call.format.rawValue, width: swaps ? height : width, height: swaps ? width : height,
      orientation: ExifOrientation.of(bytes, format: call.format))
  }
}

/// The facts in a picture file's header, known before any pixel is decoded.
package struct PictureHeader: Equatable, Sendable {
  /// The format's name: `JPEG`, `PNG`, `WebP`, `GIF`, `AVIF` or `HEIC`.
  package let format: String
  /// Pixels in a row, before the picture is turned upright.
  package let width: Int
  /// Rows.
  package let height: Int
  /// How the picture is to be turned to be upright, as its EXIF data say.
  package var orientation = PictureOrientation.upright
}

/// A call of a format's decoding library for one file.
private struct DecoderCall {
  let format: PictureFormat
  let bytes: [UInt8]
  let limit: Int
  let least: UInt32
  private let accepts: Bool
  /// The size in the file, from the first call on.
  private(set) var size = cimages_size()
  /// Whether the file ended before the picture.
  private(set) var isCut = false
  /// The turn and the mirroring that the format itself demands and the library leaves to its caller.
  private(set) var ownOrientation = PictureOrientation.upright

  init(_ bytes: [UInt8], _ limits: PictureLimits, least: Int? = nil) throws(PictureError) {
    format = try PictureFormat.of(bytes)
    self.bytes = bytes
    limit = max(0, limits.pixels)
    self.least = least.map { UInt32(clamping: $0) } ?? 0
    accepts = limits.truncated == .accept
  }

  /// Reads the header, or with `pixels` the picture.
  mutating func run(into pixels: UnsafeMutablePointer<UInt8>?) throws(PictureError) {
    var message = [CChar](repeating: 0, count: CIMAGES_MESSAGE)
    let (limit, format, least, accepts) = (UInt64(limit), format, least, accepts)
    var (size, ended, turn): (cimages_size, CInt, CInt) = (size, 0, 1)
    let status = withUnsafeMutablePointer(to: &ended) { ended in
      let cut = accepts ? ended : nil
      return bytes.withUnsafeBufferPointer { bytes in
        switch format {
        case .jpeg: cimages_jpeg(bytes.baseAddress, bytes.count, limit, least, cut, &size, pixels, &message)
        case .png: cimages_png(bytes.baseAddress, bytes.count, limit, cut, &size, pixels, &message)
        case .webp: cimages_webp(bytes.baseAddress, bytes.count, limit, cut, &size, pixels, &message)
        case .gif: cimages_gif(bytes.baseAddress, bytes.count, limit, cut, &size, pixels, &message)
        case .avif: cimages_avif(bytes.baseAddress, bytes.count, limit, &turn, &size, pixels, &message)
        case .heic: cimages_heif(bytes.baseAddress, bytes.count, limit, &size, pixels, &message)
        }
      }
    }
    (self.size, isCut) = (size, ended != 0)
    ownOrientation = PictureOrientation(rawValue: Int(turn)) ?? .upright
    if status == CIMAGES_OK { return }
    let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    throw switch status {
    case CIMAGES_TRUNCATED:
      .truncated(
        format: format.rawValue, reason: reason, hasPart: !accepts && format.hasPart(isDecoding: pixels != nil))
    case CIMAGES_TOO_MANY_PIXELS:
      .tooManyPixels(width: Int(size.width), height: Int(size.height), limit: self.limit)
    case CIMAGES_UNSUPPORTED: .unsupportedVariant(format: format.rawValue, reason: reason)
    case CIMAGES_NO_MEMORY: .outOfMemory
    default: .corrupt(format: format.rawValue, reason: reason)
    }
  }
}

/// How a picture file is decoded before it is resized.
package enum PictureDecoding: String, Sendable, CaseIterable {
  /// A JPEG much larger than the model's square is decoded at a half, a quarter or an eighth of its size, which the
  /// format allows at a fraction of the cost.
  case scaled
  /// Every pixel is decoded: equal to Pillow to the byte.
  case exact

  /// The shortest side that a decoder may reduce a picture to, for a square of `size`; `nil` for no reduction.
  func least(for size: Int) -> Int? { self == .scaled ? size : nil }
}

/// What is done with a picture file that ends before the picture does.
package enum TruncatedPictures: String, Sendable, CaseIterable {
  /// The post is a fault.
  case fault
  /// The picture is decoded as far as it goes. What is missing is grey in a JPEG and a WebP, black in a PNG, and the
  /// canvas in a GIF; in a progressive JPEG the whole picture is there, but coarse. A file that ends in its header, an
  /// AVIF and a HEIC remain faults.
  case accept
}

/// What is accepted of a picture file. Both sizes are checked before memory of that size is allocated.
///
/// Decoding holds 3 bytes a pixel; a progressive JPEG up to 8 more for its coefficients, a WebP up to 6 more, an AVIF or
/// a HEIC up to 16 more.
package struct PictureLimits: Equatable, Sendable {
  /// The most pixels a picture may have, width × height.
  package var pixels: Int
  /// The most bytes a picture file may have.
  package var bytes: Int
  /// What is done with a file that ends early.
  package var truncated: TruncatedPictures

  /// The longest side of a picture in any format: libjpeg's own bound.
  ///
  /// It keeps the resampler's tables under a megabyte.
  package static let side = CIMAGES_MAX_SIDE

  /// Creates limits; by default 50 million pixels, more than most cameras have, and 64 MiB, enough for such a picture
  /// in any format except a noisy PNG.
  package init(pixels: Int = 50_000_000, bytes: Int = 64 << 20, truncated: TruncatedPictures = .fault) {
    self.pixels = pixels
    self.bytes = bytes
    self.truncated = truncated
  }
}
