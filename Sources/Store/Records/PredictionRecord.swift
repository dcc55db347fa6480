import Foundation

/// What a scorer says about a post.
///
/// Numbers are stored as the `Double`s they are, exactly; vectors as little-endian float32.
public struct PredictionRecord: Sendable {
  /// The label with the greatest probability.
  public var label: String
  /// That probability.
  public var confidence: Double
  /// Every label's probability, in the model's order.
  public var probabilities: [(label: String, value: Double)]
  /// The cosine of the text's and the picture's aligned vectors; `nil` without a picture.
  public var textImageSimilarity: Double?
  /// The share of [UNK] among the text's pieces, 0...1.
  public var unknownShare: Double
  /// How many word pieces were cut off.
  public var truncated: Int
  /// The vectors to keep, by space (`text`, `image`, `fused`), not normalised.
  public var vectors: [(space: String, values: [Float])]

  /// Creates a prediction from its parts.
  public init(
    label: String, confidence: Double, probabilities: [(label: String, value: Double)],
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
    var json = JSONText()
    json.object(probabilities, key: \.label) { json, member in json.number(member.value) }
    return json.text
  }

  /// Whether every number is finite; SQLite has no NaN, JSON has neither.
  var isFinite: Bool {
    confidence.isFinite && unknownShare.isFinite && textImageSimilarity?.isFinite ?? true
      && probabilities.allSatisfy { $0.value.isFinite }
      && vectors.allSatisfy { VectorBytes.isFinite($0.values) }
  }
}

/// A vector as the store keeps it: little-endian float32, nothing else.
enum VectorBytes {
  static func data(_ values: [Float]) -> Data {
    // A closure, for a key path is not inlined here and would take nine tenths of a commit's time.
    values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }

  /// The numbers of a blob; `nil` where its length is not a multiple of four.
  static func values(_ data: Data) -> [Float]? {
    guard data.count.isMultiple(of: 4) else { return nil }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }

  /// Whether no number is infinite or NaN.
  static func isFinite(_ values: [Float]) -> Bool {
    // A sum of exponent tests, so that the loop vectorises.
    values.reduce(0 as UInt32) { $0 | ($1.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0) } == 0
  }
}
