import Evaluation
import Foundation
import Testing

/// scikit-learn's results for one list of scores; made by `Data/make_curve_goldens.py`.
struct CurveCase: Decodable {
  var name: String
  var truth: [Int]
  var score: [Double]
  var fpr: [Double]
  var tpr: [Double]
  var auc: Double
  var recall: [Double]
  var precision: [Double]
  var ap: Double
  var accuracy: [Double]
  var confidence: [Double]
  var counts: [Int]

  static func all() throws -> [CurveCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/curve_goldens.json")
    return try JSONDecoder().decode([CurveCase].self, from: Data(contentsOf: file))
  }

  func scores(ofLabel: Int) -> [Double] { zip(truth, score).filter { $0.0 == ofLabel }.map(\.1) }
}

@Suite struct RankingCurveTests {
  private func near(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func equalsScikitLearn() throws {
    let cases = try CurveCase.all()
    #expect(cases.count == 4)
    for golden in cases {
      let curve = RankingCurve(positives: golden.scores(ofLabel: 1), negatives: golden.scores(ofLabel: 0))
      #expect(near(curve.roc.map(\.x), golden.fpr) && near(curve.roc.map(\.y), golden.tpr), "\(golden.name)")
      #expect(near(curve.precisionRecall.map(\.x), golden.recall), "\(golden.name)")
      #expect(near(curve.precisionRecall.map(\.y), golden.precision), "\(golden.name)")
      #expect(abs(curve.areaUnderROC.value - golden.auc) < 1e-12, "\(golden.name)")
      #expect(abs(curve.averagePrecision.value - golden.ap) < 1e-12, "\(golden.name)")
    }
  }

  @Test func areasAreThoseOfRanking() throws {
    for golden in try CurveCase.all() {
      let curve = RankingCurve(positives: golden.scores(ofLabel: 1), negatives: golden.scores(ofLabel: 0))
      let metrics = RankingMetrics(scores: golden.score, isLabel: golden.truth.map { $0 == 1 })
      #expect(abs(curve.areaUnderROC.value - metrics.areaUnderROC.value) < 1e-12)
      #expect(abs(curve.averagePrecision.value - metrics.averagePrecision.value) < 1e-12)
    }
  }

  /// Two thousand synthetic scores of each kind, few of them equal.
  private func made() -> (positives: [Double], negatives: [Double]) {
    let noise = (0..<4000).map { Double($0 * 7919 % 4001) / 4001 }
    return (noise.prefix(2000).map { ($0 + 0.4).squareRoot() }, noise.suffix(2000).map { $0.squareRoot() })
  }

  @Test func droppedPointsAreCloseToKeptOnes() {
    let (positives, negatives) = made()
    let whole = RankingCurve(positives: positives, negatives: negatives, resolution: 1_000_000)
    let few = RankingCurve(positives: positives, negatives: negatives, resolution: 50)
    #expect(whole.roc.count > 2000 && few.roc.count < 110 && few.roc.first == whole.roc.first)
    #expect(few.roc.last == RankingCurve.Point(x: 1, y: 1))
    #expect(few.roc.allSatisfy { point in whole.roc.contains(point) })
    for point in whole.roc {
      #expect(few.roc.contains { abs($0.x - point.x) <= 0.02 + 1e-12 && abs($0.y - point.y) <= 0.02 + 1e-12 })
    }
    #expect(few.precisionRecall.count < 210 && few.precisionRecall.allSatisfy { whole.precisionRecall.contains($0) })
    for point in whole.precisionRecall {
      let beside = few.precisionRecall.filter { abs($0.x - point.x) <= 0.02 + 1e-12 }.map(\.y)
      #expect((beside.min() ?? 2) <= point.y && (beside.max() ?? -1) >= point.y)
    }
    #expect(few.areaUnderROC == whole.areaUnderROC && few.averagePrecision == whole.averagePrecision)
  }

  @Test func equalScoresAreOneStep() {
    let curve = RankingCurve(positives: [0.5, 0.5], negatives: [0.5, 0.5, 0.5])
    #expect(curve.roc == [RankingCurve.Point(x: 0, y: 0), RankingCurve.Point(x: 1, y: 1)])
    #expect(curve.areaUnderROC.value == 0.5 && curve.averagePrecision.value == 0.4 && curve.share == 0.4)
    #expect(curve.precisionRecall == [RankingCurve.Point(x: 1, y: 0.4)])
  }

  @Test func oneKindAloneHasNoCurve() {
    let positives = RankingCurve(positives: [0.5, 0.7], negatives: [])
    #expect(positives.roc.isEmpty && positives.areaUnderROC.undefined == 1 && positives.averagePrecision.value == 1)
    let negatives = RankingCurve(positives: [], negatives: [0.5])
    #expect(negatives.roc.isEmpty && negatives.precisionRecall.isEmpty && negatives.averagePrecision.undefined == 1)
    #expect(RankingCurve(positives: [], negatives: []).share == 0)
  }
}
