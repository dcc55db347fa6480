import Bytes
import Foundation
import GRDB
import Queries

/// A prediction as it lies in a store, to be copied or compared.
struct StoredPrediction {
  var label: String
  var confidence: Double
  var probabilities: String
  var similarity: Double?
  var unknownShare: Double
  var truncated: Int

  /// How far numbers from different processors or libraries may lie apart.
  static let tolerance = 1e-4

  /// The columns that `init` reads, in its order.
  static let columns = "label, confidence, probabilities, text_image_similarity, unknown_share, truncated"

  init(_ row: Row) throws {
    label = try row.get(0)
    confidence = try row.get(1)
    probabilities = try row.get(2)
    similarity = try row.find(3)
    unknownShare = try row.get(4)
    truncated = try row.get(5)
  }

  /// The probabilities that stand for a label without any: 1 for it. Earlier versions stored them where a confidence was
  /// given, too; now there are none then.
  static func probabilities(ofLabelAlone label: String) -> String {
    var json = JSONText()
    json.object([label], key: { $0 }, value: { json, _ in json.number(1.0) })
    return json.text
  }

  /// Whether an import gave its label without probabilities, however that is stored.
  private var hasNoProbabilities: Bool {
    probabilities.hasSameBytes(as: "{}")
      || probabilities.hasSameBytes(as: Self.probabilities(ofLabelAlone: label))
  }

  /// Whether both say the same to the bit, but for how it is stored that there are no probabilities.
  func equals(_ other: StoredPrediction) -> Bool {
    label.hasSameBytes(as: other.label) && confidence == other.confidence
      && (probabilities.hasSameBytes(as: other.probabilities) || (hasNoProbabilities && other.hasNoProbabilities))
      && similarity == other.similarity
      && unknownShare == other.unknownShare && truncated == other.truncated
  }

  /// Whether the model's numbers lie within the tolerance and all else is equal. Where two labels are that
  /// close to a tie, either may win.
  func agrees(with other: StoredPrediction, on db: Database) throws -> Bool {
    guard unknownShare == other.unknownShare, truncated == other.truncated,
      Self.isNear(confidence, other.confidence)
    else { return false }
    switch (similarity, other.similarity) {
    case (nil, nil): break
    case (let left?, let right?): guard Self.isNear(left, right) else { return false }
    default: return false
    }
    let (left, right) = (try numbers(db), try other.numbers(db))
    return left.count == right.count
      && zip(left, right).allSatisfy { $0.0.hasSameBytes(as: $1.0) && Self.isNear($0.1, $1.1) }
  }

  private func numbers(_ db: Database) throws -> [(String, Double)] {
    try Row.fetchAll(db, sql: "SELECT key, value FROM json_each(?)", arguments: [probabilities]).map {
      (String.fromDatabaseValue($0[0]) ?? "", Double.fromDatabaseValue($0[1]) ?? .nan)
    }
  }

  private static func isNear(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= tolerance
  }

  /// Whether two vectors lie within the tolerance, measured by the greater of 1 and their greatest component.
  static func vectorsAgree(_ left: Data, _ right: Data) -> Bool {
    guard let left = VectorBytes.values(left), let right = VectorBytes.values(right),
      left.count == right.count
    else { return false }
    let scale = (left + right).reduce(1 as Float) { Swift.max($0, abs($1)) }
    return zip(left, right).allSatisfy { Double(abs($0 - $1)) <= tolerance * Double(scale) }
  }
}
