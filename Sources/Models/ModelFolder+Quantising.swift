internal import Bytes
internal import Glibc
internal import Tensors

extension ModelFolder {
  private static let cardLimit = 16 * 1_048_576
  private static let files = [
    "config.json", "weights.safetensors", "weights.safetensors.partial", "vocab.txt", "tokenizer.json",
    "card.md",
    ModelConfiguration.lexiconName,
  ]

  /// Complains where a quantised folder can't be made, before anything is computed for it.
  public func checkQuantising(to path: String) throws(ModelError) {
    guard configuration.quantisation == nil else { throw .alreadyQuantised(path: self.path) }
    try check(.int8)
    var status = stat()
    if lstat(path.trimmingSlashes, &status) == 0 { throw .alreadyThere(path: path) }
    let partial = path.trimmingSlashes + ".partial"
    try Self.makeFolder(partial, for: path)
    rmdir(partial)
  }

  /// Writes this model with the matrices in bytes that int8 rounds at load, so that scores have the same bits.
  ///
  /// The folder appears under its name when it is whole; until then it is `PATH.partial`, which a failure removes.
  ///
  /// - Parameters:
  ///   - path: where nothing is yet.
  ///   - classifier: this model in int8, which knows what is in bytes.
  ///   - agreement: how its labels differ from those of f32.
  ///   - command: the command line, for the card.
  ///   - shouldStop: is asked between tensors.
  /// - Throws: what stands in the way, a matrix that is not finite, or `interrupted`.
  public func writeQuantised(
    to path: String, like classifier: PostClassifier, agreement: Quantisation.Agreement, command: String,
    shouldStop: () -> Bool = { false }
  ) throws(ModelError) {
    try checkQuantising(to: path)
    let partial = path.trimmingSlashes + ".partial"
    try Self.makeFolder(partial, for: path)
    do throws(ModelError) {
      try writeWeights(to: partial, classifier.quantisedTensors, shouldStop)
      let vocabulary = try MappedFile(path: vocabularyPath)
      try Self.write(vocabulary.copy(), to: "\(partial)/\(configuration.tokenizer.kind.fileName)")
      let lexicon = try lexiconPath.map(Self.lexicon(at:))
      if let lexicon { try Self.write(lexicon.copy(), to: "\(partial)/\(ModelConfiguration.lexiconName)") }
      let weights = try Safetensors(path: partial + "/weights.safetensors", isQuantised: true)
      let record = Quantisation(
        source: fingerprint,
        fingerprint: Fingerprint.of(weights, configuration, vocabulary: vocabulary, lexicon: lexicon),
        agreement: agreement)
      try Self.write(try configuration(with: record), to: partial + "/config.json")
      try Self.write(try card(with: record, command: command), to: partial + "/card.md")
      guard !shouldStop() else { throw .interrupted }
      // What is handed over was read once.
      _ = try ModelFolder.load(partial)
      guard rename(partial, path.trimmingSlashes) == 0 else { throw Self.failure(path) }
    } catch {
      Self.removeFolder(partial)
      throw error
    }
  }

  private func writeWeights(
    to folder: String, _ quantised: Set<ByteText>, _ shouldStop: () -> Bool
  ) throws(ModelError) {
    var entries: [SafetensorsWriter.Entry] = []
    for tensor in weights.tensors {
      guard quantised.contains(ByteText(tensor.name)) else {
        entries.append(SafetensorsWriter.Entry(name: tensor.name, type: tensor.type, shape: tensor.shape))
        continue
      }
      entries.append(SafetensorsWriter.Entry(name: tensor.name, type: .i8, shape: tensor.shape))
      entries.append(SafetensorsWriter.Entry(name: tensor.name + ".scale", type: .f32, shape: [tensor.shape[0]]))
    }
    let file = try SafetensorsWriter(path: folder + "/weights.safetensors", entries: entries)
    for tensor in weights.tensors {
      guard !shouldStop() else { throw .interrupted }
      guard quantised.contains(ByteText(tensor.name)) else {
        try file.append(weights.bytes(tensor))
        continue
      }
      let matrix = QuantisedMatrix(rounding: weights.floats(tensor), outputs: tensor.shape[0])
      guard matrix.isFinite else { throw .notFinite(path: weights.path, name: tensor.name) }
      try file.append(matrix.bytes)
      try file.append(matrix.scales)
    }
    try file.finish()
  }

  /// The source's own `config.json` with one object more, so that all else stays to the byte.
  private func configuration(with record: Quantisation) throws(ModelError) -> [UInt8] {
    var bytes = try MappedFile(path: path.withSlash + "config.json").copy()
    let blanks = " \t\r\n".utf8
    while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
    bytes.removeLast()
    while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
    return bytes + Array(",\n \"quantization\": \(record.json)\n}\n".utf8)
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

  private static func makeFolder(_ partial: String, for path: String) throws(ModelError) {
    // What a killed process left is ours by its names; anything else keeps the folder, and is an error.
    if mkdir(partial, 0o777) == 0 { return }
    if errno == EEXIST { removeFolder(partial) }
    guard mkdir(partial, 0o777) == 0 else { throw failure(path) }
  }

  private static func removeFolder(_ partial: String) {
    for file in files { unlink("\(partial)/\(file)") }
    rmdir(partial)
  }

  static func write(_ bytes: [UInt8], to path: String) throws(ModelError) {
    guard let file = fopen(path, "wb") else { throw failure(path) }
    let complete = fwrite(bytes, 1, bytes.count, file) == bytes.count
    guard fclose(file) == 0, complete else { throw failure(path) }
  }

  static func failure(_ path: String) -> ModelError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}

extension String {
  /// A folder's path that a file's name can follow.
  var withSlash: String { utf8.last == UInt8(ascii: "/") || isEmpty ? self : self + "/" }

  /// A folder's path that an ending can follow.
  fileprivate var trimmingSlashes: String {
    var bytes = Array(utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
