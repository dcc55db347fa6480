import Inputs
import Testing

/// JPEGs decoded at a reduced size if the model's square allows it.
@Suite struct PictureDecodingTests {
  private static let jpegs = PictureGoldens.all.pictures.filter { $0.file.hasSuffix(".jpg") && $0.width >= 16 }

  private static func reduced(_ side: Int, by part: Int) -> Int { (side + part - 1) / part }

  @Test func theSmallestSizeThatIsLargeEnoughComesOut() throws {
    #expect(Self.jpegs.count > 10)
    for golden in Self.jpegs {
      let bytes = try PictureGoldens.bytes(golden.file)
      let whole = try PictureDecoder.decode(bytes)
      for least in [1, 3, 4, 7, 8, 15, 10_000] {
        let picture = try PictureDecoder.decode(bytes, least: least)
        let side = min(whole.width, whole.height)
        let part = [8, 4, 2].first { Self.reduced(side, by: $0) >= least } ?? 1
        #expect(picture.width == Self.reduced(whole.width, by: part), "\(golden.file), \(least)")
        #expect(picture.height == Self.reduced(whole.height, by: part))
        if part == 1 { #expect(picture == whole) }
      }
    }
  }

  /// Colours equal those of the whole picture except at edges: these pictures are small, and few sides are multiples of
  /// 8.
  @Test func aReducedPictureLooksLikeTheWhole() throws {
    for golden in Self.jpegs {
      let bytes = try PictureGoldens.bytes(golden.file)
      let whole = try PictureDecoder.decode(bytes), reduced = try PictureDecoder.decode(bytes, least: 8)
      let resampler = PictureResampler()
      let expected = resampler.resize(whole, width: 4, height: 4).pixels
      let found = resampler.resize(reduced, width: 4, height: 4).pixels
      let differences = zip(expected, found).map { abs(Int($0) - Int($1)) }
      #expect(differences.reduce(0, +) / differences.count <= 10, "\(golden.file)")
    }
  }

  @Test func otherFormatsKeepTheirSize() throws {
    for file in ["rgb-8.png", "lossy.webp", "plain.gif"] {
      let bytes = try PictureGoldens.bytes(file)
      #expect(try PictureDecoder.decode(bytes, least: 1) == PictureDecoder.decode(bytes))
    }
  }

  @Test func theLimitIsAboutTheFile() throws {
    let bytes = try PictureGoldens.bytes("ycbcr-420.jpg")
    let whole = try PictureDecoder.decode(bytes), limit = whole.width * whole.height - 1
    #expect(throws: PictureError.tooManyPixels(width: whole.width, height: whole.height, limit: limit)) {
      try PictureDecoder.decode(bytes, limits: PictureLimits(pixels: limit), least: 1)
    }
  }

  /// Wherever a file ends or is damaged, it is decoded or a fault, as at full size.
  @Test func brokenFilesAreFaults() throws {
    let bytes = try PictureGoldens.bytes("ycbcr-420.jpg")
    for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      #expect(throws: PictureError.self) { try PictureDecoder.decode(Array(bytes[..<end]), least: 1) }
      var bent = bytes
      bent[end] ^= 0x5A
      do throws(PictureError) { _ = try PictureDecoder.decode(bent, least: 1) } catch { #expect(!"\(error)".isEmpty) }
    }
  }
}
