import Queries
import Testing

@Suite struct DelimitedFormatsTests {
  @Test func csv() {
    #expect(
      FormatSample.text(.csv) == """
        key,n,share,text,bytes
        a,-9223372036854775808,0.1,plain,00ff
        "",7,-0.6666666666666666,"say ""hi"", x|y_z
        next\tcell \\ 100% & $5 #1",
        ,,,日本 e\u{301} 👩‍👧 \u{1B}[2J\u{202E}<b>,

        """)
  }

  @Test func tsv() {
    #expect(
      FormatSample.text(.tsv) == """
        key\tn\tshare\ttext\tbytes
        a\t-9223372036854775808\t0.1\tplain\t00ff
        \t7\t-0.6666666666666666\tsay "hi", x|y_z\\nnext\\tcell \\\\ 100% & $5 #1\t
        \t\t\t日本 e\u{301} 👩‍👧 \u{1B}[2J\u{202E}<b>\t

        """)
  }

  @Test func aLoneEmptyFieldIsNoEmptyLine() {
    #expect(FormatSample.text(.csv, columns: ["a"], rows: [[.null], [.text("")]]) == "a\n\"\"\n\"\"\n")
  }

  @Test func everyLineEndIsQuoted() {
    #expect(
      FormatSample.text(.csv, columns: ["a\r\nb"], rows: [[.text("c\rd")]]) == "\"a\r\nb\"\n\"c\rd\"\n")
  }

  @Test func doublesReadBack() {
    let numbers = [
      Double.pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, 123456789.125, -0.0, .infinity,
    ]
    let csv = FormatSample.text(.csv, columns: ["x"], rows: numbers.map { [.real($0)] })
    let lines = csv.split(separator: "\n")
    #expect(lines.dropFirst().map { Double($0)?.bitPattern } == numbers.map(\.bitPattern))
  }
}
