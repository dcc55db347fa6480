import Bytes
import Corpus
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct ColumnTypesTests {
  let store: QueryingStore

  init() throws {
    store = try QueryingStore()
  }

  private func declare(_ columns: (String, ColumnType)...) throws -> [ColumnDeclaration] {
    let writer = try StoreWriter.open(path: store.path)
    defer { try? writer.close() }
    return try writer.declare(columns.map { ColumnDeclaration(name: ByteText($0), type: $1) })
  }

  /// Converts texts to a column's type, through both views.
  private func convert(_ texts: [String], _ type: ColumnType) throws -> [QueryValue] {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      try db.execute(sql: "DELETE FROM post WHERE id > 100")
      for (place, text) in texts.enumerated() {
        try db.execute(
          sql:
            "INSERT INTO post (id, key, content_hash, text, knowledge, extra) VALUES (?, ?, 'h', '', '', json_object('x', ?))",
          arguments: [101 + place, "c\(place)", text])
      }
    }
    try queue.close()
    _ = try declare(("x", type))
    let long = try store.ask(sql: "SELECT value FROM typed_value WHERE name = 'x' ORDER BY post_id").rows.map { $0[0] }
    let wide = try store.ask(sql: "SELECT x FROM typed WHERE post_id > 100 ORDER BY post_id").rows.map { $0[0] }
    #expect(long == wide)
    return long
  }

  @Test func integers() throws {
    let good = [
      "0", "12", " 7 ", "-3", "+4", "007", "12.0", "-0.00", "10.", "9223372036854775807", "-9223372036854775808",
      "0000000000000000000000012",
    ]
    #expect(
      try convert(good, .integer)
        == [0, 12, 7, -3, 4, 7, 12, 0, 10, .max, .min, 12].map { QueryValue.integer($0) })
    let bad = [
      "", " ", "n/a", "12a", "1,234", "1 234", "1.5", ".0", "-", "+", "--1", "1e3", "0x10", "9223372036854775808",
      "-9223372036854775809", "１２", "null", "99999999999999999999999",
    ]
    #expect(try convert(bad, .integer) == bad.map { _ in .null })
  }

  /// What is counted as no number before a run is what SQL gives no value.
  @Test(arguments: [ColumnType.integer, .real]) func theProgramAndSQLReadTheSame(type: ColumnType) throws {
    let signs = Array("0019.,eE+-a% [")
    var state: UInt64 = 11
    func random(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var texts = (0..<400).map { _ in
      String((0..<random(below: 7)).map { _ in signs[random(below: signs.count)] })
    }
    texts += [
      "inf", "nan", "1e400", "1.8e308", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1..",
      "-9223372036854775809", "100.", " 1\t", "5.e3", "1\u{A0}", "\u{663}", "-.5", "--1", "-", "1e-5000",
    ]
    let values = try convert(texts, type)
    for (text, value) in zip(texts, values) {
      #expect(type.reads(text, DateParser()) == (value != .null), "\(text)")
    }
    #expect(values.contains { $0 != .null })
  }

  @Test func reals() throws {
    let good = [
      "0", "1.5", "-2.25", "+3", "007.5", ".5", "-.25", "1e3", "1E-2", "0.0", "00", "-0e0", "12345678901234567890",
    ]
    #expect(
      try convert(good, .real)
        == [0, 1.5, -2.25, 3, 7.5, 0.5, -0.25, 1000, 0.01, 0, 0, 0, Double(12_345_678_901_234_567_890 as UInt64)].map {
          QueryValue.real($0)
        })
    let bad = [
      "", "e5", ".", "-", "1,5", "1.2.3", "nan", "inf", "1e999", "0x1p3", "1 2", "[1]", "\"1\"", "true", "1e", ".e5",
      "0-9",
      "0 9", "00[1]", "0true", "0\"x\"", "+0-1",
    ]
    #expect(try convert(bad, .real) == bad.map { _ in .null })
  }

  /// A store of an earlier version reads `0-9` as 0 until it is written again.
  @Test func anEarlierStoreGetsThePresentReadingOfNumbers() throws {
    _ = try declare(("price", .real))
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      try db.execute(
        sql: """
          \(EarlierStore.withoutNumbers)
          DROP VIEW typed; \(StoreSchema.typed([ColumnDeclaration(name: "price", type: .real)], version: 10))
          PRAGMA user_version = 10;
          UPDATE post SET extra = json_object('price', CASE id WHEN 1 THEN '0-9' ELSE '0.9' END);
          """)
    }
    try queue.close()
    let prices = "SELECT price FROM typed WHERE post_id < 3 ORDER BY post_id"
    let values = "SELECT value FROM typed_value WHERE post_id < 3 ORDER BY post_id"
    for sql in [prices, values] { #expect(try store.ask(sql: sql).rows == [[.real(0)], [.real(0.9)]]) }
    try StoreWriter.open(path: store.path).close()
    for sql in [prices, values] { #expect(try store.ask(sql: sql).rows == [[.null], [.real(0.9)]]) }
  }

  @Test func times() throws {
    let good = [
      "2026-01-31", "2026/01/31 23:59", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00.75", "2026-01-31T12:00:00+02:00",
      "2026-01-31T01:00:00+0200", "2026-01-31 12:00 UTC", "1580472000", "1580472000123",
      "Wed Oct 10 20:19:24 +0000 2018",
      "Wed Oct 10 00:19:24 +0200 2018", "2024-02-29",
    ]
    #expect(
      try convert(good, .time)
        == [
          "2026-01-31T00:00:00Z", "2026-01-31T23:59:00Z", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z",
          "2026-01-31T10:00:00Z", "2026-01-30T23:00:00Z", "2026-01-31T12:00:00Z", "2020-01-31T12:00:00Z",
          "2020-01-31T12:00:00Z", "2018-10-10T20:19:24Z", "2018-10-09T22:19:24Z", "2024-02-29T00:00:00Z",
        ].map { QueryValue.text($0) })
    let bad = [
      "", "now", "yesterday", "2026-02-30", "2026-13-01", "2026-00-10", "31.01.2026", "12:00", "2460000.5", "20260131",
      "2026-01-31T25:00", "2026-01-31 noon", "Wed Foo 10 20:19:24 +0000 2018", "0999-01-01", "99999999999999",
    ]
    #expect(try convert(bad, .time) == bad.map { _ in .null })
  }

  @Test func theSameDeclarationChangesNothingAndAnotherTypeIsReported() throws {
    #expect(try declare(("likes", .integer), ("price", .real)) == [])
    let bytes = try store.folder.state()
    #expect(try declare(("price", .real), ("likes", .integer)) == [])
    #expect(try store.folder.state() == bytes)
    #expect(try declare(("likes", .real)) == [ColumnDeclaration(name: "likes", type: .integer)])
    #expect(
      try store.ask(sql: "SELECT name, type FROM column_type").rows == [
        [.text("likes"), .text("real")], [.text("price"), .text("real")],
      ])
    #expect(try store.ask(sql: "SELECT * FROM typed LIMIT 1").columns == ["post_id", "likes", "price"])
  }

  @Test(arguments: [
    "a'b", "a\"b", "a\\b", "$.x[0]", "2020", "ж", "e\u{301}", "'\u{301}; DROP TABLE post; --", "a b", "\"",
  ])
  func anyNameIsAColumn(name: String) throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { try $0.execute(sql: "UPDATE post SET extra = json_object(?, '5')", arguments: [name]) }
    try queue.close()
    _ = try declare((name, .integer))
    let answer = try store.ask(sql: "SELECT * FROM typed WHERE post_id = 1")
    #expect(answer.columns.map { Array($0.utf8) } == ["post_id", name].map { Array($0.utf8) })
    #expect(answer.rows == [[.integer(1), .integer(5)]])
    #expect(try store.ask(sql: "SELECT sum(value) FROM typed_value").rows == [[.integer(30)]])
    #expect(try store.ask("shares-by", "column=\(name)", "run=first").column("value").first == .integer(5))
  }

  @Test func namesThatAreEqualInSQLAreRejected() throws {
    _ = try declare(("likes", .integer))
    for name in ["Likes", "POST_ID"] {
      #expect { try declare((name, .integer)) } throws: { "\($0)".contains("cannot tell it from") }
    }
    #expect(try store.ask(sql: "SELECT name FROM column_type").rows == [[.text("likes")]])
  }

  @Test func valuesThatCannotBeConvertedAreCounted() throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      for (id, likes) in [(1, "12"), (2, "n/a"), (3, ""), (4, "many"), (5, "3.0")] {
        try db.execute(sql: "UPDATE post SET extra = json_object('likes', ?) WHERE id = ?", arguments: [likes, id])
      }
    }
    try queue.close()
    #expect(try store.ask("columns", "run=first").rows.isEmpty)
    _ = try declare(("likes", .integer))
    let answer = try store.ask("columns", "run=first")
    #expect(
      answer.columns == ["name", "type", "posts", "texts", "converted", "not_converted", "not_converted_example"])
    #expect(
      answer.rows == [
        [.text("likes"), .text("integer"), .integer(5), .integer(4), .integer(2), .integer(2), .text("many")]
      ])
  }

  @Test func aMergeCopiesTypes() throws {
    let (left, right, output) = (store.folder.file("l"), store.folder.file("r"), store.folder.file("o"))
    for (path, types) in [(left, [("likes", ColumnType.real)]), (right, [("likes", .integer), ("sent", .time)])] {
      try Fixtures.store(
        path, Fixtures.request(path == left ? "l" : "r"), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
      let writer = try StoreWriter.open(path: path)
      _ = try writer.declare(types.map { ColumnDeclaration(name: ByteText($0), type: $1) })
      try writer.close()
    }
    _ = try StoreMerge.stores([left, right], into: output)
    let reader = try StoreReader(path: output)
    #expect(try reader.texts("SELECT name || ' ' || type FROM column_type ORDER BY 1") == ["likes real", "sent time"])
    #expect(try reader.text("SELECT likes FROM typed") == "7.0")
  }
}
