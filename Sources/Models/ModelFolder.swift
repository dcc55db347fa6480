import Bytes

/// A trained model on disk, read and checked, its weights not yet packed.
///
/// The folder holds `config.json`, `weights.safetensors`, and `vocab.txt` or `tokenizer.json` as the configuration's
/// tokenizer asks; a `lexicon.tsv` where the configuration names one; a `card.md` may tell where the model comes from and
/// is not read here.
public struct ModelFolder: Sendable {
  /// Where the folder is, as it was given.
  public let path: String
  /// The last component of the path.
  public let name: String
  /// What the model is.
  public let configuration: ModelConfiguration
  /// The hash of all that can change a raw score, 64 hexadecimal digits.
  public let fingerprint: String
  /// Where the pieces of words are: `vocab.txt`, one a line, or `tokenizer.json`.
  public let vocabularyPath: String
  /// Where the polarity lexicon is, a concept, a tab and a polarity a line; nil for a model without one.
  public let lexiconPath: String?
  let weights: Safetensors

  private static let configurationLimit = 1_048_576
  static let vocabularyLimit = 256 * 1_048_576
  private static let lexiconLimit = 16 * 1_048_576

  /// Reads the folder at `path`: the configuration and the weights' header are checked, every byte is hashed.
  public static func load(_ path: String) throws(ModelError) -> ModelFolder {
    let components = path.split(separator: "/")
    let folder = path.hasSuffix("/") || path.isEmpty ? path : path + "/"
    let configuration = try configuration(of: path)
    let vocabularyPath = folder + configuration.tokenizer.kind.fileName
    let vocabulary = try MappedFile(path: vocabularyPath, limit: vocabularyLimit)
    // What a tokenizer file holds is told when it is read.
    let pieces = configuration.tokenizer.kind == .wordPiece ? vocabulary.withBytes(lines) : 0
    guard pieces <= configuration.text.vocabularySize else {
      throw .vocabularyTooLong(path: vocabularyPath, pieces: pieces, size: configuration.text.vocabularySize)
    }
    let weights = try Safetensors(
      path: folder + "weights.safetensors", isQuantised: configuration.quantisation != nil)
    let lexicon = try configuration.hasLexicon ? lexicon(at: folder + ModelConfiguration.lexiconName) : nil
    let fingerprint = Fingerprint.of(weights, configuration, vocabulary: vocabulary, lexicon: lexicon)
    if let recorded = configuration.quantisation?.fingerprint, !recorded.hasSameBytes(as: fingerprint) {
      throw .otherFingerprint(path: path, recorded: recorded, found: fingerprint)
    }
    return ModelFolder(
      path: path, name: components.last.map(String.init) ?? path, configuration: configuration,
      fingerprint: fingerprint, vocabularyPath: vocabularyPath, lexiconPath: lexicon?.path, weights: weights)
  }

  /// The lexicon's bytes, which whoever reads texts makes sense of.
  static func lexicon(at path: String) throws(ModelError) -> MappedFile {
    do {
      return try MappedFile(path: path, limit: lexiconLimit)
    } catch .missingFile(let path) {
      throw .missingLexicon(path: path)
    }
  }

  /// Reads and checks the configuration alone of the folder at `path`.
  public static func configuration(of path: String) throws(ModelError) -> ModelConfiguration {
    let path = (path.hasSuffix("/") || path.isEmpty ? path : path + "/") + "config.json"
    let file = try MappedFile(path: path, limit: configurationLimit)
    do {
      return try ModelConfiguration(json: file.copy())
    } catch {
      throw .configuration(path: path, error)
    }
  }

  /// Refuses a precision that this processor lacks, or that a quantised model can't be computed in.
  public func check(_ precision: Precision) throws(ModelError) {
    if configuration.quantisation != nil {
      guard precision == .int8 else { throw .isQuantised(path: path, asked: precision) }
      guard precision.isSupported else { throw .noInstructionsForQuantised(path: path) }
    }
    guard precision.isSupported else { throw .unsupportedPrecision(precision) }
  }

  /// Whether the weights are bytes, for int8 alone.
  public var isQuantised: Bool { configuration.quantisation != nil }

  /// The labels' names, in the order of the logits.
  public var labelNames: [String] { configuration.labelNames }
  /// How text becomes tokens.
  public var tokenizer: TokenizerSettings { configuration.tokenizer }
  /// The named text steps before the tokenizer, in order.
  public var preparation: [String] { configuration.preparation }
  /// How pictures become pixels.
  public var preprocessing: Preprocessing { configuration.preprocessing }

  /// Lines of a text; a last one without a line feed counts.
  static func lines(_ bytes: UnsafeRawBufferPointer) -> Int {
    var lines = 0
    for byte in bytes where byte == 0x0A { lines += 1 }
    return bytes.last.map { $0 == 0x0A } ?? true ? lines : lines + 1
  }
}
