import CKernels
import Tensors
import Testing

@Suite struct QuantisedMatrixTests {
  @Test func joinedRowsEqualTheWhole() {
    var numbers = Numbers(seed: 4)
    let first = numbers.row(5 * 33), second = numbers.row(2 * 33).map { $0 * 7 }
    let whole = QuantisedMatrix(rounding: first + second, outputs: 7)
    var joined = QuantisedMatrix(rounding: first, outputs: 5)
    joined.append(QuantisedMatrix(rounding: second, outputs: 2))
    #expect(joined.bytes == whole.bytes && joined.scales == whole.scales && joined.inputs == 33)
    #expect(whole.bytes.map { abs(Int($0)) }.max() == 127)
  }

  @Test func invalidRoundingIsRejected() throws {
    #expect(try #require(QuantisedMatrix(bytes: [1, -127, 0, 0], scales: [0.5, 0])).inputs == 2)
    #expect(QuantisedMatrix(bytes: [1, -128, 0, 0], scales: [0.5, 0]) == nil)
    #expect(QuantisedMatrix(bytes: [1, 2, 3], scales: [1, 1]) == nil)
    #expect(QuantisedMatrix(bytes: [], scales: []) == nil)
    for scale in [-1, .nan, .infinity] as [Float] {
      #expect(QuantisedMatrix(bytes: [1, 2], scales: [1, scale]) == nil)
    }
    #expect(!QuantisedMatrix(rounding: [1, .nan, 2, 3], outputs: 2).isFinite)
  }

  @Test(.enabled(if: NumberFormat.int8.isFast)) func productsHaveTheSameBitsAsWithRoundingAtPacking() throws {
    var numbers = Numbers(seed: 5)
    let x = numbers.rows(9, 40), weight = numbers.rows(24, 40), bias = numbers.row(24), workspace = Workspace()
    let stored = try PackedLinear(QuantisedMatrix(rounding: weight.flatMap(\.self), outputs: 24), bias: bias)
    let packed = try PackedLinear(weight, bias, format: .int8), input = try workspace.matrix(x).view
    #expect(try stored(input, using: workspace).view.values == packed(input, using: workspace).view.values)
  }
}

