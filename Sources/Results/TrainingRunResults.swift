/// All data of the pages on a training run.
package struct TrainingRunResults: Equatable, Sendable {
  /// A model's results on labelled posts.
  package struct Measures: Equatable, Sendable {
    package var accuracy: Double
    package var macroF1: Double
    /// The mean F1, each label weighted by its support.
    package var weightedF1: Double
    /// The mean cross-entropy.
    package var loss: Double
    /// The mean cosine of a text's vector with that of the alignment teacher; nil if none was compared.
    package var textAlignment: Double?
    /// The mean cosine of a picture's vector with that of the alignment teacher; nil if none was compared.
    package var imageAlignment: Double?
    /// The mean cosine of a text with its own picture minus that with another post's; nil if none was compared.
    package var pairing: Double?
    /// How the texts' vectors are spread; nil if it was not measured.
    package var textSpace: Space?
    /// How the pictures' vectors are spread; nil if it was not measured.
    package var imageSpace: Space?
    /// The mean squared distance of a text's unit vector from its picture's, from 0 to 4.
    package var pairDistance: Double?
    /// The share of comparisons in which a text is closer to its own picture than to another; chance is ½.
    package var pairArea: Double?

    /// Measures without alignment.
    package init(accuracy: Double, macroF1: Double, weightedF1: Double, loss: Double) {
      (self.accuracy, self.macroF1, self.weightedF1, self.loss) = (accuracy, macroF1, weightedF1, loss)
    }
  }

  /// How the vectors of texts or of pictures are spread in the shared space; see `SpaceGeometry.Side`.
  package struct Space: Equatable, Sendable {
    /// The number of directions in which the vectors vary.
    package var effectiveRank: Double
    /// The mean cosine over pairs of different posts.
    package var meanCosine: Double
    /// Wang and Isola's uniformity, from −8 (best) to 0 (all vectors equal).
    package var uniformity: Double

    package init(effectiveRank: Double, meanCosine: Double, uniformity: Double) {
      (self.effectiveRank, self.meanCosine, self.uniformity) = (effectiveRank, meanCosine, uniformity)
    }
  }

  /// The mean losses of an epoch.
  package struct Losses: Equatable, Sendable {
    /// The text alignment loss.
    package var text: Double
    /// The image alignment loss.
    package var image: Double
    /// The alignment loss of the feature streams; nil for a model without any.
    package var features: Double?
    /// The cross-entropy of the labels.
    package var classification: Double
    /// Their weighted sum.
    package var total: Double

    package init(text: Double, image: Double, features: Double? = nil, classification: Double, total: Double) {
      (self.text, self.image, self.features) = (text, image, features)
      (self.classification, self.total) = (classification, total)
    }
  }

  /// The losses and the validation result of one epoch.
  package struct Epoch: Equatable, Sendable {
    /// From 1; 0 for the state before the first step.
    package var number: Int
    /// The number of steps up to the end of the epoch.
    package var steps: Int
    /// Nil before the first step.
    package var losses: Losses?
    /// The learning rate at the end of the epoch, as a share of the highest.
    package var rate: Double
    /// The results on the validation posts after the epoch.
    package var validation: Measures

    package init(number: Int, steps: Int, losses: Losses?, rate: Double, validation: Measures) {
      (self.number, self.steps, self.losses) = (number, steps, losses)
      (self.rate, self.validation) = (rate, validation)
    }
  }

  package var name: String
  package var model: [Fact]
  /// Facts on the training; empty if they are unknown.
  package var making: [Fact] = []
  /// The weight of the alignment losses; 0 without alignment.
  package var alpha: Double
  /// The measure that selects the best epoch, such as `macro-f1`; nil if unknown.
  package var selection: String?
  /// The number of validation posts; nil if unknown.
  package var validationPosts: Int?
  /// The epochs in order; the first may be the state before training.
  package var epochs: [Epoch]
  /// The index of the best epoch in `epochs`.
  package var bestPlace: Int?
  /// The results on the same posts with every picture hidden; nil if unknown.
  package var withoutPictures: Measures?
  /// Signs that the training went wrong, one or more sentences each.
  package var warnings: [String] = []

  package init(name: String, model: [Fact], alpha: Double, epochs: [Epoch], bestPlace: Int?) {
    (self.name, self.model, self.alpha, self.epochs, self.bestPlace) = (name, model, alpha, epochs, bestPlace)
  }

  package var best: Epoch? { bestPlace.flatMap { epochs.indices.contains($0) ? epochs[$0] : nil } }

  /// The epochs that a table shows, each once, with its description: the state before training, the first, the best and
  /// the last epoch.
  package var landmarks: [(words: String, epoch: Epoch)] {
    let marks: [(String, Int?)] = [
      ("before training", epochs.firstIndex { $0.number == 0 }), ("first", epochs.firstIndex { $0.number > 0 }),
      ("best", best == nil ? nil : bestPlace), ("last", epochs.lastIndex { $0.number > 0 }),
    ]
    var words: [Int: [String]] = [:]
    for case (let word, let place?) in marks { words[place, default: []].append(word) }
    return words.sorted { $0.key < $1.key }.map { ($0.value.joined(separator: ", "), epochs[$0.key]) }
  }
}
