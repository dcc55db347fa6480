import Bytes
import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// A store has only one writer, even if its file has several names.
@Suite struct OneWriterTests {
  let folder: Scratch
  let path, other: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    other = folder.file("other.sqlite")
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
  }

  @Test func aHardLinkGivesNoSecondWriter() throws {
    let writer = try StoreWriter.open(path: path)
    try FileManager.default.linkItem(atPath: path, toPath: other)
    let error = #expect(throws: StoreError.self) { try StoreWriter.open(path: other) }
    guard case .locked? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Nor a reader, which would see the file without the log that belongs to it.
    #expect(throws: StoreError.writtenElsewhere(path: other)) { try StoreReader(path: other) }
    #expect(try StoreReader(path: path).runs().count == 1)
    try writer.close()
    #expect(try Set(folder.names()) == ["other.sqlite", "posts.sqlite"])
  }

  @Test func aFileOfTwoNamesIsReadAtRestAndNotWritten() throws {
    try FileManager.default.linkItem(atPath: path, toPath: other)
    for name in [path, other] {
      #expect(throws: StoreError.severalNames(path: name, names: 2)) { try StoreWriter.open(path: name) }
      let reader = try StoreReader(path: name)
      #expect(try reader.runs().count == 1)
      reader.close()
    }
    #expect(try Set(folder.names()) == ["other.sqlite", "posts.sqlite"])
    try FileManager.default.removeItem(atPath: path)
    try StoreWriter.open(path: other).close()
  }

  @Test func aLogNextToAnotherNameIsNotOverlooked() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "UPDATE run SET corpus = 'changed.csv'") }
    let copy = folder.file("copy.sqlite")
    for side in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + side, toPath: copy + side) }
    try queue.close()
    let link = folder.file("link.sqlite")
    try FileManager.default.linkItem(atPath: copy, toPath: link)
    #expect(throws: StoreError.logElsewhere(path: link, name: copy)) { try StoreReader(path: link) }
    let reader = try StoreReader(path: copy)
    #expect(try reader.runs().map(\.corpus) == ["changed.csv"])
  }

  @Test func movingOrReplacingAStoreDuringWritingIsAnError() throws {
    let files = FileManager.default
    var writer = try StoreWriter.open(path: path)
    try writer.renameRun("posts", to: "moved")
    try files.moveItem(atPath: path, toPath: other)
    #expect(throws: StoreError.replaced(path: path)) { try writer.close() }
    #expect(try StoreReader(path: other).runs().map(\.name) == ["moved"])
    writer = try StoreWriter.open(path: other)
    try files.removeItem(atPath: other)
    try Data("mine".utf8).write(to: URL(filePath: other))
    #expect(throws: StoreError.replaced(path: other)) { try writer.close() }
    #expect(try Data(contentsOf: URL(filePath: other)) == Data("mine".utf8))
  }

  @Test(arguments: ["-journal", "-wal", "-shm"]) func aPipeNextToTheStoreIsNotOpened(suffix: String) throws {
    #expect(mkfifo(path + suffix, 0o600) == 0)
    let error = StoreError.notASideFile(path: path, side: path + suffix)
    #expect(throws: error) { try StoreReader(path: path) }
    #expect(throws: error) { try StoreWriter.open(path: path) }
  }

  @Test func aReaderThatEndsLeavesTheWriterItsLock() throws {
    let writer = try StoreWriter.open(path: path)
    for _ in 0..<3 { try StoreReader(path: path).close() }
    #expect(throws: StoreError.self) { try StoreWriter.open(path: path) }
    // Seen from another process, SQLite's own locks are still held, so it cannot lock the store.
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import fcntl, sys
      file = open(sys.argv[1], 'r+b')
      try:
          fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
      except OSError:
          sys.exit(7)
      """, path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 7)
    try writer.close()
  }
}
