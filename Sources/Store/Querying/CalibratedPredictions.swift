package import Bytes
package import GRDB
import Queries

/// A model's stored predictions as a calibration turns them into answers; the store keeps the model's own.
///
/// A connection reads them through temporary views with the names of the table `prediction` and of the views over it,
/// so every query reads them without a change. An index of `prediction` then finds posts, but does not sort or filter
/// by label or confidence, as these are computed for each row.
package struct CalibratedPredictions: Sendable {
  /// A post's answer.
  package struct Answer: Sendable {
    /// The calibrated probability of each label.
    package var probabilities: [Double]
    /// The index of the label.
    package var label: Int

    package init(probabilities: [Double], label: Int) {
      (self.probabilities, self.label) = (probabilities, label)
    }
  }

  /// The fingerprint of the model; predictions of other models stay as they are.
  package let fingerprint: String
  /// The model's labels, in its order.
  package let labels: [ByteText]
  /// The calibration in words, such as `temperature 1.2, "ironic" from 0.41 on`.
  package let rule: String
  /// The answer to a post with these probabilities, one for each label.
  let answer: @Sendable ([Double]) -> Answer

  package init(
    fingerprint: String, labels: [ByteText], rule: String, answer: @escaping @Sendable ([Double]) -> Answer
  ) {
    (self.fingerprint, self.labels, self.rule, self.answer) = (fingerprint, labels, rule, answer)
  }

  /// Makes a connection read the calibrated predictions; nothing is written into the store.
  func install(on database: Database) throws {
    for function in functions { database.add(function: function) }
    let scorers = try Int64.fetchAll(
      database, sql: "SELECT id FROM scorer WHERE model_fingerprint = ?", arguments: [fingerprint])
    let isOwn = "scorer_id IN (\(scorers.map { "\($0)" }.joined(separator: ", ")))"
    let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('prediction', 'main')")
      .map { name in
        switch name {
        case "label", "confidence", "probabilities":
          "CASE WHEN \(isOwn) THEN calibrated_\(name)(probabilities) ELSE \(name) END AS \(name)"
        default: "\"\(name.replacing("\"", with: "\"\""))\""
        }
      }
    try database.execute(
      sql: """
        CREATE TEMP VIEW prediction AS SELECT \(columns.joined(separator: ", ")) FROM main.prediction;
        \((StoreSchema.scoredView + StoreSchema.scoredCounts).replacing("CREATE VIEW", with: "CREATE TEMP VIEW"))
        """)
  }

  private var functions: [DatabaseFunction] {
    [
      DatabaseFunction("calibrated_label", argumentCount: 1, pure: true) { values in
        answer(to: values[0]).map { labels[$0.label].text }
      },
      DatabaseFunction("calibrated_confidence", argumentCount: 1, pure: true) { values in
        answer(to: values[0]).map { $0.probabilities[$0.label] }
      },
      DatabaseFunction("calibrated_probabilities", argumentCount: 1, pure: true) { values in
        answer(to: values[0]).map { answer in
          var json = JSONWriter()
          json.object(Array(zip(labels, answer.probabilities)), key: \.0.text) { json, member in
            json.number(member.1)
          }
          return json.text
        }
      },
    ]
  }

  /// The answer to stored probabilities; nil if they are not those of the model's labels.
  private func answer(to value: DatabaseValue) -> Answer? {
    guard let text = String.fromDatabaseValue(value) else { return nil }
    var values: [Double] = []
    for label in labels {
      guard let value = try? ProbabilityScan.value(of: label.text, in: text) else { return nil }
      values.append(value)
    }
    return answer(values)
  }

  /// How a run's answers change, on a connection that reads calibrated predictions.
  ///
  /// - Complexity: a pass over the run's predictions.
  package func effect(ofRun id: Int64, in database: Database) throws -> CalibrationEffect {
    let row = try Row.fetchOne(database, sql: Self.effectSQL(ofRun: "\(id)"))
    func number(_ place: Int) -> Int { row.flatMap { Int.fromDatabaseValue($0[place]) } ?? 0 }
    return CalibrationEffect(
      rule: rule, fingerprint: row.flatMap { String.fromDatabaseValue($0[0]) } ?? "", answers: number(1),
      changed: number(2))
  }

  /// How a run's answers change, counted on a connection that reads calibrated predictions.
  ///
  /// - Parameter run: the run's id, as SQL.
  /// - Returns: a statement with the run's fingerprint, the number of its answers, and of those that change.
  /// - Complexity: a pass over the run's predictions.
  static func effectSQL(ofRun run: String) -> String {
    """
    SELECT
      (SELECT scorer.model_fingerprint FROM run JOIN scorer ON scorer.id = run.scorer_id WHERE run.id = \(run)),
      count(*),
      count(CASE WHEN prediction.label <> raw.label THEN 1 END)
    FROM run
    CROSS JOIN entry ON entry.run_id = run.id
    CROSS JOIN main.prediction AS raw ON raw.scorer_id = run.scorer_id AND raw.post_id = entry.post_id
    CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    WHERE run.id = \(run) AND \(SQLFragments.isScored("entry"))
    """
  }
}

/// How a calibration changes a run's answers.
package struct CalibrationEffect: Equatable, Sendable {
  /// The calibration in words.
  package var rule: String
  /// The fingerprint of the model that made the run.
  package var fingerprint: String
  /// The number of the run's answers.
  package var answers: Int
  /// The number of them that differ from the model's own.
  package var changed: Int

  package init(rule: String, fingerprint: String, answers: Int, changed: Int) {
    (self.rule, self.fingerprint, self.answers, self.changed) = (rule, fingerprint, answers, changed)
  }

  /// The effect in a sentence without its end.
  package var words: String {
    "calibrated (\(rule)): \(changed) of \(answers) \(answers == 1 ? "answer" : "answers") "
      + "\(changed == 1 ? "differs" : "differ") from the model's own"
  }
}
