internal import Files
internal import Foundation

/// The folder of an ablation: one model per cell, each with a record of how it was made.
package struct AblationFolder {
  /// The state of a cell.
  package enum State: Equatable, Sendable {
    /// Its model exists.
    case trained
    /// A run was begun and can be continued.
    case begun
    /// There is nothing to continue from.
    case new
  }

  private let path: String
  /// The hash of the initial files that all cells share.
  private let origin: String

  /// Creates the folder if it does not exist.
  ///
  /// - Parameters:
  ///   - path: the folder's path.
  ///   - origins: the initial files that all cells share; all their bytes are read.
  /// - Throws: `AblationError.unwritable`; errors of reading an origin.
  package init(_ path: String, origins: [String]) throws {
    self.path = path
    origin = try OriginHash.of(files: origins)
    do throws(FileError) {
      try FolderTree.make(path)
    } catch {
      throw AblationError.unwritable(path: path, reason: error.description)
    }
  }

  /// The path of a cell's model, which may not exist yet.
  package func model(of cell: AblationCell) -> String { path + "/" + cell.folder }

  /// Determines the state of a cell.
  ///
  /// - Parameters:
  ///   - cell: the cell.
  ///   - record: how it would be made now.
  /// - Returns: its state; leftovers of a trained cell's run are removed.
  /// - Throws: `AblationError.otherCell` if it was made in another way, `noRecord` if that is not known.
  package func state(of cell: AblationCell, _ record: AblationRecord) throws(AblationError) -> State {
    let model = model(of: cell), run = model + ".training"
    if FileManager.default.fileExists(atPath: model) {
      try record.check(model + ".json", folder: model)
      // A process that was killed right after the model was complete left the run's own files behind.
      FolderTree.remove(run)
      return .trained
    }
    guard Trainer.canResume(output: model) else { return .new }
    try record.check(model + ".json", folder: run)
    return .begun
  }

  /// The record of a cell as it would be made now.
  package func record(_ inputs: TrainerInputs, _ settings: TrainingSettings) throws(TrainingError) -> AblationRecord {
    try AblationRecord(
      inputs.start, origin: origin, settings, training: inputs.training, validation: inputs.validation)
  }

  /// Writes a cell's record, once its run has locked its folder.
  package func write(_ record: AblationRecord, of cell: AblationCell) throws(AblationError) {
    try record.write(to: model(of: cell) + ".json")
  }
}
