import Corpus
import Foundation
import TestSupport
import Testing

@Suite struct KeyFileTests {
  private func outcome(_ bytes: [UInt8], limit: Int = KeyFile.largest) throws -> Result<[String], KeyFileError> {
    let scratch = try Scratch(), path = try scratch.write("keys.txt", bytes)
    return Result { () throws(KeyFileError) in try KeyFile.read(path, limit: limit) }.mapError { error in
      switch error {
      case .notUTF8(_, let line): .notUTF8(path: "keys.txt", line: line)
      case .nul(_, let line): .nul(path: "keys.txt", line: line)
      case .mixedEndings(_, let line): .mixedEndings(path: "keys.txt", line: line)
      case .tooLarge(_, let limit): .tooLarge(path: "keys.txt", limit: limit)
      case .unreadable, .interrupted: error
      }
    }
  }

  @Test(arguments: [
    ("1\n2\n", ["1", "2"]), ("1\n2", ["1", "2"]), ("1\r\n2\r\n", ["1", "2"]), ("1\r\n2", ["1", "2"]),
    ("\u{FEFF}1\n", ["1"]), (" 1 \n\n\"2\"\n", [" 1 ", "\"2\""]), ("", []), ("\n", []), ("2\n2\n", ["2", "2"]),
  ])
  func aLineIsAKey(text: String, keys: [String]) throws {
    #expect(try outcome(Array(text.utf8)) == .success(keys))
  }

  @Test func aLineThatCannotBeAKeyIsNamed() throws {
    #expect(try outcome([0x61, 0x0A, 0xE9, 0x0A]) == .failure(.notUTF8(path: "keys.txt", line: 2)))
    #expect(try outcome([0x32, 0, 0x0A, 0]) == .failure(.nul(path: "keys.txt", line: 1)))
    #expect(try outcome(Array("1\n2\r\n3\n".utf8)) == .failure(.mixedEndings(path: "keys.txt", line: 2)))
  }

  @Test func aListOverTheLimitIsAnError() throws {
    #expect(try outcome(Array("123\n".utf8), limit: 4) == .success(["123"]))
    #expect(try outcome(Array("1234\n".utf8), limit: 4) == .failure(.tooLarge(path: "keys.txt", limit: 4)))
  }

  @Test func aFileThatCannotBeReadIsAnError() throws {
    let scratch = try Scratch(), missing = scratch.file("none.txt")
    #expect(throws: KeyFileError.unreadable(path: missing, code: ENOENT)) { try KeyFile.read(missing) }
    #expect(throws: KeyFileError.unreadable(path: scratch.path, code: EISDIR)) { try KeyFile.read(scratch.path) }
  }

  @Test func aPipeWithoutAWriterCanBeLeft() throws {
    let scratch = try Scratch(), pipe = scratch.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    // Another process holds it open for writing and writes nothing.
    let descriptor = open(pipe, O_RDWR)
    defer { close(descriptor) }
    #expect(throws: KeyFileError.interrupted) { try KeyFile.read(pipe, shouldStop: { true }) }
  }
}
