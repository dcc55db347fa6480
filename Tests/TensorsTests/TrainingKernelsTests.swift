import CKernels
import Glibc
import Testing

/// The kernels of training in every variant that the processor can run, against the formulas as they are written.
@Suite struct TrainingKernelsTests {
  typealias Floats = UnsafePointer<Float>
  typealias MutableFloats = UnsafeMutablePointer<Float>

  struct Variant: Sendable {
    let name: String
    let dropout: @Sendable (Floats, Floats?, MutableFloats, Int, Int, ckernels_dropout) -> Void
    let gelu: @Sendable (Floats, MutableFloats, Int) -> Void
    let geluBack: @Sendable (Floats, MutableFloats, Int) -> Void
    let norm: @Sendable (Floats, MutableFloats, MutableFloats, Int, Int, Floats, Floats, Float) -> Void
    let normBack: @Sendable (Floats, Floats, Floats, Floats, MutableFloats, Int, Int, Int32) -> Void
    let normGradients: @Sendable (Floats, Floats, Floats, Int, Int, Int, MutableFloats, MutableFloats) -> Void
    let sums: @Sendable (Floats, Int, Int, Int, MutableFloats) -> Void
    let squares: @Sendable (Floats, Int) -> Double
    let adam: @Sendable (MutableFloats, MutableFloats, MutableFloats, Floats, Int, ckernels_adam) -> Void

    static var runnable: [Variant] {
      var variants = [
        Variant(
          name: "baseline", dropout: { ckernels_dropout_baseline($0, $1, $2, $3, $4, $5) },
          gelu: { ckernels_gelu_baseline($0, $1, $2) }, geluBack: { ckernels_gelu_back_baseline($0, $1, $2) },
          norm: { ckernels_norm_baseline($0, $1, $2, $3, $4, $5, $6, $7) },
          normBack: { ckernels_norm_back_baseline($0, $1, $2, $3, $4, $5, $6, $7) },
          normGradients: { ckernels_norm_gradients_baseline($0, $1, $2, $3, $4, $5, $6, $7) },
          sums: { ckernels_column_sums_baseline($0, $1, $2, $3, $4) },
          squares: { ckernels_squares_baseline($0, $1) },
          adam: { ckernels_adam_baseline($0, $1, $2, $3, $4, $5) })
      ]
      #if arch(x86_64)
        variants.append(
          Variant(
            name: "AVX2", dropout: { ckernels_dropout_avx2($0, $1, $2, $3, $4, $5) },
            gelu: { ckernels_gelu_avx2($0, $1, $2) }, geluBack: { ckernels_gelu_back_avx2($0, $1, $2) },
            norm: { ckernels_norm_avx2($0, $1, $2, $3, $4, $5, $6, $7) },
            normBack: { ckernels_norm_back_avx2($0, $1, $2, $3, $4, $5, $6, $7) },
            normGradients: { ckernels_norm_gradients_avx2($0, $1, $2, $3, $4, $5, $6, $7) },
            sums: { ckernels_column_sums_avx2($0, $1, $2, $3, $4) }, squares: { ckernels_squares_avx2($0, $1) },
            adam: { ckernels_adam_avx2($0, $1, $2, $3, $4, $5) }))
        variants.append(
          Variant(
            name: "AVX-512", dropout: { ckernels_dropout_avx512($0, $1, $2, $3, $4, $5) },
            gelu: { ckernels_gelu_avx512($0, $1, $2) }, geluBack: { ckernels_gelu_back_avx512($0, $1, $2) },
            norm: { ckernels_norm_avx512($0, $1, $2, $3, $4, $5, $6, $7) },
            normBack: { ckernels_norm_back_avx512($0, $1, $2, $3, $4, $5, $6, $7) },
            normGradients: { ckernels_norm_gradients_avx512($0, $1, $2, $3, $4, $5, $6, $7) },
            sums: { ckernels_column_sums_avx512($0, $1, $2, $3, $4) },
            squares: { ckernels_squares_avx512($0, $1) },
            adam: { ckernels_adam_avx512($0, $1, $2, $3, $4, $5) }))
      #endif
      return Array(variants.prefix(Int(ckernels_widest()) + 1))
    }
  }

  static let widths = [1, 3, 15, 16, 17, 33, 64, 100]

