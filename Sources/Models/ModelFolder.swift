import Archives
package import Bytes
internal import Dispatch

/// A trained model on disk, read and checked; its weights are not yet packed.
///
/// The folder holds `config.json`, `weights.safetensors`, `vocab.txt` or `tokenizer.json` according to the
/// configuration, and `lexicon.tsv` if the configuration names one. An optional `card.md` describes the model and is
/// not read here.
package struct ModelFolder: Sendable {
  /// The folder's path, as given.
  package let path: String
  /// The last component of the path.
  package let name: String
  package let configuration: ModelConfiguration
  /// The hash of everything that can change a raw score, 64 hexadecimal digits.
  package let fingerprint: String
  /// The file of word pieces: `vocab.txt` with one per line, or `tokenizer.json`.
  package let vocabularyPath: String
  /// The lexicon with a concept, a tab and a polarity per line; nil for a model without one.
  package let lexiconPath: String?
  let weights: Safetensors

  private static let configurationLimit = 1_048_576
  package static let vocabularyLimit = 256 * 1_048_576
  private static let lexiconLimit = 16 * 1_048_576

  /// Reads the folder at `path`: checks the configuration and the weights' header, and hashes every byte.
  package static func load(_ path: String) throws(ModelError) -> ModelFolder {
    let components = path.split(separator: "/")
    let folder = path.hasSuffix("/") || path.isEmpty ? path : path + "/"
    let configuration = try configuration(of: path)
    let vocabularyPath = folder + configuration.tokenizer.kind.fileName
    let vocabulary = try MappedFile(path: vocabularyPath, limit: vocabularyLimit)
    // The tokenizer file's content is checked when it is read.
    let pieces = configuration.tokenizer.kind == .wordPiece ? vocabulary.withBytes(lines) : 0
    guard pieces <= configuration.text.vocabularySize else {
      throw .vocabularyTooLong(path: vocabularyPath, pieces: pieces, size: configuration.text.vocabularySize)
    }
    let weights = try Safetensors(
      path: folder + "weights.safetensors", isQuantised: configuration.quantisation != nil)
    let lexicon = try configuration.hasLexicon ? lexicon(at: folder + ModelConfiguration.lexiconName) : nil
    let fingerprint = Fingerprint.of(weights, configuration, vocabulary: vocabulary, lexicon: lexicon)
    if let recorded = configuration.quantisation?.fingerprint, recorded != fingerprint {
      throw .otherFingerprint(path: path, recorded: recorded, found: fingerprint)
    }
    return ModelFolder(
      path: path, name: components.last.map(String.init) ?? path, configuration: configuration,
      fingerprint: fingerprint, vocabularyPath: vocabularyPath, lexiconPath: lexicon?.path, weights: weights)
  }

  /// The lexicon's bytes, which the reader of texts parses.
  static func lexicon(at path: String) throws(ModelError) -> MappedFile {
    do {
      return try MappedFile(path: path, limit: lexiconLimit)
    } catch .missingFile(let path) {
      throw .missingLexicon(path: path)
    }
  }

  /// Reads and checks only the configuration of the folder at `path`.
  package static func configuration(of path: String) throws(ModelError) -> ModelConfiguration {
    let path = (path.hasSuffix("/") || path.isEmpty ? path : path + "/") + "config.json"
    let file = try MappedFile(path: path, limit: configurationLimit)
    do {
      return try ModelConfiguration(json: file.copy())
    } catch {
      throw .configuration(path: path, error)
    }
  }

  /// Rejects a precision that this processor lacks, or that a quantised model can't use.
  package func check(_ precision: Precision) throws(ModelError) {
    if configuration.quantisation != nil {
      guard precision == .int8 else { throw .isQuantised(path: path, asked: precision) }
      guard precision.isSupported else { throw .noInstructionsForQuantised(path: path) }
    }
    guard precision.isSupported else { throw .unsupportedPrecision(precision) }
  }

  /// Whether the weights are bytes, for int8 only.
  package var isQuantised: Bool { configuration.quantisation != nil }

  /// The labels' names, in the order of the logits.
  package var labelNames: [ByteText] { configuration.labelNames }
  /// The conversion of text to tokens.
  package var tokenizer: TokenizerSettings { configuration.tokenizer }
  /// The named steps of text normalisation before the tokenizer, in order.
  package var preparation: [String] { configuration.preparation }
  /// The conversion of pictures to pixels.
  package var preprocessing: Preprocessing { configuration.preprocessing }

  /// The number of lines of a text, including a last one without a line feed.
  static func lines(_ bytes: UnsafeRawBufferPointer) -> Int {
    var lines = 0
    for byte in bytes where byte == 0x0A { lines += 1 }
    return bytes.last.map { $0 == 0x0A } ?? true ? lines : lines + 1
  }
}

extension ModelFolder {
  /// The numbers of a tensor as f32; nil if the model has none of this name, or has it as bytes.
  package func values(_ name: String) -> [Float]? {
    guard let tensor = weights[name], tensor.type != .i8 else { return nil }
    return weights.floats(tensor)
  }

  /// The numbers of a matrix as f32, computed from bytes and scales for a quantised model; nil if the model has none of
  /// this name.
  package func matrix(_ name: String) -> [Float]? {
    guard let tensor = weights[name], tensor.type == .i8 else { return values(name) }
    guard let scales = values(name + ".scale"), scales.count == tensor.shape.first, !scales.isEmpty else { return nil }
    let inputs = tensor.count / scales.count
    return weights.bytes(tensor).enumerated().map { Float($1) * scales[$0 / inputs] }
  }
}

/// The hash that is equal for two models with the same raw scores. It covers every tensor, the effective configuration,
/// the vocabulary, and the lexicon if there is one.
enum Fingerprint {
  /// The fingerprint in hexadecimal. This reads the weights once, on all cores.
  ///
  /// It is the SHA-256 of a list of lines, one per fact: the tensors in the order of their names, each with format,
  /// shape and hash; the configuration's keys that differ from the defaults, so that neither an explicit default nor a
  /// key added by a later version changes it; the hash of the vocabulary; that of the lexicon.
  static func of(
    _ weights: Safetensors, _ configuration: ModelConfiguration, vocabulary: MappedFile, lexicon: MappedFile?
  ) -> String {
    var hash = SHA256()
    func add(_ line: String) { hash.update(data: Array("\(line)\n".utf8)) }
    add("clfa-fingerprint/1")
    let digests = tensorDigests(weights)
    for (tensor, digest) in zip(weights.tensors, digests) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      add("tensor \(tensor.name.utf8.count):\(tensor.name) \(tensor.type.rawValue) [\(shape)] \(digest)")
    }
    for (key, value) in configuration.canonical { add("\(key) \(value.utf8.count):\(value)") }
    add("vocabulary \(vocabulary.withBytes { SHA256.hash(data: $0).hexadecimal })")
    if let lexicon { add("lexicon \(lexicon.withBytes { SHA256.hash(data: $0).hexadecimal })") }
    return hash.finalize().hexadecimal
  }

  private static func tensorDigests(_ weights: Safetensors) -> [String] {
    let tensors = weights.tensors
    return [String](unsafeUninitializedCapacity: tensors.count) { buffer, count in
      nonisolated(unsafe) let digests = buffer
      DispatchQueue.concurrentPerform(iterations: tensors.count) { index in
        let digest = weights.withBytes(of: tensors[index]) { SHA256.hash(data: $0).hexadecimal }
        // Each index is written by only one iteration.
        digests.initializeElement(at: index, to: digest)
      }
      count = tensors.count
    }
  }
}
