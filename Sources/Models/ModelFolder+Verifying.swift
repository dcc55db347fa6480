internal import Archives
internal import Bytes

/// A fault in a tensor of a model's folder.
package enum TensorCheckError: Sendable, Equatable {
  /// It is in the configuration but missing.
  case missing(shape: [Int])
  /// Its shape differs from the configuration.
  case misshapen(expected: [Int], found: [Int])
  /// No part of the model reads it.
  case unexpected
  /// It has bytes where numbers are required, or scales that quantisation cannot have produced.
  case badBytes
  /// This many of its numbers are not finite.
  case notFinite(Int)
}

extension TensorCheckError: CustomStringConvertible {
  /// The message, to follow the tensor's name.
  package var description: String {
    switch self {
    case .missing(let shape): "is missing; its shape is \(shape)"
    case .misshapen(let expected, let found): "has shape \(found), configured is \(expected)"
    case .unexpected: "belongs to no part of the model"
    case .badBytes: "is in bytes that no quantising makes"
    case .notFinite(let count): "holds \(count) numbers that are not finite"
    }
  }
}

extension ModelFolder {
  /// Checks that every tensor exists, has the configured shape, and holds only finite numbers.
  ///
  /// The files were checked when the folder was loaded. This reads all weights once, a tensor at a time.
  ///
  /// - Parameter shouldStop: called between tensors.
  /// - Returns: each faulty tensor with its error, in the order of the model.
  /// - Throws: `interrupted`.
  package func tensorErrors(
    shouldStop: () -> Bool = { false }
  ) throws(ModelError) -> [(name: String, error: TensorCheckError)] {
    var tensorErrors: [(name: String, error: TensorCheckError)] = [], known: Set<ByteText> = []
    for expected in configuration.tensors {
      guard !shouldStop() else { throw .interrupted }
      known.insert(ByteText(expected.name))
      if let error = error(of: expected) { tensorErrors.append((expected.name, error)) }
      if weights[expected.name]?.type == .i8 { known.insert(ByteText(expected.name + ".scale")) }
    }
    for tensor in weights.tensors where !known.contains(tensor.name) {
      tensorErrors.append((tensor.name.text, .unexpected))
    }
    return tensorErrors
  }

  private func error(of expected: ModelConfiguration.TensorShape) -> TensorCheckError? {
    guard let tensor = weights[expected.name] else { return .missing(shape: expected.shape) }
    guard tensor.shape == expected.shape else { return .misshapen(expected: expected.shape, found: tensor.shape) }
    guard tensor.type == .i8 else {
      let wrong = weights.floats(tensor).count { !$0.isFinite }
      return wrong == 0 ? nil : .notFinite(wrong)
    }
    guard expected.name != "classifier.weight", expected.shape.count > 1,
      let scales = weights[expected.name + ".scale"], scales.shape == [expected.shape[0]],
      weights.floats(scales).allSatisfy({ $0.isFinite && $0 >= 0 }), !weights.bytes(tensor).contains(-128)
    else { return .badBytes }
    return nil
  }

  /// The number of tensors in the file, and of their bytes.
  package var stored: (tensors: Int, bytes: Int) {
    (weights.tensors.count, weights.tensors.reduce(0) { $0 + $1.range.count })
  }

  /// The number formats of the tensors, in descending order of bytes.
  package var formats: [String] {
    var bytes: [TensorType: Int] = [:]
    for tensor in weights.tensors { bytes[tensor.type, default: 0] += tensor.range.count }
    return bytes.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.map(\.key.rawValue)
  }

  /// The number of word pieces in a `vocab.txt`, including added tokens after them.
  package func pieces() throws(ModelError) -> Int {
    let lines = try MappedFile(path: vocabularyPath, limit: Self.vocabularyLimit).withBytes(Self.lines)
    return max(lines, (configuration.tokenizer.addedTokens ?? []).map { $0.id + 1 }.max() ?? 0)
  }

  /// The card's first lines of plain text, at most `limit` characters; nil if there is no card, or it is empty.
  package func cardExcerpt(limit: Int) -> String? {
    guard let bytes = try? MappedFile(path: path.withSlash + "card.md", limit: Self.cardLimit).copy() else {
      return nil
    }
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)[...]
    // At the beginning, hubs expect YAML between two rules.
    if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") { lines = lines[(end + 1)...] }
    let words = lines.map { $0.drop(while: { $0 == "#" || $0 == " " }) }.filter { !$0.isEmpty }.joined(separator: " ")
    guard !words.isEmpty else { return nil }
    return words.count <= limit ? words : String(words.prefix(limit - 1)) + "…"
  }
}
