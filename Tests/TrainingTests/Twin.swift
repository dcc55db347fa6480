import Glibc
import Models
import Training

/// The model and its losses in double precision, as they are written down, one post and one number after the other:
/// what finite differences are taken of.
struct Twin {
  typealias Matrix = [[Double]]

  let configuration: ModelConfiguration
  /// Every tensor's numbers.
  var tensors: [String: [Double]]

  private func rows(_ name: String, _ width: Int) -> Matrix {
    guard let values = tensors[name] else { preconditionFailure(name) }
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  private func vector(_ name: String) -> [Double] { tensors[name] ?? [] }

  private func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

  private func plus(_ x: Matrix, _ y: Matrix) -> Matrix { zip(x, y).map { zip($0, $1).map(+) } }

  private func linear(_ x: Matrix, _ name: String, bias: Bool = true) -> Matrix {
    let weight = rows(name + ".weight", x[0].count), shift = bias ? vector(name + ".bias") : weight.map { _ in 0 }
    return x.map { row in zip(weight, shift).map { dot(row, $0) + $1 } }
  }

  private func norm(_ x: Matrix, _ name: String, _ epsilon: Double) -> Matrix {
    let gain = vector(name + ".weight"), shift = vector(name + ".bias")
    return x.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      return row.indices.map { (row[$0] - mean) / (variance + epsilon).squareRoot() * gain[$0] + shift[$0] }
    }
  }

  private func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  private func feedForward(_ x: Matrix, _ name: String, _ f: (Double) -> Double) -> Matrix {
    linear(linear(x, name + ".fc1").map { $0.map(f) }, name + ".fc2")
  }

