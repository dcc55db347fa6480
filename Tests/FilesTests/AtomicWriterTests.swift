import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct AtomicWriterTests {
  @Test func aFileAppearsWholeOrNotAtAll() throws {
    let scratch = try Scratch(), path = scratch.file("rows.csv")
    do {
      let writer = try AtomicWriter(path, .new)
      try writer.write(Array("half".utf8))
      #expect(try scratch.names().count == 1 && scratch.names() != ["rows.csv"])
    }
    #expect(try scratch.names() == [])
    try AtomicWriter.write(Array("whole".utf8), to: path, .new)
    #expect(try scratch.names() == ["rows.csv"] && scratch.text("rows.csv") == "whole")
  }

  @Test func theSecondWriterOfANewFileGetsAnError() throws {
    let scratch = try Scratch(), path = scratch.file("rows.csv")
    let one = try AtomicWriter(path, .new), other = try AtomicWriter(path, .new)
    try one.write([1])
    try other.write([2])
    try one.finish()
    #expect(throws: FileError.alreadyThere) { try other.finish() }
    #expect(FileManager.default.contents(atPath: path) == Data([1]))
  }

  @Test func twoWritersDoNotShareATemporaryName() throws {
    let scratch = try Scratch(), path = scratch.file("config.json")
    let one = try AtomicWriter(path, .replacing), other = try AtomicWriter(path, .replacing)
    try one.write(Array("one".utf8))
    try other.write(Array("the other".utf8))
    try one.finish()
    #expect(try scratch.text("config.json") == "one")
    try other.finish()
    #expect(try scratch.names() == ["config.json"] && scratch.text("config.json") == "the other")
  }

  @Test func onlyLeftoversOfKilledProcessesAreRemoved() throws {
    let scratch = try Scratch(), path = scratch.file("rows.csv")
    try scratch.write(".rows.csv.4711-1f.partial", "half")
    try scratch.write(".other.csv.4711-1f.partial", "half")
    try scratch.write(".rows.csv.mine.partial", "mine")
    let living = try AtomicWriter(path, .replacing)
    let kept = try scratch.names()
    #expect(kept.count == 3 && !kept.contains(".rows.csv.4711-1f.partial"))
    try AtomicWriter.write([1], to: path, .replacing)
    #expect(try Set(scratch.names()) == Set(kept + ["rows.csv"]))
    try living.write([2])
    try living.finish()
    #expect(FileManager.default.contents(atPath: path) == Data([2]))
  }

  @Test func aFullNonBlockingOutputIsWaitedFor() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0) }
    let source = ends[0], done = DispatchSemaphore(value: 0), got = Mutex(Data())
    Thread.detachNewThread {
      let all = FileHandle(fileDescriptor: source, closeOnDealloc: true).readDataToEndOfFile()
      got.withLock { $0 = all }
      done.signal()
    }
    defer { done.wait() }
    do {
      defer { close(ends[1]) }
      try OutputFile.write(bytes, to: "/dev/fd/\(ends[1])")
    }
    done.wait()
    done.signal()
    #expect(got.withLock { $0 } == Data(bytes))
  }

  @Test func onlyFilesAreReplaced() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
    try scratch.write("folder/inner", "")
    #expect(throws: FileError.notAFile(kind: "pipe")) { try AtomicWriter(scratch.file("pipe"), .replacing) }
    #expect(throws: FileError.notAFile(kind: "device")) { try AtomicWriter("/dev/null", .replacing) }
    #expect(throws: FileError.isFolder) { try AtomicWriter(scratch.file("folder"), .replacing) }
    #expect(throws: FileError.isFolder) { try AtomicWriter(scratch.file("none/"), .replacing) }
    #expect(throws: FileError.alreadyThere) { try AtomicWriter(scratch.file("pipe"), .new) }
    #expect(throws: FileError.impossiblePath) { try AtomicWriter("", .new) }
    #expect(throws: FileError.system(ENOENT)) { try AtomicWriter(scratch.file("none/file"), .new) }
  }

  @Test func aNameOfTheMaximumLengthCanBeWritten() throws {
    let scratch = try Scratch(), name = String(repeating: "é", count: 127)
    try AtomicWriter.write([1], to: scratch.file(name), .new)
    #expect(try scratch.names() == [name])
  }

  @Test func aReplacedFileKeepsItsPermissionsAndALinkItsTarget() throws {
    let scratch = try Scratch()
    try scratch.write("real", "old")
    chmod(scratch.file("real"), 0o640)
    symlink("real", scratch.file("link"))
    try AtomicWriter.write(Array("new".utf8), to: scratch.file("link"), .replacing)
    var status = stat()
    #expect(lstat(scratch.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(scratch.file("real"), &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try scratch.text("real") == "new")
  }

  @Test func bytesCanBeInsertedBeforeWrittenOnes() throws {
    let scratch = try Scratch(), writer = try AtomicWriter(scratch.file("a.npy"), .new)
    try writer.write([0, 0])
    try writer.append { $0 += [7] }
    try writer.overwrite([5, 6], at: 0)
    try writer.finish()
    #expect(FileManager.default.contents(atPath: scratch.file("a.npy")) == Data([5, 6, 7]))
  }
}
