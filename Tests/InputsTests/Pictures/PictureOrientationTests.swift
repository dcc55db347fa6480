import Inputs
import Testing

@Suite struct PictureOrientationTests {
  @Test("Turned pictures are upright as Pillow's exif_transpose makes them", arguments: CameraGoldens.all.turned)
  func golden(_ golden: CameraGoldens.Entry) throws {
    let bytes = try CameraGoldens.bytes(golden.file)
    let picture = try PictureDecoder.decode(bytes), header = try PictureDecoder.header(bytes)
    let number = try #require(golden.file.split(separator: "-").last?.first?.wholeNumberValue)
    // AVIF has the turn in its own form, which decoding applies.
    let left = golden.file.hasSuffix("avif") ? .upright : try #require(PictureOrientation(rawValue: number))
    #expect(picture.orientation == left && header.orientation == left)
    #expect(header.width == picture.width && header.height == picture.height)
    let upright = picture.upright
    #expect(golden.distance(from: upright) == 0)
    #expect(upright.orientation == .upright && upright.upright == upright)
  }

  @Test(
    "Each orientation moves elements as EXIF says",
    arguments: [
      (.upright, [1, 2, 3, 4, 5, 6], 3), (.mirrored, [3, 2, 1, 6, 5, 4], 3), (.upsideDown, [6, 5, 4, 3, 2, 1], 3),
      (.mirroredUpsideDown, [4, 5, 6, 1, 2, 3], 3), (.transposed, [1, 4, 2, 5, 3, 6], 2),
      (.turnedLeft, [4, 1, 5, 2, 6, 3], 2), (.transversed, [6, 3, 5, 2, 4, 1], 2),
      (.turnedRight, [3, 6, 2, 5, 1, 4], 2),
    ] as [(PictureOrientation, [Int], Int)])
  func grid(orientation: PictureOrientation, turned: [Int], width: Int) {
    #expect(orientation.upright([1, 2, 3, 4, 5, 6], width: 3) == turned)
    #expect(orientation.swapsSides == (width == 2))
    let doubled = orientation.upright([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], width: 3, size: 2)
    #expect(doubled == turned.flatMap { [$0, $0] })
  }

  @Test("An empty grid stays empty") func empty() {
    #expect(PictureOrientation.turnedLeft.upright([Int](), width: 4).isEmpty)
  }
}
