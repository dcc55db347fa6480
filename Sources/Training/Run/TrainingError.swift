internal import Bytes
package import Models
package import Tensors

/// Why training cannot begin, or ends early.
package enum TrainingError: Error, Equatable, Sendable {
  /// An invalid setting.
  case setting(String)
  /// A model or its files.
  case model(ModelError)
  /// An encoder's folder.
  case hub(HubError)
  /// An error of the machine.
  case tensors(TensorError)
  /// The model to continue from has no tensor of this shape.
  case otherShape(tensor: String, model: String)
  /// Alignment without a teacher's vectors: of no post, or without a file.
  case noTeacher(posts: Int?)
  /// Fewer posts than a step takes.
  case tooFewPosts(posts: Int, needed: Int)
  /// A loss or a gradient is not finite.
  case notFinite(step: Int, what: String, checkpoint: String?)
  /// An initial parameter is not finite.
  case nonFiniteTensor(tensor: String)
  /// Something exists at the path of the model.
  case alreadyThere(path: String)
  /// There is an unfinished run, and it was not to be continued.
  case begun(folder: String)
  /// Another process is training there.
  case inUse(folder: String)
  /// There is no run to continue.
  case nothingToResume(folder: String)
  /// The run to continue has other settings, data or encoders.
  case otherRun(folder: String, what: String, then: String, now: String)
  /// A file of the run to continue is damaged.
  case badCheckpoint(path: String, reason: String)
  /// The file of encoders' outputs cannot be used.
  case encodingCache(path: String, reason: String)
  /// A file cannot be written.
  case unwritable(path: String, reason: String)
  /// The caller asked to stop; the run can continue from here.
  case interrupted(step: Int, steps: Int, checkpoint: String)
}

extension TrainingError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .setting(let words): words
    case .model(let error): "\(error)"
    case .hub(let error): "\(error)"
    case .tensors(let error): "\(error)"
    case .otherShape(let tensor, let model):
      "\(model.printable) has no f32 tensor \(tensor.printable) of the required shape; keep the model's sizes and aggregation, "
        + "and do not continue from a quantised model"
    case .noTeacher(nil): "the alignment loss needs a teacher's vectors"
    case .noTeacher(.some(let posts)):
      "the teacher has no vectors for any of the \(posts) posts; its ids must be the posts' ids"
    case .tooFewPosts(let posts, let needed):
      "\(posts) posts are fewer than the \(needed) that one step needs"
    case .notFinite(let step, let what, let checkpoint):
      "step \(step): \(what.printable)" + (checkpoint.map { "; the last good state is \($0)" } ?? "")
    case .nonFiniteTensor(let tensor):
      "\(tensor.printable) holds numbers that are not finite from the start; download or make the encoder or model again"
    case .alreadyThere(let path): "\(path.printable) already exists"
    case .begun(let folder): "\(folder.printable) holds an unfinished run"
    case .inUse(let folder): "another process is training in \(folder.printable)"
    case .nothingToResume(let folder): "\(folder.printable) does not exist, so there is no run to continue"
    case .otherRun(let folder, let what, let then, let now):
      "\(folder.printable) was started with \(what.printable) \(then.printable), but it is \(now.printable) now; run the same "
        + "command as before, or remove the folder to start again"
    case .badCheckpoint(let path, let reason):
      "\(path.printable) cannot be used (\(reason.printable)); remove the folder it is in to start again"
    case .encodingCache(let path, let reason):
      "\(path.printable) cannot keep what encoders compute: \(reason.printable)"
    case .unwritable(let path, let reason): "\(path.printable) cannot be written: \(reason.printable)"
    case .interrupted(0, 0, let folder):
      "interrupted while frozen encoders ran; their output so far is in \(folder.printable)"
    case .interrupted(let step, let steps, let checkpoint):
      "interrupted at step \(step) of \(steps); its state is in \(checkpoint.printable)"
    }
  }
}
