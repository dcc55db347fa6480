import Models
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

  @Test(arguments: spoiled.indices) func whatIsWrongIsNamed(index: Int) throws {
    let (old, new, words) = Self.spoiled[index]
    let record = Self.record.replacing(old, with: new)
    #expect(record != Self.record)
    let error = #expect(throws: ConfigurationFault.self) { try Self.read(record) }
    let found = "\(try #require(error))"
    #expect(found.hasPrefix(words), "\(found)")
  }

  @Test func noObjectIsRefused() {
    #expect(throws: ConfigurationFault.wrongKind(key: "quantization", expected: "an object", found: "null")) {
      try Self.read("null")
    }
  }
}
