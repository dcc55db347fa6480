import Inputs
import Testing

@Suite struct PictureJPEGTests {
  private func picture(_ width: Int, _ height: Int) -> Picture {
    Picture(
      width: width, height: height,
      pixels: (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 / 3 % width * 2 + $0 % 3 * 40) })
  }

  @Test(arguments: [
    (400, 300, 128, 128, 96), (300, 400, 128, 96, 128), (1000, 1, 100, 100, 1), (3, 2000, 16, 1, 16),
    (128, 128, 128, 128, 128), (100, 50, 128, 100, 50), (333, 334, 100, 100, 100),
  ])
  func aPictureFitsInItsProportions(width: Int, height: Int, side: Int, toWidth: Int, toHeight: Int) {
    let small = picture(width, height).fitted(within: side)
    #expect((small.width, small.height) == (toWidth, toHeight))
  }

  @Test func aSmallPictureIsNotTouched() {
    #expect(picture(60, 40).fitted(within: 64) == picture(60, 40))
  }

  @Test func aJPEGIsReadBack() throws {
    let picture = picture(97, 41)
    let bytes = try #require(picture.jpeg(quality: 95))
    let again = try PictureDecoder.decode(bytes)
    #expect((again.width, again.height) == (97, 41))
    let difference = zip(picture.pixels, again.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(difference < 8 * picture.pixels.count)
    #expect(picture.jpeg(quality: 95) == bytes)
    #expect(try #require(picture.jpeg(quality: 20)).count < bytes.count)
  }

  @Test func noiseFits() throws {
    var state: UInt64 = 1
    let noise = (0..<3 * 200 * 200).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    #expect(Picture(width: 200, height: 200, pixels: noise).jpeg(quality: 100) != nil)
  }
}
