internal import Bytes

extension DamagedTexts {
  /// The finding, with a command that repairs the file.
  var words: String {
    let example = examples.first
    let file = example.map { Shell.word($0.file) } ?? "FILE"
    let shown = example.map { example in
      (", such as \"\(example.text.spelled)\""
        + (damage == .lost ? "" : " for \"\(example.repaired.spelled)\"") + " (\(example.file):\(example.line))")
        .printable
    }
    let ftfy = "ftfy --preserve-entities -n none \(file) -o FIXED (pip install ftfy) repairs the texts that have it"
    let (what, fix) =
      switch damage {
      case .encodedTwice:
        (
          "UTF-8 that was encoded twice",
          "if all were, iconv -f UTF-8 -t ISO-8859-1 \(file) > FIXED takes one encoding off; " + ftfy
        )
      case .readAsWindows1252: ("UTF-8 that was read as Windows-1252", ftfy)
      case .entities:
        (
          "HTML entities that the model's preparation does not decode",
          "train with texts that are normalized with unescape-html, or write the characters themselves: "
            + Self.python("html", "html.unescape(c)", file)
        )
      case .pythonBytes:
        (
          "Python's spelling of bytes",
          "decode the bytes in the program that wrote them, or here: "
            + Self.python("ast", #"ast.literal_eval(c).decode() if c[:2] in ("b\x27", "b\x22") else c"#, file)
        )
      case .escapes:
        (
          "characters that are spelled as escapes",
          #"write the characters themselves: "#
            + Self.python(
              "re",
              #"re.sub(r"(?:\\u[0-9a-fA-F]{4})+|\\U[0-9a-fA-F]{8}", lambda m: m[0].encode().decode("unicode_escape")"#
                + #".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), c)"#, file)
        )
      case .percentEscapes:
        (
          "characters that are spelled as in web addresses",
          "write the characters themselves: "
            + Self.python(
              "re, urllib.parse",
              #"re.sub(r"(?<!\S)[^\s/]*%[0-9a-fA-F]{2}[^\s/]*", lambda m: urllib.parse.unquote(m[0]), c)"#, file)
        )
      case .lost:
        (
          "U+FFFD, the sign for a character that could not be read",
          "these characters were lost before this file was written, and nothing in it restores them: export the texts "
            + "again from their source, as UTF-8"
        )
      }
    return "\(posts) of \(of) \(of == 1 ? "text" : "texts") hold \(what)\(shown ?? ""): \(fix)"
  }

  /// A command that replaces each cell `c` of a CSV file.
  private static func python(_ module: String, _ cell: String, _ file: String) -> String {
    "python3 -c 'import csv, \(module), sys; csv.writer(sys.stdout).writerows([\(cell) for c in r] "
      + "for r in csv.reader(sys.stdin))' < \(file) > FIXED"
  }
}
