package import Models
package import Tensors

/// The training loss: α · (alignment of text, image and features) + β · cross-entropy (CLFA, section 3.5).
package struct Objective: Sendable, Equatable {
  /// The weight of the two alignment losses.
  package var alpha = 1.0
  /// The weight of the classification loss.
  package var beta = 1.0
  /// τ, by which cosines are divided.
  package var temperature = 0.1
  /// Each label's weight; nil if all are equal.
  package var classWeights: [Double]?

  /// Creates the paper's objective.
  package init() {}
}

/// The individual losses of a batch.
package struct LossTerms: Sendable, Equatable {
  /// The alignment loss of the texts; 0 if no post has a teacher's vector.
  package var text = 0.0
  /// The alignment loss of the pictures.
  package var image = 0.0
  /// The alignment loss of all feature streams together.
  package var features = 0.0
  /// The cross-entropy of the labels.
  package var classification = 0.0
  /// The weighted sum of all.
  package var total = 0.0
}

/// A model in training: its parameters, with the forward and the backward pass.
package final class TrainableModel {
  package let configuration: ModelConfiguration
  let parameters: Parameters
  let pass: StepContext
  private let network: Network
  /// The format of the factors of products.
  let format: NumberFormat
  package internal(set) var objective: Objective

  /// Creates a model with zero parameters. `threads` never changes a result.
  package init(
    _ configuration: ModelConfiguration, objective: Objective, format: NumberFormat = .f32, threads: Int = 1,
    freezing frozen: Set<EncoderKind> = []
  ) throws(TensorError) {
    self.configuration = configuration
    (self.objective, self.format) = (objective, format)
    parameters = try Parameters(configuration.tensors.map { ($0.name, $0.shape) })
    pass = StepContext(parameters, threadPool: ThreadPool(members: threads), format: format)
    network = Network(parameters, configuration, freezing: frozen)
  }

  /// Computes the losses of a batch, and adds their gradients to the parameters'.
  func learn(_ batch: [EncodedExample], dropping dropout: Dropout? = nil) throws(TensorError) -> LossTerms {
    pass.begin(dropping: dropout)
    return try pass.temporarily { () throws(TensorError) in
      let saved = try network.forward(batch.map(\.input), pass)
      let width = configuration.dim
      let logits = try pass.zeros(batch.count, configuration.labelNames.count)
      let texts = try pass.zeros(batch.count, width), images = try pass.zeros(batch.count, width)
      var features: [Matrix] = []
      for _ in configuration.features { features.append(try pass.zeros(batch.count, width)) }
      let terms = losses(batch, saved, logits: logits, texts: texts, images: images, features: features)
      try network.backward(
        saved, logits: logits, textMeans: texts, imageMeans: images, featureMeans: features, pass)
      return terms
    }
  }

  /// Scores posts with the current parameters, without dropout.
  func predict(_ batch: [EncodedInput]) throws(TensorError) -> [PostScores] {
    pass.begin(dropping: nil)
    return try pass.temporarily { () throws(TensorError) in
      let saved = try network.forward(batch, pass)
      return batch.indices.map { index in
        PostScores(
          logits: saved.logits.view.values(ofRow: index), text: saved.streams.textMean.view.values(ofRow: index),
          image: batch[index].picture == nil ? nil : saved.streams.imageMean.view.values(ofRow: index),
          fused: saved.pooled.view.values(ofRow: index),
          features: configuration.features.enumerated().map { place, stream in
            let isThere = batch[index].features[place] != nil
            return (stream.name, isThere ? saved.streams.featureMeans[place].view.values(ofRow: index) : nil)
          })
      }
    }
  }

  /// The text encoder's output for each text: its tokens, concatenated.
  package func encode(texts: [[Int32]]) throws(TensorError) -> [[Float]] {
    pass.begin(dropping: nil)
    return try pass.temporarily { () throws(TensorError) in try network.hidden(texts: texts, pass) }
  }

  /// The picture encoder's output for each picture: its tokens, concatenated.
  func encode(pictures: [[Float]]) throws(TensorError) -> [[Float]] {
    pass.begin(dropping: nil)
    return try pass.temporarily { () throws(TensorError) in try network.hidden(pictures: pictures, pass) }
  }

  /// Writes the gradients with respect to the logits and the posts' vectors.
  private func losses(
    _ batch: [EncodedExample], _ saved: Network.Saved, logits: Matrix, texts: Matrix, images: Matrix,
    features: [Matrix]
  ) -> LossTerms {
    var terms = LossTerms()
    let taught = batch.indices.filter { batch[$0].teacher != nil }
    let seen = taught.filter { batch[$0].input.picture != nil }
    terms.text = align(taught, saved.streams.textMean, batch.map { $0.teacher?.text }, texts)
    terms.image = align(seen, saved.streams.imageMean, batch.map { $0.teacher?.image }, images)
    for (place, out) in features.enumerated() {
      let vectors = batch.map { $0.teacher?.features(in: place) }
      let withFeatures = batch.indices.filter { vectors[$0] != nil && batch[$0].input.features[place] != nil }
      terms.features += align(withFeatures, saved.streams.featureMeans[place], vectors, out)
    }
    let (loss, gradients) = ClassificationLoss.of(
      batch.indices.map(saved.logits.view.values), batch.map(\.label), distributions: batch.map(\.distribution),
      weights: objective.classWeights)
    terms.classification = loss
    terms.total = objective.alpha * (terms.text + terms.image + terms.features) + objective.beta * loss
    for (index, gradient) in gradients.enumerated() {
      for (column, value) in gradient.enumerated() { logits.row(index)[column] = Float(objective.beta) * value }
    }
    return terms
  }

  private func align(_ posts: [Int], _ students: Matrix, _ teachers: [[Float]?], _ out: Matrix) -> Double {
    let (loss, gradients) = AlignmentLoss.of(
      posts.map(students.view.values), posts.compactMap { teachers[$0] }, temperature: objective.temperature)
    for (post, gradient) in zip(posts, gradients) {
      for (column, value) in gradient.enumerated() { out.row(post)[column] = Float(objective.alpha) * value }
    }
    return loss
  }
}

