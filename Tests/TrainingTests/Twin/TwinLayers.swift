import CKernels
import Glibc
import Models

/// A number of rows of equal width.
typealias Matrix = [[Double]]

/// The layers of a network in double precision, written like their formulas, with parameters by name.
final class TwinLayers {
  private let parameters: [String: [Double]]
  /// The dropout of all sites; nil for none.
  private let dropout: ckernels_dropout?
  private var site: UInt32 = 0

  init(_ parameters: [String: [Double]], dropping dropout: ckernels_dropout?) {
    (self.parameters, self.dropout) = (parameters, dropout)
  }

  /// A tensor's numbers.
  func values(_ name: String) -> [Double] { parameters[name] ?? [] }

  /// A tensor's numbers, row by row.
  func rows(_ name: String, width: Int) -> Matrix {
    let values = values(name)
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  /// y = x·Wᵀ + b.
  func linear(_ x: Matrix, _ name: String) -> Matrix {
    guard let inputs = x.first?.count else { return [] }
    let weight = rows(name + ".weight", width: inputs), bias = parameters[name + ".bias"]
    return x.map { row in
      weight.indices.map { output in
        let column = weight[output]
        var sum = bias?[output] ?? 0
        for input in 0..<inputs { sum += row[input] * column[input] }
        return sum
      }
    }
  }

  func norm(_ x: Matrix, _ name: String, epsilon: Double) -> Matrix {
    let weight = values(name + ".weight"), bias = values(name + ".bias")
    return x.map { row in
      let count = Double(row.count), mean = row.reduce(0, +) / count
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let scale = 1 / (variance + epsilon).squareRoot()
      return row.indices.map { (row[$0] - mean) * scale * weight[$0] + bias[$0] }
    }
  }

  /// The next site of dropout, and what it multiplies a number by.
  private func nextSite() -> (_ number: Int) -> Double {
    site += 1
    guard var dropped = dropout else { return { _ in 1 } }
    dropped.site = site
    return { Double(dropped.factor(of: $0)) }
  }

  /// Numbers set to 0 at the next site.
  func drop(_ x: Matrix) -> Matrix {
    let factor = nextSite()
    return x.enumerated().map { row, values in
      values.enumerated().map { $1 * factor(row * values.count + $0) }
    }
  }

  func relu(_ x: Matrix) -> Matrix { x.map { $0.map { max($0, 0) } } }

  func gelu(_ x: Matrix) -> Matrix { x.map { $0.map { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) } } }

  func activate(_ x: Matrix, _ activation: EncoderActivation) -> Matrix {
    func each(_ share: (Double) -> Double) -> Matrix { x.map { $0.map { $0 * share($0) } } }
    switch activation {
    case .gelu: return gelu(x)
    case .quickGELU: return each { 1 / (1 + exp(-1.702 * $0)) }
    case .tanhGELU: return each { 0.5 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
    }
  }

  /// W2·f(W1·x + b1) + b2.
  func feedForward(
    _ x: Matrix, _ name: String, dropsInside: Bool = false, _ activation: (Matrix) -> Matrix
  ) -> Matrix {
    let inner = activation(linear(x, name + ".fc1"))
    return linear(dropsInside ? drop(inner) : inner, name + ".fc2")
  }

  /// x attends to y, post by post.
  func attention(
    _ x: Matrix, _ queries: [Range<Int>], to y: Matrix, _ keys: [Range<Int>], _ name: String, heads: Int,
    drops: Bool, biases: [[Float]?]
  ) -> Matrix {
    let q = linear(x, name + ".query"), k = linear(y, name + ".key"), v = linear(y, name + ".value")
    let factor = nextSite(), width = q.first?.count ?? 0, size = width / heads
    var out = q.map { $0.map { _ in 0.0 } }, first = 0
    for (post, (queries, keys)) in zip(queries, keys).enumerated() {
      // The shares' numbers: rows up to whole registers, posts up to whole groups.
      let wide = (keys.count + 15) / 16 * 16
      for head in 0..<heads {
        let columns = head * size..<(head + 1) * size
        for (t, query) in queries.enumerated() {
          let scores = keys.enumerated().map { s, key in
            columns.reduce(0) { $0 + q[query][$1] * k[key][$1] } / Double(size).squareRoot()
              + (biases[post].map { Double($0[t * keys.count + s]) } ?? 0)
          }
          for (s, share) in softmax(scores).enumerated() {
            let kept = drops ? factor(first + (head * queries.count + t) * wide + s) : 1
            for column in columns { out[query][column] += kept * share * v[keys.lowerBound + s][column] }
          }
        }
      }
      first += (heads * queries.count * wide + 63) / 64 * 64
    }
    return out
  }
}

func softmax(_ x: [Double]) -> [Double] {
  let top = x.max() ?? 0, powers = x.map { exp($0 - top) }, sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

func + (_ x: Matrix, _ y: Matrix) -> Matrix { zip(x, y).map { zip($0, $1).map { $0 + $1 } } }

/// The mean of some rows; of none, zeros.
func mean(_ rows: ArraySlice<[Double]>, width: Int) -> [Double] {
  rows.reduce([Double](repeating: 0, count: width)) { zip($0, $1).map { $0 + $1 } }.map {
    $0 / Double(max(rows.count, 1))
  }
}
