internal import Models

/// All that a trainer takes: what the model begins with, and the posts with their labels and the teacher's vectors.
package struct TrainerInputs: Sendable {
  /// The model before training, its labels included.
  package let start: StartingPoint
  /// The posts to learn from.
  package let training: TrainingSet
  /// The posts to choose the best epoch by.
  package let validation: TrainingSet
  /// Hints at settings or data that may be mistakes.
  package let notices: [TrainingNotice]

  /// Gives posts their labels' numbers and their vectors.
  ///
  /// - Parameters:
  ///   - start: what the model begins with, but for its labels.
  ///   - training: the posts to learn from.
  ///   - validation: the posts to choose the best epoch by.
  ///   - names: the labels in the order of the answers; nil for those of the posts, sorted.
  ///   - teacher: the teacher's vectors; nil without a teacher.
  ///   - settings: how the model learns.
  /// - Throws: what is wrong with labels or vectors.
  package init(
    _ start: StartingPoint, training: TrainingPosts, validation: TrainingPosts, labels names: [String]?,
    teacher: TeacherCache?, _ settings: TrainingSettings
  ) throws {
    let labels = try LabelSet(of: training, names: names)
    var start = start, notices: [TrainingNotice] = labels.areBareNumbers ? [.labelsAreNumbers] : []
    start.configuration.labelNames = labels.names
    if !start.newLabels.isEmpty { notices.append(.newLabels(start.newLabels)) }
    self.start = start
    self.training = try TrainingSet(training, labels: labels, teacher: teacher)
    self.validation = try TrainingSet(validation, labels: labels, teacher: teacher)
    if settings.alpha > 0, self.training.untaught > 0 { notices.append(.untaught(self.training.untaught)) }
    if teacher != nil, self.validation.untaught > 0 {
      notices.append(.untaughtInValidation(self.validation.untaught))
    }
    if settings.alpha == 0, teacher != nil { notices.append(.teacherIsOnlyCompared) }
    if settings.alpha > 0, settings.batch == 1 { notices.append(.nothingToAlign) }
    let shared = self.validation.shared(with: self.training)
    if shared > 0 { notices.append(.shared(shared)) }
    self.notices = notices
  }
}

/// A warning about a training run; none of them stops it.
package enum TrainingNotice: Equatable, Sendable {
  /// The labels are numbers, which say nothing.
  case labelsAreNumbers
  /// The model that is trained on does not know these labels.
  case newLabels([String])
  /// So many posts to learn from have no vectors of the teacher's.
  case untaught(Int)
  /// So many posts to validate with have none.
  case untaughtInValidation(Int)
  /// There is a teacher, and alignment has no weight.
  case teacherIsOnlyCompared
  /// Batches of one post, in which alignment finds nothing to compare.
  case nothingToAlign
  /// So many posts to validate with are learnt from, too.
  case shared(Int)
}
