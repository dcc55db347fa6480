import Bytes

/// The naming scheme of a whole model's tensors in a checkpoint.
enum CheckpointNames: String, CaseIterable {
  /// As the authors' program saves them: a BERT, a ViT, two projections, cross-attention.
  case authors
  /// As in `weights.safetensors`.
  case ours

  /// Parts of names that only this scheme has.
  private var marks: [String] { self == .authors ? ["attention_net.", "mlp_text."] : ["text_projection.fc1."] }

  /// Recognises the scheme of a checkpoint's names, and what they have before the scheme's; nil if they are not known.
  ///
  /// - Throws: `severalPrefixes`.
  static func recognised(
    in file: ExternalTensors
  ) throws(HubError) -> (names: CheckpointNames, prefix: String)? {
    let names = file.names.map(\.text)
    for scheme in allCases {
      var prefixes: [String] = []
      for name in names {
        guard let prefix = scheme.marks.lazy.compactMap({ Self.prefix(of: name, before: $0) }).first else { continue }
        if !prefixes.contains(where: { ByteText($0) == ByteText(prefix) }) { prefixes.append(prefix) }
      }
      guard let prefix = prefixes.first else { continue }
      guard prefixes.count == 1 else { throw .severalPrefixes(path: file.path, prefixes: prefixes) }
      let classifier = prefix + "classifier."
      if scheme == .authors || names.contains(where: { $0.utf8.starts(with: classifier.utf8) }) {
        return (scheme, prefix)
      }
    }
    return nil
  }

  /// The parts of a name before `mark`, which begins a part; nil if the name does not have it.
  private static func prefix(of name: String, before mark: String) -> String? {
    let bytes = Array(name.utf8), mark = Array(mark.utf8)
    var start = 0
    while start + mark.count <= bytes.count {
      if bytes[start...].starts(with: mark) { return String(decoding: bytes[..<start], as: UTF8.self) }
      guard let dot = bytes[start...].firstIndex(of: UInt8(ascii: ".")) else { return nil }
      start = dot + 1
    }
    return nil
  }

  /// Whether a tensor is deliberately ignored, because nothing reads it.
  func leavesOut(_ name: String) -> Bool {
    guard self == .authors else { return false }
    return ["model.head.", "bert.pooler.", "bert.embeddings.position_ids"].contains { name.utf8.starts(with: $0.utf8) }
  }

  /// Whether a tensor is one of the picture encoder's.
  func isOfImageEncoder(_ name: String) -> Bool {
    name.utf8.starts(with: (self == .authors ? "model.transformer." : "image_encoder.").utf8)
  }

  /// The checkpoint's name, or names, for one of clfa's tensors.
  func spellings(_ name: String) -> [String] {
    guard self == .authors else { return [name] }
    let parts = name.split(separator: ".").map(String.init), part = parts[parts.count - 1]
    switch parts[0] {
    case "text_encoder":
      return HubTextKind.bert.spellings(Array(parts.dropFirst())).filter { $0.utf8.starts(with: "bert.".utf8) }
    case "image_encoder": return ["model.transformer." + Self.vision(Array(parts.dropFirst()))]
    case "text_projection": return ["mlp_text." + parts[1...].joined(separator: ".")]
    case "image_projection": return ["mlp_image." + parts[1...].joined(separator: ".")]
    case "pooler": return ["text_pooler.dense.\(part)"]
    case "fusion": return ["attention_net.layer.\(parts[1])." + Self.fusion(Array(parts.dropFirst(2)))]
    default: return [name]
    }
  }

  private static func vision(_ parts: [String]) -> String {
    let part = parts[parts.count - 1]
    switch parts[0] {
    case "cls": return "embeddings.cls_token"
    case "position": return "embeddings.position_embeddings"
    case "patch": return "embeddings.patch_embeddings.\(part)"
    case "norm": return "encoder.encoder_norm.\(part)"
    default:
      let block = parts[2...].dropLast().joined(separator: ".")
      return "encoder.layer.\(parts[1]).\(inBlock[block] ?? block).\(part)"
    }
  }

  private static let inBlock = [
    "attention.query": "attn.query", "attention.key": "attn.key", "attention.value": "attn.value",
    "attention_output": "attn.out", "norm1": "attention_norm", "norm2": "ffn_norm", "fc1": "ffn.fc1", "fc2": "ffn.fc2",
  ]

