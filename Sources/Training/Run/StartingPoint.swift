package import Bytes
internal import Foundation
package import Models
internal import Evaluation
internal import Preparation

/// A new model before training: its configuration, its vocabulary and its pretrained parameters.
package struct StartingPoint: Sendable {
  /// The configuration of the finished model.
  package var configuration: ModelConfiguration
  /// The path of the word pieces.
  package let vocabularyPath: String
  /// The path of the lexicon; nil for none.
  package var lexiconPath: String?
  /// The origin in words, for the card: `from`, or the encoders by name.
  package let words: [String]
  private let model: ModelFolder?
  private let text: HubTextEncoder?
  private let image: HubImageEncoder?

  /// Continues from a model, with its encoders and everything after them.
  package init(from model: ModelFolder) {
    configuration = model.configuration
    vocabularyPath = model.vocabularyPath
    lexiconPath = model.lexiconPath
    words = ["the model \(model.name) (\(model.fingerprint.prefix(12)))"]
    (self.model, text, image) = (model, nil, nil)
  }

  /// Rejects sizes at which scoring one post, or training on it, takes more memory than allowed, before a post is read.
  package func checkMemory() throws(TrainingError) {
    do throws(ConfigurationError) {
      try configuration.checkPostBytes()
      try configuration.checkTrainingBytes()
    } catch {
      throw .setting("\(error)")
    }
  }

  /// Starts from a hub's encoders, and from new ones for those that are nil.
  ///
  /// `configuration` contains everything that the encoders do not determine, including the sizes of new encoders.
  package init(
    _ configuration: ModelConfiguration, text: HubTextEncoder?, image: HubImageEncoder?, vocabularyPath: String,
    lexiconPath: String? = nil, words: [String]
  ) {
    var configuration = configuration
    if let text {
      configuration.text = text.configuration
      let lengths = (configuration.tokenizer.maxText, configuration.tokenizer.maxKnowledge)
      configuration.tokenizer = text.tokenizer
      (configuration.tokenizer.maxText, configuration.tokenizer.maxKnowledge) = lengths
    }
    if let image {
      configuration.image = image.configuration
      let orientation = configuration.preprocessing.exifOrientation
      configuration.preprocessing = image.preprocessing ?? Preprocessing()
      configuration.preprocessing.exifOrientation = orientation
    }
    configuration.preprocessing.size = configuration.image.size
    let longest = configuration.text.maxPositions
    configuration.tokenizer.maxText = min(configuration.tokenizer.maxText, longest)
    configuration.tokenizer.maxKnowledge = min(configuration.tokenizer.maxKnowledge, longest)
    configuration.hasLexicon = lexiconPath != nil
    self.configuration = configuration
    (self.vocabularyPath, self.lexiconPath, self.words) = (vocabularyPath, lexiconPath, words)
    (model, self.text, self.image) = (nil, text, image)
  }

  /// The content of the model's vocabulary: a file of word pieces, or a `tokenizer.json`, which the files of other
  /// tokenizers are converted to.
  func vocabulary() throws(TrainingError) -> [UInt8] {
    switch configuration.tokenizer.kind {
    case .wordPiece, .wordPieceJSON:
      do throws(ModelError) {
        return try MappedFile(path: vocabularyPath).copy()
      } catch {
        throw .model(error)
      }
    case .subword:
      do throws(PreparationError) {
        return try TokenizerFile.json(at: vocabularyPath)
      } catch {
        throw .setting("\(error)")
      }
    }
  }

  /// Sets the initial parameters of a trainable model of the configuration.
  func fill(_ trainableModel: TrainableModel, seed: UInt64) throws(TrainingError) {
    let tensors = configuration.tensors.filter { tensor in
      !(text != nil && tensor.name.hasPrefix("text_encoder.")
        || image != nil && tensor.name.hasPrefix("image_encoder."))
    }
    Initialisation.all(tensors, seed: seed) { trainableModel[$0] = $1 }
    do throws(HubError) {
      for name in trainableModel.tensorNames {
        if let text, name.hasPrefix("text_encoder.") { trainableModel[name] = try text.values(name) }
        if let image, name.hasPrefix("image_encoder.") { trainableModel[name] = try image.values(name) }
      }
    } catch {
      throw .hub(error)
    }
    if let model { try fill(trainableModel, from: model) }
    for name in trainableModel.tensorNames where !trainableModel[name].allSatisfy(\.isFinite) {
      throw .nonFiniteTensor(tensor: name)
    }
  }

  private func fill(_ trainableModel: TrainableModel, from model: ModelFolder) throws(TrainingError) {
    let before = model.labelNames
    for tensor in configuration.tensors {
      guard let values = model.values(tensor.name) else {
        throw .otherShape(tensor: tensor.name, model: model.path)
      }
      if tensor.name.hasPrefix("classifier.") {
        // A label that the model already has keeps its learnt row, even if its index has changed.
        var rows = trainableModel[tensor.name]
        let width = rows.count / configuration.labelNames.count
        guard values.count == before.count * width else {
          throw .otherShape(tensor: tensor.name, model: model.path)
        }
        for (row, name) in configuration.labelNames.enumerated() {
          guard let old = before.firstIndex(of: name) else { continue }
          rows.replaceSubrange(row * width..<(row + 1) * width, with: values[old * width..<(old + 1) * width])
        }
        trainableModel[tensor.name] = rows
      } else {
        guard values.count == tensor.count else { throw .otherShape(tensor: tensor.name, model: model.path) }
        trainableModel[tensor.name] = values
      }
    }
  }

  /// The labels that the initial model has not learnt.
  package var newLabels: [ByteText] {
    guard let model else { return [] }
    return configuration.labelNames.filter { !model.labelNames.contains($0) }
  }
}

