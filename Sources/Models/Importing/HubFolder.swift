import Bytes

/// A folder from a model hub: `config.json`, the weights, and small files next to them.
struct HubFolder {
  private static let configurationLimit = 16 * 1_048_576
  let path: String
  /// The folder within it that holds the model, with a slash; empty for itself.
  private var inner = ""
  /// The folder of a LoRA adapter of this model; its tokenizer, if it has one, is the model's.
  private var adapter: String?

  init(path: String) { self.path = path }

  /// The folder of an encoder, which may be that of sentence-transformers around it.
  ///
  /// - Parameters:
  ///   - path: the folder, or that of a LoRA adapter.
  ///   - base: the folder of the model that a LoRA adapter changes.
  ///   - role: what is to be read.
  /// - Returns: the folder, whose files may be those of an adapter and its base.
  /// - Throws: `adapter` for an adapter without a base, or a base without one; `wrongFolder`.
  static func model(_ path: String, base: String? = nil, as role: EncoderRole) throws(HubError) -> HubFolder {
    if LowRankAdapter.isIn(path) {
      guard let base else { throw .adapter(path: path, .noBase(name: LowRankAdapter.baseName(in: path))) }
      var folder = try model(base, as: role)
      folder.adapter = path
      return folder
    }
    guard base == nil else { throw .adapter(path: path, .notAnAdapter) }
    var folder = HubFolder(path: path)
    folder.inner = Self.inner(try SentenceModules(of: path))
    do throws(HubError) {
      let wrong = try folder.read("config.json") { (reader) throws(ConfigurationError) in
        try WrongFolder.configured(&reader, as: role)
      }
      if let wrong, let wrong { throw .wrongFolder(path: path, wrong) }
    } catch .missing(let file) {
      if let found = WrongFolder.found(at: path) { throw .wrongFolder(path: path, found) }
      throw .missing(path: file)
    }
    if weightFiles(of: path).isEmpty, let found = WrongFolder.found(at: path) {
      throw .wrongFolder(path: path, found)
    }
    if role == .text, WrongFolder.lacksTokenizer(path) { throw .wrongFolder(path: path, .noTokenizer) }
    return folder
  }

  /// The same without checks, for the names of its files.
  static func named(_ path: String) -> HubFolder {
    var folder = HubFolder(path: path)
    folder.inner = Self.inner((try? SentenceModules(of: path)) ?? nil)
    return folder
  }

  private static func inner(_ modules: SentenceModules?) -> String {
    modules?.steps.first.map { $0.folder.isEmpty ? "" : $0.folder + "/" } ?? ""
  }

  /// The names of the model's files within the folder.
  func names(_ names: [String]) -> [String] { names.map { inner + $0 } }

  /// The path of a file in the folder.
  func file(_ name: String) -> String {
    let isModels = ByteText(name) == "config.json" || Self.isWeights(name)
    if let adapter, !isModels {
      let own = HubFolder(path: adapter).file(name)
      if (try? MappedFile(path: own)) != nil { return own }
    }
    return (path.hasSuffix("/") || path.isEmpty ? path : path + "/") + inner + name
  }

  private static func isWeights(_ name: String) -> Bool {
    weightNames.contains { ByteText($0.file) == ByteText(name) || ByteText($0.list) == ByteText(name) }
  }

