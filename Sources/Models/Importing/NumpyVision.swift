/// A ViT as Google published it, in a `.npz`: kernels have their inputs first, heads are a separate axis, and the
/// patch's kernel is height × width × channels × outputs. All sizes follow from the arrays' shapes.
enum NumpyVision {
  /// Finds the encoder in a file; `size`: the side of the pictures, nil for that of the position embeddings.
  static func read(
    _ file: ExternalTensors, size: Int?
  ) throws(HubError) -> (configuration: ModelConfiguration.Image, tensors: HubTensors) {
    let kernel = try shape("embedding/kernel", file, axes: 4, "height × width × 3 × width of a token")
    let table = try shape("Transformer/posembed_input/pos_embedding", file, axes: 3, "1 × tokens × width")
    var trained = ModelConfiguration.Image()
    (trained.patchSize, trained.hiddenSize) = (kernel[0], kernel[3])
    guard kernel[0] == kernel[1], kernel[2] == 3, kernel[0] > 0, kernel[3] > 0 else {
      throw .unexpectedShape(
        path: file.path, name: "embedding/kernel", found: kernel, expected: "a square of 3 channels, as a ViT has")
    }
    guard let grid = SquareGrid.side(tokens: table[1]) else {
      throw .unexpectedShape(
        path: file.path, name: "Transformer/posembed_input/pos_embedding", found: table,
        expected: "one row for the whole picture and a square grid")
    }
    trained.size = grid * kernel[0]
    trained.layers = (0..<256).first { file["\(block($0))LayerNorm_0/scale"] == nil } ?? 256
    guard trained.layers > 0 else {
      throw .missingTensor(path: file.path, name: block(0) + "LayerNorm_0/scale", shape: [kernel[3]])
    }
    let query = try shape("\(block(0))\(attention)query/kernel", file, axes: 3, "width × heads × size of a head")
    let dense = try shape(
      "\(block(0))MlpBlock_3/Dense_0/kernel", file, axes: 2, "width × width of the feed-forward net")
    (trained.heads, trained.feedForward) = (query[1], dense[1])
    guard trained.heads > 0, query[1] * query[2] == kernel[3] else {
      throw .unexpectedShape(
        path: file.path, name: "\(block(0))\(attention)query/kernel", found: query,
        expected: "heads that make the width")
    }
    var image = trained
    image.size = size ?? trained.size
    guard image.patchSize <= image.size else {
      throw .unexpectedShape(
        path: file.path, name: "embedding/kernel", found: kernel, expected: "at most \(image.size) pixels a side")
    }
    let (from, to) = (trained, image)
    return (image, try HubTensors(file, image.tensors) { recipe($0, to, trained: from) })
  }

  private static let attention = "MultiHeadDotProductAttention_1/"

  private static func block(_ index: Int) -> String { "Transformer/encoderblock_\(index)/" }

  private static func shape(
    _ name: String, _ file: ExternalTensors, axes: Int, _ expected: String
  ) throws(HubError) -> [Int] {
    guard let shape = file[name] else { throw .missingTensor(path: file.path, name: name, shape: []) }
    guard shape.count == axes, shape.allSatisfy({ $0 <= 1 << 22 }) else {
      throw .unexpectedShape(path: file.path, name: name, found: shape, expected: expected)
    }
    return shape
  }

  private static func recipe(
    _ tensor: ModelConfiguration.TensorShape, _ image: ModelConfiguration.Image, trained: ModelConfiguration.Image
  ) -> TensorRecipe {
    let parts = tensor.name.split(separator: ".").dropFirst().map(String.init), part = parts[parts.count - 1]
    let (width, heads, hidden, side) = (image.hiddenSize, image.heads, image.feedForward, image.patchSize)
    let isBias = part == "bias"
    switch parts[0] {
    case "cls": return .same(["cls"], tensor.shape)
    case "position":
      return TensorRecipe([(["Transformer/posembed_input/pos_embedding"], [1, trained.places, width])]) { sources in
        PositionTable.resize(sources[0], from: trained.grid, to: image.grid, width: width, isSmoothed: false)
      }
    case "patch" where isBias: return .same(["embedding/bias"], tensor.shape)
    case "patch":
      return .transposed(["embedding/kernel"], [side, side, 3, width], inputs: side * side * 3, outputs: width)
        .channelsFirst(outputs: width, pixels: side * side)
    case "norm": return .same(["Transformer/encoder_norm/\(isBias ? "bias" : "scale")"], tensor.shape)
    default: break
    }
    let block = block(Int(parts[1]) ?? 0), ours = parts[2...].dropLast().joined(separator: ".")
    switch ours {
    case "norm1": return .same(["\(block)LayerNorm_0/\(isBias ? "bias" : "scale")"], tensor.shape)
    case "norm2": return .same(["\(block)LayerNorm_2/\(isBias ? "bias" : "scale")"], tensor.shape)
    case "attention_output":
      let name = ["\(block)\(attention)out/\(isBias ? "bias" : "kernel")"]
      return isBias
        ? .same(name, [width]) : .transposed(name, [heads, width / heads, width], inputs: width, outputs: width)
    case "fc1", "fc2":
      let (inputs, outputs) = ours == "fc1" ? (width, hidden) : (hidden, width)
      let name = ["\(block)MlpBlock_3/Dense_\(ours == "fc1" ? 0 : 1)/\(isBias ? "bias" : "kernel")"]
      return isBias ? .same(name, [outputs]) : .transposed(name, [inputs, outputs], inputs: inputs, outputs: outputs)
    default:
      let name = ["\(block)\(attention)\(parts[3])/\(isBias ? "bias" : "kernel")"]
      return isBias
        ? .same(name, [heads, width / heads])
        : .transposed(name, [width, heads, width / heads], inputs: width, outputs: width)
    }
  }
}

/// The grid of position embeddings.
enum SquareGrid {
  /// The side of a square grid with this number of cells plus one; nil if there is none.
  static func side(tokens: Int) -> Int? {
    guard tokens > 1, tokens <= 1 << 24 else { return nil }
    let side = Int(Double(tokens - 1).squareRoot().rounded())
    return side * side == tokens - 1 ? side : nil
  }
}

extension TensorRecipe {
  /// Converts weights from outputs × pixels × 3 to outputs × 3 × pixels.
  fileprivate func channelsFirst(outputs: Int, pixels: Int) -> TensorRecipe {
    let make = make
    return TensorRecipe(sources) { sources in
      let from = make(sources)
      var to = from
      for output in 0..<outputs {
        for channel in 0..<3 {
          for pixel in 0..<pixels {
            to[(output * 3 + channel) * pixels + pixel] = from[(output * pixels + pixel) * 3 + channel]
          }
        }
      }
      return to
    }
  }
}
