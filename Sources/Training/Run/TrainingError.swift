public import Models
public import Tensors

/// Why training does not begin, or ends early.
public enum TrainingError: Error, Equatable, Sendable {
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
  case strangeNumber(tensor: String)
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