  private func share(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  @Test(arguments: widths) func geluAndItsWayBack(width: Int) {
    var numbers = Numbers(seed: 21)
    var x = numbers.row(width).map { $0 * 4 }
    x[0] = -30
    if width > 2 { (x[1], x[2]) = (30, .nan) }
    let d = numbers.row(width)
    for variant in Variant.runnable {
      var y = [Float](repeating: 7, count: width), back = d
      variant.gelu(x, &y, width)
      variant.geluBack(x, &back, width)
      for index in x.indices where x[index].isFinite {
        let v = Double(x[index]), density = exp(-v * v / 2) / (2 * Double.pi).squareRoot()
        #expect(abs(Double(y[index]) - v * share(v)) < 4e-7 * max(1, abs(v)), "\(variant.name) \(v)")
        #expect(abs(Double(back[index]) - Double(d[index]) * (share(v) + v * density)) < 1e-6, "\(variant.name) \(v)")
      }
      if width > 2 { #expect(y[2].isNaN && back[2].isNaN) }
    }
  }

  @Test(arguments: widths) func normsAndTheirWayBack(width: Int) {
    let rows = 5, epsilon: Float = 1e-6
    var numbers = Numbers(seed: 22)
    let x = numbers.row(rows * width), gain = numbers.row(width), shift = numbers.row(width)
    let d = numbers.row(rows * width), before = numbers.row(rows * width)
    var y = [Double](), dx = [Double](), gains = [Double](repeating: 1, count: width)
    var shifts = [Double](repeating: 2, count: width)
    for row in 0..<rows {
      let v = x[row * width..<(row + 1) * width].map(Double.init), n = Double(width)
      let mean = v.reduce(0, +) / n
      let scale = 1 / (v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n + Double(epsilon)).squareRoot()
      let hat = v.map { ($0 - mean) * scale }
      let g = (0..<width).map { Double(d[row * width + $0]) * Double(gain[$0]) }
      let meanG = g.reduce(0, +) / n, along = zip(g, hat).reduce(0) { $0 + $1.0 * $1.1 } / n
      for column in 0..<width {
        y.append(hat[column] * Double(gain[column]) + Double(shift[column]))
        dx.append((g[column] - meanG - hat[column] * along) * scale)
        gains[column] += Double(d[row * width + column]) * hat[column]
        shifts[column] += Double(d[row * width + column])
      }
    }
    for variant in Variant.runnable {
      var out = [Float](repeating: .nan, count: x.count), stats = [Float](repeating: .nan, count: 2 * rows)
      variant.norm(x, &out, &stats, rows, width, gain, shift, epsilon)
      var written = [Float](repeating: .nan, count: x.count), added = before
      variant.normBack(x, stats, gain, d, &written, rows, width, 0)
      variant.normBack(x, stats, gain, d, &added, rows, width, 1)
      var gain1 = [Float](repeating: 1, count: width), shift1 = [Float](repeating: 2, count: width)
      variant.normGradients(x, stats, d, rows, width, width, &gain1, &shift1)
      let size = max(1, dx.map(abs).max() ?? 1)
      for index in x.indices {
        #expect(abs(Double(out[index]) - y[index]) < 1e-4, "\(variant.name)")
        #expect(abs(Double(written[index]) - dx[index]) < 1e-4 * size, "\(variant.name)")
        #expect(abs(Double(added[index]) - dx[index] - Double(before[index])) < 1e-4 * size, "\(variant.name)")
      }
      for column in 0..<width {
        #expect(abs(Double(gain1[column]) - gains[column]) < 1e-4, "\(variant.name)")
        #expect(abs(Double(shift1[column]) - shifts[column]) < 1e-5, "\(variant.name)")
      }
    }
  }

  @Test(arguments: widths) func sumsAndSquares(width: Int) {
    let rows = 7
    var numbers = Numbers(seed: 23)
    let x = numbers.row(rows * width)
    for variant in Variant.runnable {
      var sums = [Float](repeating: 3, count: width)
      variant.sums(x, rows, width, width, &sums)
      for column in 0..<width {
        let expected = (0..<rows).reduce(3.0) { $0 + Double(x[$1 * width + column]) }
        #expect(abs(Double(sums[column]) - expected) < 1e-5, "\(variant.name)")
      }
      let squares = x.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(variant.squares(x, x.count) - squares) < 1e-5 * squares, "\(variant.name)")
      #expect(variant.squares([1, .nan], 2).isNaN)
    }
  }

  @Test(arguments: widths) func aStepOfAdam(count: Int) {
    var numbers = Numbers(seed: 24)
    let w = numbers.row(count), m = numbers.row(count), v = numbers.row(count).map { $0 * $0 }
    let g = numbers.row(count)
    let settings = ckernels_adam(
      gradient_scale: 0.5, beta1: 0.9, beta2: 0.999, eps: 1e-6, decay: 0.01, rate: 0.125)
    for variant in Variant.runnable {
      var (w1, m1, v1) = (w, m, v)
      variant.adam(&w1, &m1, &v1, g, count, settings)
      for i in 0..<count {
        let d = Double(g[i]) * 0.5, mean = Double(m[i]) * 0.9 + d * 0.1, square = Double(v[i]) * 0.999 + d * d * 0.001
        let moved = Double(w[i]) - 0.125 * (mean / (square.squareRoot() + 1e-6) + 0.01 * Double(w[i]))
        #expect(abs(Double(m1[i]) - mean) < 1e-6 && abs(Double(v1[i]) - square) < 1e-6, "\(variant.name)")
        #expect(abs(Double(w1[i]) - moved) < 1e-4 * max(1, abs(moved)), "\(variant.name)")
      }
    }
  }
}
