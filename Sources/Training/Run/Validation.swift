internal import Bytes
internal import Evaluation
internal import Models
internal import Tensors

/// A model's result on the validation posts.
package struct ValidationResult: Sendable, Equatable {
  /// The share of correct predictions.
  package var accuracy = 0.0
  /// The mean of the labels' F1.
  package var macroF1 = 0.0
  /// The mean of the labels' F1, weighted by their posts.
  package var weightedF1 = 0.0
  /// The mean cross-entropy.
  package var loss = 0.0
  /// The mean cosine of a text's vector with its teacher's; nil if no post has one.
  package var textAlignment: Double?
  /// The mean cosine of a picture's vector with its teacher's; nil if no post has one.
  package var imageAlignment: Double?
  /// The mean cosine of a text's vector with its own picture's, minus that with another post's picture.
  package var pairing: Double?
}

extension ValidationResult {
  var json: JSON {
    .members([
      ("accuracy", .real(accuracy)), ("macroF1", .real(macroF1)), ("weightedF1", .real(weightedF1)),
      ("loss", .real(loss)), ("textAlignment", textAlignment.map { .real($0) }),
      ("imageAlignment", imageAlignment.map { .real($0) }), ("pairing", pairing.map { .real($0) }),
    ])
  }

  init?(_ json: JSON) {
    guard let accuracy = json["accuracy"]?.asNumber, let macroF1 = json["macroF1"]?.asNumber,
      let weightedF1 = json["weightedF1"]?.asNumber, let loss = json["loss"]?.asNumber
    else { return nil }
    (self.accuracy, self.macroF1, self.weightedF1, self.loss) = (accuracy, macroF1, weightedF1, loss)
    textAlignment = json["textAlignment"]?.asNumber
    imageAlignment = json["imageAlignment"]?.asNumber
    pairing = json["pairing"]?.asNumber
  }
}

extension TrainableModel {
  private static let batch = 32

  /// Scores posts without dropout, and compares with their labels; `input` gives the input of a post by its index.
  func validate(
    _ set: TrainingSet, input: (Int) -> EncodedExample
  ) throws(TensorError) -> ValidationResult {
    var matrix = ConfusionMatrix(labels: configuration.labelNames), loss = 0.0
    var texts: [Double] = [], images: [Double] = [], pairs: [([Float], [Float])] = []
    for first in stride(from: 0, to: set.count, by: TrainableModel.batch) {
      let batch = (first..<min(first + TrainableModel.batch, set.count)).map(input)
      for (encodedExample, scores) in zip(batch, try predict(batch.map(\.input))) {
        let probabilities = scores.probabilities.map(Double.init)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        matrix.add(truth: configuration.labelNames[encodedExample.label], predicted: configuration.labelNames[best])
        loss += ClassificationLoss.of([scores.logits], [encodedExample.label], weights: nil).loss
        let text = scores.vectors[0].values, image = scores.vectors[1].values
        if let teacher = encodedExample.teacher {
          if let text { texts.append(cosine(text, teacher.text)) }
          if let image { images.append(cosine(image, teacher.image)) }
        }
        if let text, let image { pairs.append((text, image)) }
      }
    }
    let metrics = ClassificationMetrics(matrix)
    var result = ValidationResult()
    (result.accuracy, result.macroF1) = (metrics.accuracy.value, metrics.macro.f1.value)
    (result.weightedF1, result.loss) = (metrics.weighted.f1.value, loss / Double(max(set.count, 1)))
    (result.textAlignment, result.imageAlignment) = (mean(texts), mean(images))
    if pairs.count > 1 {
      // Another post's picture is that of the next post.
      let own = pairs.map { cosine($0.0, $0.1) }
      let others = pairs.indices.map { cosine(pairs[$0].0, pairs[($0 + 1) % pairs.count].1) }
      result.pairing = (mean(own) ?? 0) - (mean(others) ?? 0)
    }
    return result
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func cosine(_ x: [Float], _ y: [Float]) -> Double {
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      let (a, b) = (Double(a), Double(b))
      (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }
}

extension ValidationResult {
  /// The value of a selection measure, larger is better; nil if it is not a number.
  func score(_ selection: Selection) -> Double? {
    let score =
      switch selection {
      case .macroF1: macroF1
      case .accuracy: accuracy
      case .loss: -loss
      }
    return score.isFinite ? score : nil
  }
}
