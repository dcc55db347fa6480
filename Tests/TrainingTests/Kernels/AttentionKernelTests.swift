import CKernels
import Glibc
import Evaluation
import Testing

@Suite struct AttentionKernelTests {
  /// The numbers of queries and keys, the width of a head, and whether there is a bias or dropout.
  struct Shape: Sendable, CustomTestStringConvertible {
    let queries, keys, size: Int
    let biased: Bool
    let dropped: Double
    let heads = 2

    var testDescription: String { "\(queries) × \(keys) × \(size), bias \(biased), dropped \(dropped)" }
    /// Rows are farther apart than the heads' numbers need.
    var stride: Int { heads * size + 5 }
    /// A row of shares, up to whole registers.
    var wide: Int { (keys + 15) / 16 * 16 }

    static let all = [
      (1, 1, 1), (3, 1, 3), (1, 3, 15), (5, 16, 16), (15, 17, 17), (17, 33, 33), (33, 15, 64), (16, 64, 8),
      (64, 100, 20),
    ].flatMap { sizes in
      [(false, 0.0), (true, 0), (false, 0.3), (true, 0.5)].map {
        Shape(queries: sizes.0, keys: sizes.1, size: sizes.2, biased: $0.0, dropped: $0.1)
      }
    }

    var dropout: ckernels_dropout {
      dropped > 0 ? ckernels_dropout(share: dropped, seed: 9, site: 3, step: 2, part: 1) : ckernels_dropout()
    }
    /// The number of the first share.
    var first: Int { 64 * 77 }
  }

  /// The formulas written out, head by head.
  struct Twin {
    var shares: [Double]
    var out: [Double]
    var dQuery: [Double]
    var dKey: [Double]
    var dValue: [Double]

    init(_ shape: Shape, _ q: [Float], _ k: [Float], _ v: [Float], bias: [Float], dOut: [Float]) {
      let (stride, size, wide) = (shape.stride, shape.size, shape.wide), scale = 1 / Double(size).squareRoot()
      func at(_ x: [Float], _ row: Int, _ column: Int) -> Double { Double(x[row * stride + column]) }
      shares = [Double](repeating: 0, count: shape.heads * shape.queries * wide)
      out = [Double](repeating: 0, count: shape.queries * stride)
      dQuery = out
      dKey = [Double](repeating: 0, count: shape.keys * stride)
      dValue = dKey
      for head in 0..<shape.heads {
        let columns = head * size..<(head + 1) * size
        for t in 0..<shape.queries {
          let row = (head * shape.queries + t) * wide
          let scores = (0..<shape.keys).map { s in
            columns.reduce(0) { $0 + at(q, t, $1) * at(k, s, $1) } * scale
              + (shape.biased ? Double(bias[t * shape.keys + s]) : 0)
          }
          let top = scores.max() ?? 0, sum = scores.reduce(0) { $0 + exp($1 - top) }
          let p = scores.map { exp($0 - top) / sum }
          let kept = p.indices.map { s in
            shape.dropped > 0 ? Double(shape.dropout.factor(of: shape.first + row + s)) : 1
          }
          let dP = (0..<shape.keys).map { s in kept[s] * columns.reduce(0) { $0 + at(dOut, t, $1) * at(v, s, $1) } }
          let along = zip(p, dP).reduce(0) { $0 + $1.0 * $1.1 }
          for s in 0..<shape.keys {
            shares[row + s] = p[s]
            let dScore = p[s] * (dP[s] - along) * scale
            for column in columns {
              out[t * stride + column] += kept[s] * p[s] * at(v, s, column)
              dValue[s * stride + column] += kept[s] * p[s] * at(dOut, t, column)
              dQuery[t * stride + column] += dScore * at(k, s, column)
              dKey[s * stride + column] += dScore * at(q, t, column)
            }
          }
        }
      }
    }
  }

  /// A post's numbers in the memory that the kernels use.
  struct Post {
    let arena = Arena()
    let shape: Shape
    var arguments: ckernels_training_attention
    let shares: UnsafeMutablePointer<Float>
    let out: UnsafeMutablePointer<Float>
    let d: [UnsafeMutablePointer<Float>]

    init(_ shape: Shape, _ q: [Float], _ k: [Float], _ v: [Float], bias: [Float], dOut: [Float]) {
      self.shape = shape
      let arena = arena
      shares = arena.put(unwritten: shape.heads * shape.queries * shape.wide)
      // Zeros, so that numbers between the heads' show when they change.
      out = arena.put(q.map { _ in 0 })
      d = [q, k, v].map { arena.put($0.map { _ in 0 }) }
      let scratch = arena.put(
        unwritten: ckernels_training_attention_scratch(shape.queries, shape.keys, shape.heads, shape.size))
      arguments = ckernels_training_attention(
        query: arena.put(q), key: arena.put(k), value: arena.put(v), bias: shape.biased ? arena.put(bias) : nil,
        shares: shares, out: out, d_out: arena.put(dOut), d_query: d[0], d_key: d[1], d_value: d[2],
        stride: shape.stride, queries: shape.queries, keys: shape.keys, heads: shape.heads, size: shape.size,
        causal: 0, dropout: shape.dropout, first: shape.first, scratch: scratch)
    }

