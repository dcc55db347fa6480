import Glibc
import Models

extension NetworkTwin {
  /// One vector a post.
  func aggregated(_ streams: Streams, _ posts: [PostInputs], _ layers: TwinLayers) -> Matrix {
    let (texts, images) = (streams.textMeans, streams.imageMeans)
    switch configuration.aggregation {
    case .text: return texts
    case .image: return images
    case .concat:
      let joined = posts.indices.map { post in
        let knowledge = configuration.knowledge ? streams.knowledge[streams.knowledges[post]] : []
        return texts[post] + images[post]
          + (configuration.knowledge ? mean(knowledge, width: configuration.dim) : [])
      }
      return layers.feedForward(joined, "join", layers.relu)
    case .gated:
      let gates = layers.linear(zip(texts, images).map { $0 + $1 }, "join.gate")
      return posts.indices.map { post in
        gates[post].indices.map { column in
          let g = 1 / (1 + exp(-gates[post][column]))
          return g * texts[post][column] + (1 - g) * images[post][column]
        }
      }
    case .coAttention: return posts.indices.map { coAttention(streams, $0, layers) }
    case .crossAttention: return pooled(fused(streams, posts, layers), streams.texts, layers)
    }
  }

  private func coAttention(_ streams: Streams, _ post: Int, _ layers: TwinLayers) -> [Double] {
    let t = Array(streams.text[streams.texts[post]]), v = Array(streams.image[streams.images[post]])
    let affine = layers.linear(t, "join.affinity")
    let (words, patches) = (layers.linear(t, "join.text"), layers.linear(v, "join.image"))
    let c = affine.map { a in v.map { b in tanh(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) } }
    let hiddenText = t.indices.map { i in
      words[i].indices.map { column in
        tanh(v.indices.reduce(words[i][column]) { $0 + c[i][$1] * patches[$1][column] })
      }
    }
    let hiddenImage = v.indices.map { j in
      patches[j].indices.map { column in
        tanh(t.indices.reduce(patches[j][column]) { $0 + c[$1][j] * words[$1][column] })
      }
    }
    func sum(_ x: Matrix, by scores: Matrix) -> [Double] {
      let shares = softmax(scores.map { $0[0] })
      return (0..<configuration.dim).map { column in
        x.indices.reduce(0) { $0 + shares[$1] * x[$1][column] }
      }
    }
    let text = sum(t, by: layers.linear(hiddenText, "join.text_score"))
    let image = sum(v, by: layers.linear(hiddenImage, "join.image_score"))
    return zip(text, image).map { $0 + $1 }
  }

  private func fused(_ streams: Streams, _ posts: [PostInputs], _ layers: TwinLayers) -> Matrix {
    let epsilon = configuration.fusionEpsilon, none = [[Float]?](repeating: nil, count: posts.count)
    var x = streams.text
    for index in 0..<configuration.fusionLayers {
      let name = "fusion.\(index)"
      func attend(_ stream: String, to y: Matrix, _ ranges: [Range<Int>], biases: [[Float]?]) {
        let attended = layers.attention(
          x, streams.texts, to: y, ranges, "\(name).\(stream).attention", heads: configuration.fusionHeads,
          drops: true, biases: biases)
        x = x + layers.drop(layers.linear(attended, "\(name).\(stream).output"))
        x = layers.norm(x, "\(name).\(stream).norm", epsilon: epsilon)
      }
      attend("text", to: x, streams.texts, biases: posts.map(\.selfBias))
      attend("image", to: streams.image, streams.images, biases: none)
      if configuration.knowledge {
        attend("knowledge", to: streams.knowledge, streams.knowledges, biases: posts.map(\.crossBias))
      }
      x = x + layers.drop(layers.feedForward(x, name, layers.gelu))
      x = layers.norm(x, name + ".norm", epsilon: epsilon)
    }
    return x
  }

  private func pooled(_ x: Matrix, _ spans: [Range<Int>], _ layers: TwinLayers) -> Matrix {
    switch configuration.pooling {
    case .mean: spans.map { mean(x[$0], width: configuration.dim) }
    case .cls: layers.linear(spans.map { x[$0.lowerBound] }, "pooler").map { $0.map { tanh($0) } }
    case .max:
      spans.map { span in
        (0..<configuration.dim).map { column in span.reduce(0) { max($0, x[$1][column]) } }
      }
    }
  }
}
