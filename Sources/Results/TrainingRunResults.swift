/// Everything the pages on a training run say, as values.
package struct TrainingRunResults: Equatable, Sendable {
  /// A model's results on labelled posts.
  package struct Measures: Equatable, Sendable {
    /// The share of posts that are right.
    package var accuracy: Double
    /// The mean of the labels' F1.
    package var macroF1: Double
    /// The mean of the labels' F1, weighted by their posts.
    package var weightedF1: Double
    /// The mean cross-entropy.
    package var loss: Double
    /// The mean cosine of a text's vector with its teacher's; nil if none was compared.
    package var textAlignment: Double?
    /// The mean cosine of a picture's vector with its teacher's; nil if none was compared.
    package var imageAlignment: Double?
    /// The mean cosine of a text with its own picture, less that with another post's; nil if none was compared.
    package var pairing: Double?
    /// How the texts' vectors lie; nil if it was not measured.
    package var textSpace: Space?
    /// How the pictures' vectors lie.
    package var imageSpace: Space?
    /// The mean squared distance of a text from its own picture, from 0 to 4.
    package var pairDistance: Double?
    /// How often a text is closer to its own picture than to another; chance is ½.
    package var pairArea: Double?

    /// Measures without alignment.
    package init(accuracy: Double, macroF1: Double, weightedF1: Double, loss: Double) {
      (self.accuracy, self.macroF1, self.weightedF1, self.loss) = (accuracy, macroF1, weightedF1, loss)
    }
  }

  /// How the vectors of texts, or of pictures, lie in the shared space.
  package struct Space: Equatable, Sendable {
    /// In how many directions they vary.
    package var effectiveRank: Double
    /// The mean cosine of two different posts.
    package var meanCosine: Double
    /// Wang and Isola's uniformity, from −8 to 0, which is the worst.
    package var uniformity: Double

    /// Measures of one side.
    package init(effectiveRank: Double, meanCosine: Double, uniformity: Double) {
      (self.effectiveRank, self.meanCosine, self.uniformity) = (effectiveRank, meanCosine, uniformity)
    }
  }

  /// The means of an epoch's losses.
  package struct Losses: Equatable, Sendable {
    /// The loss of the texts' alignment.
    package var text: Double
    /// The loss of the pictures' alignment.
    package var image: Double
    /// The loss of the alignment of feature streams; nil for a model without any.
    package var features: Double?
    /// The cross-entropy of the labels.
    package var classification: Double
    /// Their weighted sum.
    package var total: Double

    /// Losses by term.
    package init(text: Double, image: Double, features: Double? = nil, classification: Double, total: Double) {
      (self.text, self.image, self.features) = (text, image, features)
      (self.classification, self.total) = (classification, total)
    }
  }

  /// The losses and the validation result of one epoch.
  package struct Epoch: Equatable, Sendable {
    /// From 1; 0 is before the first step.
    package var number: Int
    /// Steps done by its end.
    package var steps: Int
    /// The mean training losses; nil before the first step.
    package var losses: Losses?
    /// How fast it learnt at its end, as a share of the highest rate.
    package var rate: Double
    /// The result on the validation posts after the epoch.
    package var validation: Measures

    /// An epoch's record.
    package init(number: Int, steps: Int, losses: Losses?, rate: Double, validation: Measures) {
      (self.number, self.steps, self.losses) = (number, steps, losses)
      (self.rate, self.validation) = (rate, validation)
    }
  }

  /// The model's name.
  package var name: String
  package var model: [Fact]
  /// Facts on the training, if they are known.
  package var making: [Fact] = []
  /// The weight of the alignment losses; at 0 there are none.
  package var alpha: Double
  /// By what the best epoch is the best, where that is known: `macro-f1`.
  package var selection: String?
  /// How many posts the epochs are measured on, where that is known.
  package var validationPosts: Int?
  /// The epochs in order; the first may be the state before any step.
  package var epochs: [Epoch]
  /// The place of the best one in `epochs`.
  package var bestPlace: Int?
  /// The result on the same posts with every picture hidden, if it is known.
  package var withoutPictures: Measures?
  /// Signs that the model learnt less than it could, a sentence or more each.
  package var warnings: [String] = []

  /// A run of these epochs.
  package init(name: String, model: [Fact], alpha: Double, epochs: [Epoch], bestPlace: Int?) {
    (self.name, self.model, self.alpha, self.epochs, self.bestPlace) = (name, model, alpha, epochs, bestPlace)
  }

  /// The best epoch.
  package var best: Epoch? { bestPlace.flatMap { epochs.indices.contains($0) ? epochs[$0] : nil } }

  /// The epochs that a table shows: the first, the one after it where that is the first with steps, the best and the
  /// last, each once, with what it is.
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
