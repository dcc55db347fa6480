import Glibc
import Tensors

/// The slow twins of the fast kernels: the formula as it is written, in double precision.
enum Naive {
  /// y = x·Wᵀ + b.
  static func linear(_ x: [[Float]], _ weight: [[Float]], _ bias: [Float]) -> [[Double]] {
    x.map { row in
      zip(weight, bias).map { column, shift in
        zip(row, column).reduce(Double(shift)) { $0 + Double($1.0) * Double($1.1) }
      }
    }
  }

  /// x as the nearest number whose lower half is zero, of two equally near the one whose last bit is; a NaN stays.
  static func bf16(_ x: Float) -> Float {
    guard x.isFinite else { return x }
    let below = Float(bitPattern: x.bitPattern & 0xFFFF_0000)
    let above = below + Float(sign: x.sign, exponent: 0, significand: 1) * (below.ulp * 0x1p16)
    // Beyond the largest there is infinity, which is as far as the next number would be.
    let unit = Double(below.ulp) * 0x1p16, past = abs(Double(x) - Double(below))
    if past * 2 == unit { return below.bitPattern & 0x1_0000 == 0 ? below : above }
    return past * 2 < unit ? below : above
  }

  /// The numbers as a product in this format sees them.
  static func rounded(_ x: [[Float]], to format: NumberFormat) -> [[Float]] {
    switch format {
    case .f32: x
    case .bf16: x.map { $0.map(bf16) }
    }
  }

  /// x Φ(x).
  static func gelu(_ x: Double) -> Double { x * 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  static func softmax(_ x: [Double]) -> [Double] {
    let top = x.max() ?? 0
    let powers = x.map { exp($0 - top) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  static func layerNorm(_ x: [Float], gain: [Float], shift: [Float], epsilon: Double) -> [Double] {
    let count = Double(x.count)
    let mean = x.reduce(0) { $0 + Double($1) } / count
    let variance = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    return zip(x, zip(gain, shift)).map {
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
  /// Those that this processor is made for.
  static var fast: [NumberFormat] { allCases.filter(\.isFast) }
}

/// The largest distance of a number from its twin; infinite for other shapes.
func distance(_ a: [[Float]], _ b: [[Double]]) -> Double {
  guard a.map(\.count) == b.map(\.count) else { return .infinity }
  let distances = zip(a.joined(), b.joined()).map { abs(Double($0) - $1) }
  return distances.contains { $0.isNaN } ? .infinity : distances.max() ?? 0
}
