import Archives
package import Bytes
internal import Files

/// Two linear projections that bring the vectors of two frozen encoders into one space: a teacher in a folder that has
/// copies of both encoders.
///
/// The folder: `config.json`; `model.safetensors` with `text_projection` and `image_projection`, each `weight` and `bias`;
/// `text/` and `image/`, the encoders' folders as model hubs have them.
package struct ProjectionHeads: Sendable, Equatable {
  /// The `model_type` of its `config.json`.
  package static let modelType = "clfa_heads"
  /// From the vectors of texts: the mean of the last layer's tokens, at length 1.
  package let text: LinearProjection
  /// From those of pictures: the class token and the mean of the patches, at length 1 together.
  package let image: LinearProjection

  package init(text: LinearProjection, image: LinearProjection) {
    precondition(text.outputs == image.outputs, "both lead into one space")
    (self.text, self.image) = (text, image)
  }

  /// The numbers of a vector in the shared space.
  package var dim: Int { text.outputs }

  /// The encoder of texts in a folder of heads.
  package static func textFolder(of folder: String) -> String { HubFolder(path: folder).file("text") }
  /// The encoder of pictures.
  package static func imageFolder(of folder: String) -> String { HubFolder(path: folder).file("image") }

  /// Reads a folder; its encoders must be those that the projections were fitted to.
  package static func load(_ path: String) throws(HubError) -> ProjectionHeads {
    let folder = HubFolder(path: path)
    let read = try folder.read("config.json") { (reader) throws(ConfigurationError) in
      _ = try reader.word("model_type", of: [modelType])
      try reader.require(["dim", "text_width", "image_width", "text_encoder", "image_encoder"])
      _ = try reader.integer("version", 1, in: 1...1)
      return (
        dim: try reader.integer("dim", 1, in: 1...16_384), text: try reader.integer("text_width", 1, in: 1...65_536),
        image: try reader.integer("image_width", 1, in: 1...65_536),
        hashes: [try reader.string("text_encoder"), try reader.string("image_encoder")]
      )
    }
    guard let read else { throw .missing(path: folder.file("config.json")) }
    let encoders = [
      (textFolder(of: path), HubTextEncoder.files(of: textFolder(of: path))),
      (imageFolder(of: path), HubImageEncoder.files(of: imageFolder(of: path))),
    ]
    for (hash, (encoder, files)) in zip(read.hashes, encoders) {
      guard let hash, ByteText(hash) == ByteText(Self.hash(of: files, in: encoder)) else {
        throw .changedEncoder(path: encoder)
      }
    }
    let file = try folder.weights()
    func projection(_ name: String, inputs: Int) throws(HubError) -> LinearProjection {
      func numbers(_ part: String, _ shape: [Int]) throws(HubError) -> [Float] {
        let name = "\(name).\(part)"
        guard let found = file[name] else { throw .missingTensor(path: file.path, name: name, shape: shape) }
        guard found == shape else {
          throw .misshapenTensor(path: file.path, name: name, expected: shape, found: found)
        }
        let numbers = file.floats(name)
        guard numbers.allSatisfy(\.isFinite) else { throw .notFinite(path: file.path, name: name) }
        return numbers
      }
      return LinearProjection(
        inputs: inputs, outputs: read.dim, weight: try numbers("weight", [read.dim, inputs]),
        bias: try numbers("bias", [read.dim]))
    }
    return ProjectionHeads(
      text: try projection("text_projection", inputs: read.text),
      image: try projection("image_projection", inputs: read.image))
  }

  /// Complains, before long work begins, of what is where a folder is to be.
  package static func checkPlace(_ path: String) throws(ModelError) { try AtomicModelFolder.check(path) }

  /// Writes a folder, which appears when it is whole.
  ///
  /// - Parameters:
  ///   - path: where there is nothing yet.
  ///   - text: the folder of the text encoder, which is copied.
  ///   - image: the folder of the picture encoder, which is copied.
  ///   - record: how the projections came to be, for `config.json`.
  /// - Throws: `alreadyThere`; the error of a file that cannot be read or written.
  package func write(_ path: String, text: String, image: String, record: [(String, JSON?)]) throws(ModelError) {
    let folder = try AtomicModelFolder(path)
    let textFiles = HubTextEncoder.files(of: text), imageFiles = HubImageEncoder.files(of: image)
    for (name, encoder, files) in [("text", text, textFiles), ("image", image, imageFiles)] {
      try ModelError.writing(path) { () throws(FileError) in try FolderTree.make(folder.file(name)) }
      for file in files {
        let source: MappedFile
        do {
          source = try MappedFile(path: HubFolder(path: encoder).file(file))
        } catch .missingFile {
          continue
        }
        try ModelError.writing(path) { () throws(FileError) in
          let copy = try AtomicWriter(folder.file("\(name)/\(file)"), .replacing)
          try source.withBytes { (bytes) throws(FileError) in try copy.write(bytes) }
          try copy.finish()
        }
      }
    }
    let layers = [("text_projection", self.text), ("image_projection", self.image)]
    let tensors = layers.flatMap { name, layer in
      [
        ModelConfiguration.TensorShape(name: name + ".weight", shape: [layer.outputs, layer.inputs]),
        ModelConfiguration.TensorShape(name: name + ".bias", shape: [layer.outputs]),
      ]
    }
    let writer = try SafetensorsWriter(path: folder.file("model.safetensors"), tensors: tensors)
    for (_, layer) in layers {
      try writer.append(layer.weight)
      try writer.append(layer.bias)
    }
    try writer.finish()
    let configuration = JSON.members(
      [
        ("model_type", .string(Self.modelType)), ("version", .integer(1)), ("dim", .integer(dim)),
        ("text_width", .integer(self.text.inputs)), ("image_width", .integer(self.image.inputs)),
        ("text_encoder", .string(Self.hash(of: textFiles, in: text))),
        ("image_encoder", .string(Self.hash(of: imageFiles, in: image))),
      ] + record)
    try folder.write(Array((configuration.text(.indented) + "\n").utf8), to: "config.json")
    try folder.finish()
  }

  /// The SHA-256 of an encoder's files, with their names and lengths.
  private static func hash(of names: [String], in folder: String) -> String {
    var hash = SHA256()
    for name in names {
      guard let file = try? MappedFile(path: HubFolder(path: folder).file(name)) else { continue }
      hash.update(data: Array("\(name) \(file.count)\n".utf8))
      file.withBytes { hash.update(bufferPointer: $0) }
    }
    return Array(hash.finalize()).hexadecimal
  }
}
