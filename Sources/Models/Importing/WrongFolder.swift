import Bytes
internal import Files

/// What a folder is that is not the encoder it was given as.
package enum WrongFolder: Equatable, Sendable {
  /// A file, perhaps the weights themselves.
  case file
  /// A file or folder of llama.cpp's format.
  case gguf(String)
  /// Only weights for ONNX Runtime, TensorFlow or Flax.
  case otherRuntime(file: String, program: String)
  /// A folder that holds the model in one of its folders.
  case within([String])
  /// The checkpoints of a training run.
  case checkpoints([String])
  /// A picture encoder where a text encoder is needed.
  case pictureEncoder(String)
  /// A text encoder where a picture encoder is needed.
  case textEncoder(String)
  /// A model folder of clfa.
  case clfaModel
  /// A model of timm's or OpenCLIP's, whose configuration is not that of transformers.
  case otherLibrary(String)
  /// A step of sentence-transformers that clfa does not know, by its class.
  case module(String)
  /// Steps of sentence-transformers in an unknown order.
  case moduleOrder
  /// A checkpoint of transformers' Trainer without the tokenizer's files.
  case noTokenizer
  /// A pointer to a large file instead of the file.
  case pointer(String)
}

extension WrongFolder: CustomStringConvertible {
  /// What it is, and where the right one is.
  package var description: String {
    switch self {
    case .file: "a file; name the folder that holds it, with config.json and the tokenizer's files"
    case .gguf(let name):
      "a model for llama.cpp (\(name.printable(upTo: 120))), whose weights are mostly rounded; take the original's folder with "
        + "model.safetensors"
    case .otherRuntime(let file, let program):
      "weights for \(program) alone (\(file.printable(upTo: 120))); take the folder with model.safetensors or pytorch_model.bin, or "
        + "make it with transformers: AutoModel.from_pretrained(…).save_pretrained(FOLDER)"
    case .within(let folders): "not a model itself, but the model is in \(folders.listed(most: 4)); name that folder"
    case .checkpoints(let folders):
      "the folder of a training run; name one of its checkpoints: \(folders.listed(most: 4))"
    case .pictureEncoder(let type): "a picture encoder (\(type.printable(upTo: 60))), not a text encoder"
    case .textEncoder(let type): "a text encoder (\(type.printable(upTo: 60))), not a picture encoder"
    case .clfaModel: "a whole model of clfa, not an encoder"
    case .otherLibrary(let name):
      "a model for \(name), whose configuration is not that of transformers; take the same model as a folder for transformers"
    case .module(let type):
      "a folder of sentence-transformers with the step \(type.printable(upTo: 120)); clfa knows Transformer, CLIPModel, Pooling, "
        + "Dense and Normalize"
    case .moduleOrder:
      "a folder of sentence-transformers whose steps are not a Transformer, Pooling, and then Dense or Normalize, or one CLIPModel"
    case .noTokenizer:
      "a checkpoint of a training run without a tokenizer; copy the tokenizer's files of the model that the run began with into it"
    case .pointer(let file):
      "incomplete: \(file.printable(upTo: 120)) is a pointer of Git LFS to the file; fetch it with git lfs pull"
    }
  }
}

/// What an encoder's folder is to be read as.
enum EncoderRole {
  case text
  case image
  /// Both, as a teacher's CLIP.
  case pair
}

extension WrongFolder {
  private static let weights = ["model.safetensors", "pytorch_model.bin"]

  /// What a folder without `config.json` or without weights is; nil if nothing is known about it.
  static func found(at path: String) -> WrongFolder? {
    if path.utf8.suffix(5).elementsEqual(".gguf".utf8) { return .gguf(path) }
    if (try? MappedFile(path: path)) != nil { return .file }
    let names = FolderTree.names(in: path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    func first(_ end: String) -> String? { names.first { $0.utf8.reversed().starts(with: end.utf8.reversed()) } }
    func has(_ name: String, in folder: String) -> Bool {
      FolderTree.names(in: HubFolder(path: path).file(folder)).contains { ByteText($0) == ByteText(name) }
    }
    if let name = first(".gguf") { return .gguf(name) }
    if names.contains("open_clip_config.json") { return .otherLibrary("OpenCLIP") }
    let checkpoints = names.filter { $0.utf8.starts(with: "checkpoint-".utf8) && has("config.json", in: $0) }
    if !checkpoints.isEmpty { return .checkpoints(checkpoints) }
    if names.contains("snapshots") {
      let snapshots = FolderTree.names(in: HubFolder(path: path).file("snapshots")).map { "snapshots/" + $0 }
      let models = snapshots.filter { has("config.json", in: $0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if !models.isEmpty { return .within(models) }
    }
    let models = names.filter { name in
      has("config.json", in: name) && weights.contains { has($0, in: name) }
    }
    if !models.isEmpty { return .within(models) }
    for (end, program) in [
      (".onnx", "ONNX Runtime"), (".h5", "TensorFlow"), (".msgpack", "Flax"), (".ot", "Rust's tch"),
      (".mlmodel", "Core ML"),
    ] {
      if let name = first(end) { return .otherRuntime(file: name, program: program) }
    }
    for folder in names {
      let inner = FolderTree.names(in: HubFolder(path: path).file(folder))
      let end = Array(".onnx".utf8.reversed())
      if let name = inner.first(where: { $0.utf8.reversed().starts(with: end) }) {
        return .otherRuntime(file: "\(folder)/\(name)", program: "ONNX Runtime")
      }
    }
    return nil
  }

  /// Whether a folder is a checkpoint of transformers' Trainer, and has no file that a tokenizer could be in.
  static func lacksTokenizer(_ path: String) -> Bool {
    let names = FolderTree.names(in: path)
    let parts = ["vocab", "tokenizer", "spiece", "sentencepiece", "bpe", "merges"]
    return names.contains("trainer_state.json")
      && !names.contains { name in parts.contains { name.utf8.starts(with: $0.utf8) } && name != "tokenizer_config.json"
      }
  }

  /// Whether a file is a pointer that Git LFS keeps in its place.
  static func isPointer(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path), file.count < 1024 else { return false }
    return file.withBytes { $0.starts(with: "version https://git-lfs".utf8) }
  }

  /// What a `config.json` says that an encoder's does not; nil if it may be one of this role.
  static func configured(_ reader: inout ConfigurationReader, as role: EncoderRole) throws(ConfigurationError)
    -> WrongFolder?
  {
    if case .string(let format)? = reader.value("format"), format.utf8.starts(with: "clfa-model/".utf8) {
      return .clfaModel
    }
    guard case .string(let type)? = reader.value("model_type") else {
      if reader.has("architecture"), reader.has("pretrained_cfg") || reader.has("num_features") {
        return .otherLibrary("timm")
      }
      return nil
    }
    let isText = HubTextKind(rawValue: type) != nil, isImage = HubImageKind(rawValue: type) != nil
    switch role {
    case .text where isImage && !isText: return .pictureEncoder(type)
    case .image where isText && !isImage: return .textEncoder(type)
    case .text, .image, .pair: return nil
    }
  }
}