  /// Reads `config.json` or one of the small files; ignores keys that `body` does not take.
  ///
  /// - Returns: the result of `body`; nil if the file is optional and does not exist.
  func read<Value>(
    _ name: String, isOptional: Bool = false,
    _ body: (inout ConfigurationReader) throws(ConfigurationError) -> Value
  ) throws(HubError) -> Value? {
    let path = file(name), bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path, limit: Self.configurationLimit).copy()
    } catch {
      if isOptional, case .missingFile = error { return nil }
      throw HubError(error)
    }
    let root: JSON
    do {
      root = try JSONParser.parse(bytes)
    } catch {
      throw .configuration(path: path, .notJSON(error))
    }
    do {
      var reader = try ConfigurationReader(root)
      return try body(&reader)
    } catch {
      throw .configuration(path: path, error)
    }
  }

  /// The possible names of the weights, as one file or as a list of shards; the first that exists is read.
  private static let weightNames = [
    (file: "model.safetensors", list: "model.safetensors.index.json"),
    (file: "pytorch_model.bin", list: "pytorch_model.bin.index.json"),
  ]

  /// The names of the files in a folder that hold its weights; none if they cannot be read.
  static func weightFiles(of path: String) -> [String] {
    let folder = named(path)
    for (name, list) in weightNames {
      if (try? MappedFile(path: folder.file(name))) != nil { return folder.names([name]) }
      let entries = try? folder.read(list, isOptional: true) { (reader) throws(ConfigurationError) in
        try reader.strings(by: "weight_map")
      }
      if let entries { return folder.names([list] + Set(entries.map(\.file)).sorted()) }
    }
    return []
  }

  /// The folder's weights, from one file or from the shards in a list, with the changes of a LoRA adapter.
  func weights() throws(HubError) -> ExternalTensors {
    guard let adapter else { return try ownWeights() }
    return try LowRankAdapter(adapter).merged(onto: try ownWeights())
  }

  private func ownWeights() throws(HubError) -> ExternalTensors {
    for (name, list) in Self.weightNames {
      if WrongFolder.isPointer(file(name)) { throw .wrongFolder(path: path, .pointer(name)) }
      do {
        return try ExternalTensors(path: file(name))
      } catch .missing {}
      if let shards = try shards(list) { return shards }
    }
    throw .missing(path: file("model.safetensors"))
  }

  /// The tensors that a list of shards names; nil if there is no such list.
  private func shards(_ list: String) throws(HubError) -> ExternalTensors? {
    let entries = try read(list, isOptional: true) { (reader) throws(ConfigurationError) in
      try reader.strings(by: "weight_map")
    }
    guard let entries else { return nil }
    var files: [ByteText: ExternalTensors] = [:], parts: [(name: ByteText, file: ExternalTensors)] = []
    for (name, shard) in entries {
      guard !shard.isEmpty, !shard.utf8.contains(UInt8(ascii: "/")), !shard.utf8.contains(0) else {
        throw .badShard(path: file(list), file: shard)
      }
      let known = files[ByteText(shard)]
      let opened = if let known { known } else { try ExternalTensors(path: file(shard)) }
      files[ByteText(shard)] = opened
      parts.append((ByteText(name), opened))
    }
    return try ExternalTensors(path: file(list), parts: parts)
  }
}

extension HubError {
  /// The error for a file.
  init(_ error: ModelError) {
    if case .missingFile(let path) = error { self = .missing(path: path) } else { self = .file(error) }
  }
}

extension HubTextEncoder {
  /// Whether a folder is that of a LoRA adapter, which needs a base.
  package static func isAdapter(_ folder: String) -> Bool { LowRankAdapter.isIn(folder) }

  /// The names of the files of a LoRA adapter that matter: its own, and those of a tokenizer.
  package static func adapterFiles(of folder: String) -> [String] {
    [LowRankAdapter.configurationName] + LowRankAdapter.weightNames
      + HubTokenizer.files(in: HubFolder(path: folder)) + ["preprocessor_config.json"]
  }

  /// The paths of the files that an encoder's numbers follow from: its own, and those of a LoRA adapter's base.
  package static func weightPaths(of path: String, base: String?) -> [String] {
    if path.utf8.suffix(4).elementsEqual(".npz".utf8) { return [path] }
    let folder = HubFolder(path: path)
    if let base {
      let adapter = [LowRankAdapter.configurationName] + LowRankAdapter.weightNames
      return adapter.map(folder.file) + weightPaths(of: base, base: nil)
    }
    return (HubFolder.named(path).names(["config.json"]) + HubFolder.weightFiles(of: path)).map(folder.file)
  }
}
