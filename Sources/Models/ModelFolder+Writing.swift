import Archives
internal import Bytes
package import Files
internal import Tensors

/// A model folder that is being written and appears under its name when it is complete: `AtomicFolder` with a model's
/// errors.
final class AtomicModelFolder {
  private let path: String
  private let folder: AtomicFolder

  /// Creates the folder; nothing may exist at `path`.
  init(_ path: String) throws(ModelError) {
    self.path = path
    folder = try ModelError.writing(path) { () throws(FileError) in try AtomicFolder(path) }
  }

  /// Throws if something exists at `path`.
  static func check(_ path: String) throws(ModelError) {
    try ModelError.writing(path) { () throws(FileError) in try AtomicFolder.check(path) }
  }

  /// The place of its files until it is complete.
  var partial: String { folder.partial }

  /// The path of a file in it.
  func file(_ name: String) -> String { folder.file(name) }

  /// Writes a small file.
  func write(_ bytes: [UInt8], to name: String) throws(ModelError) {
    try ModelError.writing(path) { () throws(FileError) in try folder.write(bytes, to: name) }
  }

  /// Gives the complete folder its name.
  ///
  /// - Throws: `alreadyThere` if another command created it first.
  func finish() throws(ModelError) {
    try ModelError.writing(path) { () throws(FileError) in try folder.finish() }
  }
}

extension ModelError {
  /// The error for a file at `path` that cannot be read.
  package init(reading problem: FileError, at path: String) {
    self =
      switch problem {
      case .missing, .impossiblePath: .missingFile(path: path)
      case .isFolder, .notAFile: .notAFile(path: path)
      case .tooLarge(let bytes, let limit): .fileTooLarge(path: path, bytes: bytes, limit: limit)
      case .outside, .alreadyThere, .noReader, .system:
        .unreadable(path: path, reason: problem.description)
      }
  }

  /// The value of `body`, which writes the file or folder at `path`.
  package static func writing<Value>(
    _ path: String, _ body: () throws(FileError) -> Value
  ) throws(ModelError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw error == .alreadyThere ? .alreadyThere(path: path) : .unwritable(path: path, reason: error.description)
    }
  }
}

extension String {
  /// A folder's path that a file's name can follow.
  var withSlash: String { utf8.last == UInt8(ascii: "/") || isEmpty ? self : self + "/" }
}

extension ModelFolder {
  /// Writes the model as the reference implementation loads it: every key of the configuration, weights in F32 whatever
  /// their format, the vocabulary, the card and the profile of the training posts.
  ///
  /// The folder appears under its name when it is complete. A quantised model's bytes are converted to numbers.
  ///
  /// - Parameters:
  ///   - path: the folder to create; it must not exist.
  ///   - shouldStop: called between tensors.
  /// - Throws: an error if the folder cannot be written, the model has a part that the reference lacks, or a tensor is
  ///   invalid; `interrupted`.
  package func export(to path: String, shouldStop: () -> Bool = { false }) throws(ModelError) {
    try checkExporting()
    let folder = try AtomicModelFolder(path)
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), tensors: configuration.tensors)
    for tensor in configuration.tensors {
      guard !shouldStop() else { throw .interrupted }
      try file.append(try numbers(tensor))
    }
    try file.finish()
    var plain = configuration
    (plain.quantisation, plain.learntWithoutPicture) = (nil, nil)
    try folder.write(Array(plain.json.utf8), to: "config.json")
    try folder.write(try MappedFile(path: vocabularyPath).copy(), to: configuration.tokenizer.kind.fileName)
    do {
      try folder.write(
        try MappedFile(path: self.path.withSlash + "card.md", limit: Self.cardLimit).copy(), to: "card.md")
    } catch .missingFile {}
    if let profile = try InputProfile.bytes(folder: self.path) { try folder.write(profile, to: InputProfile.fileName) }
    guard !shouldStop() else { throw .interrupted }
    _ = try ModelFolder.load(folder.partial)
    try folder.finish()
  }

  /// Throws if the model has a part that the reference lacks.
  private func checkExporting() throws(ModelError) {
    if configuration.image.registers > 0 {
      throw .notExportable(path: path, part: "registers, or a distillation token")
    }
    if !configuration.features.isEmpty { throw .notExportable(path: path, part: "streams of features") }
    let image = configuration.image, text = configuration.text, plain = EncoderActivation.gelu
    if image.activation != plain || !image.hasClassToken || image.hasFirstNorm || !image.hasLastNorm {
      throw .notExportable(path: path, part: "a picture encoder of a CLIP or a SigLIP")
    }
    if text.activation != plain || text.normsFirst || text.isCausal {
      throw .notExportable(path: path, part: "a text encoder of a CLIP or a SigLIP")
    }
    if configuration.hasLexicon { throw .notExportable(path: path, part: "a lexicon") }
  }

  private func numbers(_ expected: ModelConfiguration.TensorShape) throws(ModelError) -> [Float] {
    let file = path.withSlash + "weights.safetensors"
    guard let tensor = weights[expected.name] else {
      throw .missingTensor(path: file, name: expected.name, shape: expected.shape)
    }
    guard tensor.shape == expected.shape else {
      throw .misshapenTensor(path: file, name: expected.name, expected: expected.shape, found: tensor.shape)
    }
    guard let numbers = matrix(expected.name) else { throw .badQuantisation(path: file, name: expected.name) }
    return numbers
  }
}

