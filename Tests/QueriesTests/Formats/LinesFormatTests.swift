import Queries
import Testing

@Suite struct LinesFormatTests {
  @Test func golden() {
    #expect(
      FormatSample.text(.lines) == """
        key    a
        n      -9223372036854775808
        share  0.1
        text   plain
        bytes  <2 bytes>

        key
        n      7
        share  -0.666667
        text   say "hi", x|y_z\\nnext\\tcell \\ 100% & $5 #1
        bytes

        key
        n
        share
        text   日本 e\u{301} 👩‍👧 \\u001b[2J\\u202e<b>
        bytes  <0 bytes>

        """)
  }

  @Test func noRowsAreNothing() {
    #expect(FormatSample.text(.lines, rows: []).isEmpty)
  }

  @Test func peopleGetLinesWhereATableWouldBeTooWide() {
    #expect(RowFormatName.readable(columns: 8) == .table)
    #expect(RowFormatName.readable(columns: 15) == .lines)
  }
}
