import Inputs
import Testing

/// AVIF and HEIC.
@Suite struct CameraPictureTests {
  @Test("AVIF is Pillow's to the byte, HEIC within one level", arguments: CameraGoldens.all.pictures)
  func golden(_ golden: CameraGoldens.Entry) throws {
    let bytes = try CameraGoldens.bytes(golden.file)
    let picture = try PictureDecoder.decode(bytes), header = try PictureDecoder.header(bytes)
    let isHEIC = golden.file.hasSuffix("heic")
    #expect(header.format == (isHEIC ? "HEIC" : "AVIF") && header.orientation == .upright)
    #expect(header.width == golden.width && header.height == golden.height)
    // Of more than eight bits, libheif's versions round twice in different orders.
    let allowed = golden.file == "ten-bits.heic" ? 2 : isHEIC ? 1 : 0
    #expect(try #require(golden.distance(from: picture)) <= allowed)
    #expect(!picture.isCut && picture.orientation == .upright)
  }

  @Test("Every committed picture has a golden") func complete() throws {
    let named = CameraGoldens.all.pictures + CameraGoldens.all.turned
    #expect(try CameraGoldens.files() == Set(named.map(\.file)) && named.count > 40)
  }

  @Test("The number of pixels is checked by the header", arguments: ["420-full.avif", "420.heic"])
  func limit(file: String) throws {
    let bytes = try CameraGoldens.bytes(file), whole = try PictureDecoder.decode(bytes)
    let count = whole.width * whole.height
    #expect(try PictureDecoder.decode(bytes, limits: PictureLimits(pixels: count)) == whole)
    let refused = PictureError.tooManyPixels(width: whole.width, height: whole.height, limit: count - 1)
    #expect(throws: refused) { try PictureDecoder.decode(bytes, limits: PictureLimits(pixels: count - 1)) }
  }

  /// The file with another size in its header.
  private static func claiming(_ file: String, _ size: [UInt8]) throws -> [UInt8] {
    var bytes = try CameraGoldens.bytes(file)
    for place in bytes.indices.dropLast(16) where bytes[place...].starts(with: Array("ispe".utf8)) {
      bytes.replaceSubrange(place + 8..<place + 16, with: [0, 0] + size + [0, 0] + size)
    }
    return bytes
  }

  @Test("A header that promises a giant is refused at once", arguments: ["420-full.avif", "even.heic"])
  func giants(file: String) throws {
    let bytes = try Self.claiming(file, [0x3A, 0x98])
    #expect(throws: PictureError.tooManyPixels(width: 15_000, height: 15_000, limit: 50_000_000)) {
      try PictureDecoder.decode(bytes)
    }
  }

  @Test("A picture never has another size than its header says", arguments: ["420-full.avif", "even.heic"])
  func understated(file: String) throws {
    let bytes = try Self.claiming(file, [0, 8]), header = try PictureDecoder.header(bytes)
    #expect(header.width == 8 && header.height == 8)
    do throws(PictureError) {
      let picture = try PictureDecoder.decode(bytes)
      #expect(picture.width == 8 && picture.height == 8)
    } catch {
      #expect("\(error)".contains("another size than the header says"))
    }
  }

  @Test("A cut file is truncated, whether or not cut files are accepted", arguments: ["420-full.avif", "420.heic"])
  func cut(file: String) throws {
    let bytes = try CameraGoldens.bytes(file)
    for truncated in TruncatedPictures.allCases {
      let part = Array(bytes.dropLast(20)), limits = PictureLimits(truncated: truncated)
      let problem = #expect(throws: PictureError.self) { try PictureDecoder.decode(part, limits: limits) }
      guard case .truncated? = problem else {
        Issue.record("\(String(describing: problem))")
        return
      }
    }
  }

  @Test("The main name decides, then the others; videos are none of both")
  func brands() throws {
    let avif = try CameraGoldens.bytes("420-full.avif")
    var other = avif
    other.replaceSubrange(8..<12, with: Array("mif1".utf8))
    #expect(try PictureDecoder.header(other).format == "AVIF")
    let video = Array("\0\0\0\u{14}ftypisom\0\0\0\0mp42".utf8)
    #expect(throws: PictureError.unsupportedFormat(looksLike: "MP4 or another video")) {
      try PictureDecoder.header(video)
    }
  }

  @Test("Flipped bits give a picture or a fault", arguments: CameraGoldens.all.pictures.map(\.file))
  func flipped(file: String) throws {
    let bytes = try CameraGoldens.bytes(file), limits = PictureLimits(pixels: 1 << 16)
    for place in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[place] ^= UInt8(1 << (place % 8))
      do throws(PictureError) {
        let picture = try PictureDecoder.decode(damaged, limits: limits)
        #expect(picture.pixels.count == 3 * picture.width * picture.height)
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }
}
