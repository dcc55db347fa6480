package import Bytes
package import Corpus

/// The outcome of one record of a corpus.
package struct LedgerRow: Sendable {
  /// A fault, or a post with the scorer's prediction.
  package enum Outcome: Sendable {
    /// The record was faulted.
    case fault(RowFault)
    /// The record is a post; without a prediction, the scorer has already scored it.
    case post(PostRecord, PredictionRecord?)
  }

  /// The record's place in the corpus.
  package var position: RowPosition
  package var outcome: Outcome

  /// Creates a row from a position and an outcome.
  package init(position: RowPosition, outcome: Outcome) {
    self.position = position
    self.outcome = outcome
  }
}

/// The state of a record in a run; users' SQL sees the raw value.
package enum EntryState: String, Sendable, CaseIterable {
  /// The post was scored with its picture, in this run or an earlier one.
  case scored
  /// The post was scored and has no picture.
  case withoutPicture = "without_picture"
  /// The same post occurs earlier in the corpus.
  case duplicate
  /// The record was faulted; the fault gives the reason.
  case faulted
  /// The post was removed for good.
  case forgotten

  /// The state of a post at its first occurrence in the corpus.
  static func first(hasPicture: Bool) -> EntryState { hasPicture ? .scored : .withoutPicture }

  /// Whether a raw value means that the record's post has a prediction, even if it belongs to another record.
  static func isAnswered(_ state: String) -> Bool {
    switch EntryState(rawValue: state) {
    case .scored, .withoutPicture, .duplicate: true
    case .faulted, .forgotten, nil: false
    }
  }
}

/// A scorer's prediction for a post.
///
/// Numbers are stored as the `Double`s they are, exactly; vectors as little-endian float32.
package struct PredictionRecord: Sendable {
  /// The label with the greatest probability.
  package var label: ByteText
  /// That probability.
  package var confidence: Double
  /// Every label's probability, in the model's order.
  package var probabilities: [(label: ByteText, value: Double)]
  /// The cosine of the text's and the picture's aligned vectors; `nil` without a picture.
  package var textImageSimilarity: Double?
  /// The share of [UNK] among the text's pieces, 0...1.
  package var unknownShare: Double
  /// How many word pieces were cut off.
  package var truncated: Int
  /// The vectors to keep, by space (`text`, `image`, `fused`), not normalised.
  package var vectors: [(space: String, values: [Float])]

  /// Creates a prediction from its parts.
  package init(
    label: ByteText, confidence: Double, probabilities: [(label: ByteText, value: Double)],
    textImageSimilarity: Double? = nil, unknownShare: Double, truncated: Int,
    vectors: [(space: String, values: [Float])] = []
  ) {
    self.label = label
    self.confidence = confidence
    self.probabilities = probabilities
    self.textImageSimilarity = textImageSimilarity
    self.unknownShare = unknownShare
    self.truncated = truncated
    self.vectors = vectors
  }

  /// The probabilities as a JSON object, in the model's order.
  var probabilitiesJSON: String {
    var json = JSONWriter()
    json.object(probabilities, key: \.label.text) { json, member in json.number(member.value) }
    return json.text
  }

  /// Whether every number is finite; SQLite has no NaN, JSON has neither.
  var isFinite: Bool {
    confidence.isFinite && unknownShare.isFinite && textImageSimilarity?.isFinite ?? true
      && probabilities.allSatisfy { $0.value.isFinite }
      && vectors.allSatisfy { VectorBytes.isFinite($0.values) }
  }
}
