import Foundation
import GRDB
import Queries
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct QueryRunnerTests {
  let store: QueryingStore
  private static let endless = "with recursive c(x) as (select 1 union all select x + 1 from c) "

  init() throws {
    store = try QueryingStore()
  }

  @Test(arguments: [
    "delete from post", "update post set text = ''", "insert into label values (1, 'x', 'y', 'z')",
    "with x as (select 1) delete from post", "replace into post (id) values (1)", "explain delete from post",
    "drop table post", "create table t(a)", "create temp table t(a)", "create view v as select 1",
    "create virtual table v using fts5(a)", "alter table post add column x", "reindex", "analyze",
    "attach 'other.sqlite' as other", "detach main", "vacuum", "vacuum into 'copy.sqlite'", "begin immediate",
    "commit", "rollback", "savepoint a", "pragma writable_schema = 1", "pragma query_only = 0",
    "pragma journal_mode = delete", "pragma user_version = 9", "pragma wal_checkpoint", "pragma optimize",
    "pragma trusted_schema = 1", "pragma case_sensitive_like = 1", "pragma temp_store_directory = '/tmp'",
    "select load_extension('x')", "select LOAD_EXTENSION('x')", "select fts3_tokenizer('simple')",
    "select * from pragma_query_only",
  ])
  func writingStatementsAreRejected(sql: String) throws {
    let before = try store.folder.state()
    #expect {
      try store.ask(sql: sql)
    } throws: { error in
      guard case QueryError.notReading = error else { return false }
      return "\(error)".hasPrefix("q:1:") && "\(error)".contains("a query may only read")
    }
    #expect(try store.folder.state() == before)
  }

  @Test(arguments: ["select writefile('x', 'y')", "select readfile('/etc/passwd')", "select edit('x')"])
  func functionsOfTheShellAreNotThere(sql: String) throws {
    #expect { try store.ask(sql: sql) } throws: { "\($0)".contains("no such function") }
  }

  @Test func readingLeavesOneFileAndTheSameBytes() throws {
    let before = try store.folder.state()
    #expect(try store.ask(sql: "select count(*) from scored").rows == [[.integer(3)]])
    #expect(try store.folder.state() == before)
  }

  @Test func theSchemaCanBeQueried() throws {
    #expect(try store.ask(sql: "pragma table_info(scorer)").column("name").count == 6)
    #expect(try store.ask(sql: "select name from pragma_table_info('scorer')").rows.count == 6)
    #expect(try store.ask(sql: "select name from sqlite_schema where type = 'view'").rows.count == 6)
    #expect(try store.ask(sql: "pragma user_version").rows == [[.integer(Int64(StoreSchema.version))]])
    #expect(
      try store.ask(sql: "select value from json_each('[1,2]')").rows == [[.integer(1)], [.integer(2)]])
    #expect(try store.ask(sql: "select count(*) from json_tree('[1,2]')").rows == [[.integer(3)]])
  }

  @Test func everyKindOfValueIsReturnedUnchanged() throws {
    let answer = try store.ask(
      sql: """
        select null, 9223372036854775807, 0.1, 'a' || char(0) || 'é', x'00ff', cast(x'61ff' as text), '', x''
        """)
    #expect(
      answer.rows == [
        [
          .null, .integer(.max), .real(0.1), .text("a\0é"), .blob([0, 255]), .text("a\u{FFFD}"), .text(""),
          .blob([]),
        ]
      ])
    #expect(try store.ask(sql: "select vector from embedding").rows == [[.blob([0, 0, 0x80, 0x3F])]])
  }

  @Test func parametersAreBoundByName() throws {
    let answer = try store.ask(
      sql: "select :a, @a, $b, typeof(:c), :d, :run", "a=1", "b=0.5", "c=007", "d=")
    #expect(
      answer.rows == [[.integer(1), .integer(1), .real(0.5), .text("text"), .text(""), .text("second")]])
    let hostile = "'; delete from post; --"
    #expect(try store.ask(sql: "select :k", "k=" + hostile).rows == [[.text(hostile)]])
    #expect(throws: QueryError.self) { try store.ask(sql: "select ?") }
    #expect(throws: QueryError.self) { try store.ask(sql: "select ?1") }
    #expect { try store.ask(sql: "select :a") } throws: { "\($0)".contains("needs a=…") }
    #expect { try store.ask(sql: "select :limit", "limt=1") } throws: {
      "\($0)".contains("did you mean \"limit\"")
    }
  }

  @Test func declaredParametersHaveTheirTypes() throws {
    let sql = "-- @n integer = 2\n-- @t text = 'x y'\nselect typeof(:n), :n, :t"
    #expect(try store.ask(sql: sql).rows == [[.text("integer"), .integer(2), .text("x y")]])
    #expect(try store.ask(sql: sql, "t=5").rows == [[.text("integer"), .integer(2), .text("5")]])
    #expect { try store.ask(sql: sql, "n=many") } throws: { "\($0)".contains("64-bit integer") }
  }

  @Test func anUnknownRunIsNamed() throws {
    #expect {
      try store.ask("labels", "run=frist")
    } throws: { "\($0)".contains("frist") && "\($0)".contains("first") }
  }

  @Test(arguments: [
    ("select 1; select 2", "q:1:11"), ("select 1;\n-- note\n select 2", "q:3:2"),
    ("; ; select 1; x", "q:1:15"),
    ("select 1; delete from post", "q:1:11"), ("select 1 /* ; */; /* a */ selec", "q:1:27"),
  ])
  func aSecondStatementIsRejectedWhereItBegins(sql: String, place: String) throws {
    #expect {
      try store.ask(sql: sql)
    } throws: { error in
      guard case QueryError.secondStatement = error else { return false }
      return "\(error)".hasPrefix(place + ": ")
    }
  }

  @Test(arguments: ["select 1;", "select 1;;\n-- end", "-- start\nselect 1 /* end */ ;  ", "select 1 -- end"])
  func blanksAndCommentsMayFollow(sql: String) throws {
    #expect(try store.ask(sql: sql).rows == [[.integer(1)]])
  }

  @Test(arguments: ["", "  \n", "-- nothing", "/* nothing */", ";"])
  func textWithoutAStatementIsNamed(sql: String) throws {
    #expect {
      try store.ask(sql: sql)
    } throws: { error in
      guard case QueryError.empty = error else { return false }
      return "\(error)".contains("holds no SQL")
    }
  }

  @Test(arguments: [
    ("selec 1", "q:1:1: near \"selec\": syntax error"),
    ("select 1,\n  nme from run", "q:2:3: no such column: nme"),
    ("select * from rum", "no such table: rum"),
    ("select 1\0; delete from post", "q:1:9: the text holds a NUL"),
    ("select json('{')", "malformed JSON"),
    ("select zeroblob(1000000000)", "too big"),
  ])
  func sqliteSaysWhatIsWrongAndWhere(sql: String, words: String) throws {
    #expect { try store.ask(sql: sql) } throws: { "\($0)".contains(words) }
  }

  @Test func anEndlessQueryStopsWhenAsked() throws {
    let endless = try NamedQuery.own(
      name: "q", file: "q",
      sql: Self.endless + "select count(*) from c")
    let asked = Atomic<Int>(0)
    let runner = try QueryRunner(path: store.path) {
      asked.add(1, ordering: .relaxed).newValue > 3
    }
    #expect {
      try runner.run(endless) { _ in
      } row: { _ in
        true
      }
    } throws: { error in
      guard case QueryError.interrupted = error else { return false }
      return true
    }
  }

  @Test func theReaderOfRowsMayStop() throws {
    let query = try NamedQuery.own(
      name: "q", file: "q", sql: Self.endless + "select x from c")
    var rows = 0
    try QueryRunner(path: store.path).run(query) { _ in
    } row: { _ in
      rows += 1
      return rows < 5
    }
    #expect(rows == 5)
  }

  @Test func aRunnerAnswersMoreThanOnceAndWhileAWriterWorks() throws {
    let runner = try QueryRunner(path: store.path)
    let query = try NamedQuery.own(
      name: "q", file: "q", sql: "select count(*) from label where source = 'late'")
    var counts: [QueryValue] = []
    try runner.run(query) { _ in
    } row: {
      counts.append($0[0])
      return true
    }
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in
      try db.execute(sql: "INSERT INTO label VALUES (1, 'late', 'yes', '2026-03-01T00:00:00Z')")
    }
    try runner.run(query) { _ in
    } row: {
      counts.append($0[0])
      return true
    }
    try queue.close()
    #expect(counts == [.integer(0), .integer(1)])
  }

  @Test func onlyStoresAreOpened() throws {
    let text = store.folder.file("notes.txt")
    let lines = String(repeating: "not a database\n", count: 2000)
    try lines.write(toFile: text, atomically: true, encoding: .utf8)
    let other = store.folder.file("other.sqlite")
    try DatabaseQueue(path: other).write { db in try db.execute(sql: "CREATE TABLE t(a)") }
    for path in [text, other, store.folder.path, store.folder.file("none.sqlite"), ""] {
      #expect {
        try QueryRunner(path: path)
      } throws: { error in
        guard case QueryError.store = error else { return false }
        return true
      }
    }
  }
}
