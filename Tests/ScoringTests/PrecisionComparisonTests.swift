import Evaluation
import Models
import Scoring
import Testing

@Suite struct PrecisionComparisonTests {
  @Test func aRecordHasTheNumbersOfBothPrecisions() {
    var labels = PairedPredictions(labels: ["a", "b"])
    for (truth, f32, int8) in [("a", "a", "a"), ("a", "a", "b"), ("b", "b", "a"), ("b", "a", "b")] {
      labels.add(truth: truth, first: f32, second: int8)
    }
    let record = Quantisation.Agreement(labels, corpus: "posts")
    #expect(record.corpus == "posts" && record.posts == 4 && record.changed == 3)
    #expect(record.accuracyF32 == 0.75 && record.accuracyInt8 == 0.5)
    #expect(record.rightInF32Only == 2 && record.rightInInt8Only == 1 && abs(record.p - 1) < 1e-12)
    // F1 of a is 4/5 in f32, of b 2/3; in int8 both are 1/2.
    #expect(abs(record.macroF1F32 - (0.8 + 2.0 / 3) / 2) < 1e-12 && abs(record.macroF1Int8 - 0.5) < 1e-12)
  }
}
