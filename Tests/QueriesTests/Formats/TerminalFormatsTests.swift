import Queries
import Testing

@Suite struct TableFormatTests {
  @Test func golden() {
    #expect(
      FormatSample.text(.table) == """
        key                     n      share  text                                        bytes
        ---  --------------------  ---------  ------------------------------------------  ---------
        a    -9223372036854775808        0.1  plain                                       <2 bytes>
                                7  -0.666667  say "hi", x|y_z\\nnext\\tcell \\ 100% & $5 #1
                                              日本 e\u{301} 👩‍👧 \\u001b[2J\\u202e<b>                <0 bytes>

        """)
  }

  @Test func rightToLeftCellsDoNotReorderTheirNeighboursOrWidenTheirColumn() {
    let rows: [[QueryValue]] = [
      [.text("ساخر"), .text("صادق"), .integer(12)], [.text("محايد جداً بدون أي مشاعر"), .text("x"), .integer(3)],
    ]
    let lines = FormatSample.text(.table, columns: ["truth", "label", "n"], rows: rows).split(separator: "\n")
    #expect(lines[2].hasPrefix("\u{2068}ساخر\u{2069} ") && lines[2].contains("\u{2068}صادق\u{2069}"))
    #expect(Set(lines.dropFirst(1).map { String($0).displayWidth }).count == 1)
    // An isolated name that is cut is closed after its dots.
    let narrow = FormatSample.text(.table, columns: ["truth", "label", "n"], rows: rows, width: 20).split(
      separator: "\n")
    #expect(narrow.allSatisfy { String($0).displayWidth <= 20 })
    #expect(narrow[3].contains("…\u{2069}"))
    let marks: Set<Unicode.Scalar> = ["\u{2068}", "\u{2069}"]
    for line in lines + narrow {
      #expect(line.unicodeScalars.count { $0 == "\u{2068}" } == line.unicodeScalars.count { $0 == "\u{2069}" })
    }
    for format in [RowFormatName.csv, .tsv, .json, .jsonl, .markdown, .latex] {
      let text = FormatSample.text(format, columns: ["truth", "label", "n"], rows: rows)
      #expect(!text.unicodeScalars.contains { marks.contains($0) }, "\(format)")
    }
  }

  @Test func linesKeepWithinTheTerminal() {
    let rows: [[QueryValue]] = [
      [
        .text("short"), .text(String(repeating: "日本語", count: 30)),
        .text(String(repeating: "x", count: 5000)),
      ]
    ]
    for width in 20...120 {
      let table = FormatSample.text(.table, columns: ["a", "b", "c"], rows: rows, width: width)
      let lines = table.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines.allSatisfy { String($0).displayWidth <= width }, "at \(width)")
    }
  }

  @Test func longTextIsShortenedBeforeTheKey() {
    let rows: [[QueryValue]] = [
      [.text("910000000000000025"), .real(0.5), .text(String(repeating: "word ", count: 20))]
    ]
    let lines = FormatSample.text(.table, columns: ["key", "confidence", "text"], rows: rows, width: 60)
      .split(separator: "\n")
    #expect(lines.last == "910000000000000025         0.5  word word word word word wo…")
    let narrow = FormatSample.text(.table, columns: ["key", "confidence", "text"], rows: rows, width: 34)
      .split(separator: "\n")
    #expect(narrow.first == "key                 confi…  text")
    #expect(narrow.last == "910000000000000025     0.5  word …")
  }

  @Test func theWindowSetsTheWidthsAndLaterCellsAreCut() {
    var rows: [[QueryValue]] = Array(repeating: [.integer(1), .text("abcdef")], count: 200)
    rows.append([.integer(123_456_789), .text("abcdefghij")])
    let lines = FormatSample.text(.table, columns: ["n", "t"], rows: rows).split(separator: "\n")
    #expect(lines[2] == "1  abcdef")
    #expect(lines.last == "123456789  abcde…")
  }

  @Test func rowsAreHeldOnlyForTheWindow() {
    var format = RowFormatName.table.writer(width: 80)
    var output: [UInt8] = []
    format.begin(["a"], into: &output)
    for _ in 0..<199 { format.row([.integer(1)], into: &output) }
    #expect(output.isEmpty)
    format.row([.integer(1)], into: &output)
    let written = output.count
    format.row([.integer(1)], into: &output)
    #expect(written == 202 * 2)
    #expect(output.count == written + 2)
  }

  @Test func noRowsLeaveTheHeader() {
    #expect(FormatSample.text(.table, columns: ["a", "long"], rows: []) == "a  long\n-  ----\n")
    #expect(FormatSample.text(.table, columns: [], rows: []) == "\n\n")
  }

  @Test func anEndlessGraphemeIsCut() {
    let zalgo = "e" + String(repeating: "\u{301}", count: 1_000_000)
    let output = FormatSample.text(.table, columns: ["a"], rows: [[.text(zalgo)]], width: 40)
    #expect(output.utf8.count < 2000)
  }
}

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

  @Test func linesReplaceATableThatIsTooWide() {
    #expect(RowFormatName.readable(columns: 8) == .table)
    #expect(RowFormatName.readable(columns: 15) == .lines)
  }
}

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("ﾊﾛｰ", 3), ("ＡＢ", 4), ("🙂", 2), ("👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1), ("☕", 2),
    ("1️⃣", 2), ("नमस्ते", 4), ("שלום", 4), ("a\u{200B}b", 2), ("𠀀", 2), ("…", 1), ("\u{AD}", 1),
  ])
  func widths(text: String, width: Int) {
    #expect(text.displayWidth == width, "\(text)")
  }

  @Test func cutsBetweenGraphemes() {
    #expect("abcdef".cut(toWidth: 6) == "abcdef")
    #expect("abcdef".cut(toWidth: 5) == "abcd…")
    #expect("日本語".cut(toWidth: 5) == "日本…")
    #expect("日本語".cut(toWidth: 4) == "日…")
    #expect("👩‍👧👩‍👧".cut(toWidth: 3) == "👩‍👧…")
    #expect("e\u{301}e\u{301}e\u{301}".cut(toWidth: 2) == "e\u{301}…")
    #expect("abc".cut(toWidth: 0) == "")
    #expect("日".cut(toWidth: 1) == "…")
  }
}
