import Bytes

/// What a folder of sentence-transformers says on how a text encoder's tokens become a vector.
package struct SentencePooling: Sendable {
  /// How the tokens of the last layer become one vector.
  package enum Mode: String, Sendable, CaseIterable {
    case mean
    /// The first token.
    case cls
    case max
  }

  package private(set) var mode = Mode.mean
  /// The projection behind the pooling; nil if the folder has none.
  package private(set) var projection: LinearProjection?
  /// Whether the vector is brought to length 1 before the projection.
  package private(set) var isUnitBefore = false
  /// Whether it is brought to length 1 at the end.
  package private(set) var isUnitAfter = false
  /// The most pieces of a text; nil for as many as the encoder reads.
  package private(set) var maxPieces: Int?
  /// Whether texts are converted to lower case before the tokenizer reads them.
  package private(set) var lowercases = false

  /// Reads a folder: the steps of `modules.json`, or without it `1_Pooling` and `2_Dense` where they are there.
  package static func load(_ path: String) throws(HubError) -> SentencePooling {
    let folder = HubFolder(path: path), modules = try SentenceModules(of: path)
    let steps = modules?.steps ?? [(.transformer, ""), (.pooling, "1_Pooling"), (.dense, "2_Dense")]
    let isOptional = modules == nil
    var pooling = SentencePooling()
    for (step, place) in steps {
      let inner = HubFolder(path: place.isEmpty ? path : folder.file(place))
      switch step {
      case .clip: break
      case .transformer: try pooling.readTransformer(inner)
      case .pooling: try pooling.readPooling(inner, isOptional: isOptional)
      case .dense:
        guard pooling.projection == nil else { throw .wrongFolder(path: path, .moduleOrder) }
        pooling.projection = try dense(inner, isOptional: isOptional)
        if pooling.projection != nil { (pooling.isUnitBefore, pooling.isUnitAfter) = (pooling.isUnitAfter, false) }
      case .normalize: pooling.isUnitAfter = true
      }
    }
    return pooling
  }

  private mutating func readTransformer(_ folder: HubFolder) throws(HubError) {
    let read = try folder.read("sentence_bert_config.json", isOptional: true) { (reader) throws(ConfigurationError) in
      reader.dropNull("max_seq_length")
      reader.dropNull("do_lower_case")
      return (
        most: try reader.optionalInteger("max_seq_length", in: 2...65_536),
        lowercases: try reader.boolean("do_lower_case", false)
      )
    }
    (maxPieces, lowercases) = (read?.most, read?.lowercases ?? false)
  }

  private mutating func readPooling(_ folder: HubFolder, isOptional: Bool) throws(HubError) {
    let read = try folder.read("config.json", isOptional: isOptional) { (reader) throws(ConfigurationError) in
      // Newer files name the mode; older ones have a flag for each.
      if let word = try reader.optionalWord("pooling_mode", of: Mode.allCases.map(\.rawValue)) {
        return Mode(rawValue: word) ?? .mean
      }
      try reader.refuse("pooling_mode_mean_sqrt_len_tokens", true)
      try reader.refuse("pooling_mode_weightedmean_tokens", true)
      try reader.refuse("pooling_mode_lasttoken", true)
      var modes: [Mode] = []
      if try reader.boolean("pooling_mode_mean_tokens", true) { modes.append(.mean) }
      if try reader.boolean("pooling_mode_cls_token", false) { modes.append(.cls) }
      if try reader.boolean("pooling_mode_max_tokens", false) { modes.append(.max) }
      guard modes.count == 1, let mode = modes.first else {
        throw .outOfRange(
          key: "pooling_mode_mean_tokens", value: "\(modes.count) ways of pooling", allowed: "one of mean, cls, max")
      }
      return mode
    }
    mode = read ?? .mean
  }

  private static func dense(_ folder: HubFolder, isOptional: Bool) throws(HubError) -> LinearProjection? {
    let sizes = try folder.read("config.json", isOptional: isOptional) { (reader) throws(ConfigurationError) in
      _ = try reader.word("activation_function", of: ["torch.nn.modules.linear.Identity"])
      try reader.require(["in_features", "out_features"])
      return (
        inputs: try reader.integer("in_features", 1, in: 1...16_384),
        outputs: try reader.integer("out_features", 1, in: 1...16_384), isBiased: try reader.boolean("bias", true)
      )
    }
    guard let sizes else { return nil }
    let file = try folder.weights()
    func numbers(_ name: String, _ shape: [Int]) throws(HubError) -> [Float] {
      guard let found = file[name] else { throw .missingTensor(path: file.path, name: name, shape: shape) }
      guard found == shape else {
        throw .misshapenTensor(path: file.path, name: name, expected: shape, found: found)
      }
      return file.floats(name)
    }
    return LinearProjection(
      inputs: sizes.inputs, outputs: sizes.outputs,
      weight: try numbers("linear.weight", [sizes.outputs, sizes.inputs]),
      bias: sizes.isBiased
        ? try numbers("linear.bias", [sizes.outputs]) : [Float](repeating: 0, count: sizes.outputs))
  }

  /// The names of the files in a folder that it follows from, where they are.
  package static func files(of path: String) -> [String] {
    guard let steps = ((try? SentenceModules(of: path)) ?? nil)?.steps else {
      return [
        "sentence_bert_config.json", "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
        "2_Dense/pytorch_model.bin",
      ]
    }
    var files = [SentenceModules.fileName]
    for (step, folder) in steps {
      let place = folder.isEmpty ? "" : folder + "/"
      switch step {
      case .transformer: files.append(place + "sentence_bert_config.json")
      case .pooling: files.append(place + "config.json")
      case .dense: files += ["config.json", "model.safetensors", "pytorch_model.bin"].map { place + $0 }
      case .clip, .normalize: break
      }
    }
    return files
  }
}
