import CKernels

/// Philox4x32-10 (Salmon et al. 2011), one counter at a time.
enum Philox {
  static func words(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var c = counter, key = key
    for _ in 0..<10 {
      let first = UInt64(c[0]) * 0xD251_1F53, second = UInt64(c[2]) * 0xCD9E_8D57
      c = [
        UInt32(second >> 32) ^ c[1] ^ key[0], UInt32(truncatingIfNeeded: second),
        UInt32(first >> 32) ^ c[3] ^ key[1], UInt32(truncatingIfNeeded: first),
      ]
      key = [key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85]
    }
    return c
  }
}

extension ckernels_dropout {
  /// A generator that drops a number with the probability `share`.
  init(share: Double, seed: UInt64, site: UInt32, step: UInt32 = 0, part: UInt32 = 0) {
    self.init(
      seed: seed, site: site, step: step, part: part, least: UInt32((share * 0x1p32).rounded()),
      scale: Float(1 / (1 - share)))
  }

  /// The random word of a number.
  func word(of number: Int) -> UInt32 {
    let (group, rest) = number.quotientAndRemainder(dividingBy: 64)
    let counter = [UInt32(truncatingIfNeeded: group * 16 + rest % 16), site, step, part]
    let key = [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
    return Philox.words(counter: counter, key: key)[rest / 16]
  }

  /// The factor of a number: 0 if it is dropped.
  func factor(of number: Int) -> Float { word(of: number) >= least ? scale : 0 }
}
