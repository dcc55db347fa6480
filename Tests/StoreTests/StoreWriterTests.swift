import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct StoreWriterTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  @Test func createsAStoreAndLeavesOneFile() throws {
    let writer = try StoreWriter.open(path: path)
    #expect(try Set(folder.names()).isSuperset(of: ["posts.sqlite", "posts.sqlite.lock", "posts.sqlite-wal"]))
    try writer.close()
    try writer.close()
    #expect(try folder.names() == ["posts.sqlite"])
    let reader = try StoreReader(path: path)
    let pragmas = try ["application_id", "user_version", "page_size", "journal_mode"].map {
      try reader.text("PRAGMA \($0)")
    }
    #expect(pragmas == ["\(0x434C_4641)", "\(StoreSchema.version)", "16384", "wal"])
    #expect(
      try reader.texts("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name") == [
        "confusion", "distinct_post", "mistake", "scored", "typed", "typed_value",
      ])
  }

  @Test func opensWhatItMade() throws {
    try StoreWriter.open(path: path).close()
    let bytes = try folder.state()
    try StoreWriter.open(path: path).close()
    #expect(try folder.state() == bytes)
  }

  @Test func rejectsASecondWriterAndNamesTheFirst() throws {
    let writer = try StoreWriter.open(path: path)
    let error = #expect(throws: StoreError.self) { try StoreWriter.open(path: path) }
    guard case .locked(_, let holder) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(holder?.process == Int(ProcessInfo.processInfo.processIdentifier))
    #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier) on ") == true)
    try writer.close()
    try StoreWriter.open(path: path).close()
  }

  @Test func twoLinksToOneStoreAreOneStore() throws {
    let writer = try StoreWriter.open(path: path)
    let link = folder.file("link.sqlite")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(throws: StoreError.self) { try StoreWriter.open(path: link) }
    try writer.close()
    let other = try StoreWriter.open(path: link)
    #expect(other.path == path)
    try other.close()
    #expect(try folder.names() == ["link.sqlite", "posts.sqlite"])
  }

  @Test func aLockFileLeftByAKilledWriterIsNoLock() throws {
    try StoreWriter.open(path: path).close()
    try "pid 1\nhost elsewhere\n".write(toFile: path + ".lock", atomically: false, encoding: .utf8)
    try StoreWriter.open(path: path).close()
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func leavesWhatIsNotAStoreUntouched() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE t (a); PRAGMA user_version = 1") }
    try queue.close()
    let text = folder.file("notes.txt")
    try String(repeating: "not a database ", count: 100).write(
      toFile: text, atomically: true, encoding: .utf8)
    let before = try folder.state()
    #expect(throws: StoreError.anotherProgram(path: path)) { try StoreWriter.open(path: path) }
    #expect(throws: StoreError.anotherProgram(path: path)) { try StoreReader(path: path) }
    #expect(throws: StoreError.notSQLite(path: text)) { try StoreWriter.open(path: text) }
    #expect(throws: StoreError.notSQLite(path: text)) { try StoreReader(path: text) }
    #expect(try folder.state() == before)
  }

  @Test func leavesAStoreOfANewerVersionUntouchedSideFilesIncluded() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "PRAGMA user_version = \(StoreSchema.version + 1)") }
    try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    // A hot log, as a kill leaves it.
    try queue.write { try $0.execute(sql: "DELETE FROM label") }
    let copy = folder.file("copy.sqlite")
    for side in ["", "-wal", "-shm"] {
      try FileManager.default.copyItem(atPath: path + side, toPath: copy + side)
    }
    try queue.close()
    let before = try folder.state()
    let expected = StoreError.newerVersion(path: copy, version: StoreSchema.version + 1, known: StoreSchema.version)
    #expect(throws: expected) { try StoreWriter.open(path: copy) }
    #expect(throws: expected) { try StoreReader(path: copy) }
    #expect(try folder.state() == before)
  }

  @Test func pathsThatAreNotFilesAreErrors() throws {
    #expect(throws: StoreError.notAFile(path: folder.path)) { try StoreWriter.open(path: folder.path) }
    let missing = folder.file("none/posts.sqlite")
    #expect(throws: StoreError.noSuchFolder(path: missing, folder: folder.file("none"))) {
      try StoreWriter.open(path: missing)
    }
    #expect(throws: StoreError.notAFile(path: "-")) { try StoreWriter.open(path: "-") }
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: StoreError.notAFile(path: path)) { try StoreWriter.open(path: path) }
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file("nowhere"))
    #expect(throws: StoreError.noSuchFile(path: link)) { try StoreWriter.open(path: link) }
  }

  @Test func createsNoStoreIfItMustExist() throws {
    #expect(throws: StoreError.noSuchFile(path: path)) { try StoreWriter.open(path: path, creates: false) }
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(throws: StoreError.unfinished(path: path)) { try StoreWriter.open(path: path, creates: false) }
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func anEmptyFileBecomesAStore() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(throws: StoreError.unfinished(path: path)) { try StoreReader(path: path) }
    try StoreWriter.open(path: path).close()
    #expect(try StoreReader(path: path).runs().isEmpty)
  }

  @Test func anInterruptedCreationIsCompleted() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA page_size = 16384; PRAGMA application_id = \(StoreSchema.applicationID)")
    }
    try queue.close()
    #expect(throws: StoreError.unfinished(path: path)) { try StoreReader(path: path) }
    try StoreWriter.open(path: path).close()
    #expect(try StoreReader(path: path).runs().isEmpty)
  }

  @Test func aStoreOnANetworkLeavesOneFileToo() throws {
    let writer = try StoreWriter(path: path, journal: .truncate)
    let run = try writer.openRun(Fixtures.request())
    try writer.commit([Fixtures.scored(1)], run: run, counts: Fixtures.counts(1), notedAt: Fixtures.time)
    #expect(try writer.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "truncate")
    #expect(try StoreReader(path: path).runs().first?.rows(.scored) == 1)
    try writer.close()
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func aFullDiskIsAnErrorAndLosesNoCommit() throws {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    try writer.commit([Fixtures.scored(1)], run: run, counts: Fixtures.counts(1), notedAt: Fixtures.time)
    try writer.read { try $0.execute(sql: "PRAGMA max_page_count = 20") }
    let rows = (2...400).map { Fixtures.scored($0) }
    #expect(throws: StoreError.diskFull(path: path)) {
      try writer.commit(rows, run: run, counts: Fixtures.counts(400), notedAt: Fixtures.time)
    }
    try writer.read { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    try writer.commit(rows, run: run, counts: Fixtures.counts(400), notedAt: Fixtures.time)
    try writer.close()
    let summary = try StoreReader(path: path).run(named: "posts")
    #expect(summary.isBalanced)
    #expect(summary.rows(.scored) == 400)
  }
}