/// Initial values of parameters that are not pretrained.
///
/// Linear layers, including biases, are uniform within ±1/√inputs; an encoder's matrices and embeddings have a standard
/// deviation of 0.02 and no biases; norms are the identity; all fusion layers start equal. Each tensor has its own
/// random sequence (SplitMix64, seeded by the run's seed and the tensor's name), so none depends on the others.
package enum Initialisation {
  /// The first numbers of a tensor; `inputs`: those of its layer, which a bias does not tell.
  package static func values(of tensor: ModelConfiguration.TensorShape, inputs: Int, seed: UInt64) -> [Float] {
    let name = tensor.name, count = tensor.count
    if name.contains("norm") { return [Float](repeating: name.hasSuffix("weight") ? 1 : 0, count: count) }
    var random = SeededGenerator(seed: seed ^ hash(asFirstLayer(name)))
    if name.hasPrefix("text_encoder.") || name.hasPrefix("image_encoder.") {
      if name.hasSuffix("bias") { return [Float](repeating: 0, count: count) }
      return (0..<count).map { _ in Float(0.02 * normal(&random)) }
    }
    let bound = 1 / Double(max(inputs, 1)).squareRoot()
    return (0..<count).map { _ in Float((2 * random.unit() - 1) * bound) }
  }

  /// The first numbers of all tensors of a model.
  package static func all(_ tensors: [ModelConfiguration.TensorShape], seed: UInt64, _ set: (String, [Float]) -> Void) {
    var inputs = 1
    for tensor in tensors {
      // A layer's bias follows its weight.
      if tensor.shape.count > 1 { inputs = tensor.shape.dropFirst().reduce(1, *) }
      set(tensor.name, values(of: tensor, inputs: inputs, seed: seed))
    }
  }

  /// All fusion layers draw what the first does.
  private static func asFirstLayer(_ name: String) -> String {
    guard name.hasPrefix("fusion.") else { return name }
    return "fusion.0." + name.split(separator: ".").dropFirst(2).joined(separator: ".")
  }

  /// A number of mean 0 and deviation 1: twelve uniform ones less six, the same on every machine.
  private static func normal(_ random: inout SeededGenerator) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
  }

  /// FNV-1a of the name's bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