/// The kernels around products of bytes, each variant against its simple counterpart.
@Suite struct QuantisedColumnsTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let quantise:
      @Sendable (UnsafePointer<Float>, Int, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<ckernels_token>) ->
        Void
    let quantiseWeights:
      @Sendable (
        UnsafePointer<Float>, Int, Int, UnsafeMutablePointer<Int8>, UnsafeMutablePointer<Float>,
        UnsafeMutablePointer<Int32>
      ) -> Void
    let dequantise:
      @Sendable (
        UnsafePointer<Int32>, UnsafePointer<ckernels_token>, Int, Int, UnsafePointer<ckernels_columns>,
        ckernels_activation, Int32, UnsafeMutablePointer<Float>
      ) -> Void

    static var runnable: [Variant] {
      var variants = [
        Variant(
          testDescription: "baseline", quantise: { ckernels_quantise_baseline($0, $1, $2, $3, $4) },
          quantiseWeights: { ckernels_quantise_weights_baseline($0, $1, $2, $3, $4, $5) },
          dequantise: { ckernels_dequantise_baseline($0, $1, $2, $3, $4, $5, $6, $7) })
      ]
      #if arch(x86_64)
        variants.append(
          Variant(
            testDescription: "AVX2", quantise: { ckernels_quantise_avx2($0, $1, $2, $3, $4) },
            quantiseWeights: { ckernels_quantise_weights_avx2($0, $1, $2, $3, $4, $5) },
            dequantise: { ckernels_dequantise_avx2($0, $1, $2, $3, $4, $5, $6, $7) }))
        variants.append(
          Variant(
            testDescription: "AVX-512", quantise: { ckernels_quantise_avx512($0, $1, $2, $3, $4) },
            quantiseWeights: { ckernels_quantise_weights_avx512($0, $1, $2, $3, $4, $5) },
            dequantise: { ckernels_dequantise_avx512($0, $1, $2, $3, $4, $5, $6, $7) }))
      #endif
      return Array(variants.prefix(Int(ckernels_widest()) + 1))
    }
  }

  /// Rows of every sign and range, with zeros, tiny and huge numbers among them.
  private static func rows(_ width: Int) -> [[Float]] {
    var numbers = Numbers(seed: 21)
    var rows = numbers.rows(4, width)
    rows.append(numbers.row(width).map { abs($0) * 100 })
    rows.append(numbers.row(width).map { -abs($0) * 1e-5 - 3 })
    rows.append([Float](repeating: 0, count: width))
    rows.append(numbers.row(width).map { $0 * 1e-38 })
    rows.append(numbers.row(width).map { $0 * 1e38 })
    rows.append([7] + [Float](repeating: 0, count: width - 1))
    return rows
  }

  @Test(arguments: Variant.runnable, [1, 3, 16, 33, 768])
  func tokensBecomeTheTwinsBytes(variant: Variant, width: Int) {
    let rows = Self.rows(width), flat = rows.flatMap { $0 }
    var bytes = [UInt8](repeating: 9, count: flat.count + 1)
    var tokens = [ckernels_token](repeating: ckernels_token(scale: 0, zero: 0), count: rows.count)
    variant.quantise(flat, rows.count, width, &bytes, &tokens)
    #expect(bytes.last == 9)
    for (index, row) in rows.enumerated() {
      let twin = Naive.quantised(row)
      #expect(tokens[index].scale == twin.scale && tokens[index].zero == twin.zero)
      #expect(Array(bytes[index * width..<(index + 1) * width]) == twin.bytes)
      // No number differs by more than half a step from its byte's value.
      for (x, byte) in zip(row, twin.bytes) {
        let back = Double(Int32(byte) - twin.zero) * Double(twin.scale)
        #expect(abs(back - Double(x)) <= 1.001 * Double(twin.scale) + 1e-30)
      }
    }
  }

  @Test(arguments: Variant.runnable, [1, 3, 16, 33, 768])
  func weightsBecomeTheTwinsBytes(variant: Variant, width: Int) {
    let rows = Self.rows(width), flat = rows.flatMap { $0 }
    var bytes = [Int8](repeating: 9, count: flat.count + 1)
    var scales = [Float](repeating: -1, count: rows.count), sums = [Int32](repeating: -1, count: rows.count)
    variant.quantiseWeights(flat, rows.count, width, &bytes, &scales, &sums)
    #expect(bytes.last == 9)
    for (index, row) in rows.enumerated() {
      let twin = Naive.quantisedWeights(row)
      #expect(scales[index] == twin.scale)
      #expect(Array(bytes[index * width..<(index + 1) * width]) == twin.bytes)
      #expect(sums[index] == twin.bytes.reduce(0) { $0 + Int32($1) })
    }
  }

  @Test(arguments: Variant.runnable, [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteSpoilsItsRowOnly(variant: Variant, value: Float) {
    for place in [0, 15, 16, 18] {
      var x = [Float](repeating: 1, count: 3 * 19)
      x[19 + place] = value
      var bytes = [UInt8](repeating: 9, count: x.count), weights = [Int8](repeating: 9, count: x.count)
      var tokens = [ckernels_token](repeating: ckernels_token(scale: 0, zero: 0), count: 3)
      variant.quantise(x, 3, 19, &bytes, &tokens)
      #expect(tokens.map(\.scale.isNaN) == [false, true, false])
      var scales = [Float](repeating: 0, count: 3), sums = [Int32](repeating: 0, count: 3)
      variant.quantiseWeights(x, 3, 19, &weights, &scales, &sums)
      #expect(scales.map(\.isNaN) == [false, true, false])
    }
  }

  @Test(arguments: Variant.runnable, [1, 3, 16, 33, 300])
  func sumsBecomeTheTwinsNumbers(variant: Variant, width: Int) {
    var numbers = Numbers(seed: 22)
    let tokens = [
      ckernels_token(scale: 0.01, zero: 0), ckernels_token(scale: 0.002, zero: 255),
      ckernels_token(scale: 0.05, zero: 31),
    ]
    let sums = (0..<3 * width).map { _ in Int32(numbers.next() * 200_000) }
    let scales = numbers.row(width).map { abs($0) * 0.01 }, bias = numbers.row(width)
    let totals = (0..<width).map { _ in Int32(numbers.next() * 10_000) }
    let before = numbers.row(3 * width)
    for (activation, accumulates) in [
      (CKERNELS_NONE, false), (CKERNELS_NONE, true), (CKERNELS_RELU, false), (CKERNELS_GELU, false),
      (CKERNELS_QUICK_GELU, false), (CKERNELS_TANH_GELU, false),
    ] {
      var y = before
      scales.withUnsafeBufferPointer { scales in
        totals.withUnsafeBufferPointer { totals in
          bias.withUnsafeBufferPointer { bias in
            var columns = ckernels_columns(
              scales: scales.baseAddress, sums: totals.baseAddress, bias: bias.baseAddress)
            variant.dequantise(sums, tokens, 3, width, &columns, activation, accumulates ? 1 : 0, &y)
          }
        }
      }
      for index in y.indices {
        let (row, column) = index.quotientAndRemainder(dividingBy: width), token = tokens[row]
        let whole = Double(sums[index] - token.zero * totals[column])
        var expected = whole * Double(token.scale) * Double(scales[column]) + Double(bias[column])
        if activation == CKERNELS_RELU { expected = max(expected, 0) }
        if activation == CKERNELS_GELU { expected = Naive.gelu(expected) }
        if activation == CKERNELS_QUICK_GELU { expected = Naive.quickGELU(expected) }
        if activation == CKERNELS_TANH_GELU { expected = Naive.tanhGELU(expected) }
        if accumulates { expected += Double(before[index]) }
        let tolerance = activation == CKERNELS_GELU ? Naive.geluTolerance(expected) : 1e-6 * max(1, abs(expected))
        #expect(abs(Double(y[index]) - expected) < tolerance, "\(activation) \(accumulates)")
      }
    }
  }

  /// GELU from far below to far above, where its two factors are 0 and 1.
  @Test(arguments: Variant.runnable) func geluIsNearItsFormula(variant: Variant) {
    let x = (0..<2000).map { Float($0 - 1000) / 50 } + [Float.nan, 1e30, -1e30, -.infinity]
    var y = [Float](repeating: 7, count: x.count)
    let ones = [Float](repeating: 1, count: x.count), none = [Int32](repeating: 0, count: x.count)
    x.withUnsafeBufferPointer { bias in
      ones.withUnsafeBufferPointer { scales in
        none.withUnsafeBufferPointer { totals in
          var columns = ckernels_columns(scales: scales.baseAddress, sums: totals.baseAddress, bias: bias.baseAddress)
          variant.dequantise(none, [ckernels_token(scale: 1, zero: 0)], 1, x.count, &columns, CKERNELS_GELU, 0, &y)
        }
      }
    }
    for (x, y) in zip(x.prefix(2000), y) {
      let exact = Naive.gelu(Double(x))
      #expect(abs(Double(y) - exact) < Naive.geluTolerance(exact), "\(x)")
      if x > -1.5 { #expect(abs(Double(y) - exact) <= 2e-4 * abs(exact), "\(x)") }
    }
    #expect(y[2000].isNaN && abs(y[2001] / 1e30 - 1) < 2e-6)
    #expect(abs(y[2002]) < 6e-5 && abs(y[2003]) < 6e-5)
  }
}
