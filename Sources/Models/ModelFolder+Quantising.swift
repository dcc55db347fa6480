import Archives
internal import Bytes
internal import Tensors

extension ModelFolder {
  static let cardLimit = 16 * 1_048_576

  /// Complains where a quantised folder can't be made, before anything is computed for it.
  public func checkQuantising(to path: String) throws(ModelError) {
    guard configuration.quantisation == nil else { throw .alreadyQuantised(path: self.path) }
    try check(.int8)
    // It goes at once; that it can be made is what is asked.
    _ = try NewFolder(path)
  }

  /// Writes this model with the matrices in bytes that int8 rounds at load, so that scores have the same bits.
  ///
  /// The folder appears under its name when it is whole; a failure leaves nothing.
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
    let folder = try NewFolder(path)
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
    // What is handed over was read once.
    _ = try ModelFolder.load(folder.partial)
    try folder.finish()
  }

  private func writeWeights(
    to folder: NewFolder, _ quantised: Set<ByteText>, _ shouldStop: () -> Bool
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
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), entries: entries)
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
}
