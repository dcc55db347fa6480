import Bytes
import Corpus
import GRDB
import Queries
import Store
import Testing

/// Label shares over time and by columns, and the differences between two runs.
@Suite struct ShareQueriesTests {
  let store: QueryingStore

  /// Run `first` has the posts 1 to 6: yes, no, yes, no, yes, no.
  init() throws {
    store = try QueryingStore()
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      let dates = [
        "2026-01-01T10:00:00Z", "2026-01-01T23:00:00Z", "2026-01-04T00:00:00Z", "2026-01-12T00:00:00Z", nil, "odd",
      ]
      let likes = ["1", "20", "n/a", "3", "20", "100"]
      for (place, date) in dates.enumerated() {
        try db.execute(
          sql: "UPDATE post SET posted_at = ?, extra = json_object('likes', ?, 'lang', ?, 'file', 'own') WHERE id = ?",
          arguments: [date, likes[place], place < 4 ? "en" : "de", place + 1])
      }
    }
    try queue.close()
  }

  private func rows(_ name: String, _ arguments: String..., columns: [String]) throws -> [[QueryValue]] {
    let query = try NamedQuery.named(name, in: NamedQuery.all)
    let answer = try store.ask(query, arguments)
    return answer.rows.map { row in columns.compactMap { answer.columns.firstIndex(of: $0).map { row[$0] } } }
  }

  @Test func gapsAreShownAsGaps() throws {
    let rows = try rows("share-over-time", "run=first", columns: ["period", "label", "posts", "of_posts", "share"])
    #expect(rows.count == 3 * 13)
    #expect(rows[0] == [.text("2026-01-01"), .text("no"), .integer(1), .integer(2), .real(0.5)])
    #expect(rows[1] == [.text("2026-01-01"), .text("yes"), .integer(1), .integer(2), .real(0.5)])
    #expect(rows[2] == [.text("2026-01-01"), .text("never"), .integer(0), .integer(2), .real(0)])
    #expect(rows[3] == [.text("2026-01-02"), .text("no"), .integer(0), .integer(0), .null])
    #expect(rows[33][0] == .text("2026-01-12"))
    // Posts without a date and with an invalid one have no period.
    #expect(rows[36] == [.null, .text("no"), .integer(1), .integer(2), .real(0.5)])
  }

  @Test func aRunWithoutDatesHasNoRows() throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { try $0.execute(sql: "UPDATE post SET posted_at = NULL") }
    try queue.close()
    #expect(try rows("share-over-time", "run=first", columns: ["period"]).isEmpty)
  }

  @Test func weeksAndMonthsArePeriodsToo() throws {
    let weeks = try rows("share-over-time", "run=first", "period=week", columns: ["period", "label", "of_posts"])
    #expect(
      weeks.filter { $0[1] == .text("yes") }.map { [$0[0], $0[2]] } == [
        [.text("2026-W01"), .integer(3)], [.text("2026-W02"), .integer(0)], [.text("2026-W03"), .integer(1)],
        [.null, .integer(2)],
      ])
    let months = try rows("share-over-time", "run=first", "period=month", columns: ["period", "of_posts"])
    #expect(months[0] == [.text("2026-01"), .integer(4)])
    #expect { try store.ask("share-over-time", "run=first", "period=hour") } throws: {
      "\($0)".contains("day, week or month")
    }
  }

  @Test func aWrongPeriodIsAnErrorWithoutDates() throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in try db.execute(sql: "UPDATE post SET posted_at = NULL") }
    try queue.close()
    #expect { try store.ask("share-over-time", "run=first", "period=year") } throws: {
      "\($0)".contains("day, week or month")
    }
  }

  @Test func sharesByAnyColumn() throws {
    let columns = ["value", "label", "posts", "of_posts", "share"]
    let languages = try rows("shares-by", "run=first", "column=lang", columns: columns)
    #expect(
      languages.filter { $0[1] == .text("yes") } == [
        [.text("en"), .text("yes"), .integer(2), .integer(4), .real(0.5)],
        [.text("de"), .text("yes"), .integer(1), .integer(2), .real(0.5)],
      ])
    // A column of the corpus hides the built-in one.
    #expect(try rows("shares-by", "run=first", "column=file", columns: ["value"]).first == [.text("own")])
    let states = try rows("shares-by", "run=first", "column=state", columns: ["value", "of_posts"])
    #expect(states.first == [.text("scored"), .integer(4)] && states.last == [.text("without_picture"), .integer(2)])
    #expect(try rows("shares-by", "run=first", "column=truth", columns: ["value"]).last == [.null])
    #expect(try rows("shares-by", "run=first", "column=likes", "limit=1", columns: ["value"]).first == [.text("20")])
    #expect {
      try store.ask("shares-by", "column=liks")
    } throws: { error in
      guard case QueryError.unknownColumn = error else { return false }
      return "\(error)".contains("did you mean \"likes\"") && "\(error)".contains("truth")
    }
  }

  @Test func aTypedColumnIsSortedAndDividedIntoRanges() throws {
    #expect { try store.ask("shares-by", "run=first", "column=likes", "ranges=2") } throws: {
      "\($0)".contains("--column NAME:TYPE")
    }
    let writer = try StoreWriter.open(path: store.path)
    _ = try writer.declare([ColumnDeclaration(name: "likes", type: .integer)])
    try writer.close()
    func yes(_ arguments: String...) throws -> [[QueryValue]] {
      let query = try NamedQuery.named("shares-by", in: NamedQuery.all)
      return try store.ask(query, ["run=first", "column=likes"] + arguments).rows.filter { $0[1] == .text("yes") }
    }
    #expect(
      try yes().map { [$0[0], $0[3]] } == [
        [.integer(1), .integer(1)], [.integer(3), .integer(1)], [.integer(20), .integer(2)],
        [.integer(100), .integer(1)],
        [.null, .integer(1)],
      ])
    #expect(
      try yes("ranges=2").map { [$0[0], $0[3]] } == [
        [.text("1 to 20"), .integer(4)], [.integer(100), .integer(1)], [.null, .integer(1)],
      ])
    #expect(try yes("ranges=1").map { $0[3] } == [.integer(5), .integer(1)])
    #expect { try yes("ranges=0") } throws: { "\($0)".contains("from 1") }
  }

  @Test func driftIsTheDistanceOfTwoRuns() throws {
    let columns = ["measure", "value", "posts", "posts_against", "number", "number_against", "distance"]
    let rows = try rows("drift", "run=first", "against=second", columns: columns)
    // yes 3 of 6 against 1 of 3.
    #expect(rows[0] == [.text("label"), .null, .integer(6), .integer(3), .null, .null, .real(1.0 / 6)])
    #expect(rows[1][1] == .text("no") && rows[1][4] == .real(0.5))
    #expect(rows[2] == [.text("label"), .text("yes"), .integer(6), .integer(3), .real(0.5), .real(1.0 / 3), .null])
    let similarity = try #require(rows.first { $0[0] == .text("text_image_similarity") })
    #expect(similarity[2...3] == [.integer(4), .integer(3)])
    #expect(similarity[4] == .real((0.5 - 0.25 + 0.125 + 0.75) / 4) && similarity[5] == .real(0.5))
    // A run has distance 0 from itself.
    let same = try store.ask("drift", "run=first", "against=first").column("distance")
    #expect(same.allSatisfy { $0 == .null || $0 == .real(0) } && same.contains(.real(0)))
    #expect(try store.ask("drift", "run=first", "against=empty").rows.isEmpty)
  }
}
