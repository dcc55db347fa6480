import Queries
import Testing

@Suite struct MarkdownFormatTests {
  @Test func golden() {
    #expect(
      FormatSample.text(.markdown) == """
        | key | n | share | text | bytes |
        | --- | --: | --: | --- | --- |
        | a | -9223372036854775808 | 0.1 | plain | &lt;2 bytes&gt; |
        |  | 7 | -0.666667 | say "hi", x\\|y_z<br>next cell \\\\ 100% &amp; \\$5 \\#1 |  |
        |  |  |  | 日本 e\u{301} 👩‍👧 \\\\u001b\\[2J\\\\u202e&lt;b&gt; | &lt;0 bytes&gt; |

        """)
  }

  @Test func underscoresOutsideWordsAreEscaped() {
    #expect(
      FormatSample.text(.markdown, columns: ["a_b"], rows: [[.text("_x_ without_picture *y*\r\nz\rq")]])
        == "| a_b |\n| --- |\n| \\_x\\_ without_picture \\*y\\*<br>z<br>q |\n")
  }

  @Test func noRows() {
    #expect(FormatSample.text(.markdown, columns: ["a", "b"], rows: []) == "| a | b |\n| --- | --- |\n")
  }
}

@Suite struct LaTeXFormatTests {
  @Test func golden() {
    #expect(
      FormatSample.text(.latex) == """
        \\begin{tabular}{lrrll}
        \\hline
        key & n & share & text & bytes \\\\
        \\hline
        a & -9223372036854775808 & 0.1 & plain & \\textless{}2 bytes\\textgreater{} \\\\
         & 7 & -0.666667 & say "hi", x\\textbar{}y\\_z next cell \\textbackslash{} 100\\% \\& \\$5 \\#1 &  \\\\
         &  &  & 日本 e\u{301} 👩‍👧 \\textbackslash{}u001b{[}2J\\textbackslash{}u202e\\textless{}b\\textgreater{} \
        & \\textless{}0 bytes\\textgreater{} \\\\
        \\hline
        \\end{tabular}

        """)
  }

  @Test func bracketsAndLigaturesAreEscaped() {
    #expect(
      FormatSample.text(.latex, columns: ["[a]"], rows: [[.text("*b")], [.text("--- ''~^{}")]])
        == """
        \\begin{tabular}{l}
        \\hline
        {[}a{]} \\\\
        \\hline
        {*}b \\\\
        -{}-{}- '{}'\\textasciitilde{}\\textasciicircum{}\\{\\} \\\\
        \\hline
        \\end{tabular}

        """)
  }
}
