import CKernels
import Evaluation
import Testing

@Suite struct NormKernelTests {
  /// The formulas of a row, written out.
  struct Twin {
    let mean: Double
    let scale: Double
    let hat: [Double]

    init(_ x: [Double], epsilon: Double) {
      let count = Double(x.count), mean = x.reduce(0, +) / count
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let scale = 1 / (variance + epsilon).squareRoot()
      (self.mean, self.scale, hat) = (mean, scale, x.map { ($0 - mean) * scale })
    }

    func y(gain: [Float], shift: [Float]) -> [Double] {
      hat.indices.map { hat[$0] * Double(gain[$0]) + Double(shift[$0]) }
    }

    /// The gradient by x.
    func back(_ dy: [Double], gain: [Float]) -> [Double] {
      let count = Double(dy.count), g = dy.indices.map { dy[$0] * Double(gain[$0]) }
      let mean = g.reduce(0, +) / count, along = zip(g, hat).reduce(0) { $0 + $1.0 * $1.1 } / count
      return g.indices.map { scale * (g[$0] - mean - hat[$0] * along) }
    }
  }

  private static let rows = 5
  private static let epsilon: Float = 1e-5

  @Test(arguments: TrainingKernels.runnable, unevenWidths)
  func forwardIsItsTwin(kernels: TrainingKernels, width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let rows = NormKernelTests.rows, x = random.floats(rows * width, size: 3)
    let gain = random.floats(width), shift = random.floats(width), arena = Arena()
    let (y, stats) = (arena.put(unwritten: rows * width), arena.put(unwritten: 2 * rows))
    kernels.norm(
      arena.put(x), y, stats, rows, width, arena.put(gain), arena.put(shift), NormKernelTests.epsilon)
    let twins = x.rows(of: width).map { Twin($0, epsilon: Double(NormKernelTests.epsilon)) }
    #expect(distance(arena.values(y), twins.flatMap { $0.y(gain: gain, shift: shift) }) < 2e-6)
    #expect(distance(arena.values(stats), twins.flatMap { [$0.mean, $0.scale] }) < 1e-6)
    #expect(arena.isIntact)
  }

  /// As a new gradient, in place, and added to existing values.
  @Test(arguments: TrainingKernels.runnable, unevenWidths)
  func backIsItsTwin(kernels: TrainingKernels, width: Int) {
    var random = SeededGenerator(seed: UInt64(width) + 1_000)
    let rows = NormKernelTests.rows, x = random.floats(rows * width, size: 3), dy = random.floats(rows * width)
    let gain = random.floats(width), before = random.floats(rows * width), arena = Arena()
    let twins = x.rows(of: width).map { Twin($0, epsilon: Double(NormKernelTests.epsilon)) }
    let expected = zip(twins, dy.rows(of: width)).flatMap { $0.back($1, gain: gain) }
    let stats = arena.put(twins.flatMap { [Float($0.mean), Float($0.scale)] })
    let (from, gains, back) = (arena.put(x), arena.put(gain), arena.put(dy))
    let (written, grown) = (arena.put(unwritten: rows * width), arena.put(before))
    kernels.normBack(from, stats, gains, back, written, rows, width, 0)
    kernels.normBack(from, stats, gains, back, grown, rows, width, 1)
    #expect(distance(arena.values(written), expected) < 2e-6)
    #expect(distance(arena.values(grown), zip(before, expected).map { Double($0) + $1 }) < 2e-6)
    kernels.normBack(from, stats, gains, back, back, rows, width, 0)
    #expect(arena.values(back) == arena.values(written), "in place")
    #expect(arena.isIntact)
  }

  /// Some columns of wider rows, from the third on; the others' gradients stay.
  @Test(arguments: TrainingKernels.runnable, unevenWidths)
  func gradientsAreTheirTwins(kernels: TrainingKernels, columns: Int) {
    var random = SeededGenerator(seed: UInt64(columns) + 2_000)
    let rows = NormKernelTests.rows, width = columns + 7
    let x = random.floats(rows * width), dy = random.floats(rows * width)
    let gain = random.floats(columns), shift = random.floats(columns), arena = Arena()
    let twins = x.rows(of: width).map { Twin($0, epsilon: Double(NormKernelTests.epsilon)) }
    let stats = arena.put(twins.flatMap { [Float($0.mean), Float($0.scale)] })
    let (gains, shifts) = (arena.put(gain), arena.put(shift))
    kernels.normGradients(arena.put(x) + 2, stats, arena.put(dy) + 2, rows, width, columns, gains, shifts)
    let back = dy.rows(of: width)
    let expected = (0..<columns).map { column in
      (0..<rows).reduce((gain: Double(gain[column]), shift: Double(shift[column]))) { sum, row in
        let d = back[row][column + 2]
        return (sum.gain + d * twins[row].hat[column + 2], sum.shift + d)
      }
    }
    #expect(distance(arena.values(gains), expected.map(\.gain)) < 2e-6)
    #expect(distance(arena.values(shifts), expected.map(\.shift)) < 1e-6)
    #expect(arena.isIntact)
  }

  /// A row with a NaN affects only itself; a row of equal numbers becomes the bias.
  @Test(arguments: TrainingKernels.runnable, [1, 3, 16, 33])
  func eachRowIsItsOwn(kernels: TrainingKernels, width: Int) {
    var x = [Float](repeating: 0, count: 3 * width)
    x[width + width / 2] = .nan
    let gain = [Float](repeating: 2, count: width), shift = [Float](repeating: 0.25, count: width)
    var y = x, stats = [Float](repeating: 0, count: 6)
    kernels.norm(x, &y, &stats, 3, width, gain, shift, 1e-12)
    var d = [Float](repeating: 1, count: 3 * width)
    kernels.normBack(x, stats, gain, d, &d, 3, width, 0)
    for (index, value) in y.enumerated() {
      let isSpoilt = index / width == 1
      #expect(isSpoilt ? value.isNaN : value == 0.25)
      #expect(d[index].isNaN == isSpoilt)
    }
  }
}