    mutating func run(_ kernels: TrainingKernels) {
      kernels.attentionForward(&arguments)
      kernels.attentionBack(&arguments)
    }
  }

  @Test(arguments: TrainingKernels.runnable, Shape.all)
  func bothWaysAreTheirTwins(kernels: TrainingKernels, shape: Shape) {
    var random = SeededGenerator(seed: UInt64(shape.queries * 1_000 + shape.keys))
    let q = random.floats(shape.queries * shape.stride, size: 2), k = random.floats(shape.keys * shape.stride, size: 2)
    let v = random.floats(shape.keys * shape.stride), bias = random.floats(shape.queries * shape.keys)
    let dOut = random.floats(shape.queries * shape.stride)
    let twin = Twin(shape, q, k, v, bias: bias, dOut: dOut)
    var post = Post(shape, q, k, v, bias: bias, dOut: dOut)
    post.run(kernels)
    let arena = post.arena
    // Sums of up to 100 numbers of size 1, and scores whose error the softmax scales by at most 1.
    #expect(distance(arena.values(post.shares), twin.shares) < 3e-6)
    #expect(distance(arena.values(post.out), twin.out) < 3e-6)
    for (values, twin) in zip(post.d, [twin.dQuery, twin.dKey, twin.dValue]) {
      #expect(distance(arena.values(values), twin) < 5e-6)
    }
    #expect(arena.isIntact)
  }

  /// Training stored a mask of pieces × pieces for each text length; the kernel knows which pieces come later.
  @Test(arguments: TrainingKernels.runnable) func aCausalTextNeedsNoMask(kernels: TrainingKernels) {
    for count in [1, 2, 15, 16, 17, 40] {
      for dropped in [0, 0.3] {
        let masked = Shape(queries: count, keys: count, size: 9, biased: true, dropped: dropped)
        let causal = Shape(queries: count, keys: count, size: 9, biased: false, dropped: dropped)
        var random = SeededGenerator(seed: UInt64(count))
        let x = (0..<4).map { _ in random.floats(count * masked.stride) }
        let mask: [Float] = (0..<count * count).map { $0 % count <= $0 / count ? 0 : -.infinity }
        var one = Post(masked, x[0], x[1], x[2], bias: mask, dOut: x[3])
        var other = Post(causal, x[0], x[1], x[2], bias: [], dOut: x[3])
        other.arguments.causal = 1
        one.run(kernels)
        other.run(kernels)
        #expect(one.arena.values(one.shares) == other.arena.values(other.shares))
        #expect(one.arena.values(one.out) == other.arena.values(other.out))
        for (d, e) in zip(one.d, other.d) { #expect(one.arena.values(d) == other.arena.values(e)) }
      }
    }
  }

  /// With one key its share is 1, so that neither the query nor the key has a gradient.
  @Test(arguments: TrainingKernels.runnable) func oneKeyHasAllShares(kernels: TrainingKernels) {
    let shape = Shape(queries: 7, keys: 1, size: 9, biased: false, dropped: 0)
    var random = SeededGenerator(seed: 4)
    let q = random.floats(7 * shape.stride), k = random.floats(shape.stride), v = random.floats(shape.stride)
    var post = Post(shape, q, k, v, bias: [], dOut: random.floats(7 * shape.stride))
    post.run(kernels)
    let out = post.arena.values(post.out)
    for t in 0..<7 { #expect(Array(out[t * shape.stride..<t * shape.stride + 18]) == Array(v[0..<18])) }
    for d in post.d.prefix(2) { #expect(post.arena.values(d).allSatisfy { $0 == 0 }) }
  }

  /// Scores of thousands give one key all the weight; a NaN affects only the rows of its query.
  @Test(arguments: TrainingKernels.runnable, [1, 3, 17]) func extremes(kernels: TrainingKernels, keys: Int) {
    let shape = Shape(queries: 4, keys: keys, size: 8, biased: false, dropped: 0)
    var random = SeededGenerator(seed: 5)
    var q = random.floats(4 * shape.stride, size: 1e4)
    q[2 * shape.stride] = .nan
    let k = random.floats(keys * shape.stride), v = random.floats(keys * shape.stride)
    var post = Post(shape, q, k, v, bias: [], dOut: random.floats(4 * shape.stride))
    post.run(kernels)
    let out = post.arena.values(post.out), back = post.arena.values(post.d[0])
    for t in 0..<4 {
      for column in 0..<16 {
        // The second head does not affect the first.
        let isSpoilt = t == 2 && column < 8
        #expect(out[t * shape.stride + column].isNaN == isSpoilt)
        #expect(back[t * shape.stride + column].isNaN == isSpoilt)
      }
    }
  }
}
