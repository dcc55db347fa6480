import CKernels
import Glibc
import Models
import Training

/// The forward pass of the whole network and its losses in double precision. Finite differences of it are compared with
/// the trainable model's gradients.
struct NetworkTwin {
  let configuration: ModelConfiguration
  let objective: Objective
  /// The dropout; nil for none.
  var dropout: ckernels_dropout?
  var parameters: [String: [Double]]

  struct Losses {
    var text = 0.0
    var image = 0.0
    var classification = 0.0
    var total = 0.0
  }

  /// A batch's tokens in the shared space: each post's part of the packed rows.
  struct Streams {
    let text: Matrix
    let texts: [Range<Int>]
    let image: Matrix
    let images: [Range<Int>]
    let knowledge: Matrix
    let knowledges: [Range<Int>]
    let textMeans: Matrix
    let imageMeans: Matrix
  }

  init(_ trainableModel: TrainableModel, dropping dropout: ckernels_dropout? = nil) {
    (configuration, objective, self.dropout) = (trainableModel.configuration, trainableModel.objective, dropout)
    parameters = Dictionary(
      uniqueKeysWithValues: trainableModel.tensorNames.map { name in (name, trainableModel[name].map(Double.init)) })
  }

  func losses(_ batch: [Example]) -> Losses {
    let layers = TwinLayers(parameters, dropping: dropout), streams = streams(batch.map(\.inputs), layers)
    let pooled = layers.drop(aggregated(streams, batch.map(\.inputs), layers))
    let logits = layers.linear(pooled, "classifier")
    var losses = Losses()
    let weights = batch.map { objective.classWeights?[$0.label] ?? 1 }
    for (post, logits) in logits.enumerated() {
      let share = weights[post] / weights.reduce(0, +)
      let target = batch[post].distribution ?? logits.indices.map { $0 == batch[post].label ? 1 : 0 }
      for (p, q) in zip(target, softmax(logits)) where p > 0 { losses.classification -= share * p * log(q) }
    }
    let taught = batch.indices.filter { batch[$0].teacher != nil }
    let seen = taught.filter { batch[$0].inputs.pixels != nil }
    losses.text = alignment(
      taught.map { streams.textMeans[$0] }, taught.map { batch[$0].teacher?.text ?? [] })
    losses.image = alignment(
      seen.map { streams.imageMeans[$0] }, seen.map { batch[$0].teacher?.image ?? [] })
    losses.total = objective.alpha * (losses.text + losses.image) + objective.beta * losses.classification
    return losses
  }

  /// ½ CE(a·cᵀ / τ) + ½ CE(c·aᵀ / τ).
  private func alignment(_ students: Matrix, _ teachers: [[Float]]) -> Double {
    func unit(_ x: [Double]) -> [Double] {
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return x.map { $0 / max(length, 1e-12) }
    }
    let a = students.map(unit), c = teachers.map { unit($0.map(Double.init)) }
    func crossEntropy(_ x: Matrix, _ y: Matrix) -> Double {
      x.indices.reduce(0) { sum, i in
        let scores = y.map { zip(x[i], $0).reduce(0) { $0 + $1.0 * $1.1 } / objective.temperature }
        return sum - log(softmax(scores)[i]) / Double(x.count)
      }
    }
    return 0.5 * crossEntropy(a, c) + 0.5 * crossEntropy(c, a)
  }

  private func streams(_ posts: [PostInputs], _ layers: TwinLayers) -> Streams {
    let dim = configuration.dim, texts = posts.map(\.text) + posts.compactMap(\.knowledge)
    let spans = packed(texts.map(\.count))
    let hidden = textEncoder(texts, spans, layers)
    let pictures = posts.compactMap(\.pixels), each = configuration.image.tokens
    let seen = imageEncoder(pictures, layers)
    let tokens = layers.feedForward(hidden, "text_projection", layers.relu)
    // After the pictures' tokens, one of zeros for each post without a picture.
    var image = layers.feedForward(seen, "image_projection", layers.relu), images: [Range<Int>] = [], next = 0
    for post in posts {
      if post.pixels == nil { image.append([Double](repeating: 0, count: dim)) }
      images.append(post.pixels == nil ? image.count - 1..<image.count : next..<next + each)
      next += post.pixels == nil ? 0 : each
    }
    let textSpans = Array(spans[..<posts.count]), end = textSpans.last?.upperBound ?? 0
    return Streams(
      text: Array(tokens[..<end]), texts: textSpans, image: image, images: images, knowledge: Array(tokens[end...]),
      knowledges: spans[posts.count...].map { $0.lowerBound - end..<$0.upperBound - end },
      textMeans: textSpans.map { mean(tokens[$0], width: dim) }, imageMeans: images.map { mean(image[$0], width: dim) })
  }

