import Bytes

/// What another system said about a post.
public struct ForeignPrediction: Equatable, Sendable {
  /// Where it stands.
  public var position: RowPosition
  /// The post's key.
  public var key: String
  /// The label: the one that the file names, else the most probable one, the first of several.
  public var label: String
  /// How sure the system was: what the file says, else the label's probability, 1 for a label alone.
  public var confidence: Double
  /// One probability a label, in the file's order, as the file has them; empty for a label alone.
  public var probabilities: [Double]
  /// Whether the file says how sure the system was.
  public var isSure: Bool

  /// A prediction of these parts.
  public init(
    position: RowPosition, key: String, label: String, confidence: Double, probabilities: [Double],
    isSure: Bool = false
  ) {
    (self.position, self.key, self.label) = (position, key, label)
    (self.confidence, self.probabilities, self.isSure) = (confidence, probabilities, isSure)
  }

  /// How far probabilities may be from adding up to 1: files have few digits.
  static let slack = 0.01

  static func reading(
    _ cells: [String], _ position: RowPosition, _ layout: PredictionLayout, _ names: LabelNames
  ) -> PredictionFile.Row {
    let key = cells[layout.id]
    func fault(_ code: FaultCode, _ detail: String) -> PredictionFile.Row {
      .fault(
        RowFault(
          position: position, key: key.isEmpty ? nil : key, stage: .corpus, code: code, detail: detail))
    }
    if key.isEmpty { return fault(.emptyKey, "the id is empty: give the row the id of its post") }
    let cell = layout.label.map { cells[$0] } ?? ""
    var label = cell.isBlank ? nil : names[cell] ?? cell
    var values: [Double] = []
    if !layout.probabilities.isEmpty {
      // An export of labels alone has the columns, and nothing in them.
      let isAlone = layout.probabilities.allSatisfy { cells[$0.place].isBlank }
      if label == nil, isAlone { return fault(.noLabel, "neither a label nor probabilities") }
      for (name, place) in layout.probabilities where !isAlone {
        guard let value = share(cells[place]) else {
          return fault(
            .badProbability, "'\(cells[place].clipped(to: 40))' of '\(name.clipped(to: 40))' is no number from 0 to 1")
        }
        values.append(value)
      }
      let sum = values.reduce(0, +)
      guard isAlone || abs(sum - 1) <= slack else {
        return fault(.badProbability, "the probabilities add up to \(sum), not to 1: divide each by their sum")
      }
      if let label, !layout.probabilities.contains(where: { $0.label.hasSameBytes(as: label) }) {
        return fault(
          .unknownLabel,
          "no column holds the probability of '\(label.clipped(to: 40))': name coded labels with --labels")
      }
      if label == nil, let best = values.indices.max(by: { values[$0] < values[$1] }) {
        label = layout.probabilities[best].label
      }
    }
    guard let label else { return fault(.noLabel, "the label is empty") }
    var confidence =
      layout.probabilities.firstIndex { $0.label.hasSameBytes(as: label) }.flatMap { values.isEmpty ? nil : values[$0] }
      ?? 1
    var isSure = false
    if let place = layout.confidence, !cells[place].isBlank {
      guard let given = share(cells[place]) else {
        return fault(.badProbability, "the confidence '\(cells[place].clipped(to: 40))' is no number from 0 to 1")
      }
      (confidence, isSure) = (given, true)
    }
    return .prediction(
      ForeignPrediction(
        position: position, key: key, label: label, confidence: confidence, probabilities: values,
        isSure: isSure))
  }

  /// A number from 0 to 1; what rounding put just outside counts as the end.
  private static func share(_ text: String) -> Double? {
    guard let value = Double(text), value >= -1e-6, value <= 1 + 1e-6 else { return nil }
    return min(max(value, 0), 1)
  }
}
