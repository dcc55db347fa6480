internal import Files
internal import Foundation

/// The folder of an ablation: a model a cell, next to each a record of how it was made.
package struct AblationFolder {
  /// How far a cell is.
  package enum State: Equatable, Sendable {
    /// Its model is there.
    case trained
    /// A run was begun, and left a state to go on from.
    case begun
    /// Nothing is there that counts.
    case new
  }

  private let path: String
  /// The hash of the files that all cells begin with.
  private let origin: String

  /// Creates the folder if it does not exist.
  ///
  /// - Parameters:
  ///   - path: the folder's path.
  ///   - origins: the files that all cells begin with; all their bytes are read.
  /// - Throws: `AblationError.unwritable`; any error of reading an origin.
  package init(_ path: String, origins: [String]) throws {
    self.path = path
    origin = try OriginHash.of(files: origins)
    do throws(FileError) {
      try FolderTree.make(path)
    } catch {
      throw AblationError.unwritable(path: path, reason: error.description)
    }
  }

  /// The path of a cell's model, which need not exist yet.
  package func model(of cell: AblationCell) -> String { path + "/" + cell.folder }

  /// Looks at what is there of a cell.
  ///
  /// - Parameters:
  ///   - cell: the cell.
  ///   - record: how it would be made now.
  /// - Returns: how far it is; of a trained one, what a kill left of the run's own files is removed.
  /// - Throws: `AblationError.otherCell` if it was made in another way, `noRecord` if that is not known.
  package func state(of cell: AblationCell, _ record: AblationRecord) throws(AblationError) -> State {
    let model = model(of: cell), run = model + ".training"
    if FileManager.default.fileExists(atPath: model) {
      try record.check(model + ".json", folder: model)
      // Whoever was killed right after the model was whole left the run's own files behind.
      FolderTree.remove(run)
      return .trained
    }
    guard Trainer.canResume(output: model) else { return .new }
    try record.check(model + ".json", folder: run)
    return .begun
  }

  /// How a cell would be made now.
  package func record(_ inputs: TrainerInputs, _ settings: TrainingSettings) throws(TrainingError) -> AblationRecord {
    try AblationRecord(
      inputs.start, origin: origin, settings, training: inputs.training, validation: inputs.validation)
  }

  /// Writes a cell's record, once its run has its folder for itself.
  package func write(_ record: AblationRecord, of cell: AblationCell) throws(AblationError) {
    try record.write(to: model(of: cell) + ".json")
  }
}
