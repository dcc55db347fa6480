internal import Bytes
package import Models
package import Tensors

/// Why training does not begin, or ends early.
package enum TrainingError: Error, Equatable, Sendable {
  /// A setting that no training can have.
  case setting(String)
  /// A model or its files.
  case model(ModelError)
  /// An encoder's folder.
  case hub(HubError)
  /// The machine refused.
  case tensors(TensorError)
  /// The model to train on lacks a tensor of this shape.
  case otherShape(tensor: String, model: String)
  /// Alignment without a teacher's vectors: of no post, or without a file.
  case noTeacher(posts: Int?)
  /// Fewer posts than a step takes.
  case tooFewPosts(posts: Int, needed: Int)
  /// A loss or a gradient is no number.
  case notFinite(step: Int, what: String, checkpoint: String?)
  /// A number that a model begins with is none, or infinite.
  case nonFiniteTensor(tensor: String)
  /// There is something where the model is to be.
  case alreadyThere(path: String)
  /// A run that was begun is there, and nobody said to go on with it.
  case begun(folder: String)
  /// Another process trains there.
  case inUse(folder: String)
  /// There is no run to go on with.
  case nothingToResume(folder: String)
  /// The run to go on with has other settings, data or encoders.
  case otherRun(folder: String, what: String, then: String, now: String)
  /// A file of the run to go on with that is damaged.
  case badCheckpoint(path: String, reason: String)
  /// A file cannot be written.
  case unwritable(path: String, reason: String)
  /// Somebody asked for an early end; the run can go on from here.
  case interrupted(step: Int, steps: Int, checkpoint: String)
}

extension TrainingError: CustomStringConvertible {
  /// What is wrong, and how to fix it.
  package var description: String {
    switch self {
    case .setting(let words): words
    case .model(let error): "\(error)"
    case .hub(let error): "\(error)"
    case .tensors(let error): "\(error)"
    case .otherShape(let tensor, let model):
      "\(model.printable) has no f32 tensor \(tensor.printable) of the shape asked for; train on with the sizes and the aggregation it has, "
        + "and not from a quantised model"
    case .noTeacher(nil):
      "the alignment loss needs a teacher's vectors; name their file with --teacher (clfa teach makes one), or take "
        + "--alpha 0"
    case .noTeacher(.some(let posts)):
      "the teacher has vectors of none of the \(posts) posts; its ids must be the posts' ids (--id), or take --alpha 0"
    case .tooFewPosts(let posts, let needed):
      "\(posts) posts are fewer than the \(needed) of one step; take a smaller --batch or --accumulate"
    case .notFinite(let step, let what, let checkpoint):
      "step \(step): \(what.printable); take a lower --learning-rate, a longer --warmup or --precision f32"
        + (checkpoint.map { "; the last good state is \($0), and --resume goes on from there" } ?? "")
    case .nonFiniteTensor(let tensor):
      "\(tensor.printable) begins with numbers that are not finite; take the encoder or the model from where it came from again"
    case .alreadyThere(let path): "\(path.printable) is there already; remove it, or name another folder with -o"
    case .begun(let folder):
      "\(folder.printable) holds a run that was begun; go on with --resume, or remove the folder to begin again"
    case .inUse(let folder):
      "another process trains in \(folder.printable); wait for its end, or name another folder with -o"
    case .nothingToResume(let folder):
      "\(folder.printable) is not there, so there is no run to go on with; leave --resume out to begin"
    case .otherRun(let folder, let what, let then, let now):
      "\(folder.printable) was begun with \(what.printable) \(then.printable), and it is \(now.printable) now; give the same command as then, or remove the "
        + "folder to begin again"
    case .badCheckpoint(let path, let reason):
      "\(path.printable) cannot be used (\(reason.printable)); remove the folder it is in to begin again"
    case .unwritable(let path, let reason): "\(path.printable) cannot be written: \(reason.printable)"
    case .interrupted(0, 0, let folder):
      "interrupted while frozen encoders ran; what they made is in \(folder.printable)"
    case .interrupted(let step, let steps, let checkpoint):
      "interrupted at step \(step) of \(steps); its state is in \(checkpoint.printable)"
    }
  }
}
