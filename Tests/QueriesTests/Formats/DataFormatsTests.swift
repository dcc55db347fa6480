import Foundation
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

  @Test func aSingleEmptyFieldIsNotAnEmptyLine() {
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

@Suite struct JSONFormatTests {
  @Test func array() {
    #expect(
      FormatSample.text(.json) == """
        [
        {"key":"a","n":-9223372036854775808,"share":0.1,"text":"plain","bytes":"00ff"},
        {"key":"","n":7,"share":-0.6666666666666666,"text":\
        "say \\"hi\\", x|y_z\\nnext\\tcell \\\\ 100% & $5 #1","bytes":null},
        {"key":null,"n":null,"share":null,"text":"日本 e\u{301} 👩‍👧 \\u001b[2J\\u202e<b>","bytes":""}
        ]

        """)
  }

  @Test func lines() {
    #expect(
      FormatSample.text(.jsonl, columns: ["a", "b"], rows: [[.integer(1), .real(1)], [.null, .text("x")]])
        == "{\"a\":1,\"b\":1.0}\n{\"a\":null,\"b\":\"x\"}\n")
  }

  @Test func noRows() {
    #expect(FormatSample.text(.json, rows: []) == "[]\n")
    #expect(FormatSample.text(.jsonl, rows: []) == "")
  }

  @Test func infinitiesAreNull() {
    #expect(FormatSample.text(.jsonl, columns: ["a"], rows: [[.real(.infinity)]]) == "{\"a\":null}\n")
  }

  @Test func namesDoNotCollide() {
    let rows: [[QueryValue]] = [[.integer(1), .integer(2), .integer(3), .integer(4)]]
    #expect(
      FormatSample.text(.jsonl, columns: ["a", "a", "a_2", "a"], rows: rows)
        == "{\"a\":1,\"a_3\":2,\"a_2\":3,\"a_4\":4}\n")
  }

  @Test func everyScalarReadsBack() throws {
    let scalars =
      (UInt32(0)...0x2FFF).compactMap(Unicode.Scalar.init) + ["\u{FEFF}", "\u{FFFB}", "\u{1F600}"]
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    let json = FormatSample.text(.json, columns: ["t"], rows: [[.text(text)]])
    let parsed = try JSONDecoder().decode([[String: String]].self, from: Data(json.utf8))
    #expect(parsed.first?["t"].map { Array($0.utf8) } == Array(text.utf8))
  }
}
