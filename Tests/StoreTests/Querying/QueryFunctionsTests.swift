import Foundation
import GRDB
import Queries
import Store
import Testing

@Suite struct QueryFunctionsTests {
  let store: QueryingStore

  init() throws {
    store = try QueryingStore()
  }

  private func value(_ sql: String) throws -> QueryValue? {
    try store.ask(sql: "SELECT \(sql)").rows.first?.first
  }

  private static func blob(_ values: [Float]) -> String {
    "x'"
      + values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
      .map { String(format: "%02x", $0) }.joined() + "'"
  }

  @Test func cosinesAreThoseOfPlainArithmetic() throws {
    #expect(try value("cosine(\(Self.blob([1, 0])), \(Self.blob([0, 3])))") == .real(0))
    #expect(try value("abs(cosine(\(Self.blob([1, 2])), \(Self.blob([-2, -4]))) + 1) < 1e-12") == .integer(1))
    let left = (0..<77).map { Float(sin(Double($0))) }, right = (0..<77).map { Float(cos(Double($0) * 1.3)) }
    var (product, l, r) = (0.0, 0.0, 0.0)
    for (a, b) in zip(left, right) {
      product += Double(a) * Double(b)
      l += Double(a) * Double(a)
      r += Double(b) * Double(b)
    }
    guard case .real(let cosine)? = try value("cosine(\(Self.blob(left)), \(Self.blob(right)))") else {
      Issue.record("no number")
      return
    }
    #expect(abs(cosine - product / (l * r).squareRoot()) < 1e-12)
    #expect(try value("cosine(\(Self.blob(left)), \(Self.blob(left))) <= 1") == .integer(1))
    #expect(try value("vector_length(\(Self.blob([3, 4])))") == .real(5))
    #expect(try value("vector_length(x'')") == .real(0))
    #expect(try store.ask(sql: "SELECT vector_length(vector) FROM embedding").rows == [[.real(1)]])
  }

  @Test(arguments: ["NULL, x'0000803f'", "x'0000803f', NULL", "NULL, NULL"])
  func noVectorHasNoCosine(arguments: String) throws {
    #expect(try value("cosine(\(arguments))") == .null)
  }

  @Test func vectorsWithoutADirectionHaveNoCosine() throws {
    #expect(try value("cosine(\(Self.blob([0, 0])), \(Self.blob([1, 1])))") == .null)
    #expect(try value("cosine(\(Self.blob([.infinity, 0])), \(Self.blob([1, 1])))") == .null)
    #expect(try value("cosine(\(Self.blob([.nan, 0])), \(Self.blob([1, 1])))") == .null)
    #expect(try value("vector_length(\(Self.blob([.nan])))") == .null)
    #expect(try value("cosine(x'', x'')") == .null)
    #expect(try value("vector_length(NULL)") == .null)
  }

  @Test(arguments: [
    ("cosine(x'0000803f', x'0000803f0000803f')", "1 and 2 numbers"),
    ("cosine(x'00', x'00')", "1 bytes are not a vector"),
    ("cosine('text', x'0000803f')", "takes vectors"), ("vector_length(x'000000')", "3 bytes are not a vector"),
    ("vector_length(1)", "takes vectors"), ("probability('[1]', 'a')", "not a JSON object"),
    ("probability('{\"a\":1', 'a')", "not a JSON object"), ("probability('{\"a\":\"1\"}', 'a')", "not a JSON object"),
    ("probability('{\"a\":1} x', 'b')", "not a JSON object"), ("probability('', 'b')", "not a JSON object"),
    ("probability(x'00', 'b')", "takes texts"), ("fold(x'00')", "takes texts"),
    ("refuse('no such month')", "no such month"),
    ("tally(x'00')", "tally takes"), ("alike('a', 'b')", "alike takes"), ("cosine(1)", "wrong number of arguments"),
  ])
  func whatAFunctionCannotTakeIsSaid(call: String, words: String) throws {
    #expect { try value(call) } throws: { "\($0)".contains(words) }
  }

  @Test func probabilitiesAreFoundByTheirLabel() throws {
    let json = #"{"no": 0.25, "y\"es":0.5,"\u00e9":1e-3, "e\u0301" : 0 }"#
    for (label, expected) in [("no", 0.25), ("y\"es", 0.5), ("é", 0.001), ("e\u{301}", 0)] {
      #expect(try store.ask(sql: "SELECT probability(:j, :l)", "j=\(json)", "l=\(label)").rows == [[.real(expected)]])
    }
    #expect(try value("probability('{\"a\":1}', 'b')") == .null)
    #expect(try value("probability('{}', 'b')") == .null)
    #expect(try value("probability(NULL, 'b')") == .null)
    #expect(try value("probability('{\"a\":1}', NULL)") == .null)
  }

  @Test(arguments: [
    ("2026-01-31", "2026-01-31", "2026-W05"), ("2026-01-31T23:59:59Z", "2026-01-31", "2026-W05"),
    ("2026-01-31 23:30:00-01:00", "2026-02-01", "2026-W05"), ("2026-01-01T00:30:00+0100", "2025-12-31", "2026-W01"),
    ("2021-01-03", "2021-01-03", "2020-W53"), ("2019-12-30T08:00", "2019-12-30", "2020-W01"),
    ("2024-02-29T12:00:00.5Z", "2024-02-29", "2024-W09"), ("1969-12-31", "1969-12-31", "1970-W01"),
    ("1900-01-01", "1900-01-01", "1900-W01"), ("2200-12-31", "2200-12-31", "2201-W01"),
  ])
  func timesHaveADayAndAWeek(time: String, day: String, week: String) throws {
    #expect(try store.ask(sql: "SELECT day(:t), week(:t)", "t=\(time)").rows == [[.text(day), .text(week)]])
  }

