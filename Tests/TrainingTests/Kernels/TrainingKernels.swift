import CKernels
import Evaluation
import Testing

/// The kernels of training for one instruction set.
struct TrainingKernels: Sendable, CustomTestStringConvertible {
  typealias Input = UnsafePointer<Float>?
  typealias Output = UnsafeMutablePointer<Float>?

  let testDescription: String
  let dropout: @Sendable (Input, Input, Output, Int, Int, ckernels_dropout) -> Void
  let add: @Sendable (Input, Output, Int) -> Void
  let gelu: @Sendable (Input, Output, Int) -> Void
  let geluBack: @Sendable (Input, Output, Int) -> Void
  let quickGELU: @Sendable (Input, Output, Int) -> Void
  let quickGELUBack: @Sendable (Input, Output, Int) -> Void
  let tanhGELU: @Sendable (Input, Output, Int) -> Void
  let tanhGELUBack: @Sendable (Input, Output, Int) -> Void
  let norm: @Sendable (Input, Output, Output, Int, Int, Input, Input, Float) -> Void
  let normBack: @Sendable (Input, Input, Input, Input, Output, Int, Int, Int32) -> Void
  let normGradients: @Sendable (Input, Input, Input, Int, Int, Int, Output, Output) -> Void
  let columnSums: @Sendable (Input, Int, Int, Int, Output) -> Void
  let squares: @Sendable (Input, Int) -> Double
  let adam: @Sendable (Output, Output, Output, Input, Int, ckernels_adam) -> Void
  let attentionForward: @Sendable (UnsafePointer<ckernels_training_attention>?) -> Void
  let attentionBack: @Sendable (UnsafePointer<ckernels_training_attention>?) -> Void

  /// The kernels that the processor can run, including those it would not choose.
  static var runnable: [TrainingKernels] {
    #if arch(x86_64)
      return Array([baseline, avx2, avx512].prefix(Int(ckernels_widest()) + 1))
    #else
      return [baseline]
    #endif
  }

  private static let baseline = TrainingKernels(
    testDescription: "baseline", dropout: ckernels_dropout_baseline, add: ckernels_add_baseline,
    gelu: ckernels_gelu_baseline, geluBack: ckernels_gelu_back_baseline, quickGELU: ckernels_quick_gelu_baseline,
    quickGELUBack: ckernels_quick_gelu_back_baseline, tanhGELU: ckernels_tanh_gelu_baseline,
    tanhGELUBack: ckernels_tanh_gelu_back_baseline, norm: ckernels_layer_norm_baseline,
    normBack: ckernels_norm_back_baseline, normGradients: ckernels_norm_gradients_baseline,
    columnSums: ckernels_column_sums_baseline, squares: ckernels_squares_baseline, adam: ckernels_adam_baseline,
    attentionForward: ckernels_attention_forward_baseline, attentionBack: ckernels_attention_back_baseline)

  #if arch(x86_64)
    private static let avx2 = TrainingKernels(
      testDescription: "AVX2", dropout: ckernels_dropout_avx2, add: ckernels_add_avx2, gelu: ckernels_gelu_avx2,
      geluBack: ckernels_gelu_back_avx2, quickGELU: ckernels_quick_gelu_avx2,
      quickGELUBack: ckernels_quick_gelu_back_avx2, tanhGELU: ckernels_tanh_gelu_avx2,
      tanhGELUBack: ckernels_tanh_gelu_back_avx2, norm: ckernels_layer_norm_avx2, normBack: ckernels_norm_back_avx2,
      normGradients: ckernels_norm_gradients_avx2, columnSums: ckernels_column_sums_avx2,
      squares: ckernels_squares_avx2, adam: ckernels_adam_avx2, attentionForward: ckernels_attention_forward_avx2,
      attentionBack: ckernels_attention_back_avx2)

    private static let avx512 = TrainingKernels(
      testDescription: "AVX-512", dropout: ckernels_dropout_avx512, add: ckernels_add_avx512,
      gelu: ckernels_gelu_avx512, geluBack: ckernels_gelu_back_avx512, quickGELU: ckernels_quick_gelu_avx512,
      quickGELUBack: ckernels_quick_gelu_back_avx512, tanhGELU: ckernels_tanh_gelu_avx512,
      tanhGELUBack: ckernels_tanh_gelu_back_avx512, norm: ckernels_layer_norm_avx512,
      normBack: ckernels_norm_back_avx512, normGradients: ckernels_norm_gradients_avx512,
      columnSums: ckernels_column_sums_avx512, squares: ckernels_squares_avx512, adam: ckernels_adam_avx512,
      attentionForward: ckernels_attention_forward_avx512, attentionBack: ckernels_attention_back_avx512)
  #endif
}

/// Numbers for kernels, each followed by numbers that no kernel may use or change.
final class Arena {
  private var pieces: [(base: UnsafeMutablePointer<Float>, count: Int)] = []
  private static let behind = 32

  deinit { for piece in pieces { piece.base.deallocate() } }

  /// A piece of memory with these numbers.
  func put(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let base = UnsafeMutablePointer<Float>.allocate(capacity: values.count + Arena.behind)
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
    (base + values.count).initialize(repeating: .nan, count: Arena.behind)
    pieces.append((base, values.count))
    return base
  }

  /// An unwritten piece, filled with NaN.
  func put(unwritten count: Int) -> UnsafeMutablePointer<Float> { put([Float](repeating: .nan, count: count)) }

  /// The current numbers of a piece.
  func values(_ base: UnsafeMutablePointer<Float>) -> [Float] {
    let count = pieces.first { $0.base == base }?.count ?? 0
    return Array(UnsafeBufferPointer(start: base, count: count))
  }

  /// Whether the numbers after all pieces are unchanged.
  var isIntact: Bool {
    pieces.allSatisfy { piece in (0..<Arena.behind).allSatisfy { piece.base[piece.count + $0].isNaN } }
  }
}

extension SeededGenerator {
  /// Numbers from −`size` to `size`.
  mutating func floats(_ count: Int, size: Double = 1) -> [Float] {
    (0..<count).map { _ in Float(number(in: -size...size)) }
  }
}

extension [Float] {
  /// Rows of so many numbers, as doubles.
  func rows(of width: Int) -> [[Double]] {
    stride(from: 0, to: count, by: width).map { self[$0..<Swift.min($0 + width, count)].map(Double.init) }
  }
}

/// The largest distance of a number from its reference, relative to the largest of them or to 1; infinite if only one
/// of the two is NaN.
func distance(_ values: [Float], _ twins: [Double]) -> Double {
  guard values.count == twins.count else { return .infinity }
  var most = 0.0, largest = 1.0
  for (value, twin) in zip(values, twins) {
    guard value.isNaN == twin.isNaN else { return .infinity }
    if twin.isNaN { continue }
    most = max(most, abs(Double(value) - twin))
    largest = max(largest, abs(twin))
  }
  return most / largest
}

/// Widths that are not, and some that are, multiples of a register.
let unevenWidths = [1, 3, 15, 16, 17, 33, 64, 100]
