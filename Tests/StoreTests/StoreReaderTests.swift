import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct StoreReaderTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  @Test func readsWhileAWriterWorksAndSeesOneState() throws {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    try writer.commit([Fixtures.scored(1)], run: run, counts: Fixtures.counts(1), notedAt: Fixtures.time)
    let reader = try StoreReader(path: path)
    #expect(try reader.runs().map(\.state) == ["running"])
    try reader.read { db in
      let count = { try Int.fetchOne(db, sql: "SELECT count(*) FROM entry") }
      #expect(try count() == 1)
      try writer.commit([Fixtures.scored(2)], run: run, counts: Fixtures.counts(2), notedAt: Fixtures.time)
      #expect(try count() == 1)
    }
    #expect(try reader.text("SELECT count(*) FROM entry") == "2")
    try writer.close()
    reader.close()
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func theLastConnectionLeavesOneFile() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    let readers = try (1...3).map { _ in try StoreReader(path: path) }
    for reader in readers { #expect(try reader.text("SELECT count(*) FROM post") == "1") }
    for reader in readers { reader.close() }
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func readsAKilledWritersStoreWithoutChangingIt() throws {
    let copy = try leftByAKill()
    let bytes = try [copy, copy + "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    let reader = try StoreReader(path: copy)
    #expect(try reader.run(named: nil).rows(.scored) == 3)
    #expect(try reader.runs().map(\.state) == ["interrupted"])
    reader.close()
    #expect(try [copy, copy + "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == bytes)
    // The next writer recovers, finds the run cut short and leaves one file.
    let writer = try StoreWriter.open(path: copy)
    #expect(try writer.read { try String.fetchOne($0, sql: "SELECT state FROM run") } == "interrupted")
    let run = try writer.openRun(Fixtures.request())
    #expect(run.isContinued)
    #expect(try writer.ledgerEntries(run: run.id, file: "posts.csv", after: 2, count: 9).map(\.record) == [3])
    try writer.close()
    #expect(try folder.names() == ["copy.sqlite"])
  }

  @Test func readsAKilledWritersStoreWithoutItsIndex() throws {
    let copy = try leftByAKill()
    try FileManager.default.removeItem(atPath: copy + "-shm")
    #expect(try StoreReader(path: copy).run(named: nil).rows(.scored) == 3)
  }

  @Test func readsTheStoreOfAWriterKilledDuringACheckpoint() throws {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    let rows = (1...500).map { Fixtures.scored($0) }
    try writer.commit(rows, run: run, counts: Fixtures.counts(500), notedAt: Fixtures.time)
    let copy = folder.file("copy.sqlite")
    for side in ["", "-wal", "-shm"] {
      try FileManager.default.copyItem(atPath: path + side, toPath: copy + side)
    }
    try writer.close()
    // The first page is in the file, but the pages that it refers to are not.
    let page = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(StoreSchema.pageSize)
    let file = try #require(FileHandle(forWritingAtPath: copy))
    try file.write(contentsOf: page)
    try file.close()
    let reader = try StoreReader(path: copy)
    #expect(try reader.run(named: nil).rows(.scored) == 500)
    reader.close()
    try StoreWriter.open(path: copy).close()
    #expect(try Fixtures.dump(copy).count > 2500)
  }

  @Test func rollsBackAnIncompleteCommitOnANetwork() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    let copy = folder.file("copy.sqlite")
    // A copy made inside a transaction whose pages are already in the file, which is the state after a kill.
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 1; BEGIN IMMEDIATE")
      try db.execute(
        sql: """
          WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
          INSERT INTO post (key, content_hash, text, knowledge, extra)
            SELECT 'x' || i, 'x', printf('%.*c', 200, 'x'), '', '{}' FROM n
          """)
      for side in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: path + side, toPath: copy + side)
      }
      try db.execute(sql: "ROLLBACK")
    }
    try queue.close()
    try FileManager.default.removeItem(atPath: path + "-journal")
    let size = try FileManager.default.attributesOfItem(atPath: copy + "-journal")[.size] as? Int
    #expect(size ?? 0 > 0)
    let reader = try StoreReader(path: copy)
    #expect(try reader.text("SELECT count(*) FROM post") == "1")
    reader.close()
    #expect(try folder.names() == ["copy.sqlite", "posts.sqlite"])
  }

  @Test func readsFromAReadOnlyFolder() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try folder.whileReadOnly {
      let reader = try StoreReader(path: path)
      #expect(try reader.text("SELECT count(*) FROM post") == "1")
      reader.close()
      #expect(throws: StoreError.self) { try StoreWriter.open(path: path) }
    }
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func reportsThatAStoreInAReadOnlyFolderIsBeingWritten() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    var reader: StoreReader?
    try folder.whileReadOnly { reader = try StoreReader(path: path) }
    #expect(throws: StoreError.changedWhileRead(path: path)) {
      try reader?.read { _ in
        let writer = try StoreWriter.open(path: path)
        try writer.renameRun("posts", to: "other")
        try writer.close()
      }
    }
  }

  @Test func explainsHowToRecoverAKilledWritersCommits() throws {
    let copy = try leftByAKill()
    try FileManager.default.removeItem(atPath: copy + "-shm")
    try folder.whileReadOnly {
      #expect(throws: StoreError.cannotRecover(path: copy)) { try StoreReader(path: copy) }
    }
  }

  @Test func changesNothingForAnySQL() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    let reader = try StoreReader(path: path)
    for sql in ["DELETE FROM entry", "PRAGMA user_version = 7", "CREATE TABLE t (a)"] {
      #expect(throws: (any Error).self) { try reader.read { try $0.execute(sql: sql) } }
    }
    #expect(try reader.text("SELECT count(*) FROM entry") == "1")
    #expect(try reader.text("PRAGMA user_version") == "\(StoreSchema.version)")
  }

  @Test func damageIsAnErrorNotACrash() throws {
    try Fixtures.store(path, rows: (1...200).map { Fixtures.scored($0) }, counts: Fixtures.counts(200))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 16384..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 37) }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.corrupt(path: path)) { try StoreReader(path: path).runs() }
    try bytes.prefix(20000).write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.corrupt(path: path)) { try StoreReader(path: path).runs() }
  }

  @Test func aStoreOfAnotherShapeIsAnErrorNotACrash() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(StoreSchema.applicationID); PRAGMA user_version = 1;
          CREATE TABLE scorer (id, model_name, model_fingerprint, precision, options, labels);
          CREATE TABLE run (id, name, scorer_id, state, corpus, images, shard, version, machine, started_at,
            finished_at, counts);
          INSERT INTO scorer VALUES (1, NULL, NULL, NULL, NULL, NULL);
          INSERT INTO run (id, name, scorer_id, counts) VALUES (1, x'FF', 1, '{"files":{"a":{"read":"many"}}}');
          """)
    }
    try queue.close()
    #expect(throws: StoreError.self) { try StoreReader(path: path).runs() }
    #expect(throws: StoreError.self) { try StoreReader(path: path).run(named: "a") }
    #expect(throws: StoreError.self) { try StoreMerge.stores([path], into: folder.file("out.sqlite")) }
    #expect(try folder.names() == ["posts.sqlite"])
  }

  /// A copy of a store's files made while its writer is at work: what SIGKILL leaves.
  private func leftByAKill() throws -> String {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    let rows = (1...3).map { Fixtures.scored($0) }
    try writer.commit(rows, run: run, counts: Fixtures.counts(3), notedAt: Fixtures.time)
    let copy = folder.file("copy.sqlite")
    for side in ["", "-wal", "-shm", ".lock"] {
      try FileManager.default.copyItem(atPath: path + side, toPath: copy + side)
    }
    try writer.close()
    try FileManager.default.removeItem(atPath: path)
    return copy
  }
}
