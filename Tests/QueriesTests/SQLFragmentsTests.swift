import Bytes
import Queries
import Testing

@Suite struct SQLFragmentsTests {
  @Test func everyFragmentIsReplaced() throws {
    for query in try NamedQuery.all {
      #expect(!query.sql.contains("{{") && !query.sql.contains("}}"), "\(query.name)")
    }
  }

  /// Each query that shows a confidence uses the shared fragment for whether it is known.
  @Test func everyShownConfidenceUsesTheSharedFragment() throws {
    for (name, bytes) in NamedQuery.embedded {
      let sql = String(decoding: bytes, as: UTF8.self)
      guard sql.contains("confidence"), name != "least-certain" else { continue }
      #expect(sql.contains("{{confidence "), "\(name)")
    }
    #expect(try NamedQuery.named("least-certain", in: NamedQuery.all).needs == [.confidence])
  }

  /// The rules for scored posts and true labels are defined in one place.
  @Test func everyQueryUsesTheSharedRules() {
    for (name, bytes) in NamedQuery.embedded {
      let sql = String(decoding: bytes, as: UTF8.self)
      for words in ["'scored'", "'without_picture'", "noted_at"] { #expect(!sql.contains(words), "\(name): \(words)") }
    }
  }

  @Test func aFragmentIsIndentedLikeItsLine() throws {
    let query = try NamedQuery(
      name: "q", file: "q.sql", sql: "-- q: Truths.\nSELECT\n  {{true_label post.id}} AS truth\nFROM post")
    #expect(
      query.sql == """
        -- q: Truths.
        SELECT
          (
            SELECT truth.label FROM label AS truth WHERE truth.post_id = post.id
            ORDER BY truth.noted_at DESC, truth.source LIMIT 1
          ) AS truth
        FROM post
        """)
  }

  @Test func aFileOfOnesOwnStatesItsNeeds() throws {
    let own = try NamedQuery.own(
      name: "q", file: "q", sql: "-- q: Sure ones.\n-- @run run = latest\n-- @needs confidence\nSELECT 1")
    #expect(own.needs == [.confidence] && own.parameters?.map(\.name) == ["run"])
    // Other text in braces is left alone.
    #expect(try NamedQuery.own(name: "q", file: "q", sql: "SELECT '{{pairs}}'").sql == "SELECT '{{pairs}}'")
    #expect(throws: QueryHeaderError.self) {
      try NamedQuery.own(name: "q", file: "q", sql: "-- q: Sure ones.\n-- @needs sureness\nSELECT 1")
    }
  }

  /// The queries about rows, faults and equal posts are the same for reposts; a user's own SQL chooses its posts itself.
  @Test func queriesAboutPostsCanLeaveOutReposts() throws {
    let others = try NamedQuery.all.filter { (try? $0.distinct()) == nil }.map(\.name)
    #expect(
      others == [
        "coverage", "fault-counts", "fault-stages", "faults", "near-duplicates", "post", "several-pictures",
      ])
    #expect {
      try NamedQuery.own(name: "q", file: "q", sql: "SELECT 1").distinct()
    } throws: {
      "\($0)".contains("SELECT post_id FROM distinct_post")
    }
    let query = try NamedQuery(
      name: "q", file: "q.sql",
      sql: "-- q: Posts.\n-- @run run = latest\nSELECT 1 FROM entry WHERE {{is_counted entry :run}}")
    #expect(query.sql.hasSuffix("WHERE \(SQLFragments.isScored("entry"))"))
    let distinct = try query.distinct()
    #expect(distinct.parameters?.map(\.name) == ["run"] && distinct.sql.contains("+entry.post_id IN ("))
    #expect(try distinct.distinct().sql == distinct.sql)
  }

  @Test func aPairingIsOneOfTwo() {
    let parameter = QueryParameter(name: "pair", kind: .pair)
    #expect(parameter.value(of: "key") == .text("key") && parameter.value(of: "keys") == nil)
  }
}
