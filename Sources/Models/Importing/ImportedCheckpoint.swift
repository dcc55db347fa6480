package import Bytes

/// A whole model as another program saved it, to be converted to a folder of clfa. Names and shapes are checked; the
/// numbers stay on disk.
package struct ImportedCheckpoint: Sendable {
  /// The facts about a model that its tensors' shapes do not show.
  package struct Options: Sendable {
    /// The labels' names, in the order of the outputs.
    package var labelNames: [ByteText]
    /// Number of heads of the text encoder; nil for that of the `config.json` next to the weights, or its width / 64.
    package var textHeads: Int?
    /// The same of the picture encoder.
    package var imageHeads: Int?
    /// The same of the fusion layers.
    package var fusionHeads: Int?
    /// How the text's tokens are pooled into one vector; nil for the way in `config.json`, or the mean.
    package var pooling: Pooling?
    /// Whether letters are converted to lower case and accents removed; nil for the way in `config.json`, or yes.
    package var lowercase: Bool?
    /// How texts are read; nil for BERT's word pieces. If it is given, `lowercase` has no effect.
    package var tokenizer: TokenizerSettings?
    /// The maximum number of tokens of a text.
    package var maxText = 77
    /// The maximum number of tokens of knowledge.
    package var maxKnowledge = 66
    /// The side of the pictures; nil for that of the position embeddings.
    package var imageSize: Int?
    /// Patterns of the names of tensors to leave out, such as `loss_fn.*`.
    package var ignored: [String] = []
    /// The checkpoint that a LoRA adapter changes, or a model folder of clfa; nil if the checkpoint is whole.
    package var base: String?

    /// Creates the published model's options with these labels.
    package init(labelNames: [ByteText]) { self.labelNames = labelNames }
  }

  package let configuration: ModelConfiguration
  /// The checkpoint's file.
  package let path: String
  /// What was done to read it.
  package let notes: [ImportNote]
  private let parts: [HubTensors]

  /// Finds a model in a PyTorch or safetensors file; `image`: a picture encoder to use instead of its own.
  package init(_ path: String, _ options: Options, image encoder: HubImageEncoder? = nil) throws(HubError) {
    let whole = try Self.tensors(path, base: options.base).leavingOut(options.ignored)
    guard let (spelling, prefix) = try CheckpointNames.recognised(in: whole) else {
      throw Self.unknown(path, whole.names.map(\.text))
    }
    let file = whole.cutting(prefix), sizes = CheckpointSizes(file, spelling)
    let companion = CheckpointCompanion(of: whole.path)
    try Self.check(options.labelNames)
    var model = ModelConfiguration(labelNames: options.labelNames)
    let widths = try sizes.behind(&model)
    model.text = try sizes.text()
    let trained = encoder == nil ? try sizes.image() : model.image
    model.image = encoder?.configuration ?? trained
    if encoder == nil, let size = options.imageSize { model.image.size = size }
    if let preprocessing = encoder?.preprocessing { model.preprocessing = preprocessing }
    model.preprocessing.size = model.image.size
    var notes = file.notes
    try Self.complete(&model, options, companion, keepsImage: encoder != nil, &notes)
    guard widths.text == model.text.hiddenSize else {
      throw .otherWidth(part: "text", expected: widths.text, found: model.text.hiddenSize)
    }
    guard widths.image == model.image.hiddenSize else {
      throw .otherWidth(part: "image", expected: widths.image, found: model.image.hiddenSize)
    }
    guard model.image.patchSize <= model.image.size else {
      throw .unexpectedShape(
        path: path, name: "image_encoder.patch.weight", found: [model.image.patchSize],
        expected: "at most \(model.image.size) pixels a side")
    }
    if let tokenizer = options.tokenizer { model.tokenizer = tokenizer }
    model.tokenizer.maxText = min(options.maxText, model.text.maxPositions)
    model.tokenizer.maxKnowledge = min(options.maxKnowledge, model.text.maxPositions)
    let isImage = { (name: String) in name.utf8.starts(with: "image_encoder.".utf8) }
    let own = model.tensors.filter { encoder == nil || !isImage($0.name) }
    let (from, to, width) = (trained, model.image, model.image.hiddenSize)
    let tensors = try HubTensors(file, own) { tensor in
      let names = sizes.spellings(tensor.name)
      guard tensor.name == "image_encoder.position" else { return .same(names, tensor.shape) }
      return TensorRecipe([(names, [1, from.places, width])]) { sources in
        PositionTable.resize(sources[0], from: from.grid, to: to.grid, width: width, isSmoothed: false)
      }
    }
    let read = Set(tensors.read.map(ByteText.init))
    let strangers = whole.names.map(\.text).filter { name in
      guard name.utf8.starts(with: prefix.utf8) else { return true }
      let plain = String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
      return !read.contains(ByteText(plain)) && !spelling.leavesOut(plain)
        && (encoder == nil || !spelling.isOfImageEncoder(plain))
    }
    guard strangers.isEmpty else { throw .unexpectedTensors(path: path, names: strangers) }
    (configuration, self.path) = (model, path)
    self.notes = notes + (encoder?.notes ?? [])
    parts = [tensors] + (encoder.map { [$0.tensors] } ?? [])
  }

  /// The tensors of a file, or those of `base` with the changes of the LoRA adapter in the folder `path`.
  private static func tensors(_ path: String, base: String?) throws(HubError) -> ExternalTensors {
    guard LowRankAdapter.isIn(path) else {
      guard base == nil else { throw .adapter(path: path, .notAnAdapter) }
      return try ExternalTensors(path: path)
    }
    guard let base else { throw .adapter(path: path, .noBase(name: LowRankAdapter.baseName(in: path))) }
    let weights = HubFolder(path: base).file("weights.safetensors")
    let isFolder = (try? MappedFile(path: weights)) != nil
    return try LowRankAdapter(path).merged(onto: try ExternalTensors(path: isFolder ? weights : base))
  }

  /// The numbers of a tensor, given by clfa's name; throws if one is not finite.
  package func values(_ name: String) throws(HubError) -> [Float] {
    for part in parts where part.shape(of: name) != nil {
      let values = try part.values(name)
      guard values.allSatisfy(\.isFinite) else { throw .notFinite(path: part.path, name: name) }
      return values
    }
    throw .unknownTensor(name: name)
  }

  private static func unknown(_ path: String, _ names: [String]) -> HubError {
    func has(_ end: String) -> Bool { names.contains { $0.hasSuffix(end) } }
    if has("embeddings.word_embeddings.weight") { return .encoderAlone(path: path, kind: "text") }
    if has("embeddings.cls_token") || has("embedding/kernel") { return .encoderAlone(path: path, kind: "image") }
    return .unknownArchitecture(path: path, names: names)
  }

  private static func check(_ labels: [ByteText]) throws(HubError) {
    var seen: Set<ByteText> = []
    for name in labels {
      guard !name.isEmpty, seen.insert(name).inserted else { throw .labelName(name.text) }
    }
  }

  /// Sets what no shape shows: from the options, else from the `config.json` next to the weights, else as usual.
  private static func complete(
    _ model: inout ModelConfiguration, _ options: Options, _ companion: CheckpointCompanion?, keepsImage: Bool,
    _ notes: inout [ImportNote]
  ) throws(HubError) {
    let fits = companion?.fits(model) ?? true, known = fits ? companion : nil
    if let companion, !fits { notes.append(.otherConfiguration(path: companion.path)) }
    var guessed: [ImportNote.Heads] = [], taken: [String] = []
    func heads(_ asked: Int?, _ known: Int?, _ part: HubError.Part, _ width: Int) throws(HubError) -> Int {
      let heads = asked ?? known ?? max(width / 64, 1)
      guard heads > 0, width.isMultiple(of: heads),
        asked ?? known != nil || width.isMultiple(of: 64) || width < 64
      else { throw .heads(part: part, width: width, heads: heads) }
      if asked != nil { return heads }
      if known != nil { taken.append("\(heads) heads of the \(part.rawValue)") }
      if known == nil { guessed.append(ImportNote.Heads(part: part, count: heads)) }
      return heads
    }
    model.text.heads = try heads(options.textHeads, known?.textHeads, .text, model.text.hiddenSize)
    if !keepsImage {
      model.image.heads = try heads(options.imageHeads, known?.imageHeads, .image, model.image.hiddenSize)
    }
    model.fusionHeads = try heads(options.fusionHeads, known?.fusionHeads, .fusion, model.dim)
    if options.pooling == nil, let pooling = known?.pooling { taken.append("pooling \(pooling.rawValue)") }
    model.pooling = options.pooling ?? known?.pooling ?? .mean
    if options.lowercase == nil, known?.lowercase == false { taken.append("letters keep their case") }
    let lowercase = options.lowercase ?? known?.lowercase ?? true
    (model.tokenizer.lowercase, model.tokenizer.stripAccents) = (lowercase, lowercase)
    if let known, !taken.isEmpty { notes.append(.configured(path: known.path, settings: taken)) }
    if !guessed.isEmpty { notes.append(.guessedHeads(guessed)) }
  }
}

