import Bytes
import Foundation
import GRDB

/// Compares predictions that the store already has with those of a file, as a merge does.
final class StoredComparison {
  /// The key of the post whose stored prediction or vector differs.
  struct Difference: Error {
    let key: ByteText
  }

  /// Predictions and vectors that differ a little, because other processors or libraries made them.
  private(set) var nearlyEqual = 0
  private let db: Database
  private let statement, vector: Statement
  /// Whether other machines worked for the scorer, so that small differences are expected.
  private let machinesDiffer: Bool

  init(_ db: Database, machinesDiffer: Bool) throws {
    (self.db, self.machinesDiffer) = (db, machinesDiffer)
    statement = try db.cachedStatement(
      sql: "SELECT \(StoredPrediction.columns) FROM prediction WHERE scorer_id = ? AND post_id = ?")
    vector = try db.cachedStatement(
      sql: "SELECT vector FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
  }

  /// Whether the store has the prediction of a post.
  /// - Throws: `Difference` if it has another one, or another vector.
  func isStored(_ given: PredictionRecord, of post: PostRecord, scorer: Int64, _ id: Int64) throws -> Bool {
    let stored = try statement.first {
      $0.add(scorer)
      $0.add(id)
    } _: {
      try StoredPrediction($0)
    }
    guard let stored else { return false }
    let incoming = StoredPrediction(given)
    if !stored.equals(incoming) {
      guard machinesDiffer, try stored.agrees(with: incoming, on: db) else { throw Difference(key: post.identity.key) }
      nearlyEqual += 1
    }
    for (space, values) in given.vectors {
      guard let present = try Data.fetchOne(vector, arguments: [scorer, space, id]) else { continue }
      let bytes = VectorBytes.data(values)
      if present == bytes { continue }
      guard machinesDiffer, StoredPrediction.vectorsAgree(present, bytes) else {
        throw Difference(key: post.identity.key)
      }
      nearlyEqual += 1
    }
    return true
  }
}

extension StoredPrediction {
  /// A prediction as it would be stored.
  init(_ record: PredictionRecord) {
    label = record.label
    (confidence, similarity) = (record.confidence, record.textImageSimilarity)
    probabilities = ByteText(record.probabilitiesJSON)
    (unknownShare, truncated) = (record.unknownShare, record.truncated)
  }
}