  private func softmax(_ x: [Double]) -> [Double] {
    let top = x.max() ?? 0, e = x.map { exp($0 - top) }, sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  private func attention(_ x: Matrix, _ y: Matrix, _ name: String, heads: Int, bias: [Float]? = nil) -> Matrix {
    let q = linear(x, name + ".query"), k = linear(y, name + ".key"), v = linear(y, name + ".value")
    let size = q[0].count / heads
    return q.indices.map { t in
      (0..<heads).flatMap { head -> [Double] in
        let part = head * size..<(head + 1) * size
        let shares = softmax(
          k.indices.map { s in
            dot(Array(q[t][part]), Array(k[s][part])) / Double(size).squareRoot()
              + Double(bias?[t * k.count + s] ?? 0)
          })
        return part.map { column in v.indices.reduce(0) { $0 + shares[$1] * v[$1][column] } }
      }
    }
  }

  private func mean(_ x: Matrix) -> [Double] {
    x[0].indices.map { column in x.reduce(0) { $0 + $1[column] } / Double(x.count) }
  }

  private func text(_ pieces: [Int32]) -> Matrix {
    let text = configuration.text, width = text.hiddenSize
    let words = rows("text_encoder.word.weight", width), places = rows("text_encoder.position.weight", width)
    let type = rows("text_encoder.token_type.weight", width)[0]
    var x = pieces.enumerated().map { place, piece in
      (0..<width).map { words[Int(piece)][$0] + places[place][$0] + type[$0] }
    }
    x = norm(x, "text_encoder.norm", text.epsilon)
    for index in 0..<text.layers {
      let name = "text_encoder.blocks.\(index)"
      let attended = linear(attention(x, x, name + ".attention", heads: text.heads), name + ".attention_output")
      x = norm(plus(x, attended), name + ".attention_norm", text.epsilon)
      x = norm(plus(x, feedForward(x, name, gelu)), name + ".output_norm", text.epsilon)
    }
    return feedForward(x, "text_projection") { max($0, 0) }
  }

  private func picture(_ pixels: [Float]) -> Matrix {
    let image = configuration.image, side = image.patchSize
    var patches: Matrix = []
    for y in 0..<image.grid {
      for x in 0..<image.grid {
        patches.append(
          (0..<3).flatMap { channel in
            (0..<side).flatMap { line in
              (0..<side).map { Double(pixels[(channel * image.size + y * side + line) * image.size + x * side + $0]) }
            }
          })
      }
    }
    var x = [vector("image_encoder.cls")] + linear(patches, "image_encoder.patch")
    x = plus(x, rows("image_encoder.position", image.hiddenSize))
    for index in 0..<image.layers {
      let name = "image_encoder.blocks.\(index)", normed = norm(x, name + ".norm1", image.epsilon)
      x = plus(
        x, linear(attention(normed, normed, name + ".attention", heads: image.heads), name + ".attention_output"))
      x = plus(x, feedForward(norm(x, name + ".norm2", image.epsilon), name, gelu))
    }
    return feedForward(norm(x, "image_encoder.norm", image.epsilon), "image_projection") { max($0, 0) }
  }

  private func fused(_ text: Matrix, _ image: Matrix, _ knowledge: Matrix?, _ post: PostInputs) -> [Double] {
    var x = text
    func attend(_ y: Matrix, _ name: String, _ bias: [Float]?) {
      let attended = attention(x, y, name + ".attention", heads: configuration.fusionHeads, bias: bias)
      x = norm(plus(x, linear(attended, name + ".output")), name + ".norm", configuration.fusionEpsilon)
    }
    for index in 0..<configuration.fusionLayers {
      let name = "fusion.\(index)"
      attend(x, name + ".text", post.selfBias)
      attend(image, name + ".image", nil)
      if let knowledge { attend(knowledge, name + ".knowledge", post.crossBias) }
      x = norm(plus(x, feedForward(x, name, gelu)), name + ".norm", configuration.fusionEpsilon)
    }
    switch configuration.pooling {
    case .mean: return mean(x)
    case .cls: return linear([x[0]], "pooler")[0].map { tanh($0) }
    case .max: return x[0].indices.map { column in max(0, x.map { $0[column] }.max() ?? 0) }
    }
  }

  private func coAttended(_ t: Matrix, _ v: Matrix) -> [Double] {
    let affine = linear(t, "join.affinity", bias: false)
    let wt = linear(t, "join.text", bias: false), wv = linear(v, "join.image", bias: false)
    let c = affine.map { row in v.map { tanh(dot(row, $0)) } }
    let image = v.indices.map { j in
      wv[j].indices.map { k in tanh(t.indices.reduce(wv[j][k]) { $0 + c[$1][j] * wt[$1][k] }) }
    }
    let text = t.indices.map { i in
      wt[i].indices.map { k in tanh(v.indices.reduce(wt[i][k]) { $0 + c[i][$1] * wv[$1][k] }) }
    }
    let a = softmax(linear(text, "join.text_score", bias: false).map { $0[0] })
    let b = softmax(linear(image, "join.image_score", bias: false).map { $0[0] })
    return t[0].indices.map { k in
      t.indices.reduce(0) { $0 + a[$1] * t[$1][k] } + v.indices.reduce(0) { $0 + b[$1] * v[$1][k] }
    }
  }

  private func contrastive(_ students: Matrix, _ teachers: Matrix) -> Double {
    guard !students.isEmpty else { return 0 }
    func unit(_ x: [Double]) -> [Double] { x.map { $0 / dot(x, x).squareRoot() } }
    let a = students.map(unit), c = teachers.map(unit), n = a.count
    let scores = a.map { row in c.map { dot(row, $0) / configuration.training.temperature } }
    var loss = 0.0
    for i in 0..<n {
      loss -= log(softmax(scores[i])[i]) / Double(2 * n)
      loss -= log(softmax(scores.map { $0[i] })[i]) / Double(2 * n)
    }
    return loss
  }

  /// The total loss of a batch, α and β being 1.
  func loss(_ batch: [Example]) -> Double {
    var texts: Matrix = [], images: Matrix = [], task = 0.0
    var taughtText: Matrix = [], taughtImage: Matrix = []
    for example in batch {
      let post = example.inputs, t = text(post.text)
      let v = post.pixels.map(picture) ?? [[Double](repeating: 0, count: configuration.dim)]
      let k = configuration.knowledge ? post.knowledge.map(text) : nil
      let pooled: [Double]
      switch configuration.aggregation {
      case .crossAttention: pooled = fused(t, v, k, post)
      case .concat:
        let joined = mean(t) + mean(v) + (k.map(mean) ?? [])
        pooled = feedForward([joined], "join") { max($0, 0) }[0]
      case .gated:
        let gate = linear([mean(t) + mean(v)], "join.gate")[0].map { 1 / (1 + exp(-$0)) }
        pooled = zip(gate, zip(mean(t), mean(v))).map { $0 * $1.0 + (1 - $0) * $1.1 }
      case .coAttention: pooled = coAttended(t, v)
      case .text: pooled = mean(t)
      case .image: pooled = mean(v)
      }
      task -= log(softmax(linear([pooled], "classifier")[0])[example.label]) / Double(batch.count)
      if let teacher = example.teacher {
        texts.append(mean(t))
        taughtText.append(teacher.text.map(Double.init))
        if post.pixels != nil {
          images.append(mean(v))
          taughtImage.append(teacher.image.map(Double.init))
        }
      }
    }
    return task + contrastive(texts, taughtText) + contrastive(images, taughtImage)
  }
}
