import Bytes

/// The settings of a LoRA adapter, from its `adapter_config.json`.
///
/// Each key of PEFT's is honoured, without effect on merging, or rejected unless it is off; any other is an error.
struct LowRankSettings: Sendable {
  private var rank = 8
  private var alpha = 8.0
  private var isRootScaled = false
  private var ranks: [(pattern: ModulePattern, value: Double)] = []
  private var alphas: [(pattern: ModulePattern, value: Double)] = []
  /// `none`, `all` or `lora_only`: which biases the adapter has.
  private(set) var bias = "none"
  /// The ends of the names of changed modules; nil for an expression, which is not checked.
  private var targetModules: [String]?
  private var wholeModules: [String] = []

  /// Keys that do not matter to merging: how the adapter was trained, and which modules it chose, which its tensors show.
  static let withoutEffect = [
    "task_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode",
    "lora_dropout",
    "exclude_modules", "layers_to_transform", "layers_pattern", "megatron_core", "qalora_group_size", "loftq_config",
    "eva_config", "corda_config", "lora_ga_config", "velora_config", "runtime_config", "fan_in_fan_out",
  ]
  /// Variants of LoRA that are computed in another way.
  static let rejected = [
    "use_dora", "use_qalora", "lora_bias", "use_bdlora", "trainable_token_indices", "alora_invocation_tokens",
    "layer_replication", "target_parameters", "arrow_config", "kasa_config", "monteclora_config", "megatron_config",
    "ensure_weight_tying",
  ]
  /// Ways to begin that leave the base as it is; others, such as PiSSA's, change it.
  private static let plainBeginnings = ["gaussian", "eva", "orthogonal"]

  init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
    _ = try reader.word("peft_type", of: ["LORA"])
    for key in Self.rejected { try Self.refuse(key, &reader) }
    for key in Self.withoutEffect { _ = reader.take(key) }
    switch reader.take("init_lora_weights") {
    case nil, .null, .bool: break
    case .string(let word) where Self.plainBeginnings.contains { ByteText($0) == ByteText(word) }: break
    case .some(let other):
      throw .outOfRange(
        key: "init_lora_weights", value: Self.shown(other),
        allowed: "true, false, \(Self.plainBeginnings.joined(separator: ", "))")
    }
    rank = try reader.integer("r", rank, in: 1...16_384)
    alpha = try reader.real("lora_alpha", alpha, in: -1e9...1e9)
    reader.dropNull("use_rslora")
    isRootScaled = try reader.boolean("use_rslora", false)
    bias = try reader.word("bias", of: ["none", "all", "lora_only"])
    ranks = try Self.patterns("rank_pattern", &reader)
    alphas = try Self.patterns("alpha_pattern", &reader)
    reader.dropNull("modules_to_save")
    wholeModules = try reader.strings("modules_to_save") ?? []
    reader.dropNull("target_modules")
    if case .string? = reader.value("target_modules") {
      _ = reader.take("target_modules")
    } else {
      targetModules = try reader.strings("target_modules")
    }
    try reader.finish()
  }

  private static func refuse(_ key: String, _ reader: inout ConfigurationReader) throws(ConfigurationError) {
    let isOff =
      switch reader.value(key) {
      case nil, .null, .bool(false): true
      case .array(let values): values.isEmpty
      case .object(let members): members.isEmpty
      default: false
      }
    guard isOff else {
      throw .outOfRange(key: key, value: reader.value(key).map(shown) ?? "", allowed: "false or null")
    }
    _ = reader.take(key)
  }

  private static func shown(_ value: JSON) -> String {
    switch value {
    case .bool(let bool): "\(bool)"
    case .string(let string): string.printable(upTo: 60)
    case .integer(let integer): "\(integer)"
    default: value.kind
    }
  }

  private static func patterns(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> [(pattern: ModulePattern, value: Double)] {
    reader.dropNull(key)
    var patterns: [(pattern: ModulePattern, value: Double)] = []
    guard case .object(let members)? = reader.value(key) else {
      if reader.has(key) { throw .wrongKind(key: key, expected: "an object", found: reader.value(key)?.kind ?? "") }
      return []
    }
    var inner = try reader.object(key)
    for member in members {
      guard let pattern = ModulePattern(member.key.text) else {
        throw .outOfRange(
          key: key, value: member.key.text.printable(upTo: 60), allowed: "names of modules, not other expressions")
      }
      patterns.append((pattern, try inner.real(member.key.text, 0, in: -1e9...1e9)))
    }
    return patterns
  }

  /// The rank of a module's change, and what its product is multiplied by.
  func scale(of module: String) -> (rank: Int, scale: Float) {
    let rank = ranks.first { $0.pattern.matches(module) }.map { Int($0.value) } ?? rank
    let alpha = alphas.first { $0.pattern.matches(module) }?.value ?? alpha
    return (rank, Float(isRootScaled ? alpha / Double(rank).squareRoot() : alpha / Double(rank)))
  }

  /// Whether a module is among `target_modules`.
  func targets(_ module: String) -> Bool {
    targetModules.map { $0.contains { Self.isEnd($0, of: module) } } ?? true
  }

  /// Whether a tensor is of a module in `modules_to_save`.
  func saves(_ tensor: String) -> Bool {
    let modules = tensor.split(separator: ".").map(String.init)
    return wholeModules.contains { module in
      modules.indices.contains { Self.isEnd(module, of: modules[...$0].joined(separator: ".")) }
    }
  }

  /// Whether a tensor is a table of word vectors, which PEFT saves whole if the vocabulary has grown.
  func savesEmbeddings(_ tensor: String) -> Bool {
    ["word_embeddings.weight", "token_embedding.weight"].contains { Self.isEnd($0, of: tensor) }
  }

  private static func isEnd(_ end: String, of name: String) -> Bool {
    ByteText(end) == ByteText(name) || name.utf8.reversed().starts(with: ("." + end).utf8.reversed())
  }
}

