import Evaluation
import Foundation
import Testing

/// scikit-learn's results for one list of truths and predictions; made by `Data/make_goldens.py`.
struct GoldenCase: Decodable, CustomTestStringConvertible {
  var name: String
  var labels: [String]
  var truth: [String]
  var predicted: [String]
  var positive: String?
  var rows: [String]
  var confusion: [[Int]]
  var accuracy: Double
  var balanced: Double
  var mcc: Double
  var binary: [Double]?
  var macro: [Double]
  var weighted: [Double]
  var precision: [Double]
  var recall: [Double]
  var f1: [Double]
  var support: [Int]

  var testDescription: String { name }

  var matrix: ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: labels)
    for (truth, predicted) in zip(truth, predicted) { matrix.add(truth: truth, predicted: predicted) }
    return matrix
  }

  static func all() throws -> [GoldenCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/goldens.json")
    return try JSONDecoder().decode([GoldenCase].self, from: Data(contentsOf: file))
  }
}

@Suite struct ClassificationMetricsTests {
  @Test func equalsScikitLearn() throws {
    let cases = try GoldenCase.all()
    #expect(cases.count == 13)
    for golden in cases {
      let metrics = ClassificationMetrics(golden.matrix, positive: golden.positive)
      #expect(abs(metrics.accuracy.value - golden.accuracy) < 1e-12, "\(golden.name)")
      expectEqual(metrics.macro, golden.macro, "\(golden.name), macro")
      expectEqual(metrics.weighted, golden.weighted, "\(golden.name), weighted")
      #expect((metrics.binary == nil) == (golden.binary == nil), "\(golden.name)")
      if let binary = metrics.binary, let expected = golden.binary {
        expectEqual(binary.scores, expected, "\(golden.name), binary")
        #expect(binary.label == golden.positive)
      }
      for (row, label) in metrics.labels.enumerated() {
        expectEqual(
          label.scores, [golden.precision[row], golden.recall[row], golden.f1[row]],
          "\(golden.name), \(label.label)")
        #expect(label.support == golden.support[row])
      }
    }
  }

  @Test func undefinedRatiosAreZeroAndFlagged() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "no", predicted: "no", count: 3)
    matrix.add(truth: "yes", predicted: "no", count: 1)
    let metrics = ClassificationMetrics(matrix)
    #expect(metrics.binary?.scores.precision == Score(value: 0, undefined: 1))
    #expect(metrics.binary?.scores.recall == Score(value: 0, undefined: 0))
    #expect(metrics.binary?.scores.f1 == Score(value: 0, undefined: 0))
    #expect(metrics.macro.precision == Score(value: 0.375, undefined: 1))
    #expect(metrics.accuracy == Score(value: 0.75))
  }

  @Test func withoutPostsEverythingIsUndefined() {
    let metrics = ClassificationMetrics(ConfusionMatrix(labels: ["no", "yes"]))
    #expect(metrics.total == 0)
    #expect(metrics.accuracy.undefined == 1)
    #expect(metrics.macro.f1.undefined == 1)
    #expect(metrics.labels.count == 2)
  }

  @Test func binaryScoresNeedTwoLabelsOrAName() {
    var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
    matrix.add(truth: "a", predicted: "b")
    #expect(ClassificationMetrics(matrix).binary == nil)
    #expect(ClassificationMetrics(matrix, positive: "b").binary?.label == "b")
    #expect(ClassificationMetrics(matrix, positive: "z").binary == nil)
  }
}

private func expectEqual(_ scores: PrecisionRecallF1, _ expected: [Double], _ what: Comment) {
  for (score, value) in zip([scores.precision, scores.recall, scores.f1], expected) {
    #expect(abs(score.value - value) < 1e-12, what)
  }
}
