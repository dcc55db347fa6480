import Foundation
import Bytes
import Testing

@Suite struct ShellTests {
  @Test func wordsAreQuotedWhereNeeded() {
    #expect(Shell.word("too_few_fields") == "too_few_fields")
    #expect(Shell.word("my posts") == "'my posts'")
    #expect(Shell.word("it's; rm -r") == "'it'\\''s; rm -r'")
    #expect(Shell.word("") == "''")
    #expect(Shell.word("#1") == "'#1'")
    #expect(Shell.word("a\nb") == "$'a\\nb'")
    #expect(Shell.line(["clfa", "query", "my store.sqlite", "run=a b"]) == "clfa query 'my store.sqlite' 'run=a b'")
  }

  @Test(arguments: [
    "a b", "it's", "\\", "$HOME `x` \"y\"", "~", "#", "a\nb'c\\d\u{1B}[2J", "é\u{202E}x", "*?[]{}!&|;<>",
  ])
  func aShellReadsTheSameText(text: String) throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", "printf %s " + Shell.word(text)]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(bytes == Data(text.utf8), "\(Shell.word(text))")
  }
}
