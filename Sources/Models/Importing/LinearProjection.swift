internal import Tensors

/// y = W·x + b: what brings an encoder's vectors into a space that others share.
package struct LinearProjection: Sendable, Equatable {
  /// The numbers of x and of y.
  package let inputs: Int
  package let outputs: Int
  /// W, outputs × inputs, row by row.
  package let weight: [Float]
  /// b, one number for each output.
  package let bias: [Float]

  package init(inputs: Int, outputs: Int, weight: [Float], bias: [Float]) {
    precondition(weight.count == inputs * outputs && bias.count == outputs, "a row of numbers for each output")
    (self.inputs, self.outputs, self.weight, self.bias) = (inputs, outputs, weight, bias)
  }

  /// The vector of `inputs` numbers in the other space.
  package func callAsFunction(_ vector: [Float]) -> [Float] {
    precondition(vector.count == inputs, "a vector of the projection's width")
    return vector.withUnsafeBufferPointer { x in
      weight.withUnsafeBufferPointer { rows in
        guard let x = x.baseAddress, let rows = rows.baseAddress else { return bias }
        return (0..<outputs).map { VectorMath.dot(rows + $0 * inputs, x, count: inputs) + bias[$0] }
      }
    }
  }
}

/// What a folder of sentence-transformers says on how a text encoder's tokens become a vector, other than by their mean.
package struct SentencePooling: Sendable {
  /// The projection behind the mean: the folder's `2_Dense`; nil if it has none.
  package let projection: LinearProjection?
  /// The most pieces of a text; nil for as many as the encoder reads.
  package let maxPieces: Int?

  /// Reads a folder: `sentence_bert_config.json`, `1_Pooling` and `2_Dense`, each if it is there.
  package static func load(_ path: String) throws(HubError) -> SentencePooling {
    let folder = HubFolder(path: path)
    let most = try folder.read("sentence_bert_config.json", isOptional: true) { (reader) throws(ConfigurationError) in
      reader.dropNull("max_seq_length")
      return try reader.optionalInteger("max_seq_length", in: 2...65_536)
    }
    _ = try HubFolder(path: folder.file("1_Pooling")).read("config.json", isOptional: true) {
      (reader) throws(ConfigurationError) in try reader.refuse("pooling_mode_mean_tokens", false)
    }
    let dense = HubFolder(path: folder.file("2_Dense"))
    let sizes = try dense.read("config.json", isOptional: true) { (reader) throws(ConfigurationError) in
      _ = try reader.word("activation_function", of: ["torch.nn.modules.linear.Identity"])
      try reader.require(["in_features", "out_features"])
      return (
        inputs: try reader.integer("in_features", 1, in: 1...16_384),
        outputs: try reader.integer("out_features", 1, in: 1...16_384), isBiased: try reader.boolean("bias", true)
      )
    }
    guard let sizes else { return SentencePooling(projection: nil, maxPieces: most ?? nil) }
    let file = try dense.weights()
    func numbers(_ name: String, _ shape: [Int]) throws(HubError) -> [Float] {
      guard let found = file[name] else { throw .missingTensor(path: file.path, name: name, shape: shape) }
      guard found == shape else {
        throw .misshapenTensor(path: file.path, name: name, expected: shape, found: found)
      }
      return file.floats(name)
    }
    let projection = LinearProjection(
      inputs: sizes.inputs, outputs: sizes.outputs,
      weight: try numbers("linear.weight", [sizes.outputs, sizes.inputs]),
      bias: sizes.isBiased
        ? try numbers("linear.bias", [sizes.outputs]) : [Float](repeating: 0, count: sizes.outputs))
    return SentencePooling(projection: projection, maxPieces: most ?? nil)
  }

  /// The files of a folder that it follows from, where they are.
  package static let files = [
    "sentence_bert_config.json", "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
    "2_Dense/pytorch_model.bin",
  ]
}
