import Exporting
import Queries
import Testing

@Suite struct ExcelFormatTests {
  private func written(_ rows: [[QueryValue]]) -> String {
    var format = ExcelFormat()
    var bytes: [UInt8] = []
    format.begin(["id", "n"], into: &bytes)
    for row in rows { format.row(row, into: &bytes) }
    format.end(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func hasAByteOrderMarkAndWindowsLineEnds() {
    #expect(Array(written([]).utf8.prefix(5)) == [0xEF, 0xBB, 0xBF, UInt8(ascii: "i"), UInt8(ascii: "d")])
    #expect(Array(written([[.text("a"), .null]]).utf8) == Array("\u{FEFF}id,n\r\na,\r\n".utf8))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-x", "'-x"), ("@cmd", "'@cmd"), ("\tx", "'\tx"), ("＝1", "'＝1"),
    ("1280000000000000001", #""=""1280000000000000001""""#), ("0042", #""=""0042""""#),
    ("12e5", #""=""12e5""""#), ("7E1234", #""=""7E1234""""#), ("1e5x", "1e5x"), ("e5", "e5"), ("1e", "1e"),
    ("123456789012345", "123456789012345"), ("a=1", "a=1"), ("0", "0"), ("0.5", "0.5"),
    ("=HYPERLINK(\"http://x\")", #""'=HYPERLINK(""http://x"")""#),
  ])
  func textsStayTexts(cell: String, written expected: String) {
    #expect(Array(written([[.text(cell), .null]]).utf8) == Array("\u{FEFF}id,n\r\n\(expected),\r\n".utf8))
  }

  @Test func aCarriageReturnIsInQuotes() {
    #expect(Array(written([[.text("\r=1"), .null]]).utf8) == Array("\u{FEFF}id,n\r\n\"'\r=1\",\r\n".utf8))
  }

  @Test func numbersStayNumbers() {
    let row: [QueryValue] = [.real(-0.25), .integer(-3)]
    #expect(Array(written([row]).utf8) == Array("\u{FEFF}id,n\r\n-0.25,-3\r\n".utf8))
  }

  @Test func digitsTooLongForAFormulaStay() {
    let digits = String(repeating: "1", count: 256)
    #expect(Array(written([[.text(digits), .null]]).utf8) == Array("\u{FEFF}id,n\r\n\(digits),\r\n".utf8))
  }
}
