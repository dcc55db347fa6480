import Bytes
import Queries
import Store
import Testing

@Suite struct NamedQueriesTests {
  let store: QueryingStore

  init() throws {
    store = try QueryingStore()
  }

  @Test func labels() throws {
    let answer = try store.ask("labels", "run=first")
    #expect(answer.columns == ["label", "posts", "share", "mean_confidence"])
    #expect(answer.column("label") == [.text("no"), .text("yes"), .text("never")])
    #expect(answer.column("posts") == [.integer(3), .integer(3), .integer(0)])
    #expect(answer.column("share") == [.real(0.5), .real(0.5), .real(0)])
    #expect(answer.column("mean_confidence") == [.real(0.75), .real(0.75), .null])
  }

  @Test func theLatestRunIsTheDefault() throws {
    #expect(try store.ask("labels").rows == store.ask("labels", "run=second").rows)
    #expect(try store.ask("labels", "run=latest").rows == store.ask("labels", "run=second").rows)
    #expect(try store.ask("labels").column("posts") == [.integer(2), .integer(1), .integer(0)])
  }

  @Test func leastCertain() throws {
    let answer = try store.ask("least-certain", "run=first", "limit=3")
    #expect(answer.column("key") == [.text("p5"), .text("p2"), .text("p4")])
    // Two sources noted labels at the same time; the first source's label counts.
    #expect(answer.column("truth") == [.null, .text("yes"), .text("yes")])
    #expect(try store.ask("least-certain", "run=first", "limit=-1").rows.count == 6)
    #expect(
      try store.ask("least-certain", "limit=-1").column("key") == [.text("p4"), .text("p2"), .text("p1")])
  }

  @Test func mostCertainMistakes() throws {
    let answer = try store.ask("most-certain-mistakes", "run=first")
    // Of p3's two labels, the one that was noted later counts.
    #expect(answer.column("key") == [.text("p3"), .text("p4"), .text("p2")])
    #expect(answer.column("truth") == [.text("no"), .text("yes"), .text("yes")])
  }

  @Test func confusion() throws {
    let answer = try store.ask("confusion", "run=first")
    #expect(
      answer.rows == [
        [.text("no"), .text("yes"), .integer(1), .real(1)],
        [.text("yes"), .text("no"), .integer(2), .real(2.0 / 3)],
        [.text("yes"), .text("yes"), .integer(1), .real(1.0 / 3)],
      ])
  }

  @Test func faults() throws {
    #expect(try store.ask("faults", "run=first").column("line") == [.integer(8), .integer(10)])
    #expect(try store.ask("faults", "run=first", "code=missing").column("key") == [.text("p7")])
    #expect(try store.ask("faults", "run=first", "stage=corpus").column("code") == [.text("too_few_fields")])
    #expect(try store.ask("faults").rows.isEmpty)
  }

  @Test func faultCounts() throws {
    let answer = try store.ask("fault-counts", "run=first")
    #expect(answer.column("code") == [.text("too_few_fields"), .text("missing")])
    #expect(answer.column("rows") == [.integer(1), .integer(1)])
    #expect(answer.column("line") == [.integer(10), .integer(8)])
  }

  @Test func coverageAddsUpToTheRowsRead() throws {
    let answer = try store.ask("coverage", "run=first")
    let rows = answer.rows.map { Array($0[1...3]) }
    let expected: [[QueryValue]] = [
      [.text("scored"), .text("read"), .integer(4)],
      [.text("other shard"), .null, .integer(3)],
      [.text("duplicate"), .text("read"), .integer(1)],
      [.text("faulted"), .null, .integer(1)],
      [.text("faulted"), .text("missing"), .integer(1)],
      [.text("without_picture"), .text("none named"), .integer(1)],
      [.text("without_picture"), .text("not readable"), .integer(1)],
    ]
    #expect(rows == expected)
  }

  @Test func coverageShowsWhatIsUnaccounted() throws {
    let answer = try store.ask("coverage")
    #expect(
      answer.rows.map { Array($0[1...3]) } == [
        [.text("scored"), .text("read"), .integer(3)],
        [.text("not sampled"), .null, .integer(1)],
        [.text("unaccounted"), .null, .integer(1)],
      ])
  }

  @Test func unaligned() throws {
    let answer = try store.ask("unaligned", "run=first", "limit=2")
    #expect(answer.column("key") == [.text("p2"), .text("p3")])
    #expect(try store.ask("unaligned", "run=first", "limit=-1").rows.count == 4)
  }

  @Test func disagreements() throws {
    let answer = try store.ask("disagreements", "against=first")
    #expect(answer.column("key") == [.text("p1"), .text("p4")])
    #expect(answer.column("label") == [.text("no"), .text("yes")])
    #expect(answer.column("label_against") == [.text("yes"), .text("no")])
    #expect(try store.ask("disagreements", "against=second").rows.isEmpty)
  }

  @Test func post() throws {
    let answer = try store.ask("post", "run=first", "key=p1")
    #expect(answer.column("state") == [.text("scored"), .text("duplicate")])
    #expect(answer.column("confidence") == [.real(0.9), .real(0.9)])
  }

  @Test func aRunWithoutRowsHasEmptyAnswers() throws {
    for query in try NamedQuery.all {
      let others = Self.needed(by: query)
      let rows = try store.ask(query, ["run=empty"] + others).rows
      #expect(rows.count == (query.name == "labels" ? 3 : 0), "\(query.name)")
    }
  }

  /// A value for each parameter that needs one.
  private static func needed(by query: NamedQuery) -> [String] {
    (query.parameters ?? []).filter { $0.defaultValue == nil }.map {
      "\($0.name)=\($0.kind == .column ? "file" : "first")"
    }
  }

  /// A query on a large store is only fast if SQLite finds its rows by an index.
  @Test func noQueryReadsAWholeTable() throws {
    for query in try NamedQuery.all {
      let others = Self.needed(by: query)
      let plan = try NamedQuery.own(
        name: query.name, file: query.name, sql: "EXPLAIN QUERY PLAN\n" + query.sql)
      // Without its header the query has no defaults, but a query plan needs a value for each.
      let optional = (query.parameters ?? []).filter { $0.defaultValue != nil && $0.name != "run" }.map {
        "\($0.name)=1"
      }
      let explained = plan.parameters == nil ? others + optional : others
      let names = Set((query.parameters ?? []).map(\.name))
      let arguments = explained.filter { argument in names.contains { argument.hasPrefix($0.text + "=") } }
      for step in try store.ask(plan, arguments).column("detail") {
        guard case .text(let step) = step else { continue }
        // `EXISTS (SELECT 1 FROM label)` stops at the first row.
        let isScan = ["run", "entry", "prediction", "post", "fault", "truth", "mine", "other", "base_entry"]
          .contains { step.hasPrefix("SCAN \($0)") }
        // SQLite calls every access to a virtual table a scan; `:M` shows that the full-text index is used.
        let isMatch = step.hasPrefix("SCAN post_search VIRTUAL TABLE") && step.contains(":M")
        #expect(!isScan || isMatch, "\(query.name): \(step)")
        let isSmall = ["counted", "listed", "named", "side", "mean"].contains { step.contains($0) }
        #expect(!step.contains("AUTOMATIC") || isSmall, "\(query.name): \(step)")
        // Of these two only the first column of the key would be used: every entry of the run each time.
        #expect(!step.hasPrefix("SEARCH base_entry USING PRIMARY KEY"), "\(query.name): \(step)")
      }
    }
  }
}
