import CKernels
import Evaluation
import Testing

@Suite struct DropoutKernelTests {
  /// The known answers that the authors of Philox publish with Random123.
  struct KnownAnswer: Sendable {
    let counter: [UInt32]
    let key: [UInt32]
    let words: [UInt32]

    static let all = [
      KnownAnswer(
        counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      KnownAnswer(
        counter: [.max, .max, .max, .max], key: [.max, .max],
        words: [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
      KnownAnswer(
        counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], key: [0xA409_3822, 0x299F_31D0],
        words: [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]),
    ]
  }

  @Test(arguments: KnownAnswer.all) func theReferenceGivesTheKnownAnswers(answer: KnownAnswer) {
    #expect(Philox.words(counter: answer.counter, key: answer.key) == answer.words)
  }

  /// A number is kept as long as its word is at least `least`, so the kernel's words show.
  @Test(arguments: TrainingKernels.runnable, KnownAnswer.all)
  func theKernelGivesTheKnownAnswers(kernels: TrainingKernels, answer: KnownAnswer) {
    let (group, place) = Int(answer.counter[0]).quotientAndRemainder(dividingBy: 16)
    for (index, word) in answer.words.enumerated() {
      for (least, expected) in [(word, Float(1)), (word + 1, 0)] {
        var y = [Float](repeating: 1, count: 64)
        let dropout = ckernels_dropout(
          seed: UInt64(answer.key[1]) << 32 | UInt64(answer.key[0]), site: answer.counter[1],
          step: answer.counter[2], part: answer.counter[3], least: least, scale: 1)
        kernels.dropout(y, nil, &y, group * 64, 64, dropout)
        #expect(y[index * 16 + place] == expected)
      }
    }
  }

  @Test(arguments: TrainingKernels.runnable, unevenWidths)
  func keepsWhatTheTwinKeeps(kernels: TrainingKernels, count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    for (first, share) in [(0, 0.1), (64, 0.5), (64 * 12_345, 0.9), (0, 0)] {
      let dropout = ckernels_dropout(share: share, seed: random.next(), site: 7, step: 1_000, part: 3)
      let x = random.floats(count), residual = random.floats(count), arena = Arena()
      let from = arena.put(x), rest = arena.put(residual)
      let (alone, added) = (arena.put(unwritten: count), arena.put(unwritten: count))
      kernels.dropout(from, nil, alone, first, count, dropout)
      kernels.dropout(from, rest, added, first, count, dropout)
      let kept = x.indices.map { dropout.factor(of: first + $0) * x[$0] }
      #expect(arena.values(alone) == kept)
      #expect(arena.values(added) == zip(kept, residual).map { $0 + $1 })
      kernels.dropout(from, nil, from, first, count, dropout)
      #expect(arena.values(from) == kept, "in place")
      #expect(arena.isIntact)
    }
  }

  /// A dropped number becomes 0, even NaN; a kept one keeps being NaN or infinite.
  @Test(arguments: TrainingKernels.runnable) func keepsNaNAndInfinity(kernels: TrainingKernels) {
    let dropout = ckernels_dropout(share: 0.5, seed: 1, site: 1)
    for value in [Float.nan, .infinity, .greatestFiniteMagnitude, 0] {
      var y = [Float](repeating: value, count: 100)
      kernels.dropout(y, nil, &y, 0, 100, dropout)
      for (number, y) in y.enumerated() {
        let factor = dropout.factor(of: number)
        #expect((factor == 0 ? 0 : value * factor).bitPattern == y.bitPattern)
      }
    }
  }

  /// Parts that begin at multiples of 64 do together what one piece does.
  @Test(arguments: TrainingKernels.runnable, [64, 128, 320]) func partsChangeNoBit(
    kernels: TrainingKernels, size: Int
  ) {
    var random = SeededGenerator(seed: 2)
    let x = random.floats(1_000), dropout = ckernels_dropout(share: 0.3, seed: 3, site: 4)
    var whole = x, parts = x
    kernels.dropout(whole, nil, &whole, 640, 1_000, dropout)
    parts.withUnsafeMutableBufferPointer { parts in
      guard let base = parts.baseAddress else { return }
      for first in stride(from: 0, to: 1_000, by: size) {
        kernels.dropout(base + first, nil, base + first, 640 + first, min(size, 1_000 - first), dropout)
      }
    }
    #expect(parts == whole)
  }

  /// Five standard deviations of so many draws.
  @Test(arguments: [0.01, 0.1, 0.5, 0.9]) func theShareIsDropped(share: Double) {
    let count = 1_000_000
    var y = [Float](repeating: 1, count: count)
    let dropout = ckernels_dropout(share: share, seed: 5, site: 6)
    ckernels_dropout_apply(y, nil, &y, 0, count, dropout)
    let dropped = Double(y.count { $0 == 0 }) / Double(count)
    #expect(abs(dropped - share) < 5 * (share * (1 - share) / Double(count)).squareRoot())
    #expect(y.allSatisfy { $0 == 0 || $0 == dropout.scale })
  }

  /// Another seed, site, step or part drops others: half of the numbers agree where half are dropped.
  @Test func everyPlaceDropsItsOwn() {
    let places = [
      ckernels_dropout(share: 0.5, seed: 1, site: 1), ckernels_dropout(share: 0.5, seed: 2, site: 1),
      ckernels_dropout(share: 0.5, seed: 1 << 32, site: 1), ckernels_dropout(share: 0.5, seed: 1, site: 2),
      ckernels_dropout(share: 0.5, seed: 1, site: 1, step: 1), ckernels_dropout(share: 0.5, seed: 1, site: 1, part: 1),
    ]
    let kept = places.map { place in
      var y = [Float](repeating: 1, count: 10_000)
      ckernels_dropout_apply(y, nil, &y, 0, y.count, place)
      return y
    }
    for (index, one) in kept.enumerated() {
      for other in kept[(index + 1)...] {
        #expect(abs(zip(one, other).count { $0 == $1 } - 5_000) < 250)
      }
    }
  }
}
