import Foundation
import Inputs
import Testing

/// Lexicons from files.
@Suite struct PolarityLexiconFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "clfa-lexicon-\(UUID().uuidString)")

  private func load(_ name: String) throws -> PolarityLexicon {
    let tokenizer = TextGoldens.tokenizer(try TextGoldens.vocabulary(), cased: false)
    return try PolarityLexicon.load(folder.appending(path: name).path, tokenizer: tokenizer)
  }

  private func error(_ name: String) throws -> String {
    let error = #expect(throws: LexiconError.self) { try load(name) }
    return "\(try #require(error))".replacing(folder.path, with: "F")
  }

  @Test func aFileIsReadAndItsTroubleIsNamed() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("good\t1\nso bad\t-0.5\n".utf8).write(to: folder.appending(path: "fine"))
    try Data("good\t1\nbad\t-2\n".utf8).write(to: folder.appending(path: "far"))
    try Data().write(to: folder.appending(path: "empty"))
    #expect(FileManager.default.createFile(atPath: folder.appending(path: "large").path, contents: nil))
    try FileHandle(forWritingTo: folder.appending(path: "large")).truncate(atOffset: 1 << 40)
    #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)

    #expect(try load("fine").count == 2)
    #expect(try error("far") == "F/far: line 2: the polarity is -2, it must be from -1 to 1")
    #expect(try error("empty").hasPrefix("F/empty: the lexicon has no entry; a line is "))
    #expect(
      try error("large").hasPrefix("F/large: the lexicon has 1099511627776 bytes, more than the 16777216 allowed"))
    #expect(try error("pipe") == "F/pipe is not a regular file; put the lexicon in its place")
    try FileManager.default.createDirectory(at: folder.appending(path: "folder"), withIntermediateDirectories: true)
    #expect(try error("folder") == "F/folder is not a regular file; put the lexicon in its place")
    #expect(try error("none").hasPrefix("F/none can't be read: No such file or directory; see whether it is there"))
  }
}
