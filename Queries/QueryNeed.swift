/// What a run must be able to tell for a query to mean something; a header says it as `@needs confidence`.
public enum QueryNeed: String, CaseIterable, Sendable {
  /// How sure its system was of each label.
  case confidence

  /// SQL that is true of runs that cannot tell it; `:run` is the run's name.
  package var lackingSQL: String {
    switch self {
    case .confidence:
      "SELECT 1 FROM run WHERE name = :run AND \(QueryParts.lacksConfidence(scorer: "run.scorer_id"))"
    }
  }

  /// The need of a header's line; nil where the line declares a parameter.
  init?(line: String) {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 2, words[0].utf8.elementsEqual("@needs".utf8) else { return nil }
    self.init(rawValue: words[1])
  }
}
