import CKernels
import Evaluation
import Testing

@Suite struct SumKernelTests {
  @Test(arguments: TrainingKernels.runnable, unevenWidths) func addsEachNumber(kernels: TrainingKernels, count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    var x = random.floats(count), y = random.floats(count)
    (x[0], y[count - 1]) = (3e38, .nan)
    let arena = Arena(), sum = arena.put(y)
    kernels.add(arena.put(x), sum, count)
    for (value, (x, y)) in zip(arena.values(sum), zip(x, y)) { #expect((x + y).isNaN ? value.isNaN : value == x + y) }
    #expect(arena.isIntact)
  }

  /// Some columns of wider rows, from the third on.
  @Test(arguments: TrainingKernels.runnable, unevenWidths) func columnSumsEqualTheirReference(
    kernels: TrainingKernels, columns: Int
  ) {
    var random = SeededGenerator(seed: UInt64(columns))
    let rows = 9, width = columns + 5
    var x = random.floats(rows * width)
    let before = random.floats(columns), arena = Arena(), sums = arena.put(before)
    // A NaN affects only its own column.
    x[4 * width + 2] = .nan
    kernels.columnSums(arena.put(x) + 2, rows, width, columns, sums)
    let values = x.rows(of: width)
    let expected = (0..<columns).map { column in
      (0..<rows).reduce(Double(before[column])) { $0 + values[$1][column + 2] }
    }
    #expect(distance(arena.values(sums), expected) < 1e-6)
    #expect(arena.values(sums).count { $0.isNaN } == 1)
    #expect(arena.isIntact)
  }

  /// Sums of 4,096 squares are f32, one in each lane; they are added in f64.
  @Test(arguments: TrainingKernels.runnable, unevenWidths + [4_095, 4_096, 4_097, 100_003])
  func squaresAreTheirTwins(kernels: TrainingKernels, count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let x = random.floats(count, size: 100), arena = Arena()
    let expected = x.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(kernels.squares(arena.put(x), count) - expected) < 4e-6 * expected)
    #expect(arena.isIntact)
  }

  @Test(arguments: TrainingKernels.runnable) func squaresShowNumbersThatAreNotFinite(kernels: TrainingKernels) {
    for place in [0, 15, 16, 99] {
      for value in [Float.nan, .infinity, -.infinity] {
        var x = [Float](repeating: 1, count: 100)
        x[place] = value
        #expect(!kernels.squares(x, 100).isFinite)
      }
    }
    #expect(kernels.squares([], 0) == 0)
    #expect(kernels.squares([1e-30, 0], 2) == 0, "too small for f32")
    #expect(abs(kernels.squares([1e19, 0], 2) - 1e38) < 1e32)
  }
}