  private static func fusion(_ parts: [String]) -> String {
    let part = parts[parts.count - 1]
    switch parts[0] {
    case "fc1": return "intermediate.dense.\(part)"
    case "fc2": return "output.dense.\(part)"
    case "norm": return "output.LayerNorm.\(part)"
    default:
      let stream = ["text": "textSelfAttn", "image": "imageCrossAttn"][parts[0]] ?? "knowledgeCrossAttn"
      switch parts[1] {
      case "attention": return "\(stream).bertCoAttn.\(parts[2]).\(part)"
      case "output": return "\(stream).output.dense.\(part)"
      default: return "\(stream).output.LayerNorm.\(part)"
      }
    }
  }
}

/// The model's sizes, derived from a checkpoint's shapes, under clfa's names.
struct CheckpointSizes {
  private let file: ExternalTensors
  private let names: CheckpointNames

  init(_ file: ExternalTensors, _ names: CheckpointNames) { (self.file, self.names) = (file, names) }

  /// The file's names for one of clfa's tensors.
  func spellings(_ name: String) -> [String] { names.spellings(name) }

  private func has(_ name: String) -> Bool { spellings(name).contains { file[$0] != nil } }

  private func shape(_ name: String, axes: Int) throws(HubError) -> [Int] {
    let spellings = spellings(name)
    guard let found = spellings.first(where: { file[$0] != nil }), let shape = file[found] else {
      throw .missingTensor(path: file.path, name: spellings.first ?? name, shape: [])
    }
    // No table may have more rows than this, and no layer may be wider.
    guard shape.count == axes, shape.allSatisfy({ (1...1 << 22).contains($0) }) else {
      throw .unexpectedShape(path: file.path, name: found, found: shape, expected: "of \(axes) axes, none of 0")
    }
    return shape
  }

  private func count(_ name: (Int) -> String) -> Int { (0..<256).first { !has(name($0)) } ?? 256 }

  /// The text encoder's sizes, without the number of heads.
  func text() throws(HubError) -> ModelConfiguration.Text {
    var text = ModelConfiguration.Text()
    let words = try shape("text_encoder.word.weight", axes: 2)
    (text.vocabularySize, text.hiddenSize) = (words[0], words[1])
    text.maxPositions = try shape("text_encoder.position.weight", axes: 2)[0]
    text.tokenTypes = try shape("text_encoder.token_type.weight", axes: 2)[0]
    text.layers = count { "text_encoder.blocks.\($0).fc1.weight" }
    if text.layers > 0 { text.feedForward = try shape("text_encoder.blocks.0.fc1.weight", axes: 2)[0] }
    return text
  }

  /// The picture encoder's sizes, without the number of heads.
  func image() throws(HubError) -> ModelConfiguration.Image {
    var image = ModelConfiguration.Image()
    let patch = try shape("image_encoder.patch.weight", axes: 4), table = try shape("image_encoder.position", axes: 3)
    guard patch[1] == 3, patch[2] == patch[3] else {
      throw .unexpectedShape(
        path: file.path, name: spellings("image_encoder.patch.weight")[0], found: patch,
        expected: "width × 3 × a square patch")
    }
    guard let grid = SquareGrid.side(tokens: table[1]) else {
      throw .unexpectedShape(
        path: file.path, name: spellings("image_encoder.position")[0], found: table,
        expected: "one row for the whole picture and a square grid")
    }
    (image.hiddenSize, image.patchSize, image.size) = (patch[0], patch[2], grid * patch[2])
    image.layers = count { "image_encoder.blocks.\($0).fc1.weight" }
    if image.layers > 0 { image.feedForward = try shape("image_encoder.blocks.0.fc1.weight", axes: 2)[0] }
    return image
  }

  /// The sizes of everything after the encoders, without the fusion's number of heads.
  func behind(_ model: inout ModelConfiguration) throws(HubError) -> (text: Int, image: Int) {
    let text = try shape("text_projection.fc1.weight", axes: 2),
      image = try shape("image_projection.fc1.weight", axes: 2)
    model.projectionHidden = text[0]
    model.dim = try shape("text_projection.fc2.weight", axes: 2)[0]
    model.fusionLayers = count { "fusion.\($0).fc1.weight" }
    guard model.fusionLayers > 0 else {
      throw .missingTensor(path: file.path, name: spellings("fusion.0.fc1.weight")[0], shape: [])
    }
    model.fusionFeedForward = try shape("fusion.0.fc1.weight", axes: 2)[0]
    model.knowledge = has("fusion.0.knowledge.output.weight")
    let labels = try shape("classifier.weight", axes: 2)[0]
    guard labels == model.labelNames.count else {
      throw .labelCount(path: file.path, labels: labels, names: model.labelNames.count)
    }
    return (text[1], image[1])
  }
}
