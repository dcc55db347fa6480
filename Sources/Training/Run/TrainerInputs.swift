package import Bytes
internal import Models

/// The inputs of a trainer: the model before training, and the posts with their labels and the teacher's vectors.
package struct TrainerInputs: Sendable {
  /// The model before training, its labels included.
  package let start: StartingPoint
  /// The training posts.
  package let training: TrainingSet
  /// The posts for selecting the best epoch.
  package let validation: TrainingSet
  /// Hints at settings or data that may be mistakes.
  package let notices: [TrainingNotice]

  /// Assigns label indices and teacher's vectors to the posts.
  ///
  /// - Parameters:
  ///   - start: the model before training, without its labels.
  ///   - training: the training posts.
  ///   - validation: the posts for selecting the best epoch.
  ///   - names: the labels in the order of the outputs; nil for those of the posts, sorted.
  ///   - teacher: the teacher's vectors; nil without a teacher.
  ///   - settings: the training settings.
  /// - Throws: errors in labels or vectors.
  package init(
    _ start: StartingPoint, training: TrainingPosts, validation: TrainingPosts, labels names: [ByteText]?,
    teacher: TeacherCache?, _ settings: TrainingSettings
  ) throws {
    let labels = try LabelSet(of: training, names: names)
    var start = start, notices: [TrainingNotice] = labels.areBareNumbers ? [.labelsAreNumbers] : []
    start.configuration.labelNames = labels.names
    if !start.newLabels.isEmpty { notices.append(.newLabels(start.newLabels.map(\.text))) }
    self.start = start
    self.training = try TrainingSet(training, labels: labels, teacher: teacher)
    self.validation = try TrainingSet(validation, labels: labels, teacher: teacher)
    notices += SoftLabelSummary.notices(self.training, self.validation).map(TrainingNotice.softLabels)
    if settings.alpha > 0, self.training.untaught > 0 { notices.append(.untaught(self.training.untaught)) }
    if teacher != nil, self.validation.untaught > 0 {
      notices.append(.untaughtInValidation(self.validation.untaught))
    }
    if settings.alpha == 0, teacher != nil { notices.append(.teacherIsOnlyCompared) }
    if settings.alpha > 0, settings.batch == 1 { notices.append(.nothingToAlign) }
    let shared = self.validation.shared(with: self.training)
    if shared > 0 { notices.append(.shared(shared)) }
    let texts = self.validation.sharingTexts(with: self.training) - shared
    let pictures = self.validation.sharingPictures(with: self.training) - shared
    if texts > 0 { notices.append(.sharedText(texts)) }
    if pictures > 0 { notices.append(.sharedPicture(pictures)) }
    let count = self.training.count, blind = training.withoutPicture, mute = self.training.withoutText
    // If all lack one, it is a corpus of texts or of pictures.
    if (1..<count).contains(blind) { notices.append(.withoutPicture(blind, of: count)) }
    if (1..<count).contains(mute) { notices.append(.withoutText(mute, of: count)) }
    let few = training.labelCounts.filter { $0.count < TrainingNotice.leastPosts }
    if !few.isEmpty, count >= TrainingNotice.leastPosts * labels.count { notices.append(.fewPosts(few)) }
    let judged = Set(validation.labelCounts.map(\.label))
    let unjudged = labels.names.filter { !judged.contains($0) }
    if !unjudged.isEmpty { notices.append(.notValidated(unjudged.map(\.text))) }
    self.notices = notices
  }
}

/// A warning about a training run; none of them stops it.
package enum TrainingNotice: Equatable, Sendable {
  /// The labels are only numbers.
  case labelsAreNumbers
  /// The model to continue from does not have these labels.
  case newLabels([String])
  /// This many training posts have no teacher's vectors.
  case untaught(Int)
  /// This many validation posts have none.
  case untaughtInValidation(Int)
  /// There is a teacher, but alignment has weight 0.
  case teacherIsOnlyCompared
  /// The batches have one post each, so alignment has nothing to compare.
  case nothingToAlign
  /// This many validation posts are also training posts.
  case shared(Int)
  /// A remark on probabilities of labels, in words.
  case softLabels(String)
  /// This many further validation posts have a text that a training post has.
  case sharedText(Int)
  /// This many further validation posts have a picture that a training post has.
  case sharedPicture(Int)
  /// This many training posts have no picture.
  case withoutPicture(Int, of: Int)
  /// This many training posts have no text.
  case withoutText(Int, of: Int)
  /// These labels have few training posts.
  case fewPosts([LabelCount])
  /// No validation post has these labels.
  case notValidated([String])

  /// A label with fewer training posts is hardly learnt.
  package static let leastPosts = 20
}
