internal import Bytes
internal import Foundation
internal import GRDB

/// The predictions of one run of a store, by the posts' keys; all of them are in memory.
///
/// Only tables are read, as a view could compute forever, and no SQL can change the file.
struct SoftLabelRun: Sendable {
  /// The labels of the run's model, in its order.
  let labels: [ByteText]
  /// The fingerprint of the run's model.
  let fingerprint: String
  /// The probabilities, label by label, post by post.
  private var values: [Double] = []
  private var places: [ByteText: Int] = [:]

  private static let tables = ["run", "scorer", "entry", "post", "prediction"]
  /// `PRAGMA application_id` of every store.
  private static let applicationID = 0x434C_4641

  /// Reads a run.
  ///
  /// - Throws: `SoftLabelError` if there is no such store or run, or if a key has two predictions in it.
  init(path: String, run name: String) throws(SoftLabelError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .noStore(path: path) }
    do {
      self = try SQLiteTeacher.queue(path).read { database in
        try Self(database, path: path, run: name)
      }
    } catch let error as SoftLabelError {
      throw error
    } catch {
      throw .sqlite(path: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
    }
  }

  /// The probabilities of the post with a key; nil without a prediction.
  subscript(key: ByteText) -> [Double]? {
    places[key].map { Array(values[$0 * labels.count..<($0 + 1) * labels.count]) }
  }

  private init(_ database: Database, path: String, run name: String) throws {
    let names = Self.tables.map { "'\($0)'" }.joined(separator: ", ")
    let found = try Int.fetchOne(
      database,
      sql: "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name IN (\(names))")
    guard found == Self.tables.count,
      try Int.fetchOne(database, sql: "PRAGMA application_id") == Self.applicationID
    else { throw SoftLabelError.notAStore(path: path) }
    let runs = try Row.fetchAll(
      database,
      sql: """
        SELECT run.id, scorer.id, scorer.labels, scorer.model_fingerprint FROM run
        JOIN scorer ON scorer.id = run.scorer_id WHERE run.name = ?
        """, arguments: [name])
    guard let run = runs.first else {
      throw SoftLabelError.noRun(
        name, path: path, known: try String.fetchAll(database, sql: "SELECT name FROM run ORDER BY id DESC LIMIT 1000"))
    }
    let list = try JSONParser.parse(Array((run[2] as String).utf8)).asList ?? []
    (labels, fingerprint) = (list.compactMap(\.asString).map { ByteText($0) }, run[3])
    guard labels.count > 1, labels.count == Set(labels).count else {
      throw SoftLabelError.fewLabels(run: name, path: path, labels: labels.map(\.text))
    }
    let cursor = try Row.fetchCursor(
      database,
      sql: """
        SELECT post.key, prediction.probabilities FROM prediction
        CROSS JOIN post ON post.id = prediction.post_id
        WHERE prediction.scorer_id = ?
          AND prediction.post_id IN (SELECT entry.post_id FROM entry WHERE entry.run_id = ?)
        """, arguments: [run[1] as Int64, run[0] as Int64])
    let order = labels.places
    while let row = try cursor.next() {
      let key = ByteText(row[0] as String)
      guard places.updateValue(places.count, forKey: key) == nil else {
        throw SoftLabelError.repeatedKey(key.text, run: name, path: path)
      }
      guard case .object(let members) = try JSONParser.parse(Array((row[1] as String).utf8)) else {
        throw SoftLabelError.badPrediction(key: key.text, path: path)
      }
      // A label that the prediction does not name, as one without probabilities does not, has none.
      var own = [Double](repeating: 0, count: labels.count)
      for member in members {
        guard let place = order[member.key], let value = member.value.asNumber, value >= 0 else {
          throw SoftLabelError.badPrediction(key: key.text, path: path)
        }
        own[place] = value
      }
      values += own
    }
    guard !places.isEmpty else { throw SoftLabelError.emptyRun(name, path: path) }
  }
}
