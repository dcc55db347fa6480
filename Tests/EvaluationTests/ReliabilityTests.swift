import Evaluation
import Testing

@Suite struct ReliabilityTests {
  @Test func equalsScikitLearn() throws {
    for golden in try CurveCase.all() {
      var reliability = Reliability()
      for (truth, score) in zip(golden.truth, golden.score) { reliability.add(confidence: score, isRight: truth == 1) }
      let filled = reliability.bins.filter { $0.count > 0 }
      #expect(reliability.bins.map(\.count) == golden.counts, "\(golden.name)")
      #expect(filled.count == golden.accuracy.count)
      for (bin, (accuracy, confidence)) in zip(filled, zip(golden.accuracy, golden.confidence)) {
        #expect(abs((bin.accuracy ?? 2) - accuracy) < 1e-12 && abs((bin.confidence ?? 2) - confidence) < 1e-12)
      }
    }
  }

  @Test func theErrorIsThatOfCalibration() throws {
    for golden in try ProbabilityCase.all() {
      var reliability = Reliability()
      for (row, truth) in zip(golden.probabilities, golden.truth) {
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        reliability.add(confidence: row[best], isRight: best == truth)
      }
      #expect(abs((reliability.expectedError ?? 2) - golden.ece) < 1e-9, "\(golden.name)")
      #expect(reliability.total == golden.truth.count)
    }
  }

  @Test func endsAndNothingHaveTheirPlace() {
    var reliability = Reliability(bins: 4)
    #expect(reliability.expectedError == nil && reliability.overconfidence == nil)
    for confidence in [0, 0.25, 0.26, 1, .nan, 7] { reliability.add(confidence: confidence, isRight: false) }
    #expect(reliability.bins.map(\.count) == [3, 1, 0, 2])
    var sure = Reliability(bins: 2)
    for isRight in [true, true, true, false] { sure.add(confidence: 1, isRight: isRight) }
    #expect(sure.overconfidence == 0.25 && sure.expectedError == 0.25)
  }
}
