import Archives
internal import Bytes

extension ModelFolder {
  /// Writes the model as the reference implementation loads it: every key of the configuration spelled out, weights in
  /// F32 whatever they were, the vocabulary, the card and what is known of training's posts.
  ///
  /// The folder appears under its name when it is whole. A quantised model's matrices become the numbers that its
  /// bytes stand for.
  ///
  /// - Parameters:
  ///   - path: where nothing is yet.
  ///   - shouldStop: is asked between tensors.
  /// - Throws: what stands in the way, a part that the reference does not have, a tensor that is wrong, or
  ///   `interrupted`.
  public func export(to path: String, shouldStop: () -> Bool = { false }) throws(ModelError) {
    try checkExporting()
    let folder = try NewFolder(path)
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), tensors: configuration.tensors)
    for tensor in configuration.tensors {
      guard !shouldStop() else { throw .interrupted }
      try file.append(try numbers(tensor))
    }
    try file.finish()
    var plain = configuration
    (plain.quantisation, plain.learntWithoutPicture) = (nil, nil)
    try folder.write(Array(plain.json.utf8), to: "config.json")
    try folder.write(try MappedFile(path: vocabularyPath).copy(), to: configuration.tokenizer.kind.fileName)
    do {
      try folder.write(
        try MappedFile(path: self.path.withSlash + "card.md", limit: Self.cardLimit).copy(), to: "card.md")
    } catch .missingFile {}
    if let profile = try InputProfile.bytes(folder: self.path) { try folder.write(profile, to: InputProfile.fileName) }
    guard !shouldStop() else { throw .interrupted }
    _ = try ModelFolder.load(folder.partial)
    try folder.finish()
  }

  /// Complains of what the reference does not have.
  private func checkExporting() throws(ModelError) {
    if configuration.image.registers > 0 {
      throw .notExportable(path: path, part: "registers, or a distillation token")
    }
    if !configuration.features.isEmpty { throw .notExportable(path: path, part: "streams of features") }
    let image = configuration.image, text = configuration.text, plain = EncoderActivation.gelu
    if image.activation != plain || !image.hasWhole || image.hasFirstNorm || !image.hasLastNorm {
      throw .notExportable(path: path, part: "a picture encoder of a CLIP or a SigLIP")
    }
    if text.activation != plain || text.normsFirst || text.isCausal {
      throw .notExportable(path: path, part: "a text encoder of a CLIP or a SigLIP")
    }
    if configuration.hasLexicon { throw .notExportable(path: path, part: "a lexicon") }
  }

  private func numbers(_ expected: ModelConfiguration.TensorShape) throws(ModelError) -> [Float] {
    let file = path.withSlash + "weights.safetensors"
    guard let tensor = weights[expected.name] else {
      throw .missingTensor(path: file, name: expected.name, shape: expected.shape)
    }
    guard tensor.shape == expected.shape else {
      throw .misshapenTensor(path: file, name: expected.name, expected: expected.shape, found: tensor.shape)
    }
    guard let numbers = matrix(expected.name) else { throw .badQuantisation(path: file, name: expected.name) }
    return numbers
  }
}
