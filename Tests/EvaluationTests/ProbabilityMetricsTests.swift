import Evaluation
import Foundation
import Testing

/// What scikit-learn says about one list of probabilities; made by `Data/make_probability_goldens.py`.
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
      #expect(abs(calibration.expectedError - golden.ece) < 1e-9, "\(golden.name)")
      #expect(calibration.bins.reduce(0) { $0 + $1.count } == golden.truth.count)
    }
  }

  @Test func oneSideAloneIsUndefined() {
    #expect(RankingMetrics(scores: [0.1, 0.9], isLabel: [true, true]).areaUnderROC.undefined == 1)
    #expect(RankingMetrics(scores: [0.1, 0.9], isLabel: [false, false]).averagePrecision.undefined == 1)
    #expect(RankingMetrics(scores: [], isLabel: []).areaUnderROC.undefined == 1)
    #expect(RankingMetrics(scores: [0.5, 0.5, 0.5], isLabel: [true, false, false]).areaUnderROC.value == 0.5)
  }

  @Test func aTruthThatIsNoLabelIsWrong() {
    let metrics = CalibrationMetrics(probabilities: [[1, 0]], truths: [nil])
    #expect(metrics.brier == 2 && metrics.expectedError == 1 && metrics.logLoss > 30)
    #expect(CalibrationMetrics(probabilities: [], truths: []).brier == 0)
  }
}