/// A post of a batch, with its label and the teacher's vectors.
struct EncodedExample {
  var input: EncodedInput
  let label: Int
  let distribution: [Double]?
  let teacher: TeacherVectors?

  init(_ example: Example, _ configuration: ModelConfiguration) {
    input = EncodedInput(example.inputs, configuration)
    (label, distribution, teacher) = (example.label, example.distribution, example.teacher)
  }
}

extension TrainableModel {
  /// Computes the losses of examples, and adds their gradients to the parameters'.
  package func learn(_ batch: [Example], dropping dropout: Dropout? = nil) throws(TensorError) -> LossTerms {
    try learn(batch.map { EncodedExample($0, configuration) }, dropping: dropout)
  }

  /// Scores posts with the current parameters, without dropout.
  package func predict(_ batch: [PostInputs]) throws(TensorError) -> [PostScores] {
    try predict(batch.map { EncodedInput($0, configuration) })
  }

  /// The names of all tensors, in the order of the forward pass.
  package var tensorNames: [String] { parameters.places.map(\.name) }

  /// A tensor's numbers.
  package subscript(name: String) -> [Float] {
    get { Array(parameters.values(parameters[name])) }
    set {
      let values = parameters.values(parameters[name])
      precondition(newValue.count == values.count, "\(name) has \(values.count) numbers")
      _ = values.update(fromContentsOf: newValue)
    }
  }

  /// The gradient with respect to a tensor.
  package func gradient(_ name: String) -> [Float] {
    let place = parameters[name]
    return Array(UnsafeBufferPointer(start: parameters.gradient(place), count: place.count))
  }

  /// Call this after tensors were set.
  package func update() throws(TensorError) { try pass.roundParameters() }

  /// Sets all gradients to zero.
  package func clearGradients() { parameters.clearGradients() }

  /// The library's names for the kernels of all products so far.
  package var implementations: Set<String> { pass.implementations }
}
