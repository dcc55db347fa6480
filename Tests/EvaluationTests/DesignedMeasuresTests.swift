import Bytes
import Evaluation
import Foundation
import Testing

/// scikit-learn's results for posts with weights; made by `Data/make_weighted_goldens.py`.
private struct WeightedCase: Decodable {
  var populations: [Int]
  /// Each post's stratum; −1 for a post that is not in the sample.
  var strata: [Int]
  var truth: [Int]
  var probabilities: [[Double]]
  var accuracy: Double
  var balancedAccuracy: Double
  var mcc: Double
  /// Precision, recall and F1.
  var macro: [Double]
  var weighted: [Double]
  var labels: [[Double]]
  var auc: [Double]
  var ap: [Double]
  var brier: Double
  var logLoss: Double
  var ece: Double

  static func all() throws -> [WeightedCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/weighted_goldens.json")
    return try JSONDecoder().decode([WeightedCase].self, from: Data(contentsOf: file))
  }

  var posts: LabelledPosts {
    var posts = LabelledPosts(labels: auc.indices.map { ByteText("label \($0)") })
    for (truth, row) in zip(truth, probabilities) {
      posts.add(truth: truth, predicted: LabelledPosts.likeliest(row), probabilities: row)
    }
    return posts
  }

  var sample: DesignedSample { DesignedSample(populations: populations, strata: strata.map { $0 < 0 ? nil : $0 }) }

  func measures(draws: Int, isWhole: Bool = true) -> [Measure] {
    DesignedMeasures.list(
      posts, sample, slices: [("all", Array(0..<Int32(truth.count)), isWhole)], positive: nil,
      resampling: BootstrapOptions(draws: draws))
  }
}

@Suite struct DesignedMeasuresTests {
  @Test func equalsScikitLearnWithSampleWeights() throws {
    for golden in try WeightedCase.all() {
      let measures = golden.measures(draws: 0)
      func expect(_ name: String, _ value: Double, label: Int? = nil) {
        let label = label.map { ByteText("label \($0)") } ?? ""
        let found = measures.filter { $0.name == name && $0.label == label }
        #expect(found.count == 1 && abs((found.first?.score.value ?? 2) - value) < 1e-6, "\(name) \(label)")
      }
      expect("run_accuracy", golden.accuracy)
      expect("run_balanced_accuracy", golden.balancedAccuracy)
      expect("run_mcc", golden.mcc)
      expect("run_brier", golden.brier)
      expect("run_log_loss", golden.logLoss)
      expect("run_calibration_error", golden.ece)
      for (place, part) in ["precision", "recall", "f1"].enumerated() {
        expect("run_macro_" + part, golden.macro[place])
        expect("run_weighted_" + part, golden.weighted[place])
        for label in golden.auc.indices { expect("run_" + part, golden.labels[label][place], label: label) }
      }
      for label in golden.auc.indices {
        expect("run_auc", golden.auc[label], label: label)
        expect("run_average_precision", golden.ap[label], label: label)
      }
      #expect(measures.allSatisfy { $0.interval == nil })
      // Posts that are not in the sample do not count.
      #expect(measures.first?.count == golden.strata.count { $0 >= 0 })
    }
  }

  @Test func everyMeasureWithAnIntervalLiesInIt() throws {
    for golden in try WeightedCase.all() {
      let measures = golden.measures(draws: 200)
      for measure in measures where !["run_macro_auc", "run_macro_average_precision"].contains(measure.name) {
        let interval = try #require(measure.interval, "\(measure.name) \(measure.label)")
        // The bootstrap adds noise to the bins of the calibration error, so its interval is too high.
        let low = measure.name == "run_calibration_error" ? interval.low / 2 : interval.low
        #expect(low < measure.score.value && measure.score.value < interval.high, "\(measure.name) \(measure.label)")
      }
      #expect(measures == golden.measures(draws: 200))
      let column = golden.measures(draws: 20, isWhole: false)
      #expect(column.contains { $0.name == "run_macro_f1" && $0.interval != nil })
      #expect(column.allSatisfy { $0.name != "run_auc" || $0.interval == nil })
      #expect(!column.contains { $0.name == "run_recall" })
    }
  }

  /// 20 posts are too few for a bootstrap; a share has an interval nevertheless.
  @Test func fewPostsHaveIntervalsOfSharesAlone() throws {
    let golden = try #require(WeightedCase.all().first)
    let chosen = Array(golden.strata.indices.prefix(20)).map(Int32.init)
    let measures = DesignedMeasures.list(
      golden.posts, golden.sample, slices: [("some", chosen, true), ("none", [], true)], positive: nil,
      resampling: BootstrapOptions(draws: 50))
    #expect(measures.allSatisfy { $0.slice == "some" })
    #expect(measures.contains { $0.name == "run_recall" && $0.interval != nil })
    #expect(measures.contains { $0.name == "run_macro_f1" && $0.interval == nil })
    #expect(measures.first?.count == 20)
  }
}
