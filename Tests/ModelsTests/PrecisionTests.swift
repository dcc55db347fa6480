import Models
import Tensors
import Testing

@Suite struct PrecisionTests {
  @Test func theBestIsSupported() {
    #expect(Precision.f32.isSupported && Precision.best.isSupported)
    #expect(Precision.bf16.isSupported == (Precision.best == .bf16))
  }

  @Test(arguments: Precision.allCases) func whatTheProcessorLacksIsRefusedByName(precision: Precision) throws {
    let folder = try Golden(name: "mean-2").load()
    if precision.isSupported {
      #expect(try PostClassifier(folder: folder, precision: precision).precision == precision)
    } else {
      #expect(throws: ModelError.unsupportedPrecision(precision)) {
        try PostClassifier(folder: folder, precision: precision)
      }
    }
    #expect(
      "\(ModelError.unsupportedPrecision(.bf16))"
        == "--precision bf16: this processor has no bf16 instructions; use f32")
  }

  /// Rounding shows, and stays as small as the numbers' bits say.
  @Test(arguments: Golden.all, Precision.supported.filter { $0 != .f32 })
  func theScoresAreNearTheReferences(golden: Golden, precision: Precision) throws {
    let classifier = try golden.classifier(precision), posts = try golden.posts()
    let scores = try classifier(posts, using: classifier.makeWorkspace())
    let outputs = try golden.tensors("outputs"), bound: Float = precision == .bf16 ? 2e-2 : 6e-2
    for (name, values) in [
      ("logits", scores.map { $0.logits as [Float]? }), ("pooled", scores.map { $0.vectors[2].values }),
      ("text_aligned", scores.map { $0.vectors[0].values }), ("image_aligned", scores.map { $0.vectors[1].values }),
    ] {
      let largest = try #require(outputs.values(name)).map(abs).max() ?? 0
      var furthest: Float = 0
      for (index, found) in values.enumerated() {
        guard let found else { continue }
        for (a, b) in zip(found, try #require(outputs.slice(name, index))) { furthest = max(furthest, abs(a - b)) }
      }
      #expect(furthest > 1e-5 * largest && furthest < bound * largest, "\(name): \(furthest / largest)")
    }
  }
}
