import Bytes
import Evaluation
import Models
package import Results
package import Training

/// The pages on a finished training run, from the files in its model's folder.
extension TrainingDocument {
  /// The path of the PDF file in a model's folder.
  package static func path(in folder: String) -> String {
    (folder.hasSuffix("/") ? folder : folder + "/") + "training.pdf"
  }

  /// Reads the training run recorded in a model's folder.
  package init(folder: String) throws(FinishedRunError) { self.init(TrainingRunResults(try FinishedRun.read(folder))) }

  /// Draws the pages and writes them into the model's folder.
  ///
  /// - Throws: `FinishedRunError` if the folder has no record of its training; `ReportingError`.
  package static func add(to folder: String) throws {
    try ReportFileWriter.write(try TrainingDocument(folder: folder).pdf(), to: path(in: folder))
  }
}

extension TrainingRunResults {
  /// Takes the results from a run's files.
  package init(_ run: FinishedRun) {
    let configuration = run.configuration
    self.init(
      name: run.name, model: Self.facts(run.name, configuration), alpha: configuration.training.alpha,
      epochs: run.history.epochs.map(Epoch.init), bestPlace: run.history.epochs.lastIndex { $0.isBest })
    making = run.card?.lines.map { Fact(name: $0.name, value: $0.words) } ?? []
    selection = run.card?.selection
    validationPosts = run.card?.validationPosts
    withoutPictures = run.card?.withoutPictures.map(Measures.init)
    warnings = run.history.warnings(alpha: configuration.training.alpha).map(\.description)
  }

  private static func facts(_ name: String, _ configuration: ModelConfiguration) -> [Fact] {
    let text = configuration.text, image = configuration.image, labels = configuration.labelNames
    let training = configuration.training
    var aggregation = [configuration.aggregation.rawValue]
    if configuration.aggregation == .crossAttention || configuration.aggregation == .coAttention {
      aggregation.append(Format.count(configuration.fusionLayers, "layer", "layers"))
      aggregation.append(Format.count(configuration.fusionHeads, "head", "heads"))
    }
    var facts = [
      Fact(name: "Model", value: name),
      Fact(name: "Parameters", value: Format.count(configuration.parameters)),
      Fact(name: "Labels", value: "\(labels.count): " + labels.prefix(40).map(\.text).joined(separator: ", ")),
      Fact(name: "Aggregation", value: aggregation.joined(separator: ", ")),
      Fact(
        name: "Text",
        value: "\(Format.count(text.layers, "layer", "layers")) of \(Format.count(text.hiddenSize)), "
          + "\(Format.count(text.vocabularySize)) word pieces, at most \(configuration.tokenizer.maxText) tokens, "
          + "\(configuration.pooling.rawValue) pooling"),
      Fact(
        name: "Picture",
        value: "\(Format.count(image.layers, "layer", "layers")) of \(Format.count(image.hiddenSize)), "
          + "\(image.size) × \(image.size) pixels in patches of \(image.patchSize) × \(image.patchSize)"),
      Fact(name: "Shared space", value: "\(Format.count(configuration.dim)) numbers"),
      Fact(
        name: "Loss",
        value: "alpha \(training.alpha), beta \(training.beta), temperature \(training.temperature)"),
    ]
    var more: [String] = []
    if configuration.knowledge { more.append("knowledge, a third stream") }
    if configuration.hasLexicon { more.append("a lexicon of polarities") }
    if !more.isEmpty { facts.append(Fact(name: "Reads, too", value: more.joined(separator: "; "))) }
    return facts
  }
}

extension TrainingRunResults.Epoch {
  fileprivate init(_ record: EpochRecord) {
    self.init(
      number: record.epoch, steps: record.steps,
      losses: record.epoch == 0
        ? nil
        : TrainingRunResults.Losses(
          text: record.lossText, image: record.lossImage, features: record.lossFeatures,
          classification: record.lossClassification, total: record.lossTotal),
      rate: record.rate, validation: TrainingRunResults.Measures(record.validation))
  }
}

extension TrainingRunResults.Measures {
  fileprivate init(_ result: ValidationResult) {
    self.init(
      accuracy: result.accuracy, macroF1: result.macroF1, weightedF1: result.weightedF1, loss: result.loss)
    (textAlignment, imageAlignment, pairing) = (result.textAlignment, result.imageAlignment, result.pairing)
    (pairDistance, pairArea) = (result.pairDistance, result.pairArea?.value)
    (textSpace, imageSpace) = (result.textSpace.map(Self.space), result.imageSpace.map(Self.space))
  }

  private static func space(_ side: SpaceGeometry.Side) -> TrainingRunResults.Space {
    TrainingRunResults.Space(
      effectiveRank: side.effectiveRank, meanCosine: side.meanCosine, uniformity: side.uniformity)
  }
}