/// A key of `rank_pattern` or `alpha_pattern`: PEFT matches it, as a regular expression, with the end of a module's name.
struct ModulePattern: Sendable {
  /// The expression's characters; nil for any character.
  private let characters: [UInt8?]
  private let isWhole: Bool

  /// Reads names, in which `.` is any character, `\.` a point, and `^` at the beginning that of the name; nil for any
  /// other expression.
  init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    isWhole = bytes.first == UInt8(ascii: "^")
    if isWhole { bytes.removeFirst() }
    if bytes.last == UInt8(ascii: "$") { bytes.removeLast() }
    var characters: [UInt8?] = []
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "."): characters.append(nil)
      case UInt8(ascii: "\\") where bytes.first == UInt8(ascii: "."): characters.append(bytes.removeFirst())
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        characters.append(byte)
      default: return nil
      }
    }
    guard !characters.isEmpty else { return nil }
    self.characters = characters
  }

  /// Whether the module's name is the pattern, or ends in it after a point.
  func matches(_ module: String) -> Bool {
    let name = Array(module.utf8), start = name.count - characters.count
    guard start >= 0, start == 0 || (!isWhole && name[start - 1] == UInt8(ascii: ".")) else { return false }
    return zip(characters, name[start...]).allSatisfy { $0 == nil || $0 == $1 }
  }
}

/// Why a LoRA adapter cannot be merged onto a base.
package enum LowRankError: Error, Equatable, Sendable {
  /// No base was given; the name that the adapter has for it.
  case noBase(name: String?)
  /// A base was given for a folder that is not an adapter's.
  case notAnAdapter
  /// No tensor.
  case empty
  /// A tensor that is not LoRA's.
  case unknownTensor(String)
  /// One of the two factors of a change is missing.
  case halfPair(tensor: String)
  /// A module that is not among `target_modules`.
  case notTargeted(module: String)
  /// Factors that do not have the module's rank.
  case rank(module: String, rank: Int, found: [[Int]])
  /// A tensor that the base does not have.
  case noPlace(tensor: String, base: String)
  /// A tensor that may be one of several of the base's.
  case severalPlaces(tensor: String, names: [String])
}

extension LowRankError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noBase(let name):
      "a LoRA adapter\(name.map { " of \($0.printable(upTo: 120))" } ?? ""), which holds changes of a model and not the model; "
        + "name the folder of its base"
    case .notAnAdapter: "not a LoRA adapter (it has no \(LowRankAdapter.configurationName)), so it has no base"
    case .empty: "the adapter holds no tensor of LoRA; save it again with save_pretrained"
    case .unknownTensor(let name):
      "\(name.printable(upTo: 120)) is not a tensor of plain LoRA; merge it with PEFT (merge_and_unload) and save the whole model"
    case .halfPair(let tensor): "\(tensor.printable(upTo: 120)) has no counterpart; copy or save the adapter again"
    case .notTargeted(let module):
      "\(module.printable(upTo: 120)) is not among target_modules; take both files from the same adapter"
    case .rank(let module, let rank, let found):
      "the factors of \(module.printable(upTo: 120)) have shapes \(found), but its rank is \(rank); take both files from the "
        + "same adapter"
    case .noPlace(let tensor, let base):
      "\(base.printable) has no tensor for \(tensor.printable(upTo: 120)); name the model that the adapter was trained on"
    case .severalPlaces(let tensor, let names):
      "\(tensor.printable(upTo: 120)) may be \(names.listed(most: 4)); name a base of the one encoder alone"
    }
  }
}
