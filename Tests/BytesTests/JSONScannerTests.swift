import Bytes
import Testing

@Suite struct JSONScannerTests {
  private func string(_ text: String) throws -> String {
    try Array(text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      let found = try scanner.string()
      try scanner.end()
      return found
    }
  }

  @Test func escapesAreRead() throws {
    #expect(try string(#""a\"\\\/\b\f\n\r\t\u00E9\u00e9\uD83D\uDE00""#) == "a\"\\/\u{8}\u{C}\n\r\téé\u{1F600}")
  }

  @Test(arguments: [
    (#""\x""#, JSONScanner.Fault.expected("an escape", at: 2)), (#""\"#, .expected("an escape", at: 2)),
    (#""\u12g4""#, .expected("four hexadecimal digits", at: 5)),
    (#""\ud83d\u0041""#, .expected("the second half of a pair", at: 2)),
    (#""\ud83d""#, .expected("a character, not half of one", at: 2)),
    (#""\ude00""#, .expected("a character, not half of one", at: 2)),
    (#""a\u0000""#, .expected("a character other than NUL", at: 3)),
  ]) func aWrongEscapeIsAFaultAtItsPlace(_ text: String, _ fault: JSONScanner.Fault) {
    #expect(throws: fault) { try string(text) }
  }
}
