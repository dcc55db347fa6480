import Bytes
internal import Models

/// The plan of an ablation in a file, converted to command-line arguments: it accepts what the flags accept.
///
/// ```json
/// {
///   "corpus": "train.csv", "validation": "valid.csv", "text-encoder": "bert", "image-encoder": "vit",
///   "teacher": "clip.safetensors", "epochs": 10,
///   "grid": {"alpha": [0, 1], "aggregation": ["cross-attention", "concat"]}, "seeds": [1, 2, 3]
/// }
/// ```
package struct AblationPlan: Sendable, Equatable {
  /// The flags equivalent to the plan, each as one word without its dashes: `alpha=0`.
  package let flags: [String]
  /// The training corpus.
  package let corpora: [String]

  /// The maximum size of a plan in bytes.
  package static let byteLimit = 65_536

  /// Keys whose value is a word or a number.
  package static let options = [
    "preset", "id", "text", "image", "image-template", "image-match", "pictures", "knowledge", "label", "date",
    "labels",
    "delimiter", "encoding", "quote", "escape", "skip-lines", "comment", "records", "teacher",
    "text-encoder", "image-encoder", "from", "vocabulary", "lexicon", "aggregation", "pooling", "fusion-layers", "dim",
    "fusion-heads", "fusion-ffn", "projection-hidden", "text-size", "image-size", "max-text", "max-knowledge",
    "features", "max-feature-rows", "normalize-text", "exif-orientation", "truncated-images", "label-order", "alpha",
    "beta", "temperature", "learning-rate", "encoder-rate", "head-learning-rate", "weight-decay", "warmup",
    "gradient-clip", "batch", "accumulate", "epochs", "dropout", "picture-dropout", "seed", "freeze", "class-weights",
    "selection", "patience", "precision", "weights", "checkpoint-every", "checkpoint-steps", "cache", "cache-size",
    "license", "threads", "recipe", "label-probabilities", "teach-labels",
    "store", "output", "baseline", "report", "score-precision",
  ]
  /// Keys that had another name in version 0.1, which plans may still have.
  package static let renamed = [
    "rate": "learning-rate", "new-rate": "head-learning-rate", "clip": "gradient-clip", "decay": "weight-decay",
    "prepare": "normalize-text",
  ]
  /// Keys whose value is true or false.
  package static let switches = [
    "no-header", "from-excel", "with-knowledge", "pretokenized", "normalize-probabilities", "no-cache",
  ]
  /// A key of version 0.1 that never changed anything, which plans may still have.
  private static let ignored = "deterministic"
  /// Keys whose value is one word or a list of them.
  package static let lists = [
    "corpus", "validation", "test", "language", "dataset", "feature", "images", "date-format", "base",
  ]
  /// All keys.
  package static var keys: [String] { lists + ["grid", "seeds"] + options + switches }

  /// Reads a plan's file.
  ///
  /// - Throws: errors of reading the file, and those of ``init(json:path:)``.
  package static func load(_ path: String) throws(AblationError) -> AblationPlan {
    let bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path, limit: byteLimit).copy()
    } catch {
      if case .fileTooLarge = error { throw .planTooLong(path: path, limit: byteLimit) }
      throw .unreadablePlan(path: path, error)
    }
    let plan = try AblationPlan(json: bytes, path: path)
    guard !plan.corpora.contains(where: { isPlan(at: $0) }) else {
      throw .wrongKind(path: path, key: "corpus", takes: "a corpus", found: "another plan")
    }
    return plan
  }

  /// Whether a file is a plan rather than a corpus of JSON: its name ends in `.json`, and it is one object. A list, or
  /// one object a line, are posts, and so is an object that has the member `records`. A file that cannot be read, or is
  /// neither, is taken for a plan, whose errors say so.
  package static func isPlan(at path: String, records: String? = nil) -> Bool {
    guard path.hasSuffix(".json") else { return false }
    guard let file = try? MappedFile(path: path) else { return true }
    let isWhole = file.count <= byteLimit
    let bytes = file.withBytes { Array($0.prefix(byteLimit)) }
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let content = bytes.drop { blanks.contains($0) }
    guard content.first != UInt8(ascii: "[") else { return false }
    let line = content.prefix { $0 != 0x0A }
    let next = content[line.endIndex...].first { !blanks.contains($0) }
    if line.last(where: { !blanks.contains($0) }) == UInt8(ascii: "}"), next == UInt8(ascii: "{") { return false }
    guard let records else { return true }
    guard isWhole else { return false }
    guard let root = try? JSONParser.parse(bytes) else { return true }
    return root[ByteText(records.split(separator: ".").first.map(String.init) ?? records)] == nil
  }

  /// Reads a plan; `path` is for errors.
  ///
  /// - Throws: `planTooLong`, `notJSON`, `unknownPlanKey`, `wrongKind`, `missingPlanKey`.
  package init(json: [UInt8], path: String) throws(AblationError) {
    guard json.count <= Self.byteLimit else { throw .planTooLong(path: path, limit: Self.byteLimit) }
    let root: JSON
    do {
      root = try JSONParser.parse(json)
    } catch {
      throw .notJSON(path: path, error)
    }
    guard case .object(let members) = root else {
      throw .wrongKind(path: path, key: "", takes: "an object", found: root.kind)
    }
    var flags: [String] = [], corpora: [String] = []
    for member in members {
      let reader = PlanValue(path: path, key: member.key.text, value: member.value)
      if reader.key == Self.ignored {
        _ = try reader.isOn()
        continue
      }
      guard let key = Self.keys.first(where: { $0 == Self.renamed[reader.key] ?? reader.key }) else {
        throw .unknownPlanKey(path: path, key: reader.key, known: Self.keys)
      }
      switch key {
      case "corpus": corpora = try reader.list()
      case let key where Self.lists.contains(key): flags += try reader.list().map { "\(key)=\($0)" }
      case "seeds": flags.append("seeds=" + (try reader.list().joined(separator: ",")))
      case "grid": flags += try reader.grid()
      case let key where Self.switches.contains(key):
        if try reader.isOn() { flags.append(key) }
      default: flags.append("\(key)=\(try reader.word())")
      }
    }
    guard !corpora.isEmpty else { throw .missingPlanKey(path: path, key: "corpus") }
    (self.flags, self.corpora) = (flags, corpora)
  }
}

