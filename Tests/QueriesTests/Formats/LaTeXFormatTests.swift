import Queries
import Testing

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

  @Test func nothingIsReadAsTheLineEndsArgumentOrALigature() {
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
