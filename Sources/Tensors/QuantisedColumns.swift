internal import CKernels

/// What the columns of a product of bytes stand for, and the pass that turns its sums into numbers.
///
/// The library can't scale each row by its own number without giving up its fast kernel, so this is ours.
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

  /// f(sums, scaled, + b), rounded to bytes again. `row` has room for one row, which then is in the nearest cache.
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

extension Activation {
  /// The kernel's name of it.
  fileprivate var kernel: ckernels_activation {
    switch self {
    case .none: CKERNELS_NONE
    case .relu: CKERNELS_RELU
    case .gelu: CKERNELS_GELU
    case .quickGELU: CKERNELS_QUICK_GELU
    case .tanhGELU: CKERNELS_TANH_GELU
    }
  }
}