/// A value of a plan with its place in the file.
private struct PlanValue {
  let path: String
  let key: String
  let value: JSON

  /// A word or a number, as written in a flag.
  func word(_ value: JSON? = nil, takes: String = "a string or a number") throws(AblationError) -> String {
    switch value ?? self.value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case let other: throw .wrongKind(path: path, key: key, takes: takes, found: other.kind)
    }
  }

  func isOn() throws(AblationError) -> Bool {
    guard case .bool(let isOn) = value else {
      throw .wrongKind(path: path, key: key, takes: "true or false", found: value.kind)
    }
    return isOn
  }

  /// One word, or several.
  func list() throws(AblationError) -> [String] {
    let takes = "strings or numbers"
    guard case .array(let values) = value else { return [try word(takes: takes)] }
    var words: [String] = []
    for value in values { words.append(try word(value, takes: takes)) }
    return words
  }

  /// `{"alpha": [0, 1], "knowledge": [false, true]}`.
  func grid() throws(AblationError) -> [String] {
    guard case .object(let axes) = value else {
      throw .wrongKind(path: path, key: key, takes: "an object of lists", found: value.kind)
    }
    var flags: [String] = []
    for axis in axes {
      let reader = PlanValue(path: path, key: "grid.\(axis.key)", value: axis.value)
      guard case .array(let values) = axis.value else {
        throw .wrongKind(path: path, key: reader.key, takes: "a list", found: axis.value.kind)
      }
      var words: [String] = []
      for value in values {
        // Switches are true or false in JSON.
        if case .bool(let isOn) = value {
          words.append(isOn ? "on" : "off")
        } else {
          words.append(try reader.word(value, takes: "a list of strings, numbers, true or false"))
        }
      }
      let checked = try AblationAxis(key: axis.key.text, values: words)
      flags.append("grid=\(checked.key.rawValue)=" + checked.choices.map(\.value).joined(separator: ","))
    }
    return flags
  }
}
