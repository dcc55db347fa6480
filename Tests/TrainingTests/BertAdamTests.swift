import Models
import Tensors
import Testing
import Training

@Suite struct BertAdamTests {
  /// The loss before each of 20 steps, and the parameters after them, on several threads.
  @Test(arguments: TrainingGolden.all, [1, 3]) func twentyStepsEqualTheReference(
    golden: TrainingGolden, threads: Int
  ) throws {
    let learner = try golden.learner(threads: threads), expected = try golden.expected()
    let examples = try golden.examples(), adam = try optimiser(of: learner, golden)
    let trace = try #require(expected["trace"])
    #expect(trace.count == 20)
    for (step, reference) in trace.enumerated() {
      learner.clearGradients()
      let loss = try learner.learn(examples).total
      #expect(abs(loss - Double(reference)) < 1e-4, "step \(step)")
      #expect(try adam.step(learner) == nil)
    }
    for name in learner.tensorNames {
      let (most, _) = difference(learner[name], try #require(expected["after.\(name)"]))
      #expect(most < 1e-4, "\(name)")
    }
  }

  /// Six steps on other numbers of threads leave the same bits.
  @Test(arguments: ["mean-2", "co-attention-3", "concat-3"]) func threadsChangeNoBit(name: String) throws {
    let golden = TrainingGolden(name: name), examples = try golden.examples()
    func train(threads: Int) throws -> [[UInt32]] {
      let learner = try golden.learner(threads: threads), adam = try optimiser(of: learner, golden)
      for _ in 0..<6 {
        learner.clearGradients()
        _ = try learner.learn(examples)
        #expect(try adam.step(learner) == nil)
      }
      return learner.tensorNames.map { learner[$0].map(\.bitPattern) }
    }
    let alone = try train(threads: 1)
    for threads in [2, 5] { #expect(try train(threads: threads) == alone) }
  }

  @Test func aGradientThatIsNotANumberMovesNothing() throws {
    let golden = TrainingGolden(name: "mean-2"), learner = try golden.learner()
    let adam = try optimiser(of: learner, golden)
    var word = learner["classifier.weight"]
    word[3] = .nan
    learner["classifier.weight"] = word
    let before = learner["text_encoder.norm.weight"]
    _ = try learner.learn(golden.examples())
    #expect(try adam.step(learner) == "text_encoder.word.weight")
    #expect(adam.steps == 0)
    #expect(learner["text_encoder.norm.weight"] == before)
  }

  @Test func theRateWarmsUpAndFalls() throws {
    let golden = TrainingGolden(name: "mean-2"), learner = try golden.learner()
    var settings = BertAdam.Settings()
    settings.totalSteps = 100
    let adam = try BertAdam(of: learner, settings) { _ in nil }
    var rates: [Double] = []
    for step in 0..<100 {
      adam.steps = step
      rates.append(adam.rate)
    }
    #expect(
      rates[0] == 0 && abs(rates[4] - 0.8) < 1e-12 && abs(rates[5] - 0.95) < 1e-12 && abs(rates[99] - 0.01) < 1e-12)
  }

  private func optimiser(of learner: Learner, _ golden: TrainingGolden) throws -> BertAdam {
    var settings = BertAdam.Settings()
    settings.totalSteps = 20
    let expected = try golden.expected()
    return try BertAdam(of: learner, settings) { name in
      expected["grad.\(name)"] == nil ? nil : BertAdam.Group(rate: 1e-3, decays: BertAdam.decays(name))
    }
  }
}
