internal import CKernels

/// Scaled dot-product attention of one sequence's tokens, head by head:
/// out = softmax(Q·Kᵀ / √size + bias)·V, `size` = width / heads.
///
/// Sequences are processed separately, so nothing is masked and a sequence's result does not depend on its batch. The
/// scores of ``queriesAtOnce`` queries are held at a time, so memory grows with the number of tokens, not with its
/// square; a query's result does not depend on the others.
///
/// This is for scoring. ``AttentionLayer`` is for training: it keeps all probabilities for the backward pass and drops
/// some of them, in f32 and with separate queries, keys and values; here they are columns of one product, in bf16 if
/// that is faster.
package enum Attention {
  /// The queries whose scores are held at a time.
  package static let queriesAtOnce = 1024

  /// The number of floats that attention needs in addition to its inputs and its result.
  package static func scratch(queries: Int, keys: Int, size: Int) -> Int {
    ckernels_attention_scratch(min(queries, queriesAtOnce), keys, size) + min(queries, queriesAtOnce) * keys
  }

  /// Computes attention and writes it to `out`.
  ///
  /// Takes 4 · queries · keys · width floating-point operations.
  ///
  /// - Parameters:
  ///   - query: Q, queries × width, in the format of the others.
  ///   - key: K, keys × width.
  ///   - value: V, keys × width.
  ///   - heads: how many heads share the width.
  ///   - bias: queries × keys, added to the scores of every head.
  ///   - isCausal: whether query i attends to the keys 0 to i alone; there are as many keys as queries then.
  ///   - out: the first number of as many rows as Q has, `query.width` apart.
  ///   - workspace: the worker's own.
  /// - Throws: `TensorError` if memory cannot be allocated, or the workspace's `shouldStop` returns true.
  package static func attend(
    query: AttentionInput, key: AttentionInput, value: AttentionInput, heads: Int, bias: [Float]? = nil,
    isCausal: Bool = false, into out: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) throws(TensorError) {
    precondition(key.rows == value.rows && key.rows > 0, "every key has a value, and there is one")
    precondition(query.format == key.format && key.format == value.format, "factors are of one format")
    precondition(bias.map { $0.count == query.rows * key.rows } ?? true, "a bias has a number for each score")
    precondition(!isCausal || query.rows == key.rows, "a causal sequence attends to itself")
    let size = query.width / heads, keys = key.rows, most = min(query.rows, queriesAtOnce)
    workspace.operations += 4 * query.rows * key.rows * query.width
    try workspace.temporarily { () throws(TensorError) in
      let scratch = try workspace.take(ckernels_attention_scratch(most, keys, size))
      let mask = isCausal ? try workspace.take(most * keys) : nil
      func run(_ rows: Range<Int>, _ bias: UnsafePointer<Float>?) {
        let query = query.rows(rows)
        var arguments = ckernels_attention_arguments(
          query: query.base, key: key.base, value: value.base, bf16: query.format == .bf16 ? 1 : 0, bias: bias,
          out: out + rows.lowerBound * query.width,
          query_stride: query.stride, key_stride: key.stride, value_stride: value.stride,
          out_stride: query.width, queries: query.rows, keys: keys, heads: heads, size: size,
          scratch: scratch)
        ckernels_attention(&arguments)
      }
      func run(_ bias: UnsafePointer<Float>?) throws(TensorError) {
        for first in stride(from: 0, to: query.rows, by: most) {
          try workspace.checkStop()
          let rows = first..<min(first + most, query.rows), own = bias.map { $0 + first * keys }
          if let mask { fill(mask, rows, keys: keys, own) }
          run(rows, mask.map { UnsafePointer($0) } ?? own)
        }
      }
      if let bias {
        try bias.withUnsafeBufferPointer { (bias) throws(TensorError) in try run(bias.baseAddress) }
      } else {
        try run(nil)
      }
    }
  }

  /// Writes, for each of some queries, the mask of the keys after it, and its bias elsewhere.
  private static func fill(
    _ mask: UnsafeMutablePointer<Float>, _ queries: Range<Int>, keys: Int, _ bias: UnsafePointer<Float>?
  ) {
    for (row, query) in queries.enumerated() {
      for key in 0..<keys { mask[row * keys + key] = key > query ? -.infinity : bias?[row * keys + key] ?? 0 }
    }
  }
}

/// Receives the attention weights of a forward pass. Without an observer a forward pass does no extra work.
package protocol AttentionObserver: AnyObject {
  /// Whether the weights of a layer are requested; they are computed only then.
  func observes(_ layer: AttentionSource) -> Bool

  /// Takes the weights of a layer for one sequence, counted from 0 in the pass's batch.
  func observe(_ weights: AttentionWeights, of layer: AttentionSource, sequence: Int)
}

/// Identifies a layer of a model with attention.
package struct AttentionSource: Sendable, Hashable {
  /// Its place among the layers of its kind, from 0.
  package let index: Int
  /// The tokens that are attended to, by their name in the model's tensors, such as `image`.
  package let stream: String

  /// A layer.
  package init(index: Int, stream: String) { (self.index, self.stream) = (index, stream) }
}

