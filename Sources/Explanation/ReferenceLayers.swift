internal import Glibc
import Models
internal import Tensors

// The plain twins of the layers behind the encoders, in f32 whatever the model is computed in. The fast ones hand on
// what attention finds and not where it looked; these tell both.

/// y = x·Wᵀ + b on every row.
struct ReferenceLinear: Sendable {
  private let weight: [Float]
  private let bias: [Float]
  private let inputs: Int

  /// The layer `name` of a model: `weight`, and `bias` where it has one.
  init(_ folder: ModelFolder, _ name: String, inputs: Int, biased: Bool = true) throws(ExplanationError) {
    weight = try folder.numbers(name + ".weight")
    bias = try biased ? folder.numbers(name + ".bias") : [Float](repeating: 0, count: weight.count / inputs)
    self.inputs = inputs
  }

  func callAsFunction(_ x: TokenRows) -> TokenRows {
    precondition(x.width == inputs, "x is as wide as W")
    var y = [Float](repeating: 0, count: x.count * bias.count)
    x.values.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { weight in
        guard let x = x.baseAddress, let weight = weight.baseAddress else { return }
        for place in y.indices {
          let (row, output) = place.quotientAndRemainder(dividingBy: bias.count)
          y[place] = VectorMath.dot(x + row * inputs, weight + output * inputs, count: inputs) + bias[output]
        }
      }
    }
    return TokenRows(width: bias.count, values: y)
  }
}

/// (x − mean) / √(variance + ε) · weight + bias on every row.
struct ReferenceLayerNorm: Sendable {
  private let weight: [Float]
  private let bias: [Float]
  private let epsilon: Double

  init(_ folder: ModelFolder, _ name: String, epsilon: Double) throws(ExplanationError) {
    weight = try folder.numbers(name + ".weight")
    bias = try folder.numbers(name + ".bias")
    self.epsilon = epsilon
  }

  func callAsFunction(_ x: TokenRows) -> TokenRows {
    precondition(x.width == weight.count, "x is as wide as the gain")
    var y = x
    for start in stride(from: 0, to: x.values.count, by: x.width) {
      let row = x.values[start..<start + x.width]
      let mean = row.reduce(0.0) { $0 + Double($1) } / Double(x.width)
      let variance = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.width)
      let scale = 1 / (variance + epsilon).squareRoot()
      for column in 0..<x.width {
        y.values[start + column] = Float((Double(row[start + column]) - mean) * scale) * weight[column] + bias[column]
      }
    }
    return y
  }
}

/// LN(x + W·Attn(x, y)): a sublayer of attention, and where each row of x looks.
struct ReferenceAttention: Sendable {
  private let query: ReferenceLinear
  private let key: ReferenceLinear
  private let value: ReferenceLinear
  private let output: ReferenceLinear
  private let norm: ReferenceLayerNorm
  private let heads: Int

  /// The sublayer `name` of a model.
  init(_ folder: ModelFolder, _ name: String) throws(ExplanationError) {
    let configuration = folder.configuration, dim = configuration.dim
    query = try ReferenceLinear(folder, name + ".attention.query", inputs: dim)
    key = try ReferenceLinear(folder, name + ".attention.key", inputs: dim)
    value = try ReferenceLinear(folder, name + ".attention.value", inputs: dim)
    output = try ReferenceLinear(folder, name + ".output", inputs: dim)
    norm = try ReferenceLayerNorm(folder, name + ".norm", epsilon: configuration.fusionEpsilon)
    heads = configuration.fusionHeads
  }

  /// Attends.
  ///
  /// - Parameters:
  ///   - x: rows × D.
  ///   - y: the rows that are looked at, at least one.
  ///   - bias: x's rows × y's rows, added to the scores of every head.
  /// - Returns: x after the sublayer; the probabilities x's rows × y's rows, the mean of the heads.
  func callAsFunction(_ x: TokenRows, to y: TokenRows, bias: [Float]? = nil) -> (x: TokenRows, probabilities: [Float]) {
    let (query, key, value) = (query(x), key(y), value(y))
    let size = x.width / heads, scale = 1 / Float(size).squareRoot()
    var found = TokenRows(width: x.width, values: [Float](repeating: 0, count: x.values.count))
    var mean = [Float](repeating: 0, count: x.count * y.count)
    for row in 0..<x.count {
      for head in 0..<heads {
        let part = head * size..<(head + 1) * size
        let scores = (0..<y.count).map { other in
          part.reduce(Float(0)) { $0 + query.values[row * x.width + $1] * key.values[other * x.width + $1] } * scale
            + (bias.map { $0[row * y.count + other] } ?? 0)
        }
        for (other, probability) in scores.softmax().enumerated() {
          mean[row * y.count + other] += probability / Float(heads)
          for column in part {
            found.values[row * x.width + column] += probability * value.values[other * x.width + column]
          }
        }
      }
    }
    return (norm(x + output(found)), mean)
  }
}

/// The tokens of one sequence, a row of numbers each, where nothing needs to be fast.
struct TokenRows: Sendable, Equatable {
  /// The numbers of a row.
  let width: Int
  /// The rows, one after another.
  var values: [Float]

  /// TokenRows of this width.
  init(width: Int, values: [Float]) {
    precondition(width > 0 && values.count.isMultiple(of: width), "rows are of one width")
    (self.width, self.values) = (width, values)
  }

  /// How many rows there are.
  var count: Int { values.count / width }

  /// Row `index`.
  func row(_ index: Int) -> [Float] { Array(values[index * width..<(index + 1) * width]) }

  /// The sum with other rows.
  static func + (left: TokenRows, right: TokenRows) -> TokenRows {
    TokenRows(width: left.width, values: zip(left.values, right.values).map { $0 + $1 })
  }

  /// Every number changed in one way.
  func map(_ change: (Float) -> Float) -> TokenRows { TokenRows(width: width, values: values.map(change)) }

  /// The largest difference of any number from that of other rows; NaN where one is no number, infinite where the rows
  /// are of another size.
  func largestDifference(from other: TokenRows) -> Float {
    guard other.values.count == values.count else { return .infinity }
    return zip(values, other.values).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference <= largest ? largest : difference
    }
  }
}
