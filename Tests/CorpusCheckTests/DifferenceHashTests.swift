import CorpusCheck
import Inputs
import Evaluation
import Testing

/// Perceptual hashes of pictures, 128 bits each.
@Suite struct DifferenceHashTests {
  /// A picture of seeded random blobs, at any size.
  private func picture(_ seed: UInt64, width: Int, height: Int) -> Picture {
    var random = SeededGenerator(seed: seed)
    let blobs = (0..<6).map { _ in (random.unit(), random.unit(), 0.1 + 0.3 * random.unit(), 255 * random.unit()) }
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
        let sum = blobs.reduce(0.0) { sum, blob in
          let d = ((u - blob.0) * (u - blob.0) + (v - blob.1) * (v - blob.1)) / (blob.2 * blob.2)
          return sum + blob.3 / (1 + 4 * d)
        }
        pixels += [UInt8](repeating: UInt8(min(255, sum)), count: 3)
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  @Test func anotherSizeLooksAlike() {
    for seed in 1...10 as ClosedRange<UInt64> {
      let look = DifferenceHash(picture(seed, width: 200, height: 150))
      let small = DifferenceHash(picture(seed, width: 90, height: 70))
      #expect(look.distance(to: small) <= NearDuplicatePictures.maximumDistance, "\(seed): \(look.distance(to: small))")
      #expect(
        look.distance(to: DifferenceHash(picture(seed + 100, width: 200, height: 150)))
          > NearDuplicatePictures.maximumDistance)
    }
  }

  @Test func aPlainPictureTellsNothing() {
    let plain = DifferenceHash(Picture(width: 30, height: 20, pixels: [UInt8](repeating: 9, count: 1800)))
    #expect(!plain.isDistinctive)
    var pictures = NearDuplicatePictures()
    #expect(pictures.add(plain, place: RowLocation(file: 0, line: 2)) == nil)
    #expect(pictures.add(plain, place: RowLocation(file: 0, line: 3)) == nil)
  }

  @Test func upToSevenDifferencesAreAlwaysFound() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let look = DifferenceHash(across: random.next(), down: random.next())
      var (across, down) = (look.across, look.down)
      for bit in random.shuffled(0..<128).prefix(7) {
        if bit < 64 { across ^= 1 << UInt64(bit) } else { down ^= 1 << UInt64(bit - 64) }
      }
      var pictures = NearDuplicatePictures()
      _ = pictures.add(look, place: RowLocation(file: 0, line: 2))
      let match = pictures.add(DifferenceHash(across: across, down: down), place: RowLocation(file: 0, line: 3))
      #expect(match?.distance == 7 && match?.place.line == 2)
    }
  }

  /// Only a limited number of pictures with an equal part of the hash is compared. Pictures that this may miss are
  /// counted, like plain pictures.
  @Test func picturesThatAreNotComparedAreCounted() {
    var random = SeededGenerator(seed: 5), pictures = NearDuplicatePictures()
    for line in 0..<100 {
      // All share the lowest part of the hash and differ in the rest.
      let look = DifferenceHash(across: random.next() & ~0xFFFF | 0xABCD, down: random.next())
      _ = pictures.add(look, place: RowLocation(file: 0, line: line))
    }
    #expect(pictures.crowded == 35 && pictures.plain == 0, "\(pictures.crowded)")
    _ = pictures.add(DifferenceHash(across: 1, down: 0), place: RowLocation(file: 0, line: 101))
    #expect(pictures.plain == 1 && !pictures.comparesAll(with: DifferenceHash(across: 0xABCD, down: 0)))
    #expect(pictures.comparesAll(with: DifferenceHash(across: 0x1234, down: 0)))
  }
}
