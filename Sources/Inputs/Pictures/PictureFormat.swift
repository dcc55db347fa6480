/// The supported formats, recognised by their first bytes; the file's name does not matter.
enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"
  case gif = "GIF"
  case avif = "AVIF"
  case heic = "HEIC"

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
    case .avif: Self.brands(of: bytes).contains { ["avif", "avis"].contains($0) }
    case .heic:
      Self.brands(of: bytes).contains { ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].contains($0) }
    }
  }

  /// The names in a file's `ftyp` box, the first of which is the main one; none if it does not begin with such a box.
  private static func brands(of bytes: [UInt8]) -> [String] {
    guard bytes.count >= 12, bytes[4..<8].elementsEqual("ftyp".utf8) else { return [] }
    let length = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
    let places = [8] + stride(from: 16, to: min(length, bytes.count, 128) - 3, by: 4)
    return places.map { String(decoding: bytes[$0..<($0 + 4)], as: UTF8.self) }
  }

  /// Whether a part of the picture can be decoded if the file ends early; for most formats, once the header is read.
  func hasPart(isDecoding: Bool) -> Bool {
    switch self {
    case .jpeg, .png, .gif: isDecoding
    case .webp: true
    case .avif, .heic: false
    }
  }

  private var signatureLength: Int {
    switch self {
    case .jpeg: 3
    case .png: 8
    case .webp, .avif, .heic: 12
    case .gif: 6
    }
  }
}

/// Names of other file types that are found in picture folders, for messages.
enum FileTypeGuess {
  /// The names of what stands in for a picture, such as the page of an error, and cannot be converted into it.
  static let noPictures: Set = ["HTML", "XML", "JSON", "text", "a Git LFS pointer"]

  /// The name of the file type that the bytes resemble.
  static func name(of bytes: [UInt8]) -> String {
    for (offset, signature, name) in signatures where bytes.count >= offset + signature.utf8.count {
      if bytes.agrees(with: Array(signature.utf8), at: offset) { return name }
    }
    for (signature, name) in binarySignatures where bytes.starts(with: signature) { return name }
    return nameOfText(bytes) ?? "no known format"
  }

  private static let signatures: [(offset: Int, signature: String, name: String)] = [
    (4, "ftyp", "MP4 or another video"), (8, "AVI ", "AVI video"), (0, "BM", "BMP"),
    (0, "II*\0", "TIFF"), (0, "MM\0*", "TIFF"), (0, "%PDF", "PDF"), (0, "8BPS", "a Photoshop file"),
    (0, "PK\u{3}\u{4}", "a ZIP archive"), (0, "qoif", "QOI"), (0, "OggS", "an Ogg file"), (0, "P6", "PPM"),
    (0, "P5", "PGM"), (0, "RIFF", "a RIFF file that is no WebP"),
    (0, "version https://git-lfs", "a Git LFS pointer"),
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
