import Bytes
import Foundation
import Testing

@Suite struct PrintableTextTests {
  @Test func terminalControlsAreEscaped() {
    #expect("plain – ü 🙂".printable == "plain – ü 🙂")
    #expect("a\u{1B}[31m\u{7F}\u{9B}".printable == "a\\u001b[31m\\u007f\\u009b")
    #expect("a\tb\r\nc\0".printable == "a\\tb\\r\\nc\\u0000")
    #expect("\u{202E}abc\u{2066}\u{61C}\u{2028}".printable == "\\u202eabc\\u2066\\u061c\\u2028")
  }

  @Test func keepsJoinersOfEmojiAndScripts() {
    #expect("👩‍👧 क्‍ष".printable == "👩‍👧 क्‍ष")
  }

  @Test func linesKeepTheirEndsAndTabs() {
    #expect("a\tb\nc\r\n\u{1B}".printableLines == "a\tb\nc\\r\n\\u001b")
  }

  @Test func everyControlAndBidirectionalMarkIsCaught() {
    for value: UInt32 in [0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069].joined() {
      let scalar = Unicode.Scalar(value)
      #expect(scalar?.isTerminalControl == true)
    }
  }
}

@Suite struct ListedNamesTests {
  @Test func namesTheFirstFewAndCountsTheRest() {
    #expect((1...65_536).map { "\($0)" }.listed(most: 3) == "1, 2, 3 and 65533 more")
    #expect(["a", "b"].listed(most: 2) == "a, b")
    #expect(["a", "b"].listed(separator: " or ", quote: "'") == "'a' or 'b'")
    #expect([String]().listed().isEmpty)
  }

  @Test func namesAreSafeAndShort() {
    #expect(["a\nError: b", "\u{1B}[2J"].listed() == "a\\nError: b, \\u001b[2J")
    #expect([String(repeating: "x", count: 61)].listed() == String(repeating: "x", count: 60) + "…")
    #expect("abc".printable(upTo: 3) == "abc" && "abcd".printable(upTo: 3) == "abc…")
    // One letter with any number of marks is not one letter to a terminal's memory.
    #expect(("a" + String(repeating: "\u{301}", count: 1000)).printable(upTo: 10).unicodeScalars.count == 11)
  }
}

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
