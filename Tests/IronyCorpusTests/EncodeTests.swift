import CImages
import Testing

/// The encoders' own promises; that pictures come back as they were is tested with those that are drawn.
@Suite struct EncodeTests {
  private static let pixels = (0..<3 * 16 * 16).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  @Test func aRoomThatIsTooSmallIsNotLeft() {
    for encode in [cimages_jpeg_encode, cimages_webp_encode] {
      var bytes = [UInt8](repeating: 0xAB, count: 4096)
      var whole = bytes.count
      #expect(encode(Self.pixels, 16, 16, 80, &bytes, &whole) == CIMAGES_OK)
      #expect((30..<4096).contains(whole))
      for room in [0, 1, 20, whole - 1] {
        var bytes = [UInt8](repeating: 0xAB, count: 4096)
        var count = room
        #expect(encode(Self.pixels, 16, 16, 80, &bytes, &count) == CIMAGES_NO_MEMORY)
        #expect(bytes[room...].allSatisfy { $0 == 0xAB })
      }
    }
  }

  @Test(arguments: [(0, 16), (16, 0), (16_384, 1), (1, 16_384)] as [(UInt32, UInt32)])
  func aSizeThatWebPCannotHoldIsRefused(_ width: UInt32, _ height: UInt32) {
    let pixels = [UInt8](repeating: 0, count: 3 * 16_384)
    var bytes = [UInt8](repeating: 0, count: 4096)
    var count = bytes.count
    #expect(cimages_webp_encode(pixels, width, height, 80, &bytes, &count) == CIMAGES_UNSUPPORTED)
  }
}
