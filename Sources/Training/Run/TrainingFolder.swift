import Archives
internal import Files
internal import Glibc
internal import Models
internal import Tensors

/// The files of a run: `MODEL.training` until it is finished, then `MODEL`.
///
/// A run counts as begun when it has a checkpoint; without one nothing is lost by starting again. One process at a time
/// has the folder.
struct TrainingFolder {
  /// The run's own files.
  let path: String
  private let output: String
  private let lock: FolderLock

  init(output: String, resume: Bool) throws(TrainingError) {
    try Self.check(output: output, resume: resume)
    self.output = Self.trimmed(output)
    path = Self.path(output)
    do throws(FileError) {
      try FolderTree.make(path)
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
    do throws(FolderLock.Failure) {
      lock = try FolderLock(path)
    } catch {
      switch error {
      case .taken: throw .inUse(folder: path)
      case .problem(let problem): throw .unwritable(path: path, reason: problem.description)
      }
    }
    // Another process may have finished, or begun and stopped, between the check and the lock.
    try Self.check(output: output, resume: resume)
  }

  /// Throws, before anything is read, if a run can't begin or continue.
  static func check(output: String, resume: Bool) throws(TrainingError) {
    let path = path(output), isBegun = exists(path + "/" + checkpointName)
    guard !exists(trimmed(output)) else { throw .alreadyThere(path: output) }
    if resume {
      // A run that was killed before its first checkpoint starts from the beginning.
      guard exists(path) else { throw .nothingToResume(folder: path) }
    } else if isBegun {
      throw .begun(folder: path)
    }
  }

  /// Whether a run was killed between renaming the model and removing its own files; then removes them.
  static func wasFinished(output: String) -> Bool {
    let name = "/weights.safetensors", path = path(output)
    var model = stat(), kept = stat()
    guard stat(trimmed(output) + name, &model) == 0, stat(path + name, &kept) == 0,
      (model.st_dev, model.st_ino) == (kept.st_dev, kept.st_ino)
    else { return false }
    remove(path)
    return true
  }

  /// Removes the run's files after an error, if nothing can continue from them.
  func cleanUp(after error: TrainingError) {
    if case .interrupted = error { return }
    if !checkpoint.exists { Self.remove(path) }
  }

  private static let checkpointName = "checkpoint.safetensors"
  private static let names = [
    checkpointName, "weights.safetensors", "history.jsonl", "text-tokens.f32", "image-tokens.f32",
    "text-tokens.f32.identity", "image-tokens.f32.identity", "search.jsonl", "plan.json",
  ]

  /// Removes a run's own files, and the folder if it is empty then.
  private static func remove(_ path: String) {
    for name in names {
      unlink("\(path)/\(name)")
      AtomicWriter.removeLeftovers(of: "\(path)/\(name)")
    }
    FolderTree.remove(path + "/model")
    rmdir(path)
  }

  /// The paths of the files of a run whose model will be at `output`.
  static func path(_ output: String) -> String { trimmed(output) + ".training" }

  private static func trimmed(_ output: String) -> String { AtomicFolder.trimmed(output) }

  /// Whether anything has this name, including a dangling link.
  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The run's state.
  var checkpoint: TrainingCheckpoint { Self.checkpoint(in: path) }
  /// The state that the files of a run hold.
  static func checkpoint(in path: String) -> TrainingCheckpoint {
    TrainingCheckpoint(path: "\(path)/\(checkpointName)")
  }
  /// What the run does with the time that there is.
  static func planPath(in path: String) -> String { path + "/plan.json" }
  /// The results of the search so far.
  var searchPath: String { path + "/search.jsonl" }
  private var historyPath: String { path + "/history.jsonl" }
  private var best: String { path + "/weights.safetensors" }

  /// Writes the epochs so far.
  func write(_ history: TrainingHistory) throws(TrainingError) { try write(history, to: historyPath) }

  private func write(_ history: TrainingHistory, to path: String) throws(TrainingError) {
    let lines: String
    do {
      lines = try history.lines()
    } catch {
      throw .unwritable(path: path, reason: "an epoch cannot be written as JSON: \(error)")
    }
    try write(lines, to: path)
  }

  /// Keeps the current parameters.
  func keepBest(_ trainableModel: TrainableModel) throws(TrainingError) {
    do throws(ModelError) {
      let writer = try SafetensorsWriter(path: best, tensors: trainableModel.configuration.tensors)
      for place in trainableModel.parameters.places {
        try writer.append(UnsafeBufferPointer(trainableModel.parameters.values(place)))
      }
      try writer.finish()
    } catch {
      throw .model(error)
    }
  }

  /// Rounds the parameters to 16 bits and keeps them.
  func keepRounded(_ trainableModel: TrainableModel) throws(TrainingError) {
    do throws(ModelError) {
      let writer = try SafetensorsWriter(
        path: best,
        entries: trainableModel.configuration.tensors.map {
          SafetensorsWriter.Entry(name: $0.name, type: .f16, shape: $0.shape)
        })
      for tensor in trainableModel.configuration.tensors {
        let rounded = trainableModel[tensor.name].map { Float16($0) }
        try writer.append(rounded)
        trainableModel[tensor.name] = rounded.map { Float($0) }
      }
      try writer.finish()
    } catch {
      throw .model(error)
    }
  }

  /// Sets a trainable model to the parameters that were kept.
  func readBest(into trainableModel: TrainableModel) throws(TrainingError) {
    do throws(ModelError) {
      let file = try Safetensors(path: best)
      for tensor in trainableModel.configuration.tensors {
        guard let kept = file[tensor.name], kept.count == tensor.count else {
          throw .missingTensor(path: best, name: tensor.name, shape: tensor.shape)
        }
        trainableModel[tensor.name] = file.floats(kept)
      }
    } catch {
      throw .model(error)
    }
  }

  /// Creates the model's folder with the best parameters, and removes the run's files.
  ///
  /// It appears under its name when it is complete and has been read once.
  func finish(
    _ start: StartingPoint, card: String, profile: InputProfile, history: TrainingHistory
  ) throws(TrainingError) {
    let partial = path + "/model"
    FolderTree.remove(partial)
    guard mkdir(partial, 0o777) == 0 else { throw Self.failure(partial) }
    try write(try start.vocabulary(), to: "\(partial)/\(start.configuration.tokenizer.kind.fileName)")
    if let lexicon = start.lexiconPath { try copy(lexicon, to: "\(partial)/\(ModelConfiguration.lexiconName)") }
    // Makes a second link: if the run's file were moved, an interruption here would leave nothing to continue from.
    if link(best, partial + "/weights.safetensors") != 0 { try copy(best, to: partial + "/weights.safetensors") }
    try write(start.configuration.json, to: partial + "/config.json")
    try write(card, to: partial + "/card.md")
    try write(profile.json, to: "\(partial)/\(InputProfile.fileName)")
    try write(history, to: partial + "/history.jsonl")
    do throws(ModelError) {
      _ = try ModelFolder.load(partial)
    } catch {
      throw .model(error)
    }
    do throws(FileError) {
      try FolderTree.rename(partial, to: output)
    } catch {
      throw error == .alreadyThere ? .alreadyThere(path: output) : .unwritable(path: output, reason: error.description)
    }
    Self.remove(path)
  }

  private func write(_ text: String, to path: String) throws(TrainingError) { try write(Array(text.utf8), to: path) }

  private func write(_ bytes: [UInt8], to path: String) throws(TrainingError) {
    try TrainingError.writing(path) { () throws(FileError) in try AtomicWriter.write(bytes, to: path, .replacing) }
  }

  private func copy(_ source: String, to path: String) throws(TrainingError) {
    do throws(ModelError) {
      let file = try MappedFile(path: source)
      try ModelError.writing(path) { () throws(FileError) in
        let writer = try AtomicWriter(path, .new)
        try file.withBytes { (bytes) throws(FileError) in try writer.write(bytes) }
        try writer.finish()
      }
    } catch {
      throw .model(error)
    }
  }

  private static func failure(_ path: String) -> TrainingError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}

extension TrainingError {
  /// The value of `body`, which writes the file at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileError) -> Value) throws(TrainingError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }
}
