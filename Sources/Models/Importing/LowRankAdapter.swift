import Bytes
import Foundation

/// A LoRA adapter that PEFT saved: changes of a base model's matrices, each the product of two small ones.
///
/// A folder of `adapter_config.json` and `adapter_model.safetensors` or `adapter_model.bin`. Merged as `merge_and_unload`
/// does: W + s · B · A, where s is alpha / r, or alpha / √r.
struct LowRankAdapter {
  /// The file with its settings, by which a folder is known as an adapter's.
  static let configurationName = "adapter_config.json"
  /// The possible names of its weights.
  static let weightNames = ["adapter_model.safetensors", "adapter_model.bin"]

  /// The folder.
  private let path: String
  private let settings: LowRankSettings
  private let file: ExternalTensors

  /// Whether a folder is an adapter's.
  static func isIn(_ folder: String) -> Bool {
    (try? MappedFile(path: HubFolder(path: folder).file(configurationName))) != nil
  }

  /// The name that an adapter has for its base; nil if it has none.
  static func baseName(in folder: String) -> String? {
    let name = try? HubFolder(path: folder).read(configurationName) { (reader) throws(ConfigurationError) in
      try reader.string("base_model_name_or_path")
    }
    return name.flatMap { $0 }.flatMap { $0 }
  }

  /// Reads a folder.
  init(_ path: String) throws(HubError) {
    let folder = HubFolder(path: path)
    self.path = path
    guard let settings = try folder.read(Self.configurationName, LowRankSettings.init) else {
      preconditionFailure("adapter_config.json is not optional")
    }
    self.settings = settings
    for name in Self.weightNames {
      do {
        file = try ExternalTensors(path: folder.file(name))
        return
      } catch .missing {}
    }
    throw .missing(path: folder.file(Self.weightNames[0]))
  }

  /// The two factors of a matrix's change; those of an embedding are read the other way round.
  private struct Factors {
    var a: String?
    var b: String?
    var isEmbedding = false
  }

  /// The base with the adapter's changes; the numbers are computed when they are read.
  ///
  /// - Throws: `adapter` for a tensor that is not LoRA's or has no place in the base.
  func merged(onto base: ExternalTensors) throws(HubError) -> ExternalTensors {
    var modules: [String: Factors] = [:], whole: [(name: String, source: String)] = []
    for name in file.names.map(\.text) {
      switch try part(name) {
      case .a(let module, let isEmbedding):
        modules[module, default: Factors()].a = name
        modules[module]?.isEmbedding = isEmbedding
      case .b(let module): modules[module, default: Factors()].b = name
      case .whole(let tensor): whole.append((tensor, name))
      case .original: break
      }
    }
    guard !modules.isEmpty || !whole.isEmpty else { throw .adapter(path: path, .empty) }
    var places: [(name: ByteText, shape: [Int], floats: @Sendable () -> [Float])] = []
    let file = file
    for (tensor, source) in whole.sorted(by: { $0.source.utf8.lexicographicallyPrecedes($1.source.utf8) }) {
      guard let shape = file[source] else { continue }
      guard let name = try BaseNames.find(tensor, in: base, path) else {
        // A head of another task, which is of no use to an encoder.
        if settings.saves(tensor) { continue }
        throw .adapter(path: path, .noPlace(tensor: source, base: base.path))
      }
      guard base[name] == shape else {
        throw .misshapenTensor(path: file.path, name: source, expected: base[name] ?? [], found: shape)
      }
      places.append((ByteText(name), shape, { file.floats(source) }))
    }
    // PEFT saves a bias twice if its module is in modules_to_save; the later one is that of the module.
    let others = Set(places.map(\.name)).count
    for (module, factors) in modules.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      places.append(try change(of: module, factors, base))
    }
    return base.replacing(
      places, .merged(adapter: path, base: base.path, matrices: modules.count, others: others))
  }

  /// A matrix of the base with its change.
  private func change(
    of module: String, _ factors: Factors, _ base: ExternalTensors
  ) throws(HubError) -> (name: ByteText, shape: [Int], floats: @Sendable () -> [Float]) {
    guard let a = factors.a, let b = factors.b, let shapeA = file[a], let shapeB = file[b] else {
      throw .adapter(path: path, .halfPair(tensor: factors.a ?? factors.b ?? module))
    }
    guard settings.targets(module) else { throw .adapter(path: path, .notTargeted(module: module)) }
    let tensor = module + ".weight"
    guard let name = try BaseNames.find(tensor, in: base, path), let shape = base[name] else {
      throw .adapter(path: path, .noPlace(tensor: tensor, base: base.path))
    }
    let (rank, scale) = settings.scale(of: module)
    guard shapeA.first == rank, shapeB.count == shapeA.count, shapeB.count > 1, shapeB[1] == rank else {
      throw .adapter(path: path, .rank(module: module, rank: rank, found: [shapeA, shapeB]))
    }
    let rows = shapeB[0], columns = shapeA.dropFirst().reduce(1, *)
    let changed = factors.isEmbedding ? [columns, rows] : [rows] + shapeA.dropFirst()
    guard shape == changed, shapeB.dropFirst(2).allSatisfy({ $0 == 1 }) else {
      throw .misshapenTensor(path: base.path, name: name, expected: changed, found: shape)
    }
    let file = file, isTurned = factors.isEmbedding
    return (
      ByteText(name), shape,
      {
        let a = file.floats(a), b = file.floats(b)
        var sum = base.floats(name)
        for row in 0..<rows {
          var product = [Float](repeating: 0, count: columns)
          for step in 0..<rank {
            let factor = b[row * rank + step]
            for column in 0..<columns { product[column] += factor * a[step * columns + column] }
          }
          for column in 0..<columns {
            sum[isTurned ? column * rows + row : row * columns + column] += scale * product[column]
          }
        }
        return sum
      }
    )
  }

  /// What a tensor of the file is.
  private enum Part {
    case a(module: String, isEmbedding: Bool)
    case b(module: String)
    /// A tensor that replaces the base's: of `modules_to_save`, or a bias.
    case whole(String)
    /// A copy of the base's tensor.
    case original
  }

  private func part(_ name: String) throws(HubError) -> Part {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // What PEFT puts before the names of the base model, and other programs before that.
    if let start = parts.indices.dropLast().first(where: { parts[$0] == "base_model" && parts[$0 + 1] == "model" }) {
      parts.removeSubrange(...(start + 1))
    }
    if let at = parts.firstIndex(where: { $0.utf8.starts(with: "lora_".utf8) }) {
      let module = parts[..<at].joined(separator: "."), rest = parts[(at + 1)...].filter { $0 != "default" }
      switch (parts[at], rest) {
      case ("lora_A", ["weight"]): return .a(module: module, isEmbedding: false)
      case ("lora_B", ["weight"]): return .b(module: module)
      case ("lora_embedding_A", []): return .a(module: module, isEmbedding: true)
      case ("lora_embedding_B", []): return .b(module: module)
      default: throw .adapter(path: path, .unknownTensor(name))
      }
    }
    if parts.contains("original_module") { return .original }
    if let at = parts.firstIndex(of: "modules_to_save") {
      parts.remove(at: at)
      if at < parts.count - 1, parts[at] == "default" { parts.remove(at: at) }
    }
    parts.removeAll { $0 == "base_layer" }
    let tensor = parts.joined(separator: ".")
    let isBias = parts.last == "bias" && settings.bias != "none"
    guard isBias || settings.saves(tensor) || settings.savesEmbeddings(tensor) else {
      throw .adapter(path: path, .unknownTensor(name))
    }
    return .whole(tensor)
  }
}

