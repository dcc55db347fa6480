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
  /// - Returns: the picture, its first frame where there are several.
  /// - Throws: `emptyFile`, `unsupportedFormat`, `unsupportedVariant`, `tooManyPixels`, `truncated`, `corrupt` or
  ///   `outOfMemory`. Damage that the format's library warns of and mends is no error.
  public static func decode(_ bytes: [UInt8], limits: PictureLimits = PictureLimits()) throws(PictureProblem)
    -> Picture
  {
    let format = try PictureFormat.of(bytes)
    let call = Call(format: format, bytes: bytes, limit: max(0, limits.pixels))
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
}

/// One file in the hands of its format's library.
private struct Call {
  let format: PictureFormat
  let bytes: [UInt8]
  let limit: Int

  /// Reads the header, or with `pixels` the picture.
  func run(_ size: inout cimages_size, into pixels: UnsafeMutablePointer<UInt8>?) throws(PictureProblem) {
    let decode =
      switch format {
      case .jpeg: cimages_jpeg
      case .png: cimages_png
      case .webp: cimages_webp
      case .gif: cimages_gif
      }
    var message = [CChar](repeating: 0, count: CIMAGES_MESSAGE)
    let status = bytes.withUnsafeBufferPointer {
      decode($0.baseAddress, $0.count, UInt64(limit), &size, pixels, &message)
    }
    if status == CIMAGES_OK { return }
    let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    throw switch status {
    case CIMAGES_TRUNCATED: .truncated(format: format.rawValue, reason: reason)
    case CIMAGES_TOO_MANY_PIXELS:
      .tooManyPixels(width: Int(size.width), height: Int(size.height), limit: limit)
    case CIMAGES_UNSUPPORTED: .unsupportedVariant(format: format.rawValue, reason: reason)
    case CIMAGES_NO_MEMORY: .outOfMemory
    default: .corrupt(format: format.rawValue, reason: reason)
    }
  }
}
