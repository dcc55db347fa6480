import Foundation
internal import Models

/// The files of a run: `MODEL.training` while it lasts, `MODEL` when it is done.
struct RunFolder {
  /// The run's own files.
  let path: String
  private let output: String

  init(output: String, resume: Bool) throws(TrainingError) {
    var bytes = Array(output.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.output = String(decoding: bytes, as: UTF8.self)
    path = self.output + ".training"
    let files = FileManager.default
    if files.fileExists(atPath: self.output) { throw .alreadyThere(path: output) }
    let isThere = files.fileExists(atPath: path)
    if resume {
      guard files.fileExists(atPath: checkpoint.path) else { throw .nothingToResume(folder: path) }
    } else if isThere {
      // What a run left that never took a step keeps nobody from beginning again.
      guard !files.fileExists(atPath: checkpoint.path), !files.fileExists(atPath: historyPath) else {
        throw .begun(folder: path)
      }
    }
    do {
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// The run's state.
  var checkpoint: Checkpoint { Self.checkpoint(in: path) }
  /// The state that the files of a run hold.
  static func checkpoint(in path: String) -> Checkpoint { Checkpoint(path: path + "/checkpoint.safetensors") }
  private var historyPath: String { path + "/history.jsonl" }
  private var best: String { path + "/weights.safetensors" }

  /// Writes the epochs so far.
  func write(_ history: TrainingHistory) throws(TrainingError) { try write(history.lines, to: historyPath) }

  /// Keeps the parameters as they are.
  func keepBest(_ learner: Learner) throws(TrainingError) {
    do throws(ModelError) {
      let writer = try SafetensorsWriter(path: best, tensors: learner.configuration.tensors)
      for place in learner.parameters.places {
        try writer.append(UnsafeBufferPointer(learner.parameters.values(place)))
      }
      try writer.finish()
    } catch {
      throw .model(error)
    }
  }

  /// Rounds the parameters to 16 bits and keeps them so.
  func keepRounded(_ learner: Learner) throws(TrainingError) {
    do throws(ModelError) {
      let writer = try SafetensorsWriter(
        path: best,
        entries: learner.configuration.tensors.map {
          SafetensorsWriter.Entry(name: $0.name, type: .f16, shape: $0.shape)
        })
      for tensor in learner.configuration.tensors {
        let rounded = learner[tensor.name].map { Float16($0) }
        try writer.append(rounded)
        learner[tensor.name] = rounded.map { Float($0) }
      }
      try writer.finish()
    } catch {
      throw .model(error)
    }
  }

  /// Gives a learner the parameters that were kept.
  func readBest(into learner: Learner) throws(TrainingError) {
    do throws(ModelError) {
      let file = try Safetensors(path: best)
      for tensor in learner.configuration.tensors {
        guard let kept = file[tensor.name], kept.count == tensor.count else {
          throw .missingTensor(path: best, name: tensor.name, shape: tensor.shape)
        }
        learner[tensor.name] = file.floats(kept)
      }
    } catch {
      throw .model(error)
    }
  }

  /// Makes the model's folder of the best parameters, and removes the run's.
  ///
  /// It appears under its name when it is whole and was read once.
  func finish(_ start: StartingPoint, card: String, history: TrainingHistory) throws(TrainingError) {
    let files = FileManager.default, partial = path + "/model"
    do {
      try? files.removeItem(atPath: partial)
      try files.createDirectory(atPath: partial, withIntermediateDirectories: false)
      try files.copyItem(atPath: start.vocabularyPath, toPath: partial + "/vocab.txt")
      if let lexicon = start.lexiconPath {
        try files.copyItem(atPath: lexicon, toPath: "\(partial)/\(ModelConfiguration.lexiconName)")
      }
      // A second name: were the run's file moved, an interruption here would leave nothing to go on with.
      try files.linkItem(atPath: best, toPath: partial + "/weights.safetensors")
    } catch {
      throw .unwritable(path: partial, reason: error.localizedDescription)
    }
    try write(start.configuration.json, to: partial + "/config.json")
    try write(card, to: partial + "/card.md")
    try write(history.lines, to: partial + "/history.jsonl")
    do throws(ModelError) {
      _ = try ModelFolder.load(partial)
    } catch {
      throw .model(error)
    }
    guard rename(partial, output) == 0 else {
      throw .unwritable(path: output, reason: String(cString: strerror(errno)))
    }
    try? files.removeItem(atPath: path)
  }

  private func write(_ text: String, to path: String) throws(TrainingError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }
}
