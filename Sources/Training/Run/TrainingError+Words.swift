internal import Bytes

extension TrainingError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
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
      "step \(step): \(what.printable); take a lower --rate, a longer --warmup or --precision f32"
        + (checkpoint.map { "; the last good state is \($0), and --resume goes on from there" } ?? "")
    case .strangeNumber(let tensor):
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
