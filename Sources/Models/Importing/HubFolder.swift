import Bytes

/// A folder from a model hub: `config.json`, the weights, and small files next to them.
struct HubFolder {
  private static let configurationLimit = 16 * 1_048_576
  let path: String

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path.hasSuffix("/") || path.isEmpty ? path + name : path + "/" + name }

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
    let folder = HubFolder(path: path)
    for (name, list) in weightNames {
      if (try? MappedFile(path: folder.file(name))) != nil { return [name] }
      let entries = try? folder.read(list, isOptional: true) { (reader) throws(ConfigurationError) in
        try reader.strings(by: "weight_map")
      }
      if let entries { return [list] + Set(entries.map(\.file)).sorted() }
    }
    return []
  }

  /// The folder's weights, from one file or from the shards in a list.
  func weights() throws(HubError) -> ExternalTensors {
    for (name, list) in Self.weightNames {
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
