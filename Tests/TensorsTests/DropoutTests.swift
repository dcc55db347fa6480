import CKernels
import Testing

/// Philox4x32-10 (Salmon et al. 2011) as it is written down.
struct Philox {
  /// The words of a counter under a key.
  static func words(_ counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var c = counter, k = key
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) * UInt64(c[0]), b = UInt64(0xCD9E_8D57) * UInt64(c[2])
      c = [
        UInt32(b >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: b), UInt32(a >> 32) ^ c[3] ^ k[1],
        UInt32(truncatingIfNeeded: a),
      ]
      k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
  }
}

@Suite struct DropoutTests {
  private let dropout = ckernels_dropout(
    seed: 0x0123_4567_89ab_cdef, site: 7, step: 11, part: 3, least: 1_288_490_189, scale: Float(1 / 0.7))

  /// The known answers that the generator's authors publish.
  @Test func philoxIsPhilox() {
    #expect(
      Philox.words([0, 0, 0, 0], key: [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = [UInt32](repeating: .max, count: 4)
    #expect(Philox.words(ones, key: [.max, .max]) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      Philox.words([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0])
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  /// Number 16 w + i of group g is kept as word w of counter 16 g + i says.
  private func isKept(_ number: Int) -> Bool {
    let (group, place) = number.quotientAndRemainder(dividingBy: 64)
    let counter = UInt32(group * 16 + place % 16)
    let key = [UInt32(truncatingIfNeeded: dropout.seed), UInt32(dropout.seed >> 32)]
    return Philox.words([counter, dropout.site, dropout.step, dropout.part], key: key)[place / 16] >= dropout.least
  }

  @Test(arguments: [1, 5, 63, 64, 65, 200]) func everyVariantKeepsWhatPhiloxSays(count: Int) {
    let x = (0..<count).map { Float($0 + 1) }, residual = x.map { -2 * $0 }
    for variant in TrainingKernelsTests.Variant.runnable {
      for first in [0, 64, 6400] {
        var alone = [Float](repeating: .nan, count: count), together = alone
        variant.dropout(x, nil, &alone, first, count, dropout)
        variant.dropout(x, residual, &together, first, count, dropout)
        for index in 0..<count {
          let expected = isKept(first + index) ? x[index] * dropout.scale : 0
          #expect(alone[index] == expected, "\(variant.name) \(index)")
          #expect(abs(together[index] - (expected + residual[index])) < 1e-4, "\(variant.name)")
        }
      }
    }
  }

  @Test func theShareIsWhatWasAskedFor() {
    let count = 200_000, x = [Float](repeating: 1, count: count)
    var y = x
    ckernels_dropout_apply(x, nil, &y, 0, count, dropout)
    let dropped = Double(y.count { $0 == 0 }) / Double(count)
    // Five deviations of a share of 0.3.
    #expect(abs(dropped - 0.3) < 5 * (0.21 / Double(count)).squareRoot())
    var other = dropout, z = x
    other.step += 1
    ckernels_dropout_apply(x, nil, &z, 0, count, other)
    #expect(z != y)
  }
}