extension ImportedCheckpoint {
  /// Writes the model's folder, which appears under its name when it is complete.
  ///
  /// - Parameters:
  ///   - path: the folder to create; it must not exist.
  ///   - vocabulary: the file of word pieces, which is copied.
  ///   - card: the text of `card.md`.
  ///   - shouldStop: called between tensors.
  /// - Returns: the folder, read again.
  /// - Throws: `ModelError`, or `HubError` for the checkpoint.
  package func write(
    to path: String, vocabulary: String, card: String, shouldStop: () -> Bool = { false }
  ) throws -> ModelFolder {
    let words = try MappedFile(path: vocabulary, limit: ModelFolder.vocabularyLimit)
    let kind = configuration.tokenizer.kind, pieces = kind == .wordPiece ? words.withBytes(ModelFolder.lines) : 0
    guard pieces <= configuration.text.vocabularySize else {
      throw HubError.vocabularyTooLong(path: vocabulary, pieces: pieces, size: configuration.text.vocabularySize)
    }
    let folder = try AtomicModelFolder(path)
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), tensors: configuration.tensors)
    for tensor in configuration.tensors {
      guard !shouldStop() else { throw ModelError.interrupted }
      try file.append(try values(tensor.name))
    }
    try file.finish()
    try folder.write(words.copy(), to: kind.fileName)
    try folder.write(Array(configuration.json.utf8), to: "config.json")
    try folder.write(Array(card.utf8), to: "card.md")
    // Reads the folder once to check it.
    _ = try ModelFolder.load(folder.partial)
    guard !shouldStop() else { throw ModelError.interrupted }
    try folder.finish()
    return try ModelFolder.load(path)
  }
}
