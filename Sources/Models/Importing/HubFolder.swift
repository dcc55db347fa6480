import Bytes

/// A folder as model hubs hand it out: `config.json`, `model.safetensors`, and small files beside them.
struct HubFolder {
  private static let configurationLimit = 16 * 1_048_576
  let path: String

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path.hasSuffix("/") || path.isEmpty ? path + name : path + "/" + name }

  /// Reads `config.json` or one of the small files; what it says beside what is asked for is not looked at.
  ///
  /// - Returns: what `body` makes of it; nil where the file is optional and not there.
  func read<Value>(
    _ name: String, isOptional: Bool = false,
    _ body: (inout ConfigurationReader) throws(ConfigurationFault) -> Value
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
}

/// An encoder's tensors in a hub's file, found by our names and checked.
struct HubTensors: Sendable {
  /// The tensors under our names.
  let file: Safetensors

  /// Finds each of `shapes` under one of the names that `spellings` gives for ours; `skippedRows` says by our name how
  /// many rows more than we want the file's tensor begins with.
  init(
    folder: HubFolder, _ shapes: [ModelConfiguration.TensorShape], skippedRows: [String: Int] = [:],
    spellings: (String) -> [String]
  ) throws(HubError) {
    let path = folder.file("model.safetensors"), file: Safetensors
    do {
      file = try Safetensors(path: path, skipsOtherTypes: true)
    } catch {
      throw HubError(error)
    }
    var names: [(old: String, new: String, skippedRows: Int)] = []
    for tensor in shapes {
      let spellings = spellings(tensor.name)
      guard let found = spellings.lazy.compactMap({ file[$0] }).first else {
        throw .missingTensor(path: path, name: spellings[0], shape: tensor.shape)
      }
      let skipped = skippedRows[tensor.name] ?? 0
      var expected = tensor.shape
      expected[0] += skipped
      guard found.shape == expected else {
        throw .misshapenTensor(path: path, name: found.name, expected: expected, found: found.shape)
      }
      names.append((found.name, tensor.name, skipped))
    }
    self.file = Safetensors(file, renamed: names)
  }

  /// The numbers of a tensor, given by our name.
  func values(_ name: String) throws(HubError) -> [Float] {
    guard let tensor = file[name] else { throw .unknownTensor(name: name) }
    return file.floats(tensor)
  }
}

extension HubError {
  /// What a file's trouble is here.
  init(_ error: ModelError) {
    if case .missingFile(let path) = error { self = .missing(path: path) } else { self = .file(error) }
  }
}