  private func textEncoder(_ texts: [[Int32]], _ spans: [Range<Int>], _ layers: TwinLayers) -> Matrix {
    let width = configuration.text.hiddenSize, epsilon = configuration.text.epsilon
    let words = layers.rows("text_encoder.word.weight", width: width)
    let positions = layers.rows("text_encoder.position.weight", width: width)
    let type = layers.rows("text_encoder.token_type.weight", width: width)[0]
    let sum = texts.flatMap { text in
      text.enumerated().map { position, word in
        (0..<width).map { words[Int(word)][$0] + positions[position][$0] + type[$0] }
      }
    }
    let text = configuration.text
    let masks = texts.map { pieces -> [Float]? in
      guard text.isCausal else { return nil }
      return pieces.indices.flatMap { piece in pieces.indices.map { $0 > piece ? -Float.infinity : 0 } }
    }
    if text.normsFirst {
      var x = layers.drop(sum)
      for index in 0..<text.layers {
        x = preNorm(
          x, spans, "text_encoder.blocks.\(index)", norms: ("attention_norm", "output_norm"), heads: text.heads,
          epsilon: epsilon, text.activation, masks, layers)
      }
      return layers.norm(x, "text_encoder.norm", epsilon: epsilon)
    }
    var x = layers.drop(layers.norm(sum, "text_encoder.norm", epsilon: epsilon))
    for index in 0..<text.layers {
      let name = "text_encoder.blocks.\(index)"
      let attended = layers.attention(
        x, spans, to: x, spans, name + ".attention", heads: text.heads, drops: true, biases: masks)
      x = x + layers.drop(layers.linear(attended, name + ".attention_output"))
      x = layers.norm(x, name + ".attention_norm", epsilon: epsilon)
      x = x + layers.drop(layers.feedForward(x, name) { layers.activate($0, text.activation) })
      x = layers.norm(x, name + ".output_norm", epsilon: epsilon)
    }
    return x
  }

  private func preNorm(
    _ x: Matrix, _ spans: [Range<Int>], _ name: String, norms: (String, String), heads: Int, epsilon: Double,
    _ activation: EncoderActivation, _ biases: [[Float]?], _ layers: TwinLayers
  ) -> Matrix {
    let normed = layers.norm(x, "\(name).\(norms.0)", epsilon: epsilon)
    let attended = layers.attention(
      normed, spans, to: normed, spans, name + ".attention", heads: heads, drops: false, biases: biases)
    let middle = x + layers.linear(attended, name + ".attention_output")
    let second = layers.norm(middle, "\(name).\(norms.1)", epsilon: epsilon)
    let fed = layers.feedForward(second, name, dropsInside: true) { layers.activate($0, activation) }
    return middle + layers.drop(fed)
  }

  private func imageEncoder(_ pictures: [[Float]], _ layers: TwinLayers) -> Matrix {
    guard !pictures.isEmpty else { return [] }
    let image = configuration.image, name = "image_encoder", width = image.hiddenSize
    let whole = layers.values(name + ".cls"), positions = layers.rows(name + ".position", width: width)
    let seen = layers.linear(pictures.flatMap(patches), name + ".patch")
    let registers = image.registers > 0 ? layers.rows(name + ".registers", width: width) : []
    var x = pictures.indices.flatMap { picture in
      (0..<image.tokens).map { token in
        if token >= image.places { return registers[token - image.places] }
        let patch = picture * image.grid * image.grid + token - (image.hasClassToken ? 1 : 0)
        let from = image.hasClassToken && token == 0 ? whole : seen[patch]
        return zip(from, positions[token]).map { $0 + $1 }
      }
    }
    if image.hasFirstNorm { x = layers.norm(x, name + ".first_norm", epsilon: image.epsilon) }
    x = layers.drop(x)
    let spans = packed(pictures.map { _ in image.tokens }), none = [[Float]?](repeating: nil, count: pictures.count)
    for index in 0..<image.layers {
      x = preNorm(
        x, spans, "\(name).blocks.\(index)", norms: ("norm1", "norm2"), heads: image.heads, epsilon: image.epsilon,
        image.activation, none, layers)
    }
    return image.hasLastNorm ? layers.norm(x, name + ".norm", epsilon: image.epsilon) : x
  }

  /// A picture's squares, in the order of the convolution's weights.
  private func patches(_ pixels: [Float]) -> Matrix {
    let (size, side, grid) = (configuration.image.size, configuration.image.patchSize, configuration.image.grid)
    return (0..<grid * grid).map { patch in
      (0..<3 * side * side).map { place in
        let (channel, rest) = place.quotientAndRemainder(dividingBy: side * side)
        let y = patch / grid * side + rest / side, x = patch % grid * side + rest % side
        return Double(pixels[(channel * size + y) * size + x])
      }
    }
  }

  private func packed(_ lengths: [Int]) -> [Range<Int>] {
    var end = 0
    return lengths.map { length in
      end += length
      return end - length..<end
    }
  }
}
