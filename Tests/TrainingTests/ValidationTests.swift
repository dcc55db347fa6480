import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

/// The numbers of an epoch, compared with separately computed ones.
@Suite struct ValidationTests {
  @Test func theBestEpochsNumbersAreThoseOfTheModel() throws {
    var run = try TinyRun()
    try run.teach(0..<16)
    let csv = TinyRun.csv(12..<18, without: true)
    let best = try run.train(try run.trainer(validation: csv)).best.validation
    // The written model, evaluated again.
    let folder = try ModelFolder.load(run.scratch.file("model"))
    let trainableModel = try TrainableModel(folder.configuration, objective: Objective())
    for name in trainableModel.tensorNames { trainableModel[name] = try #require(folder.values(name)) }
    try trainableModel.update()
    let set = try run.set("valid.csv", csv, StartingPoint(from: folder), labels: LabelSet(names: folder.labelNames))
    let scores = try trainableModel.predict((0..<set.count).map { set[$0].inputs })
    var loss = 0.0, right = [0.0, 0.0], predicted = [0.0, 0.0], there = [0.0, 0.0]
    for (index, score) in scores.enumerated() {
      let odds = score.logits.map { exp(Double($0)) }, label = set.label(of: index), answer = odds[0] >= odds[1] ? 0 : 1
      loss -= log(odds[label] / (odds[0] + odds[1])) / Double(set.count)
      there[label] += 1
      predicted[answer] += 1
      if answer == label { right[label] += 1 }
    }
    let f1 = (0..<2).map { predicted[$0] + there[$0] > 0 ? 2 * right[$0] / (predicted[$0] + there[$0]) : 0 }
    #expect(abs(best.loss - loss) < 1e-6)
    #expect(abs(best.accuracy - (right[0] + right[1]) / Double(set.count)) < 1e-12)
    #expect(abs(best.macroF1 - (f1[0] + f1[1]) / 2) < 1e-12)
    #expect(abs(best.weightedF1 - (f1[0] * there[0] + f1[1] * there[1]) / Double(set.count)) < 1e-12)
    let cosines = try (0..<4).map { index in
      let vector = try #require(scores[index].vectors[0].values), teacher = try #require(set[index].teacher).text
      let dot = zip(vector, teacher).reduce(0) { $0 + Double($1.0 * $1.1) }
      func length(_ x: [Float]) -> Double { x.reduce(0) { $0 + Double($1 * $1) }.squareRoot() }
      return dot / length(vector) / length(teacher)
    }
    #expect(abs((best.textAlignment ?? 9) - cosines.reduce(0, +) / 4) < 1e-5)
  }

  @Test(arguments: Selection.allCases) func theBestEpochIsChosenByTheSelection(selection: Selection) throws {
    var run = try TinyRun()
    (run.settings.selection, run.settings.epochs, run.settings.rate) = (selection, 5, 0.03)
    let outcome = try run.train(try run.trainer())
    func score(_ record: EpochRecord) -> Double {
      switch selection {
      case .macroF1: record.validation.macroF1
      case .accuracy: record.validation.accuracy
      case .loss: -record.validation.loss
      }
    }
    let trained = outcome.history.epochs.dropFirst()
    let first = try #require(trained.first { epoch in trained.allSatisfy { score($0) <= score(epoch) } })
    #expect(outcome.best == first && trained.count == 5)
    #expect(try TrainingHistory(lines: run.text("model/history.jsonl")) == outcome.history)
  }

  @Test func oneLabelForAllPostsIsRecorded() throws {
    var run = try TinyRun()
    (run.settings.rate, run.settings.epochs) = (0, 1)
    let result = try run.train(try run.trainer()).best.validation
    // The F1 of the other label is 0, that of the only one follows from the accuracy.
    let share = result.accuracy, only = 2 * share / (1 + share) / 2
    #expect((result.onlyLabel != nil) == (abs(result.macroF1 - only) < 1e-12))
  }

  @Test func patienceEndsIt() throws {
    var run = try TinyRun()
    (run.settings.rate, run.settings.epochs, run.settings.patience) = (0, 50, 2)
    let outcome = try run.train(try run.trainer())
    #expect(outcome.history.epochs.count == 4 && outcome.best.epoch == 1, "the first, and two no better")
  }
}
