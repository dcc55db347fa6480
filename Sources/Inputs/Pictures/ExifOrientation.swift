/// Finds the orientation in a picture's EXIF data: the first `Exif` segment of a JPEG, the `eXIf` chunk of a PNG, the
/// `EXIF` chunk of a WebP.
///
/// AVIF and HEIC have orientations of their own, which their decoders apply; EXIF data in them do not count, as their
/// standard says. Orientations in XMP are not read. O(segments before the EXIF data); nothing is copied.
enum ExifOrientation {
  /// The orientation of a picture file; upright if it gives none, or none that is valid.
  static func of(_ bytes: [UInt8], format: PictureFormat) -> PictureOrientation {
    let block: Range<Int>? =
      switch format {
      case .jpeg: inJPEG(bytes)
      case .png: inPNG(bytes)
      case .webp: inWebP(bytes)
      case .gif, .avif, .heic: nil
      }
    guard var block else { return .upright }
    // WebP and PNG files of some writers have the mark of JPEG segments, too.
    if bytes[block].starts(with: mark) { block = (block.lowerBound + mark.count)..<block.upperBound }
    return orientation(TIFFBlock(bytes: bytes, range: block))
  }

  private static let mark = Array("Exif\0\0".utf8)
  private static let tag = 0x0112

  private static func inJPEG(_ bytes: [UInt8]) -> Range<Int>? {
    var at = 2
    while at + 4 <= bytes.count {
      guard bytes[at] == 0xFF else { return nil }
      let marker = bytes[at + 1]
      switch marker {
      case 0xFF: at += 1
      case 0x01, 0xD0...0xD8: at += 2
      case 0xD9, 0xDA: return nil
      default:
        let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
        let content = (at + 4)..<(at + 2 + max(2, length))
        guard length >= 2, content.upperBound <= bytes.count else { return nil }
        if marker == 0xE1, bytes[content].starts(with: mark) { return content }
        at = content.upperBound
      }
    }
    return nil
  }

  private static func inPNG(_ bytes: [UInt8]) -> Range<Int>? {
    chunk(Array("eXIf".utf8), bytes, from: 8) { at in
      let block = TIFFBlock(bytes: bytes, range: at..<bytes.count, isBigEndian: true)
      guard let length = block.number(4, at: 0) else { return nil }
      return (name: at + 4, content: at + 8, length: length, next: at + 12 + length)
    }
  }

  private static func inWebP(_ bytes: [UInt8]) -> Range<Int>? {
    chunk(Array("EXIF".utf8), bytes, from: 12) { at in
      let block = TIFFBlock(bytes: bytes, range: at..<bytes.count, isBigEndian: false)
      guard let length = block.number(4, at: 4) else { return nil }
      return (name: at, content: at + 8, length: length, next: at + 8 + length + length % 2)
    }
  }

  /// The content of the first chunk with a name; `nil` if it is not there, or is cut off.
  private static func chunk(
    _ name: [UInt8], _ bytes: [UInt8], from start: Int,
    _ read: (Int) -> (name: Int, content: Int, length: Int, next: Int)?
  ) -> Range<Int>? {
    var at = start
    while at + 8 <= bytes.count, let chunk = read(at) {
      guard chunk.length <= bytes.count - chunk.content else { return nil }
      if bytes[chunk.name..<(chunk.name + 4)].elementsEqual(name) {
        return chunk.content..<(chunk.content + chunk.length)
      }
      at = chunk.next
    }
    return nil
  }

  /// Reads the first directory of a TIFF block.
  private static func orientation(_ block: TIFFBlock) -> PictureOrientation {
    guard let block = block.withByteOrder, block.number(2, at: 2) == 42, let directory = block.number(4, at: 4),
      let entries = block.number(2, at: directory)
    else { return .upright }
    for entry in 0..<entries {
      let at = directory + 2 + 12 * entry
      guard let found = block.number(2, at: at) else { return .upright }
      guard found == tag else { continue }
      // A SHORT is at the beginning of the four bytes of its value, in either byte order.
      let width = [3: 2, 4: 4][block.number(2, at: at + 2) ?? 0]
      guard let width, block.number(4, at: at + 4) == 1, let value = block.number(width, at: at + 8) else {
        return .upright
      }
      return PictureOrientation(rawValue: value) ?? .upright
    }
    return .upright
  }
}

/// A part of a file in which numbers are found by their place; reading outside it gives `nil`.
private struct TIFFBlock {
  let bytes: [UInt8]
  let range: Range<Int>
  var isBigEndian = false

  /// The block with the byte order that its first two bytes name; `nil` if they name none.
  var withByteOrder: TIFFBlock? {
    guard range.count >= 8 else { return nil }
    switch (bytes[range.lowerBound], bytes[range.lowerBound + 1]) {
    case (0x49, 0x49): return TIFFBlock(bytes: bytes, range: range, isBigEndian: false)
    case (0x4D, 0x4D): return TIFFBlock(bytes: bytes, range: range, isBigEndian: true)
    default: return nil
    }
  }

  /// The unsigned number of `width` bytes at a place in the block.
  func number(_ width: Int, at place: Int) -> Int? {
    guard place >= 0, place <= range.count - width else { return nil }
    let part = bytes[(range.lowerBound + place)..<(range.lowerBound + place + width)]
    return isBigEndian ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