extension ModelFolder {
  static let cardLimit = 16 * 1_048_576

  /// Throws if a quantised folder can't be created, before anything is computed for it.
  package func checkQuantising(to path: String) throws(ModelError) {
    guard configuration.quantisation == nil else { throw .alreadyQuantised(path: self.path) }
    try check(.int8)
    // The folder is removed at once; this only tests that it can be created.
    _ = try AtomicModelFolder(path)
  }

  /// Writes this model with the same byte matrices that int8 computes when it loads the model, so scores have the same
  /// bits.
  ///
  /// The folder appears under its name when it is complete; a failure leaves nothing.
  ///
  /// - Parameters:
  ///   - path: the folder to create; it must not exist.
  ///   - classifier: this model in int8, which knows its byte matrices.
  ///   - agreement: how its labels differ from those of f32.
  ///   - command: the command line, for the card.
  ///   - shouldStop: called between tensors.
  /// - Throws: an error if the folder cannot be written, or a matrix is not finite; `interrupted`.
  package func writeQuantised(
    to path: String, like classifier: PostClassifier, agreement: Quantisation.Agreement, command: String,
    shouldStop: () -> Bool = { false }
  ) throws(ModelError) {
    try checkQuantising(to: path)
    let folder = try AtomicModelFolder(path)
    try writeWeights(to: folder, classifier.quantisedTensors, shouldStop)
    let vocabulary = try MappedFile(path: vocabularyPath)
    try folder.write(vocabulary.copy(), to: configuration.tokenizer.kind.fileName)
    let lexicon = try lexiconPath.map(Self.lexicon(at:))
    if let lexicon { try folder.write(lexicon.copy(), to: ModelConfiguration.lexiconName) }
    let weights = try Safetensors(path: folder.file("weights.safetensors"), isQuantised: true)
    let record = Quantisation(
      source: fingerprint,
      fingerprint: Fingerprint.of(weights, configuration, vocabulary: vocabulary, lexicon: lexicon),
      agreement: agreement)
    try folder.write(try configuration(with: record), to: "config.json")
    try folder.write(try card(with: record, command: command), to: "card.md")
    if let profile = try InputProfile.bytes(folder: self.path) { try folder.write(profile, to: InputProfile.fileName) }
    guard !shouldStop() else { throw .interrupted }
    // Reads the folder once to check it.
    _ = try ModelFolder.load(folder.partial)
    try folder.finish()
  }

  private func writeWeights(
    to folder: AtomicModelFolder, _ quantised: Set<ByteText>, _ shouldStop: () -> Bool
  ) throws(ModelError) {
    var entries: [SafetensorsWriter.Entry] = []
    for tensor in weights.tensors {
      guard quantised.contains(tensor.name) else {
        entries.append(SafetensorsWriter.Entry(name: tensor.name.text, type: tensor.type, shape: tensor.shape))
        continue
      }
      entries.append(SafetensorsWriter.Entry(name: tensor.name.text, type: .i8, shape: tensor.shape))
      entries.append(SafetensorsWriter.Entry(name: "\(tensor.name).scale", type: .f32, shape: [tensor.shape[0]]))
    }
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), entries: entries)
    for tensor in weights.tensors {
      guard !shouldStop() else { throw .interrupted }
      guard quantised.contains(tensor.name) else {
        try file.append(weights.bytes(tensor))
        continue
      }
      let matrix = QuantisedMatrix(rounding: weights.floats(tensor), outputs: tensor.shape[0])
      guard matrix.isFinite else { throw .notFinite(path: weights.path, name: tensor.name.text) }
      try file.append(matrix.bytes)
      try file.append(matrix.scales)
    }
    try file.finish()
  }

  /// The source's own `config.json` with an additional object, so that everything else stays byte for byte.
  private func configuration(with record: Quantisation) throws(ModelError) -> [UInt8] {
    var bytes = try MappedFile(path: path.withSlash + "config.json").copy()
    let blanks = " \t\r\n".utf8
    while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
    bytes.removeLast()
    while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
    return bytes + Array(",\n \"quantization\": \(record.json.text(.spaced))\n}\n".utf8)
  }

  private func card(with record: Quantisation, command: String) throws(ModelError) -> [UInt8] {
    var card: [UInt8]
    do {
      card = try MappedFile(path: path.withSlash + "card.md", limit: Self.cardLimit).copy()
    } catch .missingFile {
      card = Array("# \(name)\n".utf8)
    }
    if card.last != UInt8(ascii: "\n") { card.append(UInt8(ascii: "\n")) }
    return card + Array(record.card(command: command).utf8)
  }
}
