extension TrainingError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .setting(let words): words
    case .model(let error): "\(error)"
    case .hub(let error): "\(error)"
    case .tensors(let error): "\(error)"
    case .otherShape(let tensor, let model):
      "\(model) has no f32 tensor \(tensor) of the shape asked for; train on with the sizes and the aggregation it has, "
        + "and not from a quantised model"
    case .noTeacher(nil):
      "the alignment loss needs a teacher's vectors; name their file with --teacher (clfa teach makes one), or take "
        + "--alpha 0"
    case .noTeacher(.some(let posts)):
      "the teacher has vectors of none of the \(posts) posts; its ids must be the posts' ids (--id), or take --alpha 0"
    case .tooFewPosts(let posts, let needed):
      "\(posts) posts are fewer than the \(needed) of one step; take a smaller --batch or --accumulate"
    case .notFinite(let step, let what, let checkpoint):
      "step \(step): \(what) is not a finite number; take a lower --rate, a longer --warmup or --precision f32"
        + (checkpoint.map { "; the last good state is \($0), and --resume goes on from there" } ?? "")
    case .alreadyThere(let path): "\(path) is there already; remove it, or name another folder with -o"
    case .begun(let folder):
      "\(folder) holds a run that was begun; go on with --resume, or remove the folder to begin again"
    case .nothingToResume(let folder): "\(folder) holds no checkpoint to go on from; leave --resume out to begin"
    case .otherRun(let folder, let what, let then, let now):
      "\(folder) was begun with \(what) \(then), and it is \(now) now; give the same command as then, or remove the "
        + "folder to begin again"
    case .badCheckpoint(let path, let reason):
      "\(path) cannot be used: \(reason); remove the folder it is in to begin again"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .interrupted(let step, let steps, let checkpoint):
      "interrupted at step \(step) of \(steps); its state is in \(checkpoint)"
    }
  }
}
