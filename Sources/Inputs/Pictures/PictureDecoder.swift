import CImages

/// Decodes picture files to RGB, with the same result as Pillow's `Image.open(file).convert("RGB")`.
///
/// JPEG (grey, YCbCr, RGB, CMYK, YCCK; baseline, progressive), PNG (all), WebP (lossy, lossless, first frame), GIF
/// (first frame). Alpha is dropped; orientation tags and colour profiles are ignored.
package enum PictureDecoder {
  /// Decodes a picture file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; the format is recognised by its content.
  ///   - limits: `limits.pixels` is checked against the header, before memory for the pixels is allocated.
  ///   - least: allows a JPEG to be decoded at a half, a quarter or an eighth of its size, as long as both sides keep
  ///     at least this many pixels; `nil` for its full size.
  /// - Returns: the picture, or the first frame if there are several.
  /// - Throws: `emptyFile`, `unsupportedFormat`, `unsupportedVariant`, `tooManyPixels`, `truncated`, `corrupt` or
  ///   `outOfMemory`. Damage that the format's library reports as a warning and repairs is not an error.
  package static func decode(
    _ bytes: [UInt8], limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureError) -> Picture {
    let call = try DecoderCall(bytes, limits, least: least)
    var size = cimages_size()
    try call.run(&size, into: nil)

    let (width, height) = (Int(size.width), Int(size.height))
    let count = 3 * width * height
    var problem: PictureError?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      do throws(PictureError) {
        try call.run(&size, into: buffer.baseAddress)
        written = count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return Picture(width: width, height: height, pixels: pixels)
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
    let call = try DecoderCall(bytes, limits)
    var size = cimages_size()
    try call.run(&size, into: nil)
    return PictureHeader(format: call.format.rawValue, width: Int(size.width), height: Int(size.height))
  }
}

/// The facts in a picture file's header, known before any pixel is decoded.
package struct PictureHeader: Equatable, Sendable {
  /// The format's name: `JPEG`, `PNG`, `WebP` or `GIF`.
  package let format: String
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
}

/// A call of a format's decoding library for one file.
private struct DecoderCall {
  let format: PictureFormat
  let bytes: [UInt8]
  let limit: Int
  let least: UInt32

  init(_ bytes: [UInt8], _ limits: PictureLimits, least: Int? = nil) throws(PictureError) {
    format = try PictureFormat.of(bytes)
    self.bytes = bytes
    limit = max(0, limits.pixels)
    self.least = least.map { UInt32(clamping: $0) } ?? 0
  }

  /// Reads the header, or with `pixels` the picture.
  func run(_ size: inout cimages_size, into pixels: UnsafeMutablePointer<UInt8>?) throws(PictureError) {
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

/// The maximum size of a picture; both limits are checked before memory of that size is allocated.
///
/// Decoding holds 3 bytes a pixel, a progressive JPEG up to 8 more for its coefficients, a WebP up to 6 more.
package struct PictureLimits: Equatable, Sendable {
  /// The most pixels a picture may have, width × height.
  package var pixels: Int
  /// The most bytes a picture file may have.
  package var bytes: Int

  /// The longest side of a picture in any format: libjpeg's own bound.
  ///
  /// It keeps the resampler's tables under a megabyte.
  package static let side = CIMAGES_MAX_SIDE

  /// Creates limits; by default 50 million pixels, more than most cameras have, and 64 MiB, enough for such a picture
  /// in any format except a noisy PNG.
  package init(pixels: Int = 50_000_000, bytes: Int = 64 << 20) {
    self.pixels = pixels
    self.bytes = bytes
  }
}

/// The supported formats, recognised by their first bytes; the file's name does not matter.
enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"
  case gif = "GIF"

  /// The format of a file.
  ///
  /// - Throws: `emptyFile`; `truncated` if the file is only the beginning of a signature; otherwise `unsupportedFormat`
  ///   with the name of the format that the bytes resemble.
  static func of(_ bytes: [UInt8]) throws(PictureError) -> PictureFormat {
    if bytes.isEmpty { throw .emptyFile }
    for format in allCases where format.matches(bytes) {
      if bytes.count < format.signatureLength {
        throw .truncated(format: format.rawValue, reason: "\(bytes.count) bytes in all")
      }
      return format
    }
    throw .unsupportedFormat(looksLike: FileTypeGuess.name(of: bytes))
  }

  /// The first bytes of the format; a short file matches if it is a beginning of them, from the third byte on.
  private func matches(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 3 else { return false }
    return switch self {
    case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
    case .png: bytes.agrees(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0)
    case .webp: bytes.agrees(with: Array("RIFF".utf8), at: 0) && bytes.agrees(with: Array("WEBP".utf8), at: 8)
    case .gif:
      bytes.agrees(with: Array("GIF87a".utf8), at: 0) || bytes.agrees(with: Array("GIF89a".utf8), at: 0)
    }
  }

  private var signatureLength: Int {
    switch self {
    case .jpeg: 3
    case .png: 8
    case .webp: 12
    case .gif: 6
    }
  }
}

/// Names of other file types that are found in picture folders, for messages.
enum FileTypeGuess {
  /// The name of the file type that the bytes resemble.
  static func name(of bytes: [UInt8]) -> String {
    for (offset, signature, name) in signatures where bytes.count >= offset + signature.utf8.count {
      if bytes.agrees(with: Array(signature.utf8), at: offset) { return name }
    }
    for (signature, name) in binarySignatures where bytes.starts(with: signature) { return name }
    return nameOfText(bytes) ?? "no known format"
  }

  private static let signatures: [(offset: Int, signature: String, name: String)] = [
    (4, "ftypavif", "AVIF"), (4, "ftypavis", "AVIF"), (4, "ftypheic", "HEIC"), (4, "ftypheix", "HEIC"),
    (4, "ftypmif1", "HEIC"), (4, "ftyp", "MP4 or another video"), (8, "AVI ", "AVI video"), (0, "BM", "BMP"),
    (0, "II*\0", "TIFF"), (0, "MM\0*", "TIFF"), (0, "%PDF", "PDF"), (0, "8BPS", "a Photoshop file"),
    (0, "PK\u{3}\u{4}", "a ZIP archive"), (0, "qoif", "QOI"), (0, "OggS", "an Ogg file"), (0, "P6", "PPM"),
    (0, "P5", "PGM"), (0, "RIFF", "a RIFF file that is no WebP"),
    (0, "version https://git-lfs", "a Git LFS pointer; fetch the file itself"),
  ]

  private static let binarySignatures: [(signature: [UInt8], name: String)] = [
    ([0, 0, 1, 0], "an icon (ICO)"), ([0xFF, 0x0A], "JPEG XL"), ([0, 0, 0, 12, 0x4A, 0x58, 0x4C], "JPEG XL"),
    ([0, 0, 0, 12, 0x6A, 0x50], "JPEG 2000"), ([0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
    ([0x1F, 0x8B], "gzip data"), ([0x1A, 0x45, 0xDF, 0xA3], "WebM or Matroska video"),
  ]

  /// HTML, SVG, XML, JSON or plain text, recognised by the first kilobyte.
  private static func nameOfText(_ bytes: [UInt8]) -> String? {
    var head = bytes.prefix(1024)
    if head.count < bytes.count {
      // The cut may be in the middle of a character.
      while let last = head.last, last & 0xC0 == 0x80 { head.removeLast() }
      if let last = head.last, last >= 0xC0 { head.removeLast() }
    }
    guard head.allSatisfy({ $0 >= 0x20 || (0x09...0x0D).contains($0) }) else { return nil }
    guard let text = String(validating: head, as: UTF8.self)?.lowercased() else { return nil }
    if text.contains("<svg") { return "SVG" }
    if text.contains("<!doctype html") || text.contains("<html") { return "HTML" }
    let first = text.drop(while: { $0.isWhitespace || $0 == "\u{FEFF}" }).first
    switch first {
    case "<": return "XML"
    case "{", "[": return "JSON"
    default: return "text"
    }
  }
}

extension [UInt8] {
  /// Whether the existing bytes from `offset` on equal `part`.
  fileprivate func agrees(with part: [UInt8], at offset: Int) -> Bool {
    zip(dropFirst(offset), part).allSatisfy { $0 == $1 }
  }
}
