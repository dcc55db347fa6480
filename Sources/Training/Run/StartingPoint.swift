import Bytes
public import Models

/// What a new model begins with: its configuration, its vocabulary, and the numbers that somebody learnt before.
public struct StartingPoint: Sendable {
  /// What the model will be.
  public var configuration: ModelConfiguration
  /// Where its word pieces are.
  public let vocabularyPath: String
  /// Where its lexicon is; nil for none.
  public var lexiconPath: String?
  /// What it begins with, for the card: `from` or encoders by their names.
  public let words: [String]
  private let model: ModelFolder?
  private let text: HubTextEncoder?
  private let image: HubImageEncoder?

  /// Trains a model on: its encoders and all behind them.
  public init(from model: ModelFolder) {
    configuration = model.configuration
    vocabularyPath = model.vocabularyPath
    lexiconPath = model.lexiconPath
    words = ["the model \(model.name) (\(model.fingerprint.prefix(12)))"]
    (self.model, text, image) = (model, nil, nil)
  }

  /// Complains of sizes at which scoring one post, or training on it, takes more memory than allowed; known before a
  /// post is read.
  public func checkMemory() throws(TrainingError) {
    do throws(ConfigurationFault) {
      try configuration.checkPostBytes()
      try configuration.checkTrainingBytes()
    } catch {
      throw .setting("\(error)")
    }
  }

  /// Begins with encoders of a hub, or with fresh ones where there is none.
  ///
  /// `configuration` says all that the encoders do not: the sizes of fresh ones, too.
  public init(
    _ configuration: ModelConfiguration, text: HubTextEncoder?, image: HubImageEncoder?, vocabularyPath: String,
    lexiconPath: String? = nil, words: [String]
  ) {
    var configuration = configuration
    if let text {
      configuration.text = text.configuration
      configuration.tokenizer.kind = text.tokenizer.kind
      configuration.tokenizer.lowercase = text.tokenizer.lowercase
      configuration.tokenizer.stripAccents = text.tokenizer.stripAccents
    }
    if let image {
      configuration.image = image.configuration
      configuration.preprocessing = image.preprocessing ?? Preprocessing()
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

  /// Gives a learner of the configuration its first numbers.
  func fill(_ learner: Learner, seed: UInt64) throws(TrainingError) {
    Initialisation.all(configuration.tensors, seed: seed) { learner[$0] = $1 }
    do throws(HubError) {
      for name in learner.tensorNames {
        if let text, name.hasPrefix("text_encoder.") { learner[name] = try text.values(name) }
        if let image, name.hasPrefix("image_encoder.") { learner[name] = try image.values(name) }
      }
    } catch {
      throw .hub(error)
    }
    if let model { try fill(learner, from: model) }
    for name in learner.tensorNames where !learner[name].allSatisfy(\.isFinite) {
      throw .strangeNumber(tensor: name)
    }
  }

  private func fill(_ learner: Learner, from model: ModelFolder) throws(TrainingError) {
    let before = model.labelNames.map(ByteText.init)
    for tensor in configuration.tensors {
      guard let values = model.values(tensor.name) else {
        throw .otherShape(tensor: tensor.name, model: model.path)
      }
      if tensor.name.hasPrefix("classifier.") {
        // A label that the model knows keeps what was learnt of it, wherever it stands now.
        var rows = learner[tensor.name]
        let width = rows.count / configuration.labelNames.count
        guard values.count == before.count * width else {
          throw .otherShape(tensor: tensor.name, model: model.path)
        }
        for (row, name) in configuration.labelNames.enumerated() {
          guard let old = before.firstIndex(of: ByteText(name)) else { continue }
          rows.replaceSubrange(row * width..<(row + 1) * width, with: values[old * width..<(old + 1) * width])
        }
        learner[tensor.name] = rows
      } else {
        guard values.count == tensor.count else { throw .otherShape(tensor: tensor.name, model: model.path) }
        learner[tensor.name] = values
      }
    }
  }

  /// The labels that a model which is trained on has never learnt.
  public var newLabels: [String] {
    guard let model else { return [] }
    return configuration.labelNames.filter { name in !model.labelNames.contains { $0.hasSameBytes(as: name) } }
  }
}
