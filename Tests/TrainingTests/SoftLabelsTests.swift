import Bytes
import Corpus
import GRDB
import TestSupport
import Testing
import Training

/// Probabilities of labels from columns and from a run of a store.
@Suite struct SoftLabelsTests {
  private static let columns: [SoftLabelColumn] = [
    SoftLabelColumn(label: "no", column: "n"), SoftLabelColumn(label: "yes", column: "y"),
  ]

  private static func soft(_ columns: [SoftLabelColumn] = columns, normalizes: Bool = false) throws -> SoftLabels {
    try SoftLabels(.columns(columns, normalizes: normalizes), order: nil)
  }

  @Test func columnsAreReadByName() throws {
    let scratch = try Scratch()
    let posts = try scratch.posts(
      "id,text,y,n\n1,good,0.75,0.25\n2,bad, 0.1 ,0.9\n3,cat,1,0\n", labels: .soft(try Self.soft()))
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts))
    #expect(set.labels.names == ["no", "yes"] && posts.faults.isEmpty)
    #expect((0..<3).map(set.distribution) == [[0.25, 0.75], [0.9, 0.1], [0, 1]])
    #expect((0..<3).map(set.label) == [1, 0, 1] && set.classCounts == [1, 2])
    #expect(set[0].distribution == [0.25, 0.75] && set[0].label == 1)
    // The order of the model's outputs is another.
    let turned = try TrainingSet(posts, labels: try LabelSet(of: posts, names: ["yes", "no"]))
    #expect(turned.distribution(of: 0) == [0.75, 0.25] && turned.label(of: 0) == 0)
    #expect(throws: TrainingDataError.self) { try LabelSet(of: posts, names: ["yes", "perhaps"]) }
    let other = try LabelSet(names: ["yes", "perhaps"])
    #expect(throws: TrainingDataError.self) { try TrainingSet(posts, labels: other) }
  }

  @Test func rowsWithoutProbabilitiesAreFaults() throws {
    let scratch = try Scratch()
    let csv = """
      id,text,label,y,n
      1,good,yes,0.5,0.5
      2,bad,no,,
      3,bad,,0.5,
      4,bad,,0.5,0.6
      5,bad,,1.5,-0.5
      6,bad,,0,0
      7,bad,,nan,1
      8,bad,,0.333,0.666
      9,bad,,2,3

      """
    let posts = try scratch.posts(csv, labels: .soft(try Self.soft()))
    #expect(posts.faults.map(\.key) == ["2", "3", "4", "5", "6", "7", "9"])
    #expect(posts.faults.first?.code == .noLabel)
    #expect(posts.faults.dropFirst().allSatisfy { $0.code == .badProbability })
    let set = try TrainingSet(posts, labels: try LabelSet(names: ["no", "yes"]))
    // A tie is the first label's, in the order of the columns; rounded digits are divided by their sum.
    #expect(set.label(of: 0) == 0 && set.distribution(of: 1).map { abs($0.reduce(0, +) - 1) < 1e-15 } == true)
    let counts = try scratch.posts(csv, labels: .soft(try Self.soft(normalizes: true)))
    #expect(counts.faults.map(\.key) == ["2", "3", "5", "6", "7"])
    let shares = try TrainingSet(counts, labels: try LabelSet(names: ["no", "yes"]))
    #expect(shares.distribution(of: shares.count - 1) == [0.6, 0.4])
  }

  @Test func postsToValidateWithKeepTheirOwnLabel() throws {
    let scratch = try Scratch()
    let csv = "id,text,label,y,n\n1,good,no,0.8,0.2\n2,bad,,0.3,0.7\n3,cat,,,\n"
    let posts = try scratch.posts(csv, labels: .ownElseSoft(try Self.soft()))
    let set = try TrainingSet(posts, labels: try LabelSet(names: ["no", "yes"]))
    #expect(set.distribution(of: 0) == nil && set.label(of: 0) == 0)
    #expect(set.distribution(of: 1) == [0.7, 0.3] && posts.faults.map(\.key) == ["3"])
    // Only posts to learn from need the columns.
    #expect(try scratch.posts("text,label\ngood,no\n", labels: .ownElseSoft(try Self.soft())).count == 1)
    let error = SoftLabelError.noColumns(["n", "y"], files: ["posts.csv"], known: ["p"])
    #expect(throws: error) { try scratch.posts("text,label,p\ngood,no,1\n", labels: .soft(try Self.soft())) }
  }

  @Test func labelsAreNamedByColumnsOrTheirOrder() throws {
    func labels(
      _ columns: [String], order: [ByteText]? = nil, codes: String? = nil
    ) throws -> [ByteText] {
      try SoftLabels(
        .columns(columns.map { SoftLabelColumn(column: ByteText($0)) }, normalizes: false), order: order,
        codes: try codes.map(LabelNames.init(parsing:)) ?? LabelNames()
      ).labels
    }
    #expect(try labels(["p_a", "clfa_p_b"]) == ["a", "b"])
    #expect(try labels(["p_0", "p_1"], codes: "0=sincere,1=ironic") == ["sincere", "ironic"])
    #expect(try labels(["p_a", "p_b"], order: ["b", "a"]) == ["a", "b"])
    #expect(try labels(["p_0", "p_1"], order: ["b", "a"]) == ["b", "a"])
    #expect(try labels(["x", "y"], order: ["b", "a"]) == ["b", "a"])
    #expect(throws: SoftLabelError.namelessColumns(["x"])) { try labels(["x", "p_a"]) }
    #expect(throws: SoftLabelError.otherCount(columns: 2, labels: ["a", "b", "c"])) {
      try labels(["x", "y"], order: ["a", "b", "c"])
    }
    #expect(throws: SoftLabelError.repeated("a")) { try labels(["p_a", "clfa_p_a"]) }
    #expect(throws: SoftLabelError.oneColumn("p_a")) { try labels(["p_a"]) }
  }
}

