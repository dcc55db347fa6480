import GRDB
import Queries
import Store
import Testing

/// The queries that pick posts to look at.
@Suite struct FindingQueriesTests {
  let store: QueryingStore

  init() throws {
    store = try QueryingStore()
  }

  private func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test func pairsComeWithTheirSurestExamples() throws {
    let answer = try store.ask("confused-pairs", "run=first")
    #expect(answer.column("truth") == [.text("yes"), .text("yes"), .text("no")])
    #expect(answer.column("predicted") == [.text("no"), .text("no"), .text("yes")])
    #expect(answer.column("posts") == [.integer(2), .integer(2), .integer(1)])
    #expect(answer.column("of_truth") == [.integer(3), .integer(3), .integer(1)])
    #expect(answer.column("key") == [.text("p4"), .text("p2"), .text("p3")])
    #expect(try store.ask("confused-pairs", "run=first", "examples=1").column("key") == [.text("p4"), .text("p3")])
  }

  @Test func textsThatDifferInLittleAreOneGroup() throws {
    try change(
      """
      UPDATE post SET text = 'So GOOD @anna  https://t.co/1' WHERE id IN (1, 4);
      UPDATE post SET text = ' so good @bob https://t.co/2 ' WHERE id = 6;
      UPDATE post SET text = 'so good @bob' WHERE id = 2;
      UPDATE post SET text = '' WHERE id IN (3, 5);
      """)
    let answer = try store.ask("near-duplicates", "run=first")
    #expect(answer.column("key") == [.text("p1"), .text("p4"), .text("p6")])
    #expect(answer.column("group") == [.integer(1), .integer(1), .integer(1)])
    #expect(answer.column("posts") == [.integer(3), .integer(3), .integer(3)])
    #expect(answer.column("label") == [.text("yes"), .text("no"), .text("no")])
    #expect(try store.ask("near-duplicates", "run=first", "examples=2").rows.count == 2)
    #expect(try store.ask("near-duplicates", "run=first", "limit=0").rows.isEmpty)
  }

