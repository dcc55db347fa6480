package import Bytes
package import Evaluation
import Foundation

/// A sign that a training run learns less than it could; none of them stops the run.
package enum TrainingWarning: Sendable, Equatable {
  /// Vectors that a model has for each post.
  package enum Side: String, Sendable, CaseIterable {
    case text, image
  }

  /// So few posts meet in the alignment loss.
  case smallBatch(Int)
  /// This share of a batch is expected to have the same teacher's vector as another post of it.
  case sharedVectors(Side, share: Double, batch: Int)
  /// The teacher's own vectors bring a text no closer to its own picture than to another.
  case teacherAtChance(Estimate)
  /// The vectors no longer tell posts apart.
  case collapsed(Side, epoch: Int, SpaceGeometry.Side)
  /// The label hardly ever changes with another post's text or picture; for pictures, `hidden` is the share that
  /// changes without one.
  case ignored(Side, swapped: Estimate, hidden: Estimate?)
  /// The finished model gives every validation post this label, with this accuracy.
  case oneLabel(ByteText, accuracy: Double)

  /// Batches of fewer posts are small.
  package static let leastBatch = 8
  /// The share of posts with another's vector above which a batch has too many.
  package static let mostShared = 0.2
  /// The share of labels that change below which a side is ignored.
  package static let leastChanged = 0.05

  /// The kind of warning and its side: a run shows each once.
  package var name: String {
    switch self {
    case .smallBatch: "small_batch"
    case .sharedVectors(let side, _, _): "shared_\(side.rawValue)_vectors"
    case .teacherAtChance: "teacher_at_chance"
    case .collapsed(let side, _, _): "collapsed_\(side.rawValue)_vectors"
    case .ignored(let side, _, _): "ignored_\(side.rawValue)"
    case .oneLabel: "one_label"
    }
  }
}

extension TrainingWarning {
  /// The warnings that an epoch's record gives reason for.
  ///
  /// - Parameters:
  ///   - record: the epoch; 0, before any step, cannot have collapsed.
  ///   - alpha: the weight of alignment; a space that nothing aligns need not tell posts apart.
  /// - Returns: the warnings, those about data first.
  package static func all(of record: EpochRecord, alpha: Double) -> [TrainingWarning] {
    var warnings: [TrainingWarning] = []
    if alpha > 0, let check = record.alignment {
      // Alone in its batch, a post is compared with nothing; that has a notice of its own.
      if (2..<leastBatch).contains(check.batch) { warnings.append(.smallBatch(check.batch)) }
      for (side, share) in [(Side.text, check.sharedTexts), (.image, check.sharedPictures)] where share > mostShared {
        warnings.append(.sharedVectors(side, share: share, batch: check.batch))
      }
      if let pairs = check.teacherPairs, pairs.low <= 0.5 { warnings.append(.teacherAtChance(pairs)) }
    }
    if alpha > 0, record.epoch > 0 {
      for (side, space) in [(Side.text, record.validation.textSpace), (.image, record.validation.imageSpace)] {
        if let space, space.collapse != nil { warnings.append(.collapsed(side, epoch: record.epoch, space)) }
      }
    }
    if let changes = record.labelChanges {
      if let swapped = changes.swappedPictures, swapped.high < leastChanged {
        warnings.append(.ignored(.image, swapped: swapped, hidden: changes.hiddenPictures))
      }
      if let swapped = changes.swappedTexts, swapped.high < leastChanged {
        warnings.append(.ignored(.text, swapped: swapped, hidden: nil))
      }
    }
    return warnings
  }
}

extension TrainingHistory {
  /// The warnings about the finished model: those found before the first step, and those of the best epoch.
  package func warnings(alpha: Double) -> [TrainingWarning] {
    let start = epochs.first { $0.epoch == 0 }
    // Early epochs often have one label, so only that of the finished model counts.
    let oneLabel = best.flatMap { epoch in
      epoch.validation.onlyLabel.map { TrainingWarning.oneLabel($0, accuracy: epoch.validation.accuracy) }
    }
    return [start, best].compactMap(\.self).flatMap { TrainingWarning.all(of: $0, alpha: alpha) }
      + [oneLabel].compactMap(\.self)
  }
}

extension TrainingWarning: CustomStringConvertible {
  /// The finding with its figures, and what to try.
  package var description: String {
    switch self {
    case .smallBatch(let batch):
      "A batch has only \(batch) posts: the alignment loss compares each post with the \(batch - 1) others of its "
        + "batch and learns little from so few. Try larger batches; accumulating batches does not help, because posts "
        + "of different batches are not compared."
    case .sharedVectors(let side, let share, let batch):
      "In a batch of \(batch) posts, \(Self.percent(share)) are expected to have the same teacher's "
        + "\(side == .text ? "text" : "picture") vector as another post of the batch (warning above "
        + "\(Self.percent(Self.mostShared))). The alignment loss pushes them apart although they say the same. Try "
        + "smaller batches, or keep one of several posts with the same \(side == .text ? "text" : "picture"); "
        + "accumulating batches does not change the share."
    case .teacherAtChance(let pairs):
      "The teacher itself ranks own pairs \(pairs.high < 0.5 ? "below" : "at") chance, so alignment cannot help: its "
        + "vector of a text is closer to that of its own picture than to another picture's in \(Self.words(pairs)); "
        + "chance is 50 %. Check that the teacher's ids are those of the posts, try another teacher, or train without "
        + "alignment."
    case .collapsed(let side, let epoch, let space):
      "After epoch \(epoch) the model's \(side == .text ? "text" : "picture") vectors hardly tell posts apart: the "
        + "mean cosine of two different posts is \(Self.number(space.meanCosine, 3)) (warning above "
        + "\(Self.number(SpaceGeometry.Side.mostAlike, 1))), and the effective rank is "
        + "\(Self.number(space.effectiveRank, 1)) of \(space.dimensions) (warning below "
        + "\(Self.number(space.requiredRank, 1))), over \(space.count) posts. Try another temperature, larger "
        + "batches, a lower learning rate, or a centred or whitened teacher."
    case .ignored(.image, let swapped, let hidden):
      "The answer hardly changes without pictures: with another post's picture the label changes in "
        + Self.words(swapped) + (hidden.map { ", with the picture hidden in \(Self.percent($0.value))" } ?? "")
        + ". Check whether the texts alone tell the labels, and try a higher learning rate or another aggregation."
    case .ignored(.text, let swapped, _):
      "The answer hardly changes with another post's text: the label changes in \(Self.words(swapped)). Check whether "
        + "the pictures alone tell the labels, and try a higher learning rate or another aggregation."
    case .oneLabel(let label, let accuracy):
      "The model learnt nothing that tells the labels apart: it gives every validation post the label "
        + "\"\(label.text)\", which is right for \(Self.percent(accuracy)) of them. Try a lower learning rate for the "
        + "layers after the encoders, frozen encoders, or more epochs."
    }
  }

  /// `1.2 % of 500 posts (95 % interval: 0.6 % to 2.6 %)`.
  private static func words(_ share: Estimate) -> String {
    "\(percent(share.value)) of cases (\(share.count) posts, 95 % interval: \(percent(share.low)) to "
      + "\(percent(share.high)))"
  }

  private static func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }

  private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