@Suite struct SoftLabelRunTests {
  /// A store of one run, with the tables and columns that are read; the keys are "e\u{301}", "é" and 3.
  private static func store(
    _ scratch: borrowing Scratch, application: Int = 0x434C_4641, _ change: String = ""
  ) throws -> String {
    let path = scratch.file("posts.sqlite")
    try DatabaseQueue(path: path).write {
      try $0.execute(
        sql: """
          PRAGMA application_id = \(application);
          CREATE TABLE scorer (id INTEGER PRIMARY KEY, labels TEXT, model_fingerprint TEXT);
          CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT, scorer_id INTEGER);
          CREATE TABLE post (id INTEGER PRIMARY KEY, key TEXT);
          CREATE TABLE entry (run_id INTEGER, post_id INTEGER, state TEXT);
          CREATE TABLE prediction (scorer_id INTEGER, post_id INTEGER, probabilities TEXT);
          INSERT INTO scorer VALUES (1, '["no","yes"]', 'import:0123456789abcdef'), (2, '["a","b"]', 'f');
          INSERT INTO run VALUES (1, 'vlm', 1), (2, 'other', 2);
          INSERT INTO post VALUES (1, 'e\u{301}'), (2, 'é'), (3, '3'), (4, '4');
          INSERT INTO entry VALUES (1, 1, 'scored'), (1, 2, 'without_picture'), (1, 2, 'duplicate'), (1, 3, 'scored'),
            (1, 4, 'faulted');
          INSERT INTO prediction VALUES (1, 1, '{"no":0.25,"yes":0.75}'), (1, 2, '{"no":1}'), (1, 3, '{"yes":0.5,"no":0.5}'),
            (2, 1, '{"a":1,"b":0}');
          \(change)
          """)
    }
    return path
  }

  private static func soft(_ path: String, _ run: String = "vlm") throws -> SoftLabels {
    try SoftLabels(.run(store: path, name: run), order: nil)
  }

  @Test func predictionsAreMatchedByKey() throws {
    let scratch = try Scratch()
    let soft = try Self.soft(try Self.store(scratch))
    let posts = try scratch.posts(
      "id,text,label\n3,good,yes\né,bad,\ne\u{301},cat,no\n4,cat,no\n", labels: .soft(soft))
    #expect(soft.labels == ["no", "yes"] && soft.source == "run vlm of posts.sqlite (import:0123456789ab)")
    let set = try TrainingSet(posts, labels: try LabelSet(of: posts))
    #expect((0..<3).map(set.distribution) == [[0.5, 0.5], [1, 0], [0.25, 0.75]])
    #expect(posts.faults.map(\.key) == ["4"] && posts.faults.map(\.code) == [.noLabel])
    #expect(posts.faults.first?.detail.contains("run vlm of posts.sqlite") == true)
    #expect(try scratch.names() == ["posts.csv", "posts.sqlite", "vocab.txt"])
  }

  @Test func filesThatAreNoStoreAreErrors() throws {
    let scratch = try Scratch()
    #expect(throws: SoftLabelError.noStore(path: scratch.file("none"))) { try Self.soft(scratch.file("none")) }
    let other = try Self.store(scratch, application: 0)
    #expect(throws: SoftLabelError.notAStore(path: other)) { try Self.soft(other) }
    let text = try scratch.write("text.sqlite", "not a database, but long enough to be one, if it had pages")
    #expect(throws: SoftLabelError.self) { try Self.soft(text) }
  }

  /// A view could compute forever.
  @Test func aViewIsNotRead() throws {
    let scratch = try Scratch()
    let path = try Self.store(
      scratch,
      "DROP TABLE prediction; CREATE VIEW prediction AS SELECT 1 AS scorer_id, 1 AS post_id, '{}' AS probabilities;")
    #expect(throws: SoftLabelError.notAStore(path: path)) { try Self.soft(path) }
  }

  @Test func runsAndPredictionsAreChecked() throws {
    let scratch = try Scratch()
    let path = try Self.store(scratch)
    #expect(throws: SoftLabelError.noRun("vln", path: path, known: ["other", "vlm"])) { try Self.soft(path, "vln") }
    #expect("\(SoftLabelError.noRun("vln", path: "s", known: ["other", "vlm"]))".contains("did you mean \"vlm\"?"))
    #expect(throws: SoftLabelError.emptyRun("other", path: path)) { try Self.soft(path, "other") }
    for (change, error) in [
      (
        "INSERT INTO post VALUES (9, '3'); INSERT INTO entry VALUES (1, 9, 'scored'); "
          + "INSERT INTO prediction VALUES (1, 9, '{\"no\":1}');",
        { SoftLabelError.repeatedKey("3", run: "vlm", path: $0) }
      ),
      (
        "UPDATE prediction SET probabilities = '{\"maybe\":1}' WHERE post_id = 3;",
        { SoftLabelError.badPrediction(key: "3", path: $0) }
      ),
      (
        "UPDATE prediction SET probabilities = '[1]' WHERE post_id = 3;",
        { SoftLabelError.badPrediction(key: "3", path: $0) }
      ),
      (
        "UPDATE scorer SET labels = '[\"no\"]';",
        { SoftLabelError.fewLabels(run: "vlm", path: $0, labels: ["no"]) }
      ),
    ] as [(String, (String) -> SoftLabelError)] {
      let scratch = try Scratch()
      let path = try Self.store(scratch, change)
      #expect(throws: error(path)) { try Self.soft(path) }
    }
  }
}
