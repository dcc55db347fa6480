import Bytes

extension Checkpoint {
  /// Writes the model's folder, which appears under its name when it is whole.
  ///
  /// - Parameters:
  ///   - path: where nothing is yet.
  ///   - vocabulary: the file of word pieces, which is copied.
  ///   - card: what `card.md` says.
  ///   - shouldStop: is asked between tensors.
  /// - Returns: the folder, read again.
  /// - Throws: what stands in the way: `ModelError`, or `HubError` of the checkpoint.
  public func write(
    to path: String, vocabulary: String, card: String, shouldStop: () -> Bool = { false }
  ) throws -> ModelFolder {
    let words = try MappedFile(path: vocabulary, limit: ModelFolder.vocabularyLimit)
    let pieces = words.withBytes(ModelFolder.lines)
    guard pieces <= configuration.text.vocabularySize else {
      throw HubError.vocabularyTooLong(path: vocabulary, pieces: pieces, size: configuration.text.vocabularySize)
    }
    let folder = try NewFolder(path)
    let file = try SafetensorsWriter(path: folder.file("weights.safetensors"), tensors: configuration.tensors)
    for tensor in configuration.tensors {
      guard !shouldStop() else { throw ModelError.interrupted }
      try file.append(try values(tensor.name))
    }
    try file.finish()
    try folder.write(words.copy(), to: "vocab.txt")
    try folder.write(Array(configuration.json.utf8), to: "config.json")
    try folder.write(Array(card.utf8), to: "card.md")
    // What is handed over was read once.
    _ = try ModelFolder.load(folder.partial)
    guard !shouldStop() else { throw ModelError.interrupted }
    try folder.finish()
    return try ModelFolder.load(path)
  }
}
