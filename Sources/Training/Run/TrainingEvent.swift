/// What a run tells of itself.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case step(TrainingProgress)
  /// An epoch ended, or none began yet.
  case epoch(EpochRecord, of: Int)
}

/// Where a run stands after a step.
public struct TrainingProgress: Sendable {
  /// The epoch under way, from 1.
  public let epoch: Int
  /// Epochs in all.
  public let epochs: Int
  /// Steps done.
  public let step: Int
  /// Steps in all.
  public let steps: Int
  /// The step's.
  let losses: LossTerms
  /// Posts a step.
  public let posts: Int
  /// Seconds so far.
  public let seconds: Double
  /// Whether alignment takes part; without it there are no losses of it.
  public let isAligned: Bool

  /// The losses of the step, by name: those of alignment where it takes part, that of features where something of them is
  /// aligned.
  public var terms: [(name: String, value: Double)] {
    [("loss", losses.total)] + (isAligned ? [("text", losses.text), ("image", losses.image)] : [])
      + (losses.features > 0 ? [("features", losses.features)] : [])
      + [("classification", losses.classification)]
  }
}

/// What a run came to.
public struct TrainingOutcome: Sendable {
  /// The epoch whose parameters the model has.
  public let best: EpochRecord
  /// What the model makes of the same posts when every picture is hidden; nil where none of them has one.
  public let withoutPictures: ValidationResult?
  /// Whether it learnt from a post without a picture.
  public let sawNoPicture: Bool
  /// What every epoch did.
  public let history: TrainingHistory
  /// Seconds of training, over all turns.
  public let seconds: Double
  /// Steps taken.
  public let steps: Int
}
