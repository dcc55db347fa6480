import Bytes
import Testing

@Suite struct PrintableTextTests {
  @Test func writesOutWhatATerminalObeys() {
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
