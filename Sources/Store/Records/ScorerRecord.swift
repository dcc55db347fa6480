package import Bytes
import GRDB
import Queries

/// A model at a precision, with the options that affect a result. Predictions belong to a scorer.
package struct ScorerRecord: Sendable {
  /// The hash of every file that can change a raw score.
  package var modelFingerprint: String
  /// The model's name, for people.
  package var modelName: String
  /// The resolved precision (`f32`, …), never `auto`.
  package var precision: String
  /// The options that affect a result, as a canonical JSON object.
  package var options: String
  /// The labels' names in the model's order.
  package var labels: [ByteText]

  /// Creates a scorer from its parts.
  package init(
    modelFingerprint: String, modelName: String, precision: String, options: String, labels: [ByteText]
  ) {
    self.modelFingerprint = modelFingerprint
    self.modelName = modelName
    self.precision = precision
    self.options = options
    self.labels = labels
  }

  /// The labels as a JSON array.
  var labelsJSON: String {
    var json = JSONWriter()
    json.array(labels) { $0.string($1.text) }
    return json.text
  }

  /// The scorer's id in a store; the scorer is added if it is missing.
  func identify(in db: Database) throws -> Int64 {
    try Self.identify(
      fingerprint: modelFingerprint, name: modelName, precision: precision, options: options,
      labels: labelsJSON,
      in: db)
  }

  /// The scorer's id in a store; `nil` if it has none.
  func find(in db: Database) throws -> Int64? {
    try Self.find(fingerprint: modelFingerprint, precision: precision, options: options, in: db)
  }

  private static func find(
    fingerprint: String, precision: String, options: String, in db: Database
  ) throws -> Int64? {
    try Int64.fetchOne(
      db, sql: "SELECT id FROM scorer WHERE model_fingerprint = ? AND precision = ? AND options = ?",
      arguments: [fingerprint, precision, options])
  }

  static func identify(
    fingerprint: String, name: String, precision: String, options: String, labels: String, in db: Database
  ) throws -> Int64 {
    let known = try find(fingerprint: fingerprint, precision: precision, options: options, in: db)
    if let known { return known }
    try db.execute(
      sql: """
        INSERT INTO scorer (model_fingerprint, model_name, precision, options, labels) VALUES (?, ?, ?, ?, ?)
        """, arguments: [fingerprint, name, precision, options, labels])
    return db.lastInsertedRowID
  }
}