/// The base's names for an adapter's tensors.
private enum BaseNames {
  /// Parts that programs put before the names of an encoder.
  private static let wrappers: Set<String> = [
    "base_model", "model", "module", "_orig_mod", "bert", "roberta", "distilbert", "vit", "deit", "dinov2",
    "dinov2_with_registers",
  ]
  private static let halves: Set<String> = ["text_model", "vision_model"]

  /// The base's tensor of this name, with or without such parts; nil if there is none.
  static func find(_ tensor: String, in base: ExternalTensors, _ path: String) throws(HubError) -> String? {
    for name in [tensor, renamed(tensor)] {
      if base[name] != nil { return name }
      var parts = name.split(separator: ".").map(String.init)
      while parts.count > 2, wrappers.contains(parts[0]) {
        parts.removeFirst()
        let shorter = parts.joined(separator: ".")
        if base[shorter] != nil { return shorter }
      }
      let end = "." + parts.joined(separator: ".")
      let longer = base.names.map(\.text).filter { other in
        guard other.utf8.reversed().starts(with: end.utf8.reversed()) else { return false }
        let before = other.split(separator: ".").map(String.init).dropLast(parts.count)
        return before.allSatisfy { wrappers.contains($0) || halves.contains($0) }
      }
      guard longer.count < 2 else { throw .adapter(path: path, .severalPlaces(tensor: tensor, names: longer)) }
      if let only = longer.first { return only }
    }
    return nil
  }

  /// The name in a file of a ViT's tensor that transformers 5 has under another name in memory, where PEFT sees it.
  private static func renamed(_ tensor: String) -> String {
    var name = "." + tensor
    let names = [
      (".attention.q_proj.", ".attention.attention.query."), (".attention.k_proj.", ".attention.attention.key."),
      (".attention.v_proj.", ".attention.attention.value."), (".attention.o_proj.", ".attention.output.dense."),
    ]
    for (new, old) in names { name = name.replacingOccurrences(of: new, with: old) }
    if !name.contains(".encoder."), name.contains(".layers.") {
      name = name.replacingOccurrences(of: ".layers.", with: ".encoder.layer.")
        .replacingOccurrences(of: ".mlp.fc1.", with: ".intermediate.dense.")
        .replacingOccurrences(of: ".mlp.fc2.", with: ".output.dense.")
    }
    return String(name.dropFirst())
  }
}
