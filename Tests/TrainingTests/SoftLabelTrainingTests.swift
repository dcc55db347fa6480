import Bytes
import Corpus
import Foundation
import Models
import TestSupport
import Testing
import Training

/// Runs that learn probabilities of labels.
@Suite struct SoftLabelTrainingTests {
  /// Posts whose words determine the label, with the probability of it.
  private static func csv(_ range: Range<Int>, sure: Double = 0.8) -> String {
    range.reduce(into: "id,text,image,y,n\n") { text, index in
      let isYes = index % 2 == 0
      text += "p\(index),\(isYes ? "good" : "bad") \(index % 3 == 0 ? "cat" : "dog"),\(["a", "b", "c"][index % 3]).png,"
      text += "\(isYes ? sure : 1 - sure),\(isYes ? 1 - sure : sure)\n"
    }
  }

  private static func run(normalizes: Bool = false) throws -> TinyRun {
    var run = try TinyRun()
    run.soft = try SoftLabels(
      .columns(
        [SoftLabelColumn(label: "no", column: "n"), SoftLabelColumn(label: "yes", column: "y")], normalizes: normalizes),
      order: nil)
    return run
  }

  @Test func probabilitiesAreLearnt() throws {
    var run = try Self.run()
    (run.settings.epochs, run.settings.dropout) = (40, 0)
    let outcome = try run.train(try run.trainer(training: Self.csv(0..<12), validation: Self.csv(12..<18)))
    let epochs = outcome.history.epochs, losses = epochs.dropFirst().map(\.lossClassification)
    // The loss falls towards its floor, the entropy, which that of labels does not have.
    let entropy = -(0.8 * log(0.8) + 0.2 * log(0.2))
    #expect(losses.allSatisfy { $0 > entropy - 1e-6 } && epochs.allSatisfy { $0.validation.loss > entropy - 1e-6 })
    #expect(try #require(losses.last) < (losses.first ?? 0), "\(losses)")
  }

  @Test func historyAndCardRecordThem() throws {
    let run = try Self.run()
    let outcome = try run.train(
      try run.trainer(training: Self.csv(0..<12), validation: Self.csv(12..<17) + "p17,bad dog,c.png,,\n"))
    let summary = try #require(outcome.history.epochs.first?.softLabels)
    #expect(summary.source == "the columns n, y" && summary.posts == 12 && summary.validationPosts == 5)
    #expect(abs(summary.entropy - 0.500_402_4) < 1e-6)
    #expect(outcome.history.epochs.dropFirst().allSatisfy { $0.softLabels == nil })
    let lines = try run.text("model/history.jsonl")
    #expect(lines.contains("\"soft_labels\":{") && lines.contains("\"validation_posts\":5"))
    #expect(try #require(TrainingHistory(lines: lines)) == outcome.history)
    let card = try run.text("model/card.md")
    #expect(card.contains("- Labels: probabilities from the columns n, y; mean entropy 0.50."))
    #expect(CardExcerpt(card).lines.contains { $0.name == "Labels" && $0.words.hasPrefix("probabilities from") })
  }

  @Test func certainProbabilitiesMakeTheSameModelAsLabels() throws {
    let hard = try TinyRun(), soft = try Self.run()
    try hard.train(try hard.trainer())
    try soft.train(try soft.trainer(training: Self.csv(0..<12, sure: 1), validation: Self.csv(12..<18, sure: 1)))
    #expect(try soft.model()[0] == hard.model()[0])
    #expect(try !hard.text("model/history.jsonl").contains("soft_labels"))
    #expect(try !hard.text("model/card.md").contains("- Labels:"))
  }

  @Test func aContinuedRunChecksThem() throws {
    func stopped() throws -> TinyRun {
      let run = try Self.run()
      let begun = try run.trainer(training: Self.csv(0..<12), validation: Self.csv(12..<18))
      #expect(throws: TrainingError.self) { try run.train(begun, stopAfter: 4) }
      return run
    }
    let whole = try Self.run(), same = try stopped(), other = try stopped()
    try whole.train(try whole.trainer(training: Self.csv(0..<12), validation: Self.csv(12..<18)))
    try same.train(try same.trainer(resume: true, training: Self.csv(0..<12), validation: Self.csv(12..<18)))
    #expect(try same.model() == whole.model())
    let error = #expect(throws: TrainingError.self) {
      try other.trainer(resume: true, training: Self.csv(0..<12, sure: 0.7), validation: Self.csv(12..<18))
    }
    #expect("\(try #require(error))".contains("posts to learn from"))
  }

  @Test func noticesSayWhatIsLearnt() throws {
    let scratch = try Scratch()
    let soft = try SoftLabels(
      .columns([SoftLabelColumn(column: "p_no"), SoftLabelColumn(column: "p_yes")], normalizes: true), order: nil)
    let training = try scratch.posts(
      "id,text,label,p_no,p_yes\n1,good,yes,1,3\n2,bad,yes,0.9,0.1\n3,cat,,0.9,0.1\n", labels: .soft(soft))
    let judged = try scratch.posts("id,text,p_no,p_yes\n4,good,0,1\n", name: "valid.csv", labels: .ownElseSoft(soft))
    let run = try TinyRun()
    let notices = try TrainerInputs(
      try run.start(), training: training, validation: judged, labels: nil, teacher: nil, run.settings
    ).notices.compactMap { if case .softLabels(let words) = $0 { words } else { nil } }
    #expect(notices.count == 4)
    #expect(notices[0].contains("from the columns p_no, p_yes, with a mean entropy of 0.40 of at most 0.69"))
    #expect(notices[1].hasPrefix("the numbers of 1 post did not add up to 1"))
    #expect(notices[2].hasSuffix("it is the most probable one in 1 of 2"))
    #expect(notices[3].hasPrefix("no post to validate with has a label of its own"))
  }
}
