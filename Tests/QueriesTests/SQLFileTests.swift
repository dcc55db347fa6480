import Foundation
import Queries
import TestSupport
import Testing

@Suite struct SQLFileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aFileIsAQuery() throws {
    let path = try scratch.write("sub/mine.sql", "SELECT 1 -- é\n")
    let query = try SQLFile.read(path)
    #expect(query.name == path && query.sql == "SELECT 1 -- é\n")
  }

  @Test func otherFilesAreRejected() throws {
    let none = scratch.file("none.sql")
    #expect(throws: SQLFile.ReadError.unreadable(path: none, code: ENOENT)) { try SQLFile.read(none) }
    let folder = scratch.file("folder.sql")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    #expect(throws: SQLFile.ReadError.notAFile(path: folder)) { try SQLFile.read(folder) }
    let latin = try scratch.write("latin.sql", [UInt8]("SELECT '".utf8) + [0xE9, 0x27])
    #expect(throws: SQLFile.ReadError.notUTF8(path: latin)) { try SQLFile.read(latin) }
  }

  @Test func aFileHasAtMostOneMebibyte() throws {
    let blanks = [UInt8](repeating: 0x20, count: (1 << 20) - 8)
    #expect(try SQLFile.read(try scratch.write("most.sql", "SELECT 1".utf8 + blanks)).sql.utf8.count == 1 << 20)
    let more = try scratch.write("more.sql", "SELECT 12".utf8 + blanks)
    #expect(throws: SQLFile.ReadError.tooLarge(path: more)) { try SQLFile.read(more) }
  }
}
