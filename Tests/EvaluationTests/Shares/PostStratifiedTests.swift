import Testing

import Evaluation

@Suite struct PostStratifiedTests {
  /// 60 % of the run are predicted as the label, but 50 % of the sample: 0.6 · 0.8 + 0.4 · 0.1.
  @Test func predictedLabelsGetTheirShareOfTheRun() throws {
    var positive = LabelledSample.Stratum(), negative = LabelledSample.Stratum()
    for _ in 0..<6000 { positive.add(prediction: 1) }
    for _ in 0..<4000 { negative.add(prediction: 0) }
    for number in 0..<50 {
      positive.label(truth: number < 40 ? 1 : 0, prediction: 1)
      negative.label(truth: number < 5 ? 1 : 0, prediction: 0)
    }
    let sample = LabelledSample([positive, negative])
    let share = try #require(sample.postStratified)
    #expect(abs(share.value - 0.52) < 1e-12)
    // Cochran 1977, 5A.42: (1 − f) / n · Σ W S² + 1 / n² · Σ (1 − W) S².
    let first = 50.0 / 49 * 0.16, second = 50.0 / 49 * 0.09
    let variance = 0.99 / 100 * (0.6 * first + 0.4 * second) + (0.4 * first + 0.6 * second) / 10_000
    #expect(abs(share.standardError * share.standardError - variance) < 1e-12)
    #expect(LabelledSample([]).postStratified == nil)
  }
}
