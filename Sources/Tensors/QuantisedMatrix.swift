internal import CKernels

/// W in bytes: each output's row has its own scale, with 127 steps on either side of 0.
///
/// Rows are rounded separately, so joining matrices does not change their bytes.
package struct QuantisedMatrix: Sendable {
  /// The width of a row.
  package let inputs: Int
  /// The steps of all rows, row by row, −127 to 127.
  package private(set) var bytes: [Int8]
  /// The value of one step in each row; 0 for a row of zeros, NaN for a row with a value that is not a number.
  package private(set) var scales: [Float]

  /// Rounds a matrix of this many rows.
  package init(rounding weight: UnsafeBufferPointer<Float>, outputs: Int) {
    precondition(outputs > 0 && weight.count.isMultiple(of: outputs), "W has whole rows")
    let inputs = weight.count / outputs
    var scales = [Float](repeating: 0, count: outputs), sums = [Int32](repeating: 0, count: outputs)
    bytes = [Int8](unsafeUninitializedCapacity: weight.count) { bytes, count in
      if let weight = weight.baseAddress, let bytes = bytes.baseAddress {
        ckernels_quantise_weights(weight, outputs, inputs, bytes, &scales, &sums)
      }
      count = weight.count
    }
    (self.inputs, self.scales) = (inputs, scales)
  }

  /// Rounds a matrix of this many rows.
  package init(rounding weight: [Float], outputs: Int) {
    self = weight.withUnsafeBufferPointer { QuantisedMatrix(rounding: $0, outputs: outputs) }
  }

  /// Wraps values that are already rounded; nil if a step is -128 or a scale is negative or not finite.
  package init?(bytes: [Int8], scales: [Float]) {
    guard !scales.isEmpty, bytes.count.isMultiple(of: scales.count), !bytes.contains(.min),
      scales.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { return nil }
    inputs = bytes.count / scales.count
    (self.bytes, self.scales) = (bytes, scales)
  }

  /// Whether all numbers before rounding were finite.
  package var isFinite: Bool { scales.allSatisfy(\.isFinite) }

  /// Adds the rows of a matrix of the same width.
  package mutating func append(_ other: QuantisedMatrix) {
    precondition(other.inputs == inputs, "rows are of one width")
    bytes += other.bytes
    scales += other.scales
  }

  /// The sum of each row's steps.
  var sums: [Int32] {
    bytes.withUnsafeBufferPointer { bytes in
      scales.indices.map { row in
        var sum: Int32 = 0
        for byte in bytes[row * inputs..<(row + 1) * inputs] { sum &+= Int32(byte) }
        return sum
      }
    }
  }
}

/// The scales of a product of bytes, column by column, and the pass that converts its sums to numbers.
///
/// The library can't scale each row separately without a slower kernel, so clfa does this.
struct QuantisedColumns: Sendable {
  private let scales: [Float]
  private let sums: [Int32]
  private let bias: [Float]

  /// The columns of Wᵀ.
  init(_ weight: QuantisedMatrix, bias: [Float]) {
    (scales, sums, self.bias) = (weight.scales, weight.sums, bias)
  }

  /// The bytes that all take.
  var bytes: Int { scales.count * 12 }

  /// y = f(sums, scaled, + b), or y += that, for the rows of one block of x.
  func finish(
    _ products: UnsafePointer<Int32>, of x: Operand, _ activation: Activation, accumulates: Bool = false,
    into y: UnsafeMutablePointer<Float>
  ) {
    withColumns { columns in
      ckernels_dequantise(
        products, x.tokens, x.rows, bias.count, &columns, activation.kernel, accumulates ? 1 : 0, y)
    }
  }

  /// f(sums, scaled, + b), rounded to bytes again. `row` has space for one row, which stays in the nearest cache.
  func finish(
    _ products: UnsafePointer<Int32>, of x: Operand, _ activation: Activation, into y: Operand, at first: Int,
    row: UnsafeMutablePointer<Float>
  ) {
    withColumns { columns in
      for index in 0..<x.rows {
        ckernels_dequantise(
          products + index * bias.count, x.tokens.map { $0 + index }, 1, bias.count, &columns, activation.kernel, 0,
          row)
        y.write(row, rows: 1, at: first + index)
      }
    }
  }

  private func withColumns(_ body: (inout ckernels_columns) -> Void) {
    scales.withUnsafeBufferPointer { scales in
      sums.withUnsafeBufferPointer { sums in
        bias.withUnsafeBufferPointer { bias in
          var columns = ckernels_columns(
            scales: scales.baseAddress, sums: sums.baseAddress, bias: bias.baseAddress)
          body(&columns)
        }
      }
    }
  }
}
