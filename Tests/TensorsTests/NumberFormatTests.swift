import CKernels
import Tensors
import Testing

@Suite struct NumberFormatTests {
  @Test func theWidestSetDeterminesTheFastFormats() {
    #expect(NumberFormat.f32.isFast)
    let bf16 = ["avx512_core_bf16", "avx512_core_amx"].contains(OneDNN.instructionSet)
    #expect(NumberFormat.bf16.isFast == bf16)
    #expect(NumberFormat.int8.isFast == (bf16 || ["avx512_core_vnni", "avx2_vnni"].contains(OneDNN.instructionSet)))
  }

  /// Numbers of every size and kind, those between two bf16 numbers and those at equal distance from both.
  static var numbers: [Float] {
    var random = Numbers(seed: 11)
    var bits: [UInt32] = (0..<2000).map { _ in UInt32(bitPattern: Int32(random.next() * 0x1p31)) }
    for upper: UInt32 in [0, 1, 2, 0x3F80, 0x3F81, 0x7F7E, 0x7F7F, 0x0080, 0x007F, 0x8000, 0xBF80, 0xFF7F] {
      for lower: UInt32 in [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF] { bits.append(upper << 16 | lower) }
    }
    return bits.map(Float.init(bitPattern:)) + [.infinity, -.infinity, .greatestFiniteMagnitude, .pi]
  }

  typealias Rounding = (UnsafePointer<Float>, UnsafeMutablePointer<UInt16>, Int) -> Void

  static var variants: [(name: String, round: Rounding, roundGELU: Rounding)] {
    var variants: [(name: String, round: Rounding, roundGELU: Rounding)] = [
      ("baseline", { ckernels_bf16_baseline($0, $1, $2) }, { ckernels_gelu_bf16_baseline($0, $1, $2) })
    ]
    #if arch(x86_64)
      variants.append(("AVX2", { ckernels_bf16_avx2($0, $1, $2) }, { ckernels_gelu_bf16_avx2($0, $1, $2) }))
      variants.append(("AVX-512", { ckernels_bf16_avx512($0, $1, $2) }, { ckernels_gelu_bf16_avx512($0, $1, $2) }))
      variants = Array(variants.prefix(Int(ckernels_widest()) + 1))
      if ckernels_has_bf16() != 0 {
        variants.append(
          (
            "AVX-512 with bf16", { ckernels_bf16_avx512bf16($0, $1, $2) },
            { ckernels_gelu_bf16_avx512bf16($0, $1, $2) }
          ))
      }
    #endif
    return variants
  }

  @Test func everyVariantRoundsToTheNearest() {
    let x = Self.numbers.filter { !$0.isNaN }
    for (name, round, _) in Self.variants {
      var y = [UInt16](repeating: 7, count: x.count)
      round(x, &y, x.count)
      for (x, y) in zip(x, y) {
        // The processor's own instruction takes the tiniest numbers for 0.
        let vanished = x.isSubnormal && name == "AVX-512 with bf16" && y & 0x7FFF == 0
        #expect(vanished || Float(bitPattern: UInt32(y) << 16) == Naive.bf16(x), "\(x) by \(name)")
        #expect(y >> 15 == x.bitPattern >> 31, "\(x) by \(name) keeps its sign")
      }
    }
  }

  @Test func everyVariantKeepsNaN() {
    let x = [0x7F80_0001, 0x7FFF_FFFF, 0xFF80_0001, 0xFFFF_8000, 0x7FC0_0000].map { Float(bitPattern: $0) }
    let wide = x + x + x + x
    for (name, round, _) in Self.variants {
      var y = [UInt16](repeating: 7, count: wide.count)
      round(wide, &y, wide.count)
      #expect(y.allSatisfy { Float(bitPattern: UInt32($0) << 16).isNaN }, "\(name)")
    }
  }

  /// The only difference is the last rounding; neighbouring numbers do not matter.
  @Test func everyVariantRoundsGELU() {
    let x = (0..<2000).map { Float($0 - 1000) / 100 } + [Float.nan]
    for (name, _, round) in Self.variants {
      var y = [UInt16](repeating: 7, count: x.count)
      round(x, &y, x.count)
      let numbers = y.map { Float(bitPattern: UInt32($0) << 16) }
      for (x, y) in zip(x.dropLast(), numbers) {
        let exact = Naive.gelu(Double(x))
        #expect(abs(Double(y) - exact) < abs(exact) * 0x1p-8 + Naive.geluTolerance(exact), "\(x) by \(name)")
      }
      #expect(numbers.last?.isNaN == true, "\(name)")
      for first in [1, 7, 1990] {
        var some = [UInt16](repeating: 7, count: x.count - first)
        round(Array(x[first...]), &some, some.count)
        #expect(some == Array(y[first...]), "\(name)")
      }
    }
  }

  /// No number is written after the last one.
  @Test func everyVariantWritesTheRequestedCount() {
    let x = [Float](repeating: 1, count: 40)
    for (name, round, _) in Self.variants {
      for count in [0, 1, 3, 4, 15, 16, 17, 39] {
        var y = [UInt16](repeating: 7, count: 40)
        round(x, &y, count)
        #expect(y == [UInt16](repeating: 0x3F80, count: count) + [UInt16](repeating: 7, count: 40 - count), "\(name)")
      }
    }
  }
}
