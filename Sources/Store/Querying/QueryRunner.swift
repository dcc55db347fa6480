import Bytes
import GRDB
import GRDBSQLite
package import Queries

/// Runs queries on a store; no SQL can change anything.
///
/// SQLite itself ensures this: the connection is read-only, no other database can be attached, and only statements that
/// read are allowed. See `ReadOnlyConnection`.
package final class QueryRunner {
  private let reader: StoreReader
  private let calibration: CalibratedPredictions?
  private let shouldStop: @Sendable () -> Bool

  /// Opens a store for queries.
  ///
  /// - Parameters:
  ///   - path: The store's file.
  ///   - calibration: How predictions are calibrated when they are read; nil for the model's own.
  ///   - shouldStop: Asked every few thousand steps of SQLite; once it says yes, the query ends as
  ///     `interrupted`.
  /// - Throws: `QueryError.store` if there is no store that this version reads.
  package init(
    path: String, calibration: CalibratedPredictions? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(QueryError) {
    self.calibration = calibration
    do {
      reader = try StoreReader(path: path)
    } catch {
      throw .store(error)
    }
    self.shouldStop = shouldStop
  }

  /// Runs a query and passes on its rows one by one, all from one state of the store.
  ///
  /// Memory does not grow with the number of rows.
  /// - Parameters:
  ///   - query: The query; without a header it takes every `:name` its SQL names, `:run` being the latest
  ///     run unless given.
  ///   - arguments: Values for its parameters.
  ///   - columns: Gets the columns' names, once, before the first row.
  ///   - row: Gets a value for each column; returns whether it wants more rows.
  /// - Throws: `QueryError`; rows may have been handed on before.
  package func run(
    _ query: NamedQuery, arguments: [QueryArgument] = [], columns: ([String]) -> Void,
    row: ([QueryValue]) -> Bool
  ) throws(QueryError) {
    do {
      // The reader knows how this file may be opened, and detects whether a store in a read-only folder changed in the
      // meantime. Its own connection stays as GRDB configured it; the query gets another one.
      try reader.read { db in
        let connection = try ReadOnlyConnection(
          address: address(db), path: reader.path, calibration: calibration, shouldStop: shouldStop)
        let statement = try QueryStatement(
          calibration == nil ? query : query.withoutPredictionIndexes, on: connection)
        try statement.bind(bindings(query, arguments, names: statement.parameterNames, on: connection))
        columns(statement.columns)
        while try statement.step() {
          guard row(statement.values) else { return }
        }
      }
    } catch let error as QueryError {
      throw error
    } catch {
      throw .store(StoreError(error, store: reader.path, isReading: true))
    }
  }

  /// Counts the reposts of the run that a query asks: the latest one, or that of the argument `run`.
  ///
  /// - Throws: `QueryError`; `olderStore` if an earlier version wrote the store.
  package func reposts(for arguments: [QueryArgument]) throws(QueryError) -> RunReposts {
    let sql = """
      -- reposts: How many posts repeat another.
      -- @run run = latest
      \(RunReposts.sql(ofRun: "(SELECT id FROM run WHERE name = :run)"))
      """
    let query: NamedQuery
    do { query = try NamedQuery.own(name: "reposts", file: "reposts", sql: sql) } catch { return RunReposts() }
    var numbers: [Int] = []
    try run(query, arguments: arguments.filter { $0.name == "run" }, columns: { _ in }) { values in
      numbers = values.map { if case .integer(let number) = $0 { Int(number) } else { 0 } }
      return false
    }
    return RunReposts(numbers)
  }

  /// How the calibration changes the answers of the run that a query asks: the latest one, or that of the argument
  /// `run`; nil without a calibration.
  ///
  /// - Throws: `QueryError`.
  package func calibrationEffect(for arguments: [QueryArgument]) throws(QueryError) -> CalibrationEffect? {
    guard let calibration else { return nil }
    let sql = """
      -- calibration: How many answers a calibration changes.
      -- @run run = latest
      \(CalibratedPredictions.effectSQL(ofRun: "(SELECT id FROM run WHERE name = :run)"))
      """
    let query: NamedQuery
    do { query = try NamedQuery.own(name: "calibration", file: "calibration", sql: sql) } catch { return nil }
    var effect: CalibrationEffect?
    try run(query, arguments: arguments.filter { $0.name == "run" }, columns: { _ in }) { values in
      if case .integer(let answers) = values[1], case .integer(let changed) = values[2] {
        let fingerprint = if case .text(let text) = values[0] { text } else { "" }
        effect = CalibrationEffect(
          rule: calibration.rule, fingerprint: fingerprint, answers: Int(answers), changed: Int(changed))
      }
      return false
    }
    return effect
  }

  private func address(_ db: Database) -> String {
    let name = sqlite3_db_filename(db.sqliteConnection, "main")
    return sqlite3_uri_boolean(name, "immutable", 0) != 0 ? reader.file.immutableAddress : reader.path
  }

  private func bindings(
    _ query: NamedQuery, _ arguments: [QueryArgument], names: [ByteText], on connection: ReadOnlyConnection
  ) throws(QueryError) -> [(name: ByteText, value: QueryValue)] {
    if let declared = query.parameters {
      let others = names.filter { name in !declared.contains { $0.name == name } }
      guard others.isEmpty else { throw .arguments(.undeclared(others.map(\.text), query: query.name)) }
    }
    let parameters = query.parameters ?? names.map(QueryParameter.init(namedBySQL:))
    let bindings: [QueryBinding]
    do {
      bindings = try parameters.bindings(for: arguments, of: query.name)
    } catch {
      throw .arguments(error)
    }
    var values: [(name: ByteText, value: QueryValue)] = []
    for binding in bindings {
      var value = binding.value
      if binding.parameter.kind == .column, case .text(let name) = value {
        try QueryColumns.check(name, on: connection)
      }
      if binding.parameter.kind == .run, case .text(let name) = value {
        let found = try resolve(run: name, on: connection)
        for need in query.needs where try lacks(need, run: found, on: connection) {
          throw .cannotTell(need, run: found, query: query.name)
        }
        value = .text(found)
      }
      values.append((binding.parameter.name, value))
    }
    return values
  }

  private func lacks(_ need: QueryRequirement, run: String, on connection: ReadOnlyConnection) throws(QueryError)
    -> Bool
  {
    let query: NamedQuery
    do { query = try NamedQuery.own(name: "needs", file: "needs", sql: need.unmetConditionSQL) } catch { return false }
    let statement = try QueryStatement(query, on: connection)
    try statement.bind([("run", .text(run))])
    return try statement.step()
  }

  /// The name of an existing run: the given one, or the latest.
  private func resolve(run name: String, on connection: ReadOnlyConnection) throws(QueryError) -> String {
    let known = try connection.texts("SELECT name FROM run ORDER BY id DESC")
    if known.contains(where: { ByteText($0) == ByteText(name) }) { return name }
    if name == QueryParameter.latest, let latest = known.first { return latest }
    if known.isEmpty { throw .store(.noRuns(path: reader.path)) }
    throw .store(.runNotFound(name: name, known: known))
  }
}

/// The columns that a query's parameter of the kind `column` may name.
enum QueryColumns {
  /// Those that every store has, in addition to the corpus' own.
  static let standard = ["file", "state", "truncated", "day", "week", "month", "truth"]

  /// Rejects a column that no post has.
  ///
  /// - Throws: `QueryError.unknownColumn` with the columns there are.
  static func check(_ name: String, on connection: ReadOnlyConnection) throws(QueryError) {
    if standard.contains(name) { return }
    let known = try own(on: connection)
    if known.contains(where: { ByteText($0) == ByteText(name) }) { return }
    throw .unknownColumn(name, known: known + standard)
  }

  /// The corpus' own columns. Only the first post of each file of each run is read, because all rows of a file have one
  /// header.
  private static func own(on connection: ReadOnlyConnection) throws(QueryError) -> [String] {
    try connection.texts(
      """
      SELECT DISTINCT member.key
      FROM run
      JOIN json_each(run.counts, '$.files') AS file
      CROSS JOIN post ON post.id = (
        SELECT entry.post_id FROM entry
        WHERE entry.run_id = run.id AND entry.file = file.key AND entry.post_id IS NOT NULL LIMIT 1
      )
      CROSS JOIN json_each(post.extra) AS member
      """)
  }
}
