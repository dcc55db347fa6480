import Models
import TestSupport
import Testing
import Training

/// What fits into the time.
@Suite struct RecipePlanTests {
  private func plan(_ choice: RecipeChoice, epochs: Int, budget: Double?) -> RecipePlan {
    // An epoch takes 100 seconds, and validation before the first 10.
    RecipePlan.deciding(choice, epochs: epochs, seconds: { Double($0) * 100 + 10 }, budget: budget)
  }

  @Test func fewerEpochsFitIntoLessTime() {
    #expect(plan(.fixed(.fineTune), epochs: 5, budget: nil) == RecipePlan(.fineTune))
    #expect(plan(.fixed(.fineTune), epochs: 5, budget: 510) == RecipePlan(.fineTune))
    #expect(plan(.fixed(.fineTune), epochs: 5, budget: 509) == RecipePlan(.fineTune, epochs: 4))
    #expect(plan(.fixed(.paper), epochs: 5, budget: 1) == RecipePlan(.paper, epochs: 1))
    #expect(plan(.byTime, epochs: 5, budget: 509) == RecipePlan(.frozen))
    #expect(plan(.byTime, epochs: 1, budget: nil) == RecipePlan(.fineTune))
    #expect(plan(.byTime, epochs: 50, budget: nil) == RecipePlan(.frozen))
  }

  @Test func theTimeOfARunIsThatOfItsStepsAndValidations() {
    let estimate = TimeEstimate(perPost: 0.5, perScoredPost: 0.125)
    #expect(estimate.seconds(posts: 100, validation: 8, epochs: 3) == 154)
  }

  /// The second and third readings of the clock are what is counted: the first pass only warms up.
  @Test func aMeasurementReadsTheClockAroundTheSecondPass() throws {
    let run = try TinyRun(), start = try run.start()
    let posts = try run.set("train.csv", TinyRun.csv(0..<12), start)
    let inputs = try TrainerInputs(
      start, training: posts.posts, validation: posts.posts, labels: nil, teacher: nil, run.settings)
    var times = [10.0, 18, 22].makeIterator()
    let estimate = try TimeEstimate.ofFineTuning(inputs, threads: 1) { times.next() ?? .nan }
    #expect(estimate == TimeEstimate(perPost: 1, perScoredPost: 0.5))
  }

  /// A measurement may differ next time, so an unfinished run keeps its plan.
  @Test func anUnfinishedRunKeepsItsPlan() throws {
    let run = try TinyRun(), start = try run.start()
    let posts = try run.set("train.csv", TinyRun.csv(0..<12), start)
    var named = start
    named.configuration.labelNames = posts.labels.names
    let output = run.scratch.file("model"), plan = RecipePlan(.fineTune, epochs: 2, precision: .bf16)
    #expect(RecipePlan.recorded(output: output) == nil)
    let trainer = try Trainer(
      named, run.settings, training: posts, validation: posts, output: output, resume: false, plan: plan, threads: 1)
    #expect(throws: TrainingError.self) { try run.train(trainer, stopAfter: 1) }
    #expect(RecipePlan.recorded(output: output) == plan)
  }
}
