import Bytes
import GRDB
import Queries
import Store
import Testing

/// What is read through a calibration; the store stays as it is.
@Suite struct CalibratedPredictionsTests {
  /// Model 1 with labels that swap: each post's answer is "never" if that has a tenth.
  private static func store() throws -> QueryingStore {
    let store = try QueryingStore()
    try DatabaseQueue(path: store.path).write {
      try $0.execute(
        sql: """
          UPDATE prediction SET probabilities = '{"no":0.375,"yes":0.5,"never":0.125}', label = 'yes', confidence = 0.5;
          UPDATE prediction SET probabilities = '{"no":0.75,"yes":0.25,"never":0}', label = 'no', confidence = 0.75
            WHERE post_id IN (2, 6);
          UPDATE prediction SET probabilities = '{"no":1}' WHERE post_id = 5;
          """)
    }
    return store
  }

  private static let calibration = CalibratedPredictions(
    fingerprint: "aa", labels: ["no", "yes", "never"], rule: "a rule"
  ) { probabilities in
    CalibratedPredictions.Answer(
      probabilities: probabilities.map { $0 / 2 }, label: probabilities[2] > 0.1 ? 2 : probabilities[0] > 0.5 ? 0 : 1)
  }

  private static func rows(
    _ store: QueryingStore, _ sql: String, _ calibration: CalibratedPredictions? = calibration
  ) throws -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    try QueryRunner(path: store.path, calibration: calibration).run(
      NamedQuery.own(name: "q", file: "q", sql: sql), columns: { _ in }
    ) {
      rows.append($0)
      return true
    }
    return rows
  }

  @Test func predictionsOfTheModelAreCalibratedAndOthersAreNot() throws {
    let store = try Self.store()
    let sql = "SELECT post_id, label, confidence, probability(probabilities, 'no') FROM prediction WHERE scorer_id = "
    let own = try Self.rows(store, sql + "1 ORDER BY post_id")
    #expect(own[0] == [.integer(1), .text("never"), .real(0.0625), .real(0.1875)])
    #expect(own[1] == [.integer(2), .text("no"), .real(0.375), .real(0.375)])
    // Probabilities that are not those of the model's labels have no answer.
    #expect(own[4] == [.integer(5), .null, .null, .null])
    #expect(try Self.rows(store, sql + "2 ORDER BY post_id") == Self.rows(store, sql + "2 ORDER BY post_id", nil))
    #expect(try Self.rows(store, sql.replacing("FROM", with: "FROM main.") + "1 LIMIT 1")[0][1] == .text("yes"))
  }

  @Test func viewsReadThem() throws {
    let store = try Self.store()
    try DatabaseQueue(path: store.path).write { try $0.execute(sql: "DELETE FROM run WHERE id > 1") }
    let scored = "SELECT label FROM scored ORDER BY key"
    #expect(
      try Self.rows(store, scored).map { $0[0] } == ["never", "no", "never", "never"].map { .text($0) } + [
        .null, .text("no"),
      ])
    #expect(try Self.rows(store, scored, nil)[0] == [.text("yes")])
    #expect(try Self.rows(store, "SELECT sum(posts) FROM confusion WHERE predicted = 'never'") == [[.integer(3)]])
    #expect(try Self.rows(store, "SELECT count(*) FROM mistake WHERE label = 'never'") == [[.integer(3)]])
  }

  /// Every named query runs, also those that name an index of `prediction`.
  @Test func namedQueriesRun() throws {
    let store = try Self.store(), runner = try QueryRunner(path: store.path, calibration: Self.calibration)
    for query in try NamedQuery.all where query.parameters?.contains(where: { $0.name == "against" }) == false {
      let needed = ["post": "key=p1", "search": "words=one", "shares-by": "column=file"][query.name]
      var count = 0
      try runner.run(
        query,
        arguments: try (["run=first"] + [needed].compactMap(\.self)).filter { argument in
          query.parameters?.contains { argument.hasPrefix($0.name.text + "=") } == true
        }.map { try QueryArgument(parsing: $0) }, columns: { count = $0.count }
      ) { _ in true }
      #expect(count > 0, "\(query.name)")
    }
  }

  @Test func theEffectIsCounted() throws {
    let store = try Self.store()
    let runner = try QueryRunner(path: store.path, calibration: Self.calibration)
    let effect = try runner.calibrationEffect(for: [QueryArgument(name: "run", value: "first")])
    #expect(effect == CalibrationEffect(rule: "a rule", fingerprint: "aa", answers: 6, changed: 3))
    #expect(effect?.words == "calibrated (a rule): 3 of 6 answers differ from the model's own")
    // The latest run is the other model's.
    #expect(try runner.calibrationEffect(for: [])?.fingerprint == "bb")
    #expect(try QueryRunner(path: store.path).calibrationEffect(for: []) == nil)
    let reader = try StoreReader(path: store.path, calibration: Self.calibration)
    #expect(try reader.read { try Self.calibration.effect(ofRun: 1, in: $0) } == effect)
  }
}
