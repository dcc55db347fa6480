import Bytes
import Corpus
import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// A schema other than clfa's could falsify what is written, so it is an error with the name of the object.
@Suite struct ForeignSchemaTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    try Fixtures.store(path, rows: [Fixtures.scored(1), Fixtures.scored(2)], counts: Fixtures.counts(2))
  }

  private func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test(arguments: [
    (
      "CREATE TRIGGER move AFTER INSERT ON entry BEGIN UPDATE entry SET post_id = 1 WHERE run_id = new.run_id; END",
      SchemaDifference.trigger("move", table: "entry")
    ),
    (
      "CREATE TRIGGER \"Mo\u{1B}ve\" BEFORE UPDATE ON PREDICTION BEGIN SELECT 1; END",
      .trigger("Mo\u{1B}ve", table: "PREDICTION")
    ),
    (
      "CREATE TRIGGER instead INSTEAD OF INSERT ON scored BEGIN SELECT 1; END", .trigger("instead", table: "scored")
    ),
    (
      "DROP VIEW scored; CREATE VIEW scored AS SELECT * FROM entry", .changed(kind: "view", "scored")
    ),
    (
      "ALTER TABLE label RENAME TO labels; CREATE VIEW label AS SELECT * FROM labels", .changed(kind: "table", "label")
    ),
    ("ALTER TABLE post ADD COLUMN mine TEXT", .changed(kind: "table", "post")),
    ("DROP TRIGGER post_search_update", .missing(kind: "trigger", "post_search_update")),
    ("DELETE FROM grdb_migrations", .migrations(StoreSchema.migrationNames)),
    ("DROP INDEX entry_post", .missing(kind: "index", "entry_post")),
    (
      "CREATE UNIQUE INDEX one ON prediction (scorer_id, label, post_id)", .uniqueIndex("one", table: "prediction")
    ),
    (
      "CREATE VIEW json_each AS SELECT 1 AS key, 2 AS value", .shadowing(kind: "view", "json_each")
    ),
  ])
  func whatCouldFalsifyLaterRunsIsNamed(sql: String, fault: SchemaDifference) throws {
    try change("PRAGMA legacy_alter_table = ON; " + sql)
    let before = try folder.state()
    let error = #expect(throws: StoreError.self) { try StoreWriter.open(path: path) }
    guard case .foreignSchema(_, let faults)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(faults.contains(fault), "\(faults)")
    #expect(error?.description.contains("\u{1B}") == false)
    #expect(try folder.state() == before)
    // As an input of a merge it is read by the same names.
    let output = folder.file("merged.sqlite")
    #expect(throws: StoreError.foreignSchema(path: path, faults: faults)) {
      try StoreMerge.stores([path], into: output)
    }
    #expect(try !folder.names().contains("merged.sqlite"))
    // It is still read.
    #expect(try StoreReader(path: path).texts("SELECT name FROM run") == ["posts"])
  }

  @Test func additionsOfUsersStayAndAreReported() throws {
    try change(
      """
      CREATE TABLE notes (post_id INTEGER, note TEXT); CREATE VIEW mine AS SELECT key FROM post;
      CREATE INDEX by_name ON post (text); CREATE TRIGGER own AFTER INSERT ON notes BEGIN SELECT 1; END; ANALYZE;
      """)
    let writer = try StoreWriter.open(path: path)
    #expect(
      writer.notices == [.additions(path: path, ["table notes", "view mine", "index by_name", "trigger own"])])
    try writer.renameRun("posts", to: "other")
    try writer.close()
    #expect(try StoreReader(path: path).texts("SELECT name FROM sqlite_schema WHERE name = 'notes'") == ["notes"])
  }

  @Test func storesOfEveryEarlierVersionAreAccepted() throws {
    let writer = try StoreWriter.open(path: path)
    _ = try writer.declare([ColumnDeclaration(name: "likes", type: .integer)])
    try writer.close()
    try StoreWriter.open(path: path).close()
    try EarlierStore.make(of: path)
    try StoreWriter.open(path: path).close()
    #expect(try StoreReader(path: path).text("PRAGMA user_version") == "\(StoreSchema.version)")
  }
}
