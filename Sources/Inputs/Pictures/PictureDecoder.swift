import CImages

/// Picture files to RGB, equal to Pillow's `Image.open(file).convert("RGB")`.
///
/// JPEG (grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive), PNG (all), WebP (lossy, lossless, first frame), GIF (first
/// frame). Alpha is dropped, orientation tags are not obeyed, colour profiles are not applied.
public enum PictureDecoder {
  /// Decodes a picture file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; its content says which format it is.
  ///   - limits: `limits.pixels` is checked against the header, before memory for the pixels is taken.
  ///   - least: lets a JPEG come out at a half, a quarter or an eighth of its size, as long as both sides keep so many
  ///     pixels; `nil` for its own size.
  /// - Returns: the picture, its first frame where there are several.
  /// - Throws: `emptyFile`, `unsupportedFormat`, `unsupportedVariant`, `tooManyPixels`, `truncated`, `corrupt` or
  ///   `outOfMemory`. Damage that the format's library warns of and mends is no error.
  public static func decode(
    _ bytes: [UInt8], limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureProblem) -> Picture {
    let call = try Call(bytes, limits, least: least)
    var size = cimages_size()
    try call.run(&size, into: nil)

    let (width, height) = (Int(size.width), Int(size.height))
    let count = 3 * width * height
    var problem: PictureProblem?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      do throws(PictureProblem) {
        try call.run(&size, into: buffer.baseAddress)
        written = count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return Picture(width: width, height: height, pixels: pixels)
  }

  /// Reads a picture file's header alone: nothing of it is decoded, so damage behind the header stays unseen.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - limits: what a picture may be.
  /// - Returns: the format's name, and the size in pixels.
  /// - Throws: what ``decode(_:limits:least:)`` throws of a header.
  public static func header(
    _ bytes: [UInt8], limits: PictureLimits = PictureLimits()
  ) throws(PictureProblem) -> PictureHeader {
    let call = try Call(bytes, limits)
    var size = cimages_size()
    try call.run(&size, into: nil)
    return PictureHeader(format: call.format.rawValue, width: Int(size.width), height: Int(size.height))
  }
}

/// What a picture file says of itself before any pixel.
public struct PictureHeader: Equatable, Sendable {
  /// The format's name: `JPEG`, `PNG`, `WebP` or `GIF`.
  public let format: String
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
}

/// One file in the hands of its format's library.
private struct Call {
  let format: PictureFormat
  let bytes: [UInt8]
  let limit: Int
  let least: UInt32

  init(_ bytes: [UInt8], _ limits: PictureLimits, least: Int? = nil) throws(PictureProblem) {
    format = try PictureFormat.of(bytes)
    self.bytes = bytes
    limit = max(0, limits.pixels)
    self.least = least.map { UInt32(clamping: $0) } ?? 0
  }

  /// Reads the header, or with `pixels` the picture.
  func run(_ size: inout cimages_size, into pixels: UnsafeMutablePointer<UInt8>?) throws(PictureProblem) {
    var message = [CChar](repeating: 0, count: CIMAGES_MESSAGE)
    let limit = UInt64(limit)
    let status = bytes.withUnsafeBufferPointer { bytes in
      switch format {
      case .jpeg: cimages_jpeg(bytes.baseAddress, bytes.count, limit, least, &size, pixels, &message)
      case .png: cimages_png(bytes.baseAddress, bytes.count, limit, &size, pixels, &message)
      case .webp: cimages_webp(bytes.baseAddress, bytes.count, limit, &size, pixels, &message)
      case .gif: cimages_gif(bytes.baseAddress, bytes.count, limit, &size, pixels, &message)
      }
    }
    if status == CIMAGES_OK { return }
    let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    throw switch status {
    case CIMAGES_TRUNCATED: .truncated(format: format.rawValue, reason: reason)
    case CIMAGES_TOO_MANY_PIXELS:
      .tooManyPixels(width: Int(size.width), height: Int(size.height), limit: self.limit)
    case CIMAGES_UNSUPPORTED: .unsupportedVariant(format: format.rawValue, reason: reason)
    case CIMAGES_NO_MEMORY: .outOfMemory
    default: .corrupt(format: format.rawValue, reason: reason)
    }
  }
}
