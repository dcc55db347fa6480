package import Bytes
package import Evaluation
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
  /// The label of all predictions, if they have one label and some posts have another.
  package var onlyLabel: ByteText?
  /// The mean cosine of a text's vector with its teacher's; nil if no post has one.
  package var textAlignment: Double?
  /// The mean cosine of a picture's vector with its teacher's; nil if no post has one.
  package var imageAlignment: Double?
  /// The mean cosine of a text's vector with its own picture's, minus that with another post's picture.
  package var pairing: Double?
  /// How the texts' vectors lie, of at most 1,000 posts; nil of fewer than two.
  package var textSpace: SpaceGeometry.Side?
  /// How the pictures' vectors lie.
  package var imageSpace: SpaceGeometry.Side?
  /// The mean squared distance of a text's vector from its own picture's, both of length 1.
  package var pairDistance: Double?
  /// How often a text's vector is closer to its own picture's than to another's; nil of fewer than three posts.
  package var pairArea: Estimate?
}

extension ValidationResult {
  var json: JSON {
    .members(
      [
        ("accuracy", .real(accuracy)), ("macroF1", .real(macroF1)), ("weightedF1", .real(weightedF1)),
        ("loss", .real(loss)), ("onlyLabel", onlyLabel.map { .string($0.text) }),
        ("textAlignment", textAlignment.map { .real($0) }),
        ("imageAlignment", imageAlignment.map { .real($0) }), ("pairing", pairing.map { .real($0) }),
      ] + spaceMembers)
  }

  /// The members that say how the vectors lie.
  var spaceMembers: [(String, JSON?)] {
    [
      ("textSpace", textSpace?.recordJSON), ("imageSpace", imageSpace?.recordJSON),
      ("pairDistance", pairDistance.map { .real($0) }), ("pairAuc", pairArea?.recordJSON),
    ]
  }

  init?(_ json: JSON) {
    guard let accuracy = json["accuracy"]?.asNumber, let macroF1 = json["macroF1"]?.asNumber,
      let weightedF1 = json["weightedF1"]?.asNumber, let loss = json["loss"]?.asNumber
    else { return nil }
    (self.accuracy, self.macroF1, self.weightedF1, self.loss) = (accuracy, macroF1, weightedF1, loss)
    onlyLabel = json["onlyLabel"]?.asString.map { ByteText($0) }
    textAlignment = json["textAlignment"]?.asNumber
    imageAlignment = json["imageAlignment"]?.asNumber
    pairing = json["pairing"]?.asNumber
    textSpace = json["textSpace"].flatMap(SpaceGeometry.Side.init(record:))
    imageSpace = json["imageSpace"].flatMap(SpaceGeometry.Side.init(record:))
    pairDistance = json["pairDistance"]?.asNumber
    pairArea = json["pairAuc"].flatMap(Estimate.init(record:))
  }
}

extension TrainableModel {
  private static let batch = 32

  /// Scores posts without dropout, and compares with their labels; `input` gives the input of a post by its index.
  func validate(
    _ set: TrainingSet, input: (Int) -> EncodedExample
  ) throws(TensorError) -> ValidationResult {
    let labels = configuration.labelNames
    var matrix = ConfusionMatrix(labels: labels), loss = 0.0
    var predicted: Set<Int> = []
    var texts: [Double] = [], images: [Double] = [], pairs: [([Float], [Float])] = [], unpaired: [[Float]] = []
    for first in stride(from: 0, to: set.count, by: TrainableModel.batch) {
      let batch = (first..<min(first + TrainableModel.batch, set.count)).map(input)
      for (encodedExample, scores) in zip(batch, try predict(batch.map(\.input))) {
        let probabilities = scores.probabilities.map(Double.init)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        matrix.add(truth: labels[encodedExample.label], predicted: labels[best])
        predicted.insert(best)
        loss +=
          ClassificationLoss.of(
            [scores.logits], [encodedExample.label], distributions: [encodedExample.distribution], weights: nil
          ).loss
        let text = scores.vectors[0].values, image = scores.vectors[1].values
        if let teacher = encodedExample.teacher {
          if let text { texts.append(cosine(text, teacher.text)) }
          if let image { images.append(cosine(image, teacher.image)) }
        }
        if let text, let image { pairs.append((text, image)) } else if let text { unpaired.append(text) }
      }
    }
    let metrics = ClassificationMetrics(matrix)
    var result = ValidationResult()
    (result.accuracy, result.macroF1) = (metrics.accuracy.value, metrics.macro.f1.value)
    (result.weightedF1, result.loss) = (metrics.weighted.f1.value, loss / Double(max(set.count, 1)))
    if predicted.count == 1, result.accuracy < 1 { result.onlyLabel = predicted.first.map { labels[$0] } }
    (result.textAlignment, result.imageAlignment) = (mean(texts), mean(images))
    if pairs.count > 1 {
      // Another post's picture is that of the next post.
      let own = pairs.map { cosine($0.0, $0.1) }
      let others = pairs.indices.map { cosine(pairs[$0].0, pairs[($0 + 1) % pairs.count].1) }
      result.pairing = (mean(own) ?? 0) - (mean(others) ?? 0)
    }
    result.measureSpace(pairs, unpaired)
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

extension ValidationResult {
  /// The posts that are measured follow from this number, whatever the run's seed: runs can be compared.
  private static let sampleSeed: UInt64 = 2022

  /// At most 1,000 of the elements; if there are no more, all of them in their order.
  private static func sample<Element>(_ elements: [Element]) -> [Element] {
    guard elements.count > SpaceGeometry.limit else { return elements }
    var random = SeededGenerator(seed: sampleSeed)
    return Array(random.shuffled(elements).prefix(SpaceGeometry.limit))
  }

  /// Measures at most 1,000 posts with both vectors; without any, the texts alone.
  ///
  /// - Complexity: about 2 · posts² · D multiplications.
  fileprivate mutating func measureSpace(_ pairs: [([Float], [Float])], _ unpaired: [[Float]]) {
    let sample = Self.sample(pairs)
    guard sample.count > 1 else {
      let texts = SpaceGeometry.Side(Self.sample(pairs.map(\.0) + unpaired))
      textSpace = texts.count > 1 ? texts : nil
      return
    }
    let texts = sample.map { UnitVector.orSame($0.0) }, images = sample.map { UnitVector.orSame($0.1) }
    let space = SpaceGeometry(texts: texts, pictures: images)
    (textSpace, imageSpace, pairDistance) = (space.texts, space.pictures, space.alignment)
    pairArea = PairRetrieval(texts: texts, images: images, among: [])?.area
  }
}
