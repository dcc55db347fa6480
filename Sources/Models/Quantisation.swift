import Bytes
internal import Foundation
package import Tensors

/// The source of a quantised model, and the effect of quantisation: `quantization` in its `config.json`.
package struct Quantisation: Sendable, Equatable {
  /// The comparison of int8 with f32 on labelled posts.
  package struct Agreement: Sendable, Equatable {
    /// The name of the corpus file without its ending.
    package var corpus: String
    /// The number of labelled posts.
    package var posts: Int
    /// The number of posts whose label changed.
    package var changed: Int
    /// The share of right labels in f32.
    package var accuracyF32: Double
    /// The share of right labels in int8.
    package var accuracyInt8: Double
    /// The macro-F1 in f32.
    package var macroF1F32: Double
    /// The macro-F1 in int8.
    package var macroF1Int8: Double
    /// McNemar's b: posts right in f32 only.
    package var rightInF32Only: Int
    /// McNemar's c: posts right in int8 only.
    package var rightInInt8Only: Int
    /// McNemar's exact two-sided p.
    package var p: Double

    /// Creates a record from these numbers.
    package init(
      corpus: String, posts: Int, changed: Int, accuracyF32: Double, accuracyInt8: Double, macroF1F32: Double,
      macroF1Int8: Double, rightInF32Only: Int, rightInInt8Only: Int, p: Double
    ) {
      (self.corpus, self.posts, self.changed) = (corpus, posts, changed)
      (self.accuracyF32, self.accuracyInt8) = (accuracyF32, accuracyInt8)
      (self.macroF1F32, self.macroF1Int8) = (macroF1F32, macroF1Int8)
      (self.rightInF32Only, self.rightInInt8Only, self.p) = (rightInF32Only, rightInInt8Only, p)
    }
  }

  /// The only supported format.
  static let format = "int8/1"

  /// The fingerprint of the model that was quantised.
  package var source: String
  /// The fingerprint of the folder that this record belongs to.
  package var fingerprint: String
  /// The agreement of the model before and after quantising.
  package var agreement: Agreement
}

extension Quantisation.Agreement {
  /// The share of posts whose label changed.
  package var share: Double { Double(changed) / Double(posts) }

  /// `int8 changes 3 of 600 labels (0.50 %) and macro-F1 by -0.0017, on posts`
  package var summary: String {
    "int8 changes \(changed) of \(posts) labels (\(String(format: "%.2f", share * 100)) %) and macro-F1 by "
      + "\(String(format: "%+.4f", macroF1Int8 - macroF1F32)), on \(corpus)"
  }
}

extension Quantisation {
  /// The section of the model's card about quantisation, in Markdown.
  func card(command: String) -> String {
    func digits(_ value: Double) -> String { String(format: "%.4f", value) }
    return """

      ## int8

      The matrices of this model are stored as bytes, a scale for each output beside them; the embeddings, norms, biases
      and the head are as they were. Scores have the same bits as the source model's in int8. Made from the
      model whose fingerprint is `\(source)` by

          \(command)

      On the \(agreement.posts) labelled posts of \(agreement.corpus), int8 changes \(agreement.changed) labels \
      (\(String(format: "%.2f", agreement.share * 100)) %) against f32: accuracy \(digits(agreement.accuracyF32)) → \
      \(digits(agreement.accuracyInt8)), macro-F1 \(digits(agreement.macroF1F32)) → \(digits(agreement.macroF1Int8)).
      \(agreement.rightInF32Only) posts are right in f32 only and \(agreement.rightInInt8Only) in int8 only; \
      McNemar's exact two-sided test says p = \(digits(agreement.p)).

      """
  }

  /// The object at `quantization`; nil if it is absent. It must have every key.
  init?(_ outer: inout ConfigurationReader) throws(ConfigurationError) {
    guard let value = outer.take("quantization") else { return nil }
    var reader = try ConfigurationReader(value, path: outer.name("quantization"))
    try reader.require(["format", "source_fingerprint", "fingerprint", "agreement"])
    _ = try reader.word("format", of: [Self.format])
    source = try Self.fingerprint("source_fingerprint", &reader)
    fingerprint = try Self.fingerprint("fingerprint", &reader)
    var numbers = try reader.object("agreement")
    agreement = try Agreement(&numbers)
    try reader.finish()
  }

  private static func fingerprint(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> String {
    let text = try reader.string(key) ?? ""
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9"), letters = UInt8(ascii: "a")...UInt8(ascii: "f")
    guard text.utf8.count == 64, text.utf8.allSatisfy({ digits.contains($0) || letters.contains($0) }) else {
      throw .wrongKind(key: reader.name(key), expected: "64 hexadecimal digits", found: "another string")
    }
    return text
  }

  /// The object as written in `config.json`.
  var json: JSON {
    .members([
      ("format", .string(Self.format)), ("source_fingerprint", .string(source)), ("fingerprint", .string(fingerprint)),
      ("agreement", agreement.json),
    ])
  }
}

extension Quantisation.Agreement {
  fileprivate var json: JSON {
    .members([
      ("corpus", .string(corpus)), ("posts", .integer(posts)), ("changed", .integer(changed)),
      ("accuracy_f32", .real(accuracyF32)), ("accuracy_int8", .real(accuracyInt8)),
      ("macro_f1_f32", .real(macroF1F32)), ("macro_f1_int8", .real(macroF1Int8)),
      ("mcnemar_b", .integer(rightInF32Only)), ("mcnemar_c", .integer(rightInInt8Only)), ("mcnemar_p", .real(p)),
    ])
  }

  fileprivate init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
    try reader.require([
      "corpus", "posts", "changed", "accuracy_f32", "accuracy_int8", "macro_f1_f32", "macro_f1_int8", "mcnemar_b",
      "mcnemar_c", "mcnemar_p",
    ])
    corpus = try reader.string("corpus") ?? ""
    posts = try reader.integer("posts", 1, in: 1...Int.max)
    changed = try reader.integer("changed", 0, in: 0...posts)
    accuracyF32 = try reader.real("accuracy_f32", 0, in: 0...1)
    accuracyInt8 = try reader.real("accuracy_int8", 0, in: 0...1)
    macroF1F32 = try reader.real("macro_f1_f32", 0, in: 0...1)
    macroF1Int8 = try reader.real("macro_f1_int8", 0, in: 0...1)
    rightInF32Only = try reader.integer("mcnemar_b", 0, in: 0...changed)
    rightInInt8Only = try reader.integer("mcnemar_c", 0, in: 0...changed - rightInF32Only)
    p = try reader.real("mcnemar_p", 0, in: 0...1)
    try reader.finish()
  }
}

/// The format of the matrix products. Everything else is f32 at every precision: sums, norms, softmax, the products
/// within attention, the residual connections, and the head's products, which cost nothing.
package enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floating point, as in the reference.
  case f32
  /// Inputs rounded to the upper half of f32: about twice as fast, half the memory.
  case bf16
  /// Inputs rounded to bytes, with a scale for each token and each output: nearly twice as fast again, a quarter of the
  /// memory.
  case int8

  /// Whether the matrix library uses instructions of this processor for it.
  package var isSupported: Bool { format.isFast }

  /// The format of the factors.
  package var format: NumberFormat {
    switch self {
    case .f32: .f32
    case .bf16: .bf16
    case .int8: .int8
    }
  }
}
