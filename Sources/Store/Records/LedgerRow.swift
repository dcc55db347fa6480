public import Corpus

/// What became of one record of a corpus.
public struct LedgerRow: Sendable {
  /// A fault, or a post with what the scorer says about it.
  public enum Outcome: Sendable {
    /// The record was lost on the way.
    case fault(RowFault)
    /// The record is a post; without a prediction the scorer knows it already.
    case post(PostRecord, PredictionRecord?)
  }

  /// Where the record stands.
  public var position: RowPosition
  /// What became of it.
  public var outcome: Outcome

  /// Creates a row from a position and an outcome.
  public init(position: RowPosition, outcome: Outcome) {
    self.position = position
    self.outcome = outcome
  }
}

/// What an entry of a run says about its record; the raw value is what people's SQL sees.
public enum EntryState: String, Sendable, CaseIterable {
  /// The post was scored with its picture, in this run or an earlier one.
  case scored
  /// The post was scored and has no picture.
  case withoutPicture = "without_picture"
  /// The same post stands earlier in the corpus.
  case duplicate
  /// The record was lost; the fault says why.
  case faulted
  /// The post was removed for good.
  case forgotten

  /// The state of a post that stands nowhere earlier in the corpus.
  static func first(hasPicture: Bool) -> EntryState { hasPicture ? .scored : .withoutPicture }

  /// Whether a raw value says that the record's post has an answer, be it another record's.
  static func isAnswered(_ state: String) -> Bool {
    switch EntryState(rawValue: state) {
    case .scored, .withoutPicture, .duplicate: true
    case .faulted, .forgotten, nil: false
    }
  }
}
