import Foundation

/// What an epoch did.
public struct EpochRecord: Sendable, Equatable, Codable {
  /// From 1; 0 is before the first step.
  public var epoch: Int
  /// Steps done by its end.
  public var steps: Int
  /// The mean of the steps' text alignment loss.
  public var lossText = 0.0
  /// The mean of the steps' picture alignment loss.
  public var lossImage = 0.0
  /// The mean of the steps' alignment losses of features; nil for a model without such streams.
  public var lossFeatures: Double?
  /// The mean of the steps' cross-entropy.
  public var lossClassification = 0.0
  /// The mean of their weighted sums.
  public var lossTotal = 0.0
  /// How fast it learnt at its end, as a share of the highest rate.
  public var rate = 0.0
  /// What it made of the posts to validate with.
  public var validation: ValidationResult
  /// Whether it is the best so far.
  public var isBest = false
}

/// The epochs of a run, in order, as `history.jsonl` keeps them: one object a line, the same bytes whether or not the
/// run was interrupted.
public struct TrainingHistory: Sendable, Equatable, Codable {
  /// The epochs; the first is the state before any step.
  public var epochs: [EpochRecord] = []

  /// No epochs yet.
  public init() {}

  /// Reads what `history.jsonl` holds; nil where a line is no epoch.
  public init?(lines: String) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for line in lines.split(separator: "\n") {
      guard let record = try? decoder.decode(EpochRecord.self, from: Data(line.utf8)) else { return nil }
      epochs.append(record)
    }
  }

  /// The best epoch.
  public var best: EpochRecord? { epochs.last { $0.isBest } }

  /// The lines of `history.jsonl`.
  ///
  /// - Throws: `EncodingError` where a number is not finite, which JSON has no word for.
  package func lines() throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try epochs.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
  }
}
