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
    ("1.5", "1.5"), ("123456789.123456", "123456789.123456"), ("3 cats", "3 cats"), ("may be", "may be"),
    ("1e5 likes", "1e5 likes"), ("a1", "a1"), ("", "\"\""), ("t20", "t20"), ("e5 may 1", "e5 may 1"), ("v1.2", "v1.2"),
    ("1_000", "1_000"), ("0x1F", "0x1F"), ("http://a/1", "http://a/1"), ("true story", "true story"),
    ("=HYPERLINK(\"http://x\")", #""'=HYPERLINK(""http://x"")""#),
  ])
  func textsStayTexts(cell: String, written expected: String) {
    #expect(Array(written([[.text(cell), .null]]).utf8) == Array("\u{FEFF}id,n\r\n\(expected),\r\n".utf8))
  }

  @Test(arguments: [
    "2020-01-02", "1/2", "1 1/2", "10:30", "12/31/99", "1-2", "2020-01-02T03:04:05Z", "3 Mar", "Mar 1", "MARCH1",
    "SEPT2",
    "1. Mai 2020", "10:30 PM", "5 p", "1E5", "1e-5", "1.5E+10", "1.50", "007.5", ".5", "5.", "1,000", "50%", "5 %",
    "$5",
    "€ 5", "(5)", " 12", "12 ", "1.2.3", "true", "FALSE", "1234567890.123456",
  ])
  func whatASpreadsheetChangesIsAFormula(cell: String) {
    #expect(Array(written([[.text(cell), .null]]).utf8) == Array("\u{FEFF}id,n\r\n\"=\"\"\(cell)\"\"\",\r\n".utf8))
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