  @Test func weeksAreThoseOfTheCalendar() throws {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = .gmt
    let sql = """
      WITH RECURSIVE n (i) AS (SELECT -20000 UNION ALL SELECT i + 97 FROM n WHERE i < 60000)
      SELECT i, week(date(i * 86400, 'unixepoch')), day(i * 86400) = date(i * 86400, 'unixepoch') FROM n
      """
    let rows = try store.ask(sql: sql).rows
    #expect(rows.count > 800)
    for row in rows {
      guard case .integer(let number) = row[0] else { continue }
      let parts = calendar.dateComponents(
        [.yearForWeekOfYear, .weekOfYear], from: Date(timeIntervalSince1970: Double(number) * 86_400))
      let expected = String(format: "%04d-W%02d", parts.yearForWeekOfYear ?? 0, parts.weekOfYear ?? 0)
      #expect(row[1] == .text(expected) && row[2] == .integer(1))
    }
  }

  @Test(arguments: [
    "NULL", "''", "'today'", "'2026-02-30'", "'2026-1-1'", "'2026-01-01T'", "'2026-01-01T24:00'", "'2026-01-01 12'",
    "'2026-01-01T12:00:00 noon'", "'2026-01-01T12:00+25:00'", "1.5", "x'00'", "99999999999999", "'2026-01-01T12:00:0'",
  ])
  func whatIsNoTimeHasNeither(value: String) throws {
    #expect(try store.ask(sql: "SELECT day(\(value)), week(\(value))").rows == [[.null, .null]])
  }

  @Test(arguments: [
    ("Hello  WORLD", "hello world"), (" a\t\n b ", "a b"), ("see https://t.co/AbC1 now", "see <link> now"),
    ("HTTP://X.org/?q=1", "<link>"), ("www.example.org!", "<link>"), ("hi @Bob_7, hi", "hi <user>, hi"),
    ("mail a@b.org", "mail a@b.org"), ("1,234 likes", "<number>,<number> likes"), ("v2", "v<number>"), ("@", "@"),
    ("#Tag", "#tag"), ("ÄÖ ÉCOLE", "äö école"), ("a\u{200B}b\u{AD}c", "abc"),
    ("a\u{3000}\u{A0}b", "a b"), ("٣٤ ١", "<number> <number>"), ("ПОЕЗД", "поезд"), ("", ""), (" ", ""),
    ("😀 OK", "😀 ok"),
    ("straße", "straße"), ("the whttp://x", "the whttp://x"),
  ])
  func foldedTexts(text: String, folded: String) throws {
    #expect(try store.ask(sql: "SELECT fold(:t)", "t=\(text)").rows == [[.text(folded)]])
    #expect(try value("fold(NULL)") == .null)
  }

  @Test func talliesCountCombinations() throws {
    let sql = """
      SELECT tally(a, b) FROM (SELECT 'x"' AS a, 1 AS b UNION ALL SELECT 'x"', 1 UNION ALL SELECT NULL, 1.5
      UNION ALL SELECT '1', 1 UNION ALL SELECT 1, 1)
      """
    #expect(try store.ask(sql: sql).rows == [[.text(#"[["x\"",1,2],[null,1.5,1],["1",1,1],[1,1,1]]"#)]])
    #expect(try value("tally(1) FROM post WHERE false") == .text("[]"))
    let many = """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
      SELECT count(*), sum(value ->> 1), min(value ->> 1), max(value ->> 1)
      FROM json_each((SELECT tally(i % 5000) FROM n))
      """
    #expect(try store.ask(sql: many).rows == [[.integer(5000), .integer(30000), .integer(6), .integer(6)]])
  }

  @Test func equalContentsAreGrouped() throws {
    let sql = """
      SELECT alike(a, b) FROM (SELECT 'x' AS a, 9 AS b UNION ALL SELECT 'y', 2 UNION ALL SELECT 'x', 3 UNION ALL
      SELECT 'z', 1 UNION ALL SELECT 'y', 8 UNION ALL SELECT 'x', 4 UNION ALL SELECT NULL, 5 UNION ALL SELECT NULL, 6
      UNION ALL SELECT 'v', 10 UNION ALL SELECT 'v', 1)
      """
    #expect(try store.ask(sql: sql).rows == [[.text("[[3,4,9],[1,10],[2,8]]")]])
  }

  @Test(arguments: [
    "SELECT count(cosine(x'0000803f', x'0000803f')) FROM c", "SELECT tally(x % 10) FROM c",
    "SELECT alike(x % 10, x) FROM c",
    "SELECT count(fold('A ' || x)) FROM c",
    "SELECT count(*) FROM c, post_search WHERE post_search MATCH 'one' AND post_search.rowid = 1",
  ])
  func functionsStopWhenAsked(sql: String) throws {
    let stopped = Date().addingTimeInterval(0.2)
    let runner = try QueryRunner(path: store.path) { Date() > stopped }
    let query = try NamedQuery.own(
      name: "q", file: "q", sql: "with recursive c(x) as (select 1 union all select x + 1 from c) " + sql)
    #expect {
      try runner.run(query) { _ in
      } row: { _ in
        true
      }
    } throws: { error in
      guard case QueryError.interrupted = error else { return false }
      return true
    }
  }
}
