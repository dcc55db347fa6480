import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileReaderTests {
  @Test func aPipeOrFolderIsAnErrorAtOnce() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
    #expect(throws: FileError.notAFile(kind: "pipe")) { try FileReader.read(scratch.file("pipe"), limit: 10) }
    #expect(throws: FileError.isFolder) { try FileReader.read(scratch.path, limit: 10) }
    #expect(throws: FileError.notAFile(kind: "device")) { try FileReader.read("/dev/zero", limit: 10) }
    #expect(throws: FileError.missing) { try FileReader.read(scratch.file("none"), limit: 10) }
    #expect(throws: FileError.impossiblePath) { try FileReader.read("a\0b", limit: 10) }
  }

  @Test func aLimitCountsTheLastByte() throws {
    let scratch = try Scratch()
    try scratch.write("file", "12345")
    try scratch.write("empty", "")
    #expect(try FileReader.read(scratch.file("file"), limit: 5) == Array("12345".utf8))
    #expect(throws: FileError.tooLarge(bytes: 5, limit: 4)) { try FileReader.read(scratch.file("file"), limit: 4) }
    #expect(try FileReader.read(scratch.file("empty"), limit: 0) == [])
    // The kernel generates its bytes when they are read, and reports a size of 0.
    #expect(try FileReader.read("/proc/self/status", limit: 1 << 20).isEmpty == false)
    #expect(throws: FileError.self) { try FileReader.read("/proc/self/status", limit: 10) }
  }

  @Test func aPipeAsOutputIsWrittenIfItHasAReaderAndIsAnErrorOtherwise() throws {
    let scratch = try Scratch(), path = scratch.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: FileError.noReader) { try OutputFile.write([1, 2], to: path) }
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try OutputFile.write([1, 2], to: path)
    var bytes = [UInt8](repeating: 0, count: 10)
    #expect(read(reader, &bytes, 10) == 2 && bytes.prefix(2) == [1, 2])
    #expect(OutputFile.beginning(of: path, 5) == [])
    #expect(try scratch.names() == ["pipe"])
  }

  @Test func aDeviceIsWrittenToAndKept() throws {
    try OutputFile.write([1], to: "/dev/null")
    #expect(throws: FileError.system(ENOSPC)) { try OutputFile.write([1], to: "/dev/full") }
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func pathsOfDescriptorsAreRecognised() {
    #expect(OutputFile.descriptor(named: "/dev/stdout") == 1 && OutputFile.descriptor(named: "/dev/fd/7") == 7)
    #expect(OutputFile.descriptor(named: "/proc/self/fd/3") == 3 && OutputFile.descriptor(named: "/dev/fd/x") == nil)
    #expect(OutputFile.descriptor(named: "stdout") == nil && OutputFile.descriptor(named: "/dev/null") == nil)
  }
}
