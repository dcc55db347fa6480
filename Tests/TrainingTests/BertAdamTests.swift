import GoldenModels
import Models
import Tensors
import Testing
import Training

@Suite struct BertAdamTests {
  /// The loss before each of 20 steps, and the parameters after them, on several threads.
  @Test(arguments: TrainingGolden.all, [1, 3]) func twentyStepsEqualTheReference(
    golden: TrainingGolden, threads: Int
  ) throws {
    let trainableModel = try golden.trainableModel(threads: threads), expected = try golden.expected()
    let examples = try golden.examples(), adam = try optimiser(of: trainableModel, golden)
    let trace = try #require(expected["trace"])
    #expect(trace.count == 20)
    for (step, reference) in trace.enumerated() {
      trainableModel.clearGradients()
      let loss = try trainableModel.learn(examples).total
      #expect(abs(loss - Double(reference)) < 1e-4, "step \(step)")
      #expect(try adam.step(trainableModel) == nil)
    }
    for name in trainableModel.tensorNames {
      let (most, _) = difference(trainableModel[name], try #require(expected["after.\(name)"]))
      #expect(most < 1e-4, "\(name)")
    }
  }

  /// Six steps on other numbers of threads leave the same bits.
  @Test(arguments: ["mean-2", "co-attention-3", "concat-3"]) func threadsChangeNoBit(name: String) throws {
    let golden = TrainingGolden(name: name), examples = try golden.examples()
    func train(threads: Int) throws -> [[UInt32]] {
      let trainableModel = try golden.trainableModel(threads: threads), adam = try optimiser(of: trainableModel, golden)
      for _ in 0..<6 {
        trainableModel.clearGradients()
        _ = try trainableModel.learn(examples)
        #expect(try adam.step(trainableModel) == nil)
      }
      return trainableModel.tensorNames.map { trainableModel[$0].map(\.bitPattern) }
    }
    let alone = try train(threads: 1)
    for threads in [2, 5] { #expect(try train(threads: threads) == alone) }
  }

  @Test func aGradientThatIsNotANumberMovesNothing() throws {
    let golden = TrainingGolden(name: "mean-2"), trainableModel = try golden.trainableModel()
    let adam = try optimiser(of: trainableModel, golden)
    var word = trainableModel["classifier.weight"]
    word[3] = .nan
    trainableModel["classifier.weight"] = word
    let before = trainableModel["text_encoder.norm.weight"]
    _ = try trainableModel.learn(golden.examples())
    #expect(try adam.step(trainableModel) == "text_encoder.word.weight")
    #expect(adam.steps == 0)
    #expect(trainableModel["text_encoder.norm.weight"] == before)
  }

  @Test func theRateWarmsUpAndFalls() throws {
    let golden = TrainingGolden(name: "mean-2"), trainableModel = try golden.trainableModel()
    var settings = BertAdam.Settings()
    settings.totalSteps = 100
    let adam = try BertAdam(of: trainableModel, settings) { _ in nil }
    var rates: [Double] = []
    for step in 0..<100 {
      adam.steps = step
      rates.append(adam.rate)
    }
    #expect(
      rates[0] == 0 && abs(rates[4] - 0.8) < 1e-12 && abs(rates[5] - 0.95) < 1e-12 && abs(rates[99] - 0.01) < 1e-12)
  }

  private func optimiser(of trainableModel: TrainableModel, _ golden: TrainingGolden) throws -> BertAdam {
    var settings = BertAdam.Settings()
    settings.totalSteps = 20
    let expected = try golden.expected()
    return try BertAdam(of: trainableModel, settings) { name in
      expected["grad.\(name)"] == nil ? nil : BertAdam.Group(rate: 1e-3, decays: BertAdam.decays(name))
    }
  }
}
