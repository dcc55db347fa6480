import Inputs
import TestSupport
import Testing

/// What counts as an orientation, in headers made by hand.
@Suite struct ExifOrientationTests {
  /// A TIFF block with one directory of entries: tag, type, count, and the four bytes of the value.
  private static func tiff(
    _ entries: [(tag: Int, type: Int, count: Int, value: [UInt8])], big: Bool = false, directory: Int = 8,
    claimed: Int? = nil
  ) -> [UInt8] {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
      let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return big ? little.reversed() : little
    }
    var block = Array((big ? "MM" : "II").utf8) + number(42, 2) + number(directory, 4)
    block += number(claimed ?? entries.count, 2)
    for entry in entries {
      block += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4) + entry.value
    }
    return block + number(0, 4)
  }

  private static let six = tiff([(0x0112, 3, 1, [6, 0, 0, 0])])

  /// A picture with these EXIF data: a JPEG segment after the first marker.
  private static func jpeg(_ exif: [UInt8], before: [UInt8] = []) throws -> [UInt8] {
    let bytes = try PictureGoldens.bytes("rgb.jpg"), content = Array("Exif\0\0".utf8) + exif, length = content.count + 2
    return bytes[..<2] + before + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + content + bytes[2...]
  }

  private static func orientation(_ bytes: [UInt8]) throws -> PictureOrientation {
    try PictureDecoder.header(bytes).orientation
  }

  @Test("Both byte orders, two widths, and segments before are read")
  func forms() throws {
    #expect(try Self.orientation(Self.jpeg(Self.six)) == .turnedLeft)
    #expect(try Self.orientation(Self.jpeg(Self.tiff([(0x0112, 3, 1, [0, 8, 0, 0])], big: true))) == .turnedRight)
    #expect(try Self.orientation(Self.jpeg(Self.tiff([(0x0112, 4, 1, [3, 0, 0, 0])]))) == .upsideDown)
    let others: [(tag: Int, type: Int, count: Int, value: [UInt8])] = [
      (0x010F, 2, 4, [65, 66, 67, 0]), (0x0112, 3, 1, [2, 0, 0, 0]), (0x0112, 3, 1, [6, 0, 0, 0]),
    ]
    #expect(try Self.orientation(Self.jpeg(Self.tiff(others))) == .mirrored)
    let before: [UInt8] = [0xFF, 0xFF, 0xE1, 0, 6] + Array("http".utf8)
    #expect(try Self.orientation(Self.jpeg(Self.six, before: before)) == .turnedLeft)
  }

  @Test(
    "EXIF data that are damaged or hostile count as none",
    arguments: [
      [], Array("II*\0".utf8), Array("XX*\0\u{8}\0\0\0".utf8), Array("II+\0\u{8}\0\0\0\0\0\0\0".utf8),
      tiff([(0x0112, 3, 1, [0, 0, 0, 0])]), tiff([(0x0112, 3, 1, [9, 0, 0, 0])]), tiff([(0x0112, 2, 1, [6, 0, 0, 0])]),
      tiff([(0x0112, 3, 2, [6, 0, 6, 0])]), tiff([(0x0112, 4, 1, [6, 0, 0, 128])]),
      tiff([(0x0113, 3, 1, [6, 0, 0, 0])]),
      tiff([(0x0112, 3, 1, [6, 0, 0, 0])], directory: 0xFFFF_FFFF),
      tiff([(0x0112, 3, 1, [6, 0, 0, 0])], directory: 40),
      tiff([(0x0113, 3, 1, [6, 0, 0, 0])], claimed: 0xFFFF), Array(six.dropLast(12)),
    ] as [[UInt8]])
  func hostile(exif: [UInt8]) throws {
    #expect(try Self.orientation(Self.jpeg(exif)) == .upright)
  }

  @Test("Data behind the pixels do not count")
  func behind() throws {
    let picture = try PictureGoldens.bytes("rgb.jpg"), segment = try Self.jpeg(Self.six)[2...]
    #expect(try Self.orientation(picture + segment) == .upright)
  }

  @Test("PNG and WebP: the chunk's place does not matter, and its length must fit")
  func chunks() throws {
    let png = try PictureGoldens.bytes("rgb-8.png"), end = png.count - 12
    let chunk = [0, 0, 0, UInt8(Self.six.count)] + Array("eXIf".utf8) + Self.six + [0, 0, 0, 0]
    #expect(try Self.orientation(png[..<end] + chunk + png[end...]) == .turnedLeft)
    #expect(try Self.orientation(png[..<33] + chunk + png[33...]) == .turnedLeft)
    let long = [0x7F, 0xFF, 0xFF, 0xFF] + Array("eXIf".utf8) + Self.six
    #expect(try Self.orientation(png[..<end] + long) == .upright)

    let webp = try CameraGoldens.bytes("turned-6.webp")
    let name = try #require(webp.indices.last { webp[$0...].starts(with: Array("EXIF".utf8)) })
    var longer = webp
    longer.replaceSubrange(name + 4..<name + 8, with: [0xFF, 0xFF, 0xFF, 0x7F])
    #expect(try Self.orientation(webp) == .turnedLeft)
    // libwebp refuses the file, or the data that it does not reach are not read.
    #expect((try? Self.orientation(longer)) ?? .upright == .upright)
  }
}
