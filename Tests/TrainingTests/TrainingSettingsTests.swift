import Bytes
import Models
import Testing
import Training

@Suite struct TrainingSettingsTests {
  @Test func thePapersSettingsAreValid() { #expect(TrainingSettings().fault == nil) }

  static let bad: [(words: String, change: @Sendable (inout TrainingSettings) -> Void)] = [
    ("alpha must", { $0.alpha = -1 }), ("alpha must", { $0.alpha = .nan }), ("beta must", { $0.beta = .infinity }),
    ("cannot both be 0", { ($0.alpha, $0.beta) = (0, 0) }), ("temperature", { $0.temperature = 0 }),
    ("temperature", { $0.temperature = .infinity }), ("a learning rate", { $0.rate = 1.5 }),
    ("a learning rate", { $0.newRate = -1 }),
    ("a learning rate", { $0.encoderRate = .nan }), ("decay", { $0.decay = 2 }), ("warm-up", { $0.warmup = 1 }),
    ("gradient norm", { $0.clip = 0 }), ("gradient norm", { $0.clip = .infinity }), ("a batch", { $0.batch = 0 }),
    ("accumulation", { $0.accumulation = 65_537 }), ("epochs", { $0.epochs = 0 }), ("dropout", { $0.dropout = 1 }),
    ("picture dropout", { $0.pictureDropout = 1.1 }), ("patience", { $0.patience = 0 }),
  ]

  @Test(arguments: bad.indices) func invalidSettingsAreNamed(index: Int) {
    var settings = TrainingSettings()
    Self.bad[index].change(&settings)
    #expect(settings.fault?.contains(Self.bad[index].words) == true, "\(settings.fault ?? "none")")
  }

  /// A run continues only if this text equals the one that Foundation wrote when the run began.
  @Test func theTextThatIdentifiesARunStaysTheSame() {
    var settings = TrainingSettings()
    #expect(
      settings.json
        == #"{"accumulation":1,"alpha":1,"batch":8,"beta":1,"classWeights":"equal","clip":1,"decay":0.01,"#
        + #""dropout":0.1,"epochs":30,"frozen":[],"pictureDropout":0,"precision":"f32","rate":1e-05,"seed":2022,"#
        + #""selection":"macro-f1","temperature":0.1,"warmup":0.05,"weights":"f32"}"#)
    (settings.encoderRate, settings.newRate, settings.patience, settings.seed) = (0, 1e-3, 3, .max)
    (settings.frozen, settings.decay, settings.alpha) = ([.text, .image], 1, 0.07)
    (settings.classWeights, settings.selection, settings.weights) = (.balanced, .loss, .f16)
    settings.precision = .bf16
    #expect(
      settings.json
        == #"{"accumulation":1,"alpha":0.07,"batch":8,"beta":1,"classWeights":"balanced","clip":1,"decay":1,"#
        + #""dropout":0.1,"encoderRate":0,"epochs":30,"frozen":["text","image"],"newRate":0.001,"patience":3,"#
        + #""pictureDropout":0,"precision":"bf16","rate":1e-05,"seed":18446744073709551615,"selection":"loss","#
        + #""temperature":0.1,"warmup":0.05,"weights":"f16"}"#)
  }

  private static func group(
    _ name: String, aggregation: Aggregation = .crossAttention, _ change: (inout TrainingSettings) -> Void = { _ in }
  ) -> BertAdam.Group? {
    var settings = TrainingSettings(), configuration = ModelConfiguration(labelNames: ["a", "b"])
    (settings.rate, configuration.aggregation) = (0.1, aggregation)
    change(&settings)
    return settings.group(name, configuration)
  }

  @Test func eachSideHasItsRate() {
    let change: (inout TrainingSettings) -> Void = { ($0.encoderRate, $0.newRate) = (0.2, 0.3) }
    #expect(Self.group("text_encoder.word.weight", change) == BertAdam.Group(rate: 0.2, decays: true))
    #expect(Self.group("image_encoder.blocks.0.fc1.bias", change) == BertAdam.Group(rate: 0.2, decays: false))
    #expect(Self.group("classifier.weight", change) == BertAdam.Group(rate: 0.3, decays: true))
    #expect(Self.group("classifier.weight")?.rate == 0.1 && Self.group("text_encoder.word.weight")?.rate == 0.1)
  }

  @Test func frozenAndUnusedParametersStay() {
    #expect(Self.group("text_encoder.word.weight") { $0.frozen = [.text] } == nil)
    #expect(Self.group("image_encoder.cls") { $0.frozen = [.text] } != nil)
    #expect(Self.group("text_projection.fc1.weight") { $0.frozen = [.text, .image] } != nil)
    #expect(Self.group("pooler.weight") == nil)
    #expect(Self.group("image_projection.fc1.weight", aggregation: .text) { $0.alpha = 0 } == nil)
    #expect(Self.group("image_projection.fc1.weight", aggregation: .text) != nil, "alignment reaches it")
    #expect(Self.group("text_encoder.word.weight", aggregation: .image) { $0.alpha = 0 } == nil)
  }

  @Test func balancedLabelsWeighAlike() throws {
    var settings = TrainingSettings()
    #expect(settings.objective([30, 10]).classWeights == nil)
    settings.classWeights = .balanced
    let weights = try #require(settings.objective([30, 10]).classWeights)
    #expect(abs(weights[0] * 30 - weights[1] * 10) < 1e-12 && abs(weights[0] * 30 + weights[1] * 10 - 40) < 1e-12)
  }
}
