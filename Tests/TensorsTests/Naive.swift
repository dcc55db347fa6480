import Glibc
import Tensors

/// Simple reference versions of the fast kernels: the formulas in double precision.
enum Naive {
  /// y = x·Wᵀ + b.
  static func linear(_ x: [[Double]], _ weight: [[Double]], _ bias: [Float]) -> [[Double]] {
    x.map { row in
      zip(weight, bias).map { column, bias in
        zip(row, column).reduce(Double(bias)) { $0 + $1.0 * $1.1 }
      }
    }
  }

  /// x rounded to the nearest number with a zero lower half, ties to even; a NaN stays.
  static func bf16(_ x: Float) -> Float {
    guard x.isFinite else { return x }
    let below = Float(bitPattern: x.bitPattern & 0xFFFF_0000)
    let above = below + Float(sign: x.sign, exponent: 0, significand: 1) * (below.ulp * 0x1p16)
    // Above the largest number there is infinity, at the distance of the next number.
    let unit = Double(below.ulp) * 0x1p16, past = abs(Double(x) - Double(below))
    if past * 2 == unit { return below.bitPattern & 0x1_0000 == 0 ? below : above }
    return past * 2 < unit ? below : above
  }

  /// A token in 255 steps of its range.
  static func quantised(_ x: [Float]) -> (bytes: [UInt8], scale: Float, zero: Int32) {
    let low = min(x.min() ?? 0, 0), high = max(x.max() ?? 0, 0), range = high - low
    guard range > 1e-30 else { return ([UInt8](repeating: 0, count: x.count), 0, 0) }
    let inverse = 255 / range, zero = Int32((-low * inverse).rounded(.toNearestOrEven))
    let bytes = x.map { UInt8(min(max(Int32(($0 * inverse).rounded(.toNearestOrEven)) + zero, 0), 255)) }
    return (bytes, range / 255, zero)
  }

  /// An output's weights in 127 steps to either side.
  static func quantisedWeights(_ w: [Float]) -> (bytes: [Int8], scale: Float) {
    let largest = w.map(abs).max() ?? 0
    guard largest > 1e-30 else { return ([Int8](repeating: 0, count: w.count), 0) }
    let inverse = 127 / largest
    return (w.map { Int8(($0 * inverse).rounded(.toNearestOrEven)) }, largest / 127)
  }

  /// Tokens as a product in this format sees them.
  static func rounded(tokens x: [[Float]], to format: NumberFormat) -> [[Double]] {
    switch format {
    case .f32: x.map { $0.map(Double.init) }
    case .bf16: x.map { $0.map { Double(bf16($0)) } }
    case .int8:
      x.map { row in
        let (bytes, scale, zero) = quantised(row)
        return bytes.map { Double(Int32($0) - zero) * Double(scale) }
      }
    }
  }

  /// Weights as a product in this format sees them.
  static func rounded(weights w: [[Float]], to format: NumberFormat) -> [[Double]] {
    guard format == .int8 else { return rounded(tokens: w, to: format) }
    return w.map { row in
      let (bytes, scale) = quantisedWeights(row)
      return bytes.map { Double($0) * Double(scale) }
    }
  }

  /// x σ(1.702 x).
  static func quickGELU(_ x: Double) -> Double { x / (1 + exp(-1.702 * x)) }

  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
  static func tanhGELU(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  /// x Φ(x).
  static func gelu(_ x: Double) -> Double { x * 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  /// The tolerance of a kernel's GELU.
  static func geluTolerance(_ exact: Double) -> Double { 6e-5 + 2e-6 * abs(exact) }

  static func softmax(_ x: [Double]) -> [Double] {
    let top = x.max() ?? 0
    let powers = x.map { exp($0 - top) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  static func layerNorm(_ x: [Float], weight: [Float], bias: [Float], epsilon: Double) -> [Double] {
    let count = Double(x.count)
    let mean = x.reduce(0) { $0 + Double($1) } / count
    let variance = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    return zip(x, zip(weight, bias)).map {
      (Double($0) - mean) / (variance + epsilon).squareRoot() * Double($1.0) + Double($1.1)
    }
  }

  static func attention(
    query: [[Float]], key: [[Float]], value: [[Float]], heads: Int, bias: [Float]?
  ) -> [[Double]] {
    let size = query[0].count / heads
    return query.indices.map { t in
      (0..<heads).flatMap { head in
        let columns = head * size..<(head + 1) * size
        let scores = key.indices.map { s in
          columns.reduce(0) { $0 + Double(query[t][$1]) * Double(key[s][$1]) } / Double(size).squareRoot()
            + Double(bias?[t * key.count + s] ?? 0)
        }
        let shares = softmax(scores)
        return columns.map { column in
          zip(shares, value).reduce(0) { $0 + $1.0 * Double($1.1[column]) }
        }
      }
    }
  }
}

/// Numbers from −1 to 1, the same at every run.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
  }

  mutating func row(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

  mutating func rows(_ count: Int, _ width: Int) -> [[Float]] { (0..<count).map { _ in row(width) } }
}

extension Workspace {
  /// A matrix that holds these rows.
  func matrix(_ rows: [[Float]]) throws(TensorError) -> Matrix {
    let matrix = try matrix(rows: rows.count, width: rows.first?.count ?? 0)
    for (index, row) in rows.enumerated() { matrix.row(index).update(from: row, count: row.count) }
    return matrix
  }
}

extension MatrixView {
  var values: [[Float]] { (0..<rows).map { values(ofRow: $0) } }
}

extension PackedLinear {
  init(_ weight: [[Float]], _ bias: [Float], format: NumberFormat = .f32) throws {
    self = try weight.flatMap { $0 }.withUnsafeBufferPointer {
      try PackedLinear(weight: $0, bias: bias, format: format)
    }
  }
}

extension NumberFormat {
  /// The precisions that this processor supports.
  static var fast: [NumberFormat] { allCases.filter(\.isFast) }
}

/// The largest distance between corresponding numbers; infinite for other shapes.
func distance(_ a: [[Float]], _ b: [[Double]]) -> Double {
  guard a.map(\.count) == b.map(\.count) else { return .infinity }
  let distances = zip(a.joined(), b.joined()).map { abs(Double($0) - $1) }
  return distances.contains { $0.isNaN } ? .infinity : distances.max() ?? 0
}
