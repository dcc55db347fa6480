import Evaluation
import Foundation
import Testing

@Suite struct ReliabilityTests {
  @Test func equalsScikitLearn() throws {
    for golden in try CurveCase.all() {
      var reliability = ReliabilityDiagram()
      for (truth, score) in zip(golden.truth, golden.score) { reliability.add(confidence: score, isRight: truth == 1) }
      let filled = reliability.bins.filter { $0.count > 0 }
      #expect(reliability.bins.map(\.count) == golden.counts, "\(golden.name)")
      #expect(filled.count == golden.accuracy.count)
      for (bin, (accuracy, confidence)) in zip(filled, zip(golden.accuracy, golden.confidence)) {
        #expect(abs((bin.accuracy ?? 2) - accuracy) < 1e-12 && abs((bin.confidence ?? 2) - confidence) < 1e-12)
      }
    }
  }

  @Test func theReliabilityDiagramsErrorEqualsTheGoldens() throws {
    for golden in try ProbabilityCase.all() {
      var reliability = ReliabilityDiagram()
      for (row, truth) in zip(golden.probabilities, golden.truth) {
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        reliability.add(confidence: row[best], isRight: best == truth)
      }
      #expect(abs((reliability.expectedCalibrationError ?? 2) - golden.ece) < 1e-9, "\(golden.name)")
      #expect(reliability.total == golden.truth.count)
    }
  }

  @Test func boundariesAndEmptyInputsAreHandled() {
    var reliability = ReliabilityDiagram(bins: 4)
    #expect(reliability.expectedCalibrationError == nil && reliability.overconfidence == nil)
    for confidence in [0, 0.25, 0.26, 1, .nan, 7] { reliability.add(confidence: confidence, isRight: false) }
    #expect(reliability.bins.map(\.count) == [3, 1, 0, 2])
    var sure = ReliabilityDiagram(bins: 2)
    for isRight in [true, true, true, false] { sure.add(confidence: 1, isRight: isRight) }
    #expect(sure.overconfidence == 0.25 && sure.expectedCalibrationError == 0.25)
  }
}

/// scikit-learn's results for one list of probabilities; made by `Data/make_probability_goldens.py`.
struct ProbabilityCase: Decodable {
  var name: String
  var probabilities: [[Double]]
  var truth: [Int]
  var auc: [Double]
  var ap: [Double]
  var brier: Double
  var log_loss: Double
  var ece: Double

  static func all() throws -> [ProbabilityCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/probability_goldens.json")
    return try JSONDecoder().decode([ProbabilityCase].self, from: Data(contentsOf: file))
  }
}

@Suite struct ProbabilityMetricsTests {
  @Test func equalsScikitLearn() throws {
    let cases = try ProbabilityCase.all()
    #expect(cases.count == 4)
    for golden in cases {
      for label in golden.auc.indices {
        let ranking = RankingMetrics(
          scores: golden.probabilities.map { $0[label] }, isLabel: golden.truth.map { $0 == label })
        #expect(abs(ranking.areaUnderROC.value - golden.auc[label]) < 1e-12, "\(golden.name)")
        #expect(abs(ranking.averagePrecision.value - golden.ap[label]) < 1e-12, "\(golden.name)")
      }
      let calibration = CalibrationMetrics(probabilities: golden.probabilities, truths: golden.truth)
      #expect(abs(calibration.brier - golden.brier) < 1e-12, "\(golden.name)")
      #expect(abs(calibration.logLoss - golden.log_loss) < 1e-9, "\(golden.name)")
      #expect(abs(calibration.expectedCalibrationError - golden.ece) < 1e-9, "\(golden.name)")
      #expect(calibration.bins.reduce(0) { $0 + $1.count } == golden.truth.count)
    }
  }

  @Test func oneClassAloneIsUndefined() {
    #expect(RankingMetrics(scores: [0.1, 0.9], isLabel: [true, true]).areaUnderROC.undefined == 1)
    #expect(RankingMetrics(scores: [0.1, 0.9], isLabel: [false, false]).averagePrecision.undefined == 1)
    #expect(RankingMetrics(scores: [], isLabel: []).areaUnderROC.undefined == 1)
    #expect(RankingMetrics(scores: [0.5, 0.5, 0.5], isLabel: [true, false, false]).areaUnderROC.value == 0.5)
  }

  @Test func anUnknownTruthIsWrong() {
    let metrics = CalibrationMetrics(probabilities: [[1, 0]], truths: [nil])
    #expect(metrics.brier == 2 && metrics.expectedCalibrationError == 1 && metrics.logLoss > 30)
    #expect(CalibrationMetrics(probabilities: [], truths: []).brier == 0)
  }
}
