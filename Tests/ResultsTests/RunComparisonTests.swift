import Bytes
import Evaluation
import GRDB
import Queries
import Results
import ResultsFixtures
import Testing

@Suite struct RunComparisonTests {
  private func compared(_ store: TestStore, file: String? = nil) throws -> RunComparison {
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: "two", file: file)
    return try #require(try ReportData.load(from: reader, run: "one", against: other).charts.comparison)
  }

  @Test func flipsAreCountedBothWays() throws {
    let comparison = try compared(try TestStore.twoRuns())
    #expect(comparison.labels == ["no", "yes", "maybe"] && comparison.name == "two" && comparison.store == nil)
    #expect(comparison.common == 7 && comparison.ownOnly == 1 && comparison.otherOnly == 1)
    #expect(comparison.agreement == [[1, 3, 1], [1, 1, 0], [0, 0, 0]] && comparison.changed == 5)
    #expect(comparison.ownRight.map(\.key) == ["p4", "p1"] && comparison.otherRight.map(\.key) == ["p3"])
    #expect(comparison.undecided.map(\.key) == ["p6", "p5"] && comparison.undecided.map(\.truth) == ["unsure", nil])
    #expect(comparison.otherRight[0].text == "text 3" && comparison.otherRight[0].other.label == "yes")
    #expect(comparison.patterns.reduce(0) { $0 + $1.count } == 6)
  }

  @Test func anImportedRunIsNamedAsImported() throws {
    let store = try TestStore.twoRuns()
    let ours = try compared(store)
    #expect(ours.model == "a model, f32" && !ours.isImported)
    try store.write { try $0.execute(sql: "UPDATE scorer SET precision = 'foreign' WHERE id = 2") }
    let theirs = try compared(store)
    #expect(theirs.model == "a model" && theirs.isImported)
  }

  @Test func anotherStoreIsComparedByKeyAndContent() throws {
    let store = try TestStore.twoRuns()
    var (here, there) = (try compared(store), try compared(store, file: "other.sqlite"))
    #expect(there.store == "other.sqlite")
    there.store = nil
    #expect(here == there)
    // Other content under the same key is another post.
    try store.write { try $0.execute(sql: "UPDATE post SET content_hash = 'x' WHERE id = 1") }
    (here, there) = (try compared(store), try compared(try TestStore.twoRuns()))
    #expect(here == there)
  }

  @Test func aRunIsFoundInTheStoreOrInAnother() throws {
    let (store, other) = (try TestStore.twoRuns(), try TestStore.twoRuns())
    try other.write { try $0.execute(sql: "UPDATE run SET name = 'a:b' WHERE id = 2") }
    let reader = try store.reader()
    func comparison(_ name: String) throws -> RunComparison? {
      try ReportData.load(from: reader, run: "one", against: try ComparedRun.find(name, from: reader)).charts.comparison
    }
    #expect(try comparison("two")?.store == nil)
    let found = try comparison("\(other.path):a:b")
    #expect(found?.store == "posts.sqlite" && found?.name == "a:b" && found?.common == 7)
    #expect(try comparison("\(store.path):two")?.store == nil)
    #expect(throws: ResultsError.noSuchRun("a:b", known: ["two", "one"])) { try comparison("a:b") }
    #expect(throws: ResultsError.noSuchRun("tow", known: ["two", "one"])) { try comparison("\(store.path):tow") }
    #expect(throws: (any Error).self) { try comparison("missing.sqlite:two") }
  }

  /// The same keys scored with the text from another column, so each post has other content.
  private func moved() throws -> TestStore {
    let store = try TestStore.twoRuns()
    try store.write { database in
      try database.execute(
        sql: """
          INSERT INTO post (id, key, content_hash, text, knowledge, image, picture_hash, posted_at, extra)
            SELECT id + 100, key, 'moved ' || content_hash, '', text, image, picture_hash, posted_at, extra
            FROM post WHERE id <= 7;
          INSERT INTO label SELECT post_id + 100, source, label, noted_at FROM label WHERE post_id <= 7;
          UPDATE prediction SET post_id = post_id + 100 WHERE scorer_id = 2 AND post_id <= 7;
          UPDATE entry SET post_id = post_id + 100 WHERE run_id = 2 AND post_id <= 7;
          """)
    }
    return store
  }

  @Test(arguments: [nil, "other.sqlite"]) func runsThatShareKeysOnlyArePairedByKey(file: String?) throws {
    let reader = try moved().reader()
    func comparison(_ pairing: PostPairing) throws -> RunComparison {
      let other = try ComparedRun.load(from: reader, run: "two", file: file, pairing: pairing)
      return try #require(try ReportData.load(from: reader, run: "one", against: other).charts.comparison)
    }
    let apart = try comparison(.content), paired = try comparison(.key)
    #expect(apart.common == 0 && apart.keyOnly == 7 && apart.differing == 0)
    #expect(paired.common == 7 && paired.differing == 7 && paired.keyOnly == 0)
    // Labels and truths are those of the same posts, so everything else is equal.
    let same = try compared(try TestStore.twoRuns())
    #expect(paired.agreement == same.agreement && paired.patterns == same.patterns)
  }

  @Test(arguments: [nil, "other.sqlite"]) func eachRunIsJudgedByTheTruthOfItsOwnPosts(file: String?) throws {
    let store = try moved()
    // Ids shifted by one: the pairs are different posts, some with another true label.
    try store.write { try $0.execute(sql: "UPDATE post SET key = 'p' || (id - 100) WHERE id BETWEEN 101 AND 107") }
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: "two", file: file, pairing: .key)
    let data = try ReportData.load(from: reader, run: "one", against: other)
    let paired = try #require(data.charts.comparison)
    #expect(paired.common == 7 && paired.differing == 7 && paired.differingTruths == 2)
    // p1, p3 and p4 have the same true label in both runs.
    #expect(paired.patterns.reduce(0) { $0 + $1.count } == 3)
    let numbers = try #require(data.comparisonNumbers(BootstrapOptions(draws: 0)))
    #expect(numbers.first { $0.name == "pairs_of_other_truth" }?.score.value == 2)
    #expect(numbers.first { $0.name == "mcnemar_p" }?.count == 3)
    #expect((paired.ownRight + paired.otherRight + paired.undecided).allSatisfy { !["p2", "p7"].contains($0.key) })
  }

  @Test func aKeyWithSeveralPostsIsNotAPair() throws {
    let store = try moved()
    // A second post of p0 in this run, and of p1 in the other: the pairs are ambiguous.
    try store.write { database in
      try database.execute(
        sql: """
          INSERT INTO post (id, key, content_hash, text, knowledge, extra)
            VALUES (200, 'p0', 'a', 'more', '', '{}'), (201, 'p1', 'b', 'more', '', '{}');
          INSERT INTO prediction VALUES (1, 200, 'no', 0.5, '{}', NULL, 0, 0), (2, 201, 'no', 0.5, '{}', NULL, 0, 0);
          INSERT INTO entry VALUES (1, 'posts.csv', 200, 200, 'p0', 200, 'scored'), (2, 'posts.csv', 201, 201, 'p1', 201, 'scored');
          """)
    }
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: "two", pairing: .key)
    let paired = try #require(try ReportData.load(from: reader, run: "one", against: other).charts.comparison)
    #expect(paired.common == 5 && paired.differing == 5 && paired.keyOnly == 3)
  }

  @Test func runsWithoutAPostInCommonHaveNothingToCompare() throws {
    let store = try TestStore.twoRuns()
    try store.write { try $0.execute(sql: "DELETE FROM entry WHERE run_id = 2 AND post_id < 99") }
    let comparison = try compared(store)
    #expect(comparison.common == 0 && comparison.ownOnly == 8 && comparison.otherOnly == 1)
  }
}
