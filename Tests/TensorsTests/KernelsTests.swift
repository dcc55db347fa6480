import CKernels
import Tensors
import Testing

/// Every variant of the kernels that the processor can run, also those it would not choose.
@Suite struct KernelsTests {
  struct Variant: Sendable {
    let name: String
    let attention: @Sendable (UnsafePointer<ckernels_attention_arguments>) -> Void
    let layerNorm:
      @Sendable (
        UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, UnsafePointer<Float>,
        UnsafePointer<Float>, Float
      ) -> Void

    static var runnable: [Variant] {
      var variants = [
        Variant(
          name: "baseline", attention: { ckernels_attention_baseline($0) },
          layerNorm: { ckernels_layer_norm_baseline($0, $1, nil, $2, $3, $4, $5, $6) })
      ]
      #if arch(x86_64)
        variants.append(
          Variant(
            name: "AVX2", attention: { ckernels_attention_avx2($0) },
            layerNorm: { ckernels_layer_norm_avx2($0, $1, nil, $2, $3, $4, $5, $6) }))
        variants.append(
          Variant(
            name: "AVX-512", attention: { ckernels_attention_avx512($0) },
            layerNorm: { ckernels_layer_norm_avx512($0, $1, nil, $2, $3, $4, $5, $6) }))
      #endif
      return Array(variants.prefix(Int(ckernels_widest()) + 1))
    }
  }

  @Test(arguments: [(1, 1, 1), (3, 5, 3), (7, 17, 8), (9, 33, 20), (26, 50, 64)])
  func everyVariantAttends(queries: Int, keys: Int, size: Int) {
    var numbers = Numbers(seed: 8)
    let heads = 2, width = heads * size
    let query = numbers.rows(queries, width), key = numbers.rows(keys, width),
      value = numbers.rows(keys, width)
    let bias = numbers.row(queries * keys)
    let expected = Naive.attention(query: query, key: key, value: value, heads: heads, bias: bias)
    for variant in Variant.runnable {
      var out = [Float](repeating: .nan, count: queries * width)
      var scratch = [Float](repeating: .nan, count: ckernels_attention_scratch(queries, keys, size))
      query.joined().span { query in
        key.joined().span { key in
          value.joined().span { value in
            bias.span { bias in
              out.withUnsafeMutableBufferPointer { out in
                scratch.withUnsafeMutableBufferPointer { scratch in
                  var arguments = ckernels_attention_arguments(
                    query: query, key: key, value: value, bf16: 0, bias: bias, out: out.baseAddress,
                    query_stride: width,
                    key_stride: width, value_stride: width, out_stride: width, queries: queries, keys: keys,
                    heads: heads, size: size, scratch: scratch.baseAddress)
                  variant.attention(&arguments)
                }
              }
            }
          }
        }
      }
      let rows = (0..<queries).map { Array(out[$0 * width..<($0 + 1) * width]) }
      #expect(distance(rows, expected) < 2e-6, "\(variant.name)")
    }
  }

  /// In bf16 the rounding of the softmax comes on top of that of the inputs: a share of 2⁻⁹ of values up to 1. Each
  /// query's result is its own, bit for bit.
  @Test(
    .enabled(if: ckernels_has_bf16() != 0),
    arguments: [(1, 1, 2), (3, 5, 4), (7, 17, 8), (9, 33, 20), (26, 50, 64), (50, 24, 80), (5, 2, 34)], [false, true])
  func attendsInBF16(sizes: (queries: Int, keys: Int, size: Int), biased: Bool) {
    let (queries, keys, size) = sizes, heads = 2, width = heads * size
    var numbers = Numbers(seed: 12)
    func rounded(_ rows: [[Float]]) -> [[Float]] { rows.map { $0.map(Naive.bf16) } }
    let query = rounded(numbers.rows(queries, width)), key = rounded(numbers.rows(keys, width))
    let value = rounded(numbers.rows(keys, width)), bias = biased ? numbers.row(queries * keys) : nil
    func attend(from first: Int) -> [[Float]] {
      let count = queries - first
      var out = [Float](repeating: .nan, count: count * width)
      var scratch = [Float](repeating: .nan, count: ckernels_attention_scratch(count, keys, size))
      let halves = [Array(query[first...]), key, value].map { $0.joined().map { UInt16($0.bitPattern >> 16) } }
      let bias = bias.map { Array($0[(first * keys)...]) } ?? []
      halves[0].withUnsafeBytes { query in
        halves[1].withUnsafeBytes { key in
          halves[2].withUnsafeBytes { value in
            bias.withUnsafeBufferPointer { bias in
              out.withUnsafeMutableBufferPointer { out in
                scratch.withUnsafeMutableBufferPointer { scratch in
                  var arguments = ckernels_attention_arguments(
                    query: query.baseAddress, key: key.baseAddress, value: value.baseAddress, bf16: 1,
                    bias: biased ? bias.baseAddress : nil, out: out.baseAddress, query_stride: width,
                    key_stride: width, value_stride: width, out_stride: width, queries: count, keys: keys,
                    heads: heads, size: size, scratch: scratch.baseAddress)
                  ckernels_attention(&arguments)
                }
              }
            }
          }
        }
      }
      return (0..<count).map { Array(out[$0 * width..<($0 + 1) * width]) }
    }
    let all = attend(from: 0)
    let expected = Naive.attention(query: query, key: key, value: value, heads: heads, bias: bias)
    #expect(distance(all, expected) < 0x1p-9 + 2e-6)
    // One key has all of the softmax, which nothing rounds then.
    if keys == 1 { #expect(all == [[Float]](repeating: value[0], count: queries)) }
    for first in [1, 2, queries / 2, queries - 1] where first < queries {
      #expect(attend(from: first) == Array(all[first...]))
    }
  }

  @Test(arguments: [1, 5, 16, 39, 768]) func everyVariantNormalises(width: Int) {
    var numbers = Numbers(seed: 9)
    let x = numbers.rows(3, width), weight = numbers.row(width), bias = numbers.row(width)
    let expected = x.map { Naive.layerNorm($0, weight: weight, bias: bias, epsilon: 1e-5) }
    for variant in Variant.runnable {
      var y = [Float](repeating: .nan, count: 3 * width)
      x.joined().span { x in
        y.withUnsafeMutableBufferPointer { y in
          guard let y = y.baseAddress else { return }
          variant.layerNorm(x, y, 3, width, weight, bias, 1e-5)
        }
      }
      let rows = (0..<3).map { Array(y[$0 * width..<($0 + 1) * width]) }
      #expect(distance(rows, expected) < 1e-5, "\(variant.name)")
    }
  }
}

extension Sequence where Element == Float {
  /// Calls `body` with the numbers in one piece of memory.
  fileprivate func span(_ body: (UnsafePointer<Float>) -> Void) {
    Array(self).withUnsafeBufferPointer { numbers in
      if let first = numbers.baseAddress { body(first) }
    }
  }
}
