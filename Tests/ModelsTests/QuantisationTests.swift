import GoldenModels
import Models
import Tensors
import Testing

/// `quantization` in a `config.json`.
@Suite struct QuantisationTests {
  private static let record: String = {
    let digits = String(repeating: "0f", count: 32)
    return """
      {"format": "int8/1", "source_fingerprint": "\(digits)", "fingerprint": "\(digits)", "agreement": {"corpus": "c", \
      "posts": 9, "changed": 3, "accuracy_f32": 0.5, "accuracy_int8": 1, "macro_f1_f32": 0.25, "macro_f1_int8": 0, \
      "mcnemar_b": 1, "mcnemar_c": 2, "mcnemar_p": 1e-05}}
      """
  }()

  private static func read(_ record: String) throws -> ModelConfiguration {
    try ModelConfiguration(
      json: Array(#"{"format": "clfa-model/1", "label_names": ["a", "b"], "quantization": \#(record)}"#.utf8))
  }

  @Test func everyNumberIsRead() throws {
    let found = try #require(try Self.read(Self.record).quantisation)
    #expect(
      found.agreement
        == Quantisation.Agreement(
          corpus: "c", posts: 9, changed: 3, accuracyF32: 0.5, accuracyInt8: 1, macroF1F32: 0.25, macroF1Int8: 0,
          rightInF32Only: 1, rightInInt8Only: 2, p: 1e-05))
    #expect(found.fingerprint == String(repeating: "0f", count: 32))
  }

  static let spoiled: [(old: String, new: String, words: String)] = [
    ("\"format\"", "\"extra\": 1, \"format\"", "unknown key quantization.extra"),
    ("\"posts\"", "\"extra\": 1, \"posts\"", "unknown key quantization.agreement.extra"),
    ("\"mcnemar_p\": 1e-05", "\"mcnemar_q\": 1", "quantization.agreement.mcnemar_p is missing"),
    ("\"fingerprint\": \"0f", "\"fingerprint\": \"0F", "quantization.fingerprint must be 64 hexadecimal digits"),
    ("\"source_fingerprint\": \"0f", "\"source_fingerprint\": \"", "quantization.source_fingerprint must be 64"),
    ("int8/1", "int4/1", "quantization.format is \"int4/1\", it must be \"int8/1\""),
    ("\"posts\": 9", "\"posts\": 0", "quantization.agreement.posts is 0"),
    ("\"changed\": 3", "\"changed\": 10", "quantization.agreement.changed is 10, it must be 0 to 9"),
    ("\"mcnemar_c\": 2", "\"mcnemar_c\": 3", "quantization.agreement.mcnemar_c is 3, it must be 0 to 2"),
    ("\"accuracy_int8\": 1", "\"accuracy_int8\": 1.5", "quantization.agreement.accuracy_int8 is 1.5"),
    ("\"changed\": 3", "\"changed\": \"3\"", "quantization.agreement.changed must be a whole number"),
  ]

  @Test(arguments: spoiled.indices) func invalidValuesAreNamed(index: Int) throws {
    let (old, new, words) = Self.spoiled[index]
    let record = Self.record.replacing(old, with: new)
    #expect(record != Self.record)
    let error = #expect(throws: ConfigurationError.self) { try Self.read(record) }
    let found = "\(try #require(error))"
    #expect(found.hasPrefix(words), "\(found)")
  }

  @Test func anythingButAnObjectIsRejected() {
    #expect(throws: ConfigurationError.wrongKind(key: "quantization", expected: "an object", found: "null")) {
      try Self.read("null")
    }
  }
}

@Suite struct PrecisionTests {
  @Test(arguments: Precision.allCases) func unsupportedPrecisionsAreNamedErrors(precision: Precision) throws {
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
        == "this processor has no bf16 instructions")
  }

  /// Rounding has an effect, and it is as small as the number format allows.
  @Test(arguments: Golden.all, Precision.supported.filter { $0 != .f32 })
  func theScoresAreNearTheReferences(golden: Golden, precision: Precision) throws {
    let classifier = try golden.classifier(precision), posts = try golden.posts()
    let scores = try classifier(posts, using: classifier.makeWorkspace())
    let outputs = try golden.tensors("outputs"), bound: Float = precision == .bf16 ? 2e-2 : 6e-2
    for (name, values) in [
      ("logits", scores.map { $0.logits as [Float]? }), ("pooled", scores.map { $0.vectors[2].values }),
      ("text_aligned", scores.map { $0.vectors[0].values }), ("image_aligned", scores.map { $0.vectors[1].values }),
    ] {
      let largest = try #require(outputs[name]).map(abs).max() ?? 0
      var furthest: Float = 0
      for (index, found) in values.enumerated() {
        guard let found else { continue }
        for (a, b) in zip(found, try #require(outputs.slice(name, index))) { furthest = max(furthest, abs(a - b)) }
      }
      #expect(furthest > 1e-5 * largest && furthest < bound * largest, "\(name): \(furthest / largest)")
    }
  }
}