/// The weights of one sequence in one layer: heads × queries × keys.
package struct AttentionWeights: Sendable, Equatable {
  /// How many heads there are.
  package let heads: Int
  /// How many tokens attend.
  package let queries: Int
  /// How many tokens are attended to.
  package let keys: Int
  /// The numbers, head by head, then query by query.
  package let values: [Float]

  /// Weights of this shape.
  package init(heads: Int, queries: Int, keys: Int, values: [Float]) {
    precondition(values.count == heads * queries * keys, "there is a weight for each head and pair")
    (self.heads, self.queries, self.keys, self.values) = (heads, queries, keys, values)
  }

  /// The mean of the heads: queries × keys.
  package var mean: [Float] {
    var mean = [Float](repeating: 0, count: queries * keys)
    for head in 0..<heads {
      for place in mean.indices { mean[place] += values[head * mean.count + place] / Float(heads) }
    }
    return mean
  }
}

extension Attention {
  /// The probabilities softmax(Q·Kᵀ / √size + bias) of the same queries and keys that ``attend`` reads, in f32. The
  /// kernel holds them one head at a time and rounds them to the format of the values; these are not rounded.
  ///
  /// - Parameters:
  ///   - query: Q, queries × width, in the format of the keys.
  ///   - key: K, keys × width.
  ///   - heads: how many heads share the width.
  ///   - bias: queries × keys, added to the scores of every head.
  /// - Returns: heads × queries × keys.
  package static func probabilities(
    query: AttentionInput, key: AttentionInput, heads: Int, bias: [Float]? = nil
  ) -> AttentionWeights {
    precondition(query.format == key.format && query.width == key.width, "factors are of one format and width")
    precondition(bias.map { $0.count == query.rows * key.rows } ?? true, "a bias has a number for each score")
    let size = query.width / heads, scale = 1 / Float(size).squareRoot(), keys = key.rows
    let rows = (0..<query.rows).map { query.values(ofRow: $0) }, others = (0..<keys).map { key.values(ofRow: $0) }
    var values: [Float] = []
    values.reserveCapacity(heads * query.rows * keys)
    for head in 0..<heads {
      let part = head * size..<(head + 1) * size
      for (index, row) in rows.enumerated() {
        let own = Array(row[part])
        values += others.enumerated().map { other, row in
          let product = row.withUnsafeBufferPointer { row in
            row.baseAddress.map { VectorMath.dot(own, $0 + part.lowerBound, count: size) } ?? 0
          }
          return product * scale + (bias.map { $0[index * keys + other] } ?? 0)
        }.softmax()
      }
    }
    return AttentionWeights(heads: heads, queries: query.rows, keys: keys, values: values)
  }
}

/// Some rows and columns of queries, keys or values, to read: f32 or bf16.
package struct AttentionInput {
  let base: UnsafeRawPointer
  /// How many rows there are.
  package let rows: Int
  /// The numbers of a row that belong to these.
  package let width: Int
  /// The numbers from one row to the next.
  let stride: Int
  let format: NumberFormat

  private init(base: UnsafeRawPointer, rows: Int, width: Int, stride: Int, format: NumberFormat) {
    (self.base, self.rows, self.width, self.stride, self.format) = (base, rows, width, stride, format)
  }

  /// Floats.
  package init(_ x: MatrixView) {
    self.init(base: x.base, rows: x.rows, width: x.width, stride: x.stride, format: .f32)
  }

  /// Wraps an operand that a layer wrote for attention to read.
  package init(_ x: Operand) {
    precondition(x.format != .int8, "attention reads no bytes")
    self.init(base: x.base, rows: x.rows, width: x.width, stride: x.width, format: x.format)
  }

  /// The numbers of row `index`, as floats.
  func values(ofRow index: Int) -> [Float] {
    let row = base + index * stride * format.bytes
    return (0..<width).map { column in
      format == .bf16
        ? Float(bitPattern: UInt32(row.load(fromByteOffset: 2 * column, as: UInt16.self)) << 16)
        : row.load(fromByteOffset: 4 * column, as: Float.self)
    }
  }

  /// The rows in `range`.
  package func rows(_ range: Range<Int>) -> AttentionInput {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the factors")
    return AttentionInput(
      base: base + range.lowerBound * stride * format.bytes, rows: range.count, width: width, stride: stride,
      format: format)
  }

  /// The columns in `range`.
  package func columns(_ range: Range<Int>) -> AttentionInput {
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "columns outside the factors")
    return AttentionInput(
      base: base + range.lowerBound * format.bytes, rows: rows, width: range.count, stride: stride, format: format)
  }
}

extension Attention {
  /// The best format for the queries, keys and values of a layer of format `layer`, with heads of this size: bf16 if
  /// that rounds no more than the layer does and the processor has instructions for it.
  package static func format(after layer: NumberFormat, size: Int) -> NumberFormat {
    // Adjacent numbers are multiplied in pairs.
    layer != .f32 && size.isMultiple(of: 2) && ckernels_has_bf16() != 0 ? .bf16 : .f32
  }
}