  @Test func equalPicturesAreOneGroup() throws {
    try change("UPDATE post SET picture_hash = 'y' WHERE id IN (2, 3)")
    let answer = try store.ask("near-duplicates", "run=first", "by=picture")
    #expect(answer.column("key") == [.text("p1"), .text("p4"), .text("p2"), .text("p3")])
    #expect(answer.column("group") == [.integer(1), .integer(1), .integer(2), .integer(2)])
    #expect { try store.ask("near-duplicates", "run=first", "by=sound") } throws: {
      "\($0)".contains("text or picture")
    }
  }

  @Test func stagesShareTheRunsRows() throws {
    let answer = try store.ask("fault-stages", "run=first")
    #expect(answer.column("stage") == [.text("corpus"), .text("image")])
    #expect(answer.column("rows") == [.integer(1), .integer(1)])
    #expect(answer.column("of_rows") == [.integer(9), .integer(9)])
    #expect(answer.column("commonest_code") == [.text("too_few_fields"), .text("missing")])
  }

  @Test func aPostWithoutATextDisagreesWithNoPicture() throws {
    try change("UPDATE post SET text = '' WHERE key IN ('p2', 'p6')")
    let answer = try store.ask("unaligned", "run=first", "limit=2")
    #expect(answer.column("key") == [.text("p3"), .text("p1")])
    #expect(answer.column("text") == [.text("three"), .text("one")])
    #expect(try store.ask("unaligned", "run=first", "limit=-1").column("key").count == 3)
    let reasons = try store.ask("triage", "run=first").column("reason").map { "\($0)" }
    #expect(reasons.contains { $0.contains("clash: ") } && !reasons.contains { $0.contains("-0.250") }, "\(reasons)")
  }

  @Test func triageNamesEachPostOnceWithAReason() throws {
    try change("UPDATE prediction SET unknown_share = 0.5 WHERE scorer_id = 1 AND post_id IN (3, 5)")
    let answer = try store.ask("triage", "run=first")
    let expected: [(String?, String)] = [
      ("p3", "mistake: the true label is no, but the predicted label has confidence 0.800"),
      ("p5", "uncertain: the predicted label has confidence 0.550"),
      ("p2", "clash: the cosine of text and picture is -0.250"),
      ("p7", "fault: image missing (rows: 1, first: a.csv:8)"),
      ("p4", "mistake: the true label is yes, but the predicted label has confidence 0.700"),
      ("p6", "uncertain: the predicted label has confidence 0.950"),
      ("p1", "clash: the cosine of text and picture is 0.500"),
      (nil, "fault: corpus too_few_fields (rows: 1, first: a.csv:10)"),
    ]
    #expect(Set(answer.column("key").map { "\($0)" }).count == 8)
    #expect(Set(answer.column("reason").map { "\($0)" }) == Set(expected.map { "\(QueryValue.text($0.1))" }))
    #expect(answer.column("key").first == .text("p3"))
    #expect(try store.ask("triage", "run=first", "budget=3").rows == Array(answer.rows.prefix(3)))
    #expect(try store.ask("triage", "run=first").rows == answer.rows)
    #expect(try store.ask("triage", "run=first", "budget=0").rows.isEmpty)
    for all in ["-1", "-9223372036854775808"] {
      #expect(try store.ask("triage", "run=first", "budget=\(all)").rows == answer.rows)
    }
    #expect(try store.ask("triage", "run=first", "budget=9223372036854775807").rows.count == 8)
  }

  /// Turns run `first` into another system's labels without confidences: each confidence is the placeholder 1.
  private func takeLabelsAlone() throws {
    try change(
      """
      UPDATE scorer SET precision = 'foreign', options = '{"hard":true}' WHERE id = 1;
      UPDATE prediction SET confidence = 1, probabilities = json_object(label, 1.0) WHERE scorer_id = 1;
      """)
  }

  @Test func labelsAloneHaveNoConfidenceInAnyQuery() throws {
    try takeLabelsAlone()
    let questions: [(String, [String])] = [
      ("confused-pairs", []), ("disagreements", ["against=second"]), ("labels", []),
      ("post", ["key=p1"]), ("triage", ["against=second"]), ("unaligned", []),
    ]
    for (name, arguments) in questions {
      let answer = try store.ask(NamedQuery.named(name, in: NamedQuery.all), ["run=first"] + arguments)
      #expect(!answer.rows.isEmpty, "\(name)")
      for column in ["confidence", "mean_confidence"] {
        #expect(answer.column(column).allSatisfy { $0 == .null }, "\(name): \(answer.column(column))")
      }
      #expect(!answer.rows.joined().contains { "\($0)".contains("1.000") }, "\(name): \(answer.rows)")
    }
    // The post is in the run twice.
    #expect(try store.ask("post", "run=first", "key=p1").column("probabilities") == [.null, .null])
    #expect(try store.ask("post", "run=second", "key=p1").column("probabilities") == [.text("{}")])
    let drift = try store.ask("drift", "run=first", "against=second")
    let place = try #require(drift.column("measure").firstIndex(of: .text("confidence")))
    #expect(drift.column("distance")[place] == .null && drift.column("number")[place] == .null)
  }

  @Test func labelsAloneAreNotUncertain() throws {
    try takeLabelsAlone()
    let reasons = try store.ask("triage", "run=first").column("reason").map { "\($0)" }
    #expect(!reasons.contains { $0.contains("uncertain") || $0.contains(" sure ") }, "\(reasons)")
    #expect(reasons.contains { $0.contains("mistake: the true label is yes") }, "\(reasons)")
    for name in ["least-certain", "most-certain-mistakes"] {
      #expect {
        try store.ask(NamedQuery.named(name, in: NamedQuery.all), ["run=first"])
      } throws: {
        "\($0)".hasPrefix("run first has labels but no confidences")
      }
    }
    // For a run with confidences nothing changes.
    #expect(try store.ask("least-certain", "run=second").rows.count == 3)
  }

  @Test func aGivenConfidenceIsShown() throws {
    try takeLabelsAlone()
    try change("UPDATE prediction SET confidence = 0.75 WHERE scorer_id = 1 AND post_id = 2")
    #expect(try store.ask("least-certain", "run=first", "limit=1").column("confidence") == [.real(0.75)])
  }

  @Test func oneGivenConfidenceDoesNotMakeTheOthersSure() throws {
    try takeLabelsAlone()
    try change("UPDATE prediction SET confidence = 0.75, probabilities = '{}' WHERE scorer_id = 1 AND post_id = 2")
    #expect(try store.ask("least-certain", "run=first").column("confidence") == [.real(0.75)])
    #expect(try store.ask("most-certain-mistakes", "run=first").column("confidence") == [.real(0.75)])
    let reasons = try store.ask("triage", "run=first").column("reason").map { "\($0)" }
    #expect(!reasons.contains { $0.contains("1.000") } && reasons.contains { $0.contains("0.750") }, "\(reasons)")
    let means = try store.ask("labels", "run=first").column("mean_confidence")
    #expect(means.allSatisfy { $0 == .null || $0 == .real(0.75) } && means.contains(.real(0.75)), "\(means)")
    // A given confidence of 1 counts.
    try change("UPDATE prediction SET probabilities = '{}' WHERE scorer_id = 1 AND post_id = 4")
    #expect(try store.ask("least-certain", "run=first").column("confidence") == [.real(0.75), .real(1)])
  }

  @Test func probabilitiesOfOnlyZeroAndOneAreNoConfidence() throws {
    try takeLabelsAlone()
    try change(
      """
      UPDATE scorer SET options = '{}' WHERE id = 1;
      UPDATE prediction SET probabilities = '{"no":0,"yes":1}' WHERE scorer_id = 1 AND label = 'yes';
      UPDATE prediction SET probabilities = '{"no":1,"yes":0}' WHERE scorer_id = 1 AND label = 'no';
      """)
    let reasons = try store.ask("triage", "run=first").column("reason").map { "\($0)" }
    #expect(!reasons.contains { $0.contains("1.000") }, "\(reasons)")
    #expect(throws: QueryError.self) { try store.ask("least-certain", "run=first") }
  }

  @Test func runsOfTheSameKeysArePairedByKey() throws {
    // Run `second` scored the same keys with other content.
    try change(
      """
      INSERT INTO post (id, key, content_hash, text, knowledge, image, picture_hash, posted_at, extra)
        SELECT id + 100, key, 'moved ' || content_hash, '', text, image, picture_hash, posted_at, extra
        FROM post WHERE id IN (1, 2, 4);
      UPDATE prediction SET post_id = post_id + 100 WHERE scorer_id = 2 AND post_id IN (1, 2, 4);
      UPDATE entry SET post_id = post_id + 100 WHERE run_id = 3;
      """)
    #expect(try store.ask("disagreements", "run=first", "against=second").rows.isEmpty)
    let answer = try store.ask("disagreements", "run=first", "against=second", "pair=key")
    #expect(answer.column("key") == [.text("p1"), .text("p4")])
    #expect(answer.column("other_content") == [.integer(1), .integer(1)])
    let triage = try store.ask("triage", "run=first", "against=second", "pair=key")
    #expect(triage.column("reason").contains { "\($0)".contains("disagreement: run second predicts no") })
    #expect {
      try store.ask("disagreements", "run=first", "against=second", "pair=keys")
    } throws: {
      "\($0)".contains("content or key")
    }
  }

  /// Pairs of one key may have two truths; the second run would be judged by the first one's.
  @Test func pairsWithTwoTruthsAreNotJudgedByOneOfThem() throws {
    try change(
      """
      INSERT INTO post (id, key, content_hash, text, knowledge, image, picture_hash, posted_at, extra)
        SELECT id + 100, key, 'moved ' || content_hash, '', text, image, picture_hash, posted_at, extra
        FROM post WHERE id IN (1, 2, 4);
      UPDATE prediction SET post_id = post_id + 100 WHERE scorer_id = 2 AND post_id IN (1, 2, 4);
      UPDATE entry SET post_id = post_id + 100 WHERE run_id = 3;
      INSERT INTO label SELECT post_id + 100, source, label, noted_at FROM label WHERE post_id = 1;
      INSERT OR REPLACE INTO label VALUES (4, 'corpus', 'yes', '2030-01-01T00:00:00Z'),
        (104, 'corpus', 'no', '2030-01-01T00:00:00Z');
      """)
    let arguments = ["run=first", "against=second", "pair=key"]
    let answer = try store.ask(NamedQuery.named("disagreements", in: NamedQuery.all), arguments)
    #expect(answer.column("key") == [.text("p1")])
    let reasons = try store.ask(NamedQuery.named("triage", in: NamedQuery.all), arguments)
    let pairs = zip(reasons.column("key"), reasons.column("reason")).filter { "\($0.1)".contains("disagreement") }
    #expect(!pairs.contains { $0.0 == .text("p4") }, "\(pairs)")
  }

  @Test func triageIncludesDisagreementsWithAnotherRun() throws {
    try change("UPDATE prediction SET confidence = 0.9 WHERE scorer_id = 2 AND post_id = 4")
    let answer = try store.ask("triage", "against=first")
    let reasons = answer.column("reason")
    // p4; the surest disagreement is p1, which is the surest mistake, too.
    #expect(reasons.contains(.text("disagreement: run first predicts no with confidence 0.700")), "\(reasons)")
    #expect(answer.rows.count == 3)
  }

  @Test(arguments: [10, 137, 1000])
  func triageFillsItsBudgetFromALargeRun(budget: Int) throws {
    try change(
      """
      INSERT INTO run (id, name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state, counts)
        SELECT 10, 'large', 1, 'l.csv', NULL, NULL, '1', '{}', started_at, NULL, 'finished', '{"files":{}}'
        FROM run WHERE id = 1;
      CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 20199)
        SELECT i FROM n;
      INSERT INTO post (id, key, content_hash, text, knowledge, extra)
        SELECT i, 'k' || i, 'h' || i, 'text ' || i, '', '{}' FROM n;
      -- Everything at once: the least certain are those with the worst clash and the most unknown pieces.
      INSERT INTO prediction SELECT 1, i, 'yes', 0.5 + (i * 7919 % 1000) / 2000.0, '{}', (i * 7919 % 1000) / 2000.0,
        1 - (i * 7919 % 1000) / 1000.0, 0 FROM n;
      INSERT INTO label SELECT i, 'corpus', CASE WHEN i % 7 THEN 'yes' ELSE 'no' END, '2026-01-01T00:00:00Z' FROM n;
      INSERT INTO entry SELECT 10, 'l.csv', i, i, 'k' || i, i, 'scored' FROM n;
      """)
    let answer = try store.ask("triage", "run=large", "budget=\(budget)")
    #expect(answer.rows.count == budget)
    #expect(Set(answer.column("key").map { "\($0)" }).count == budget)
    let kinds = Dictionary(grouping: answer.column("reason")) { "\($0)".split(separator: ":")[0] }
    #expect(kinds.count == 4 && kinds.values.allSatisfy { $0.count >= budget / 4 })
  }
}
