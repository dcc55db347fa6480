import Bytes
import Corpus
import Glibc
import TestSupport
import Testing

@Suite struct CorpusErrorTests {
  let scratch: Scratch
  var path: String { scratch.file("posts.csv") }

  init() throws { scratch = try Scratch() }

  @Test func filesThatCannotBeRead() throws {
    func error(_ paths: [String]) -> CorpusError? {
      do throws(CorpusError) { _ = try read(paths) } catch { return error }
      return nil
    }
    #expect(error([]) == .noFiles)
    #expect(error([path]) == .notFound(file: path))
    #expect(try error([scratch.write("a.csv", "id,text\n") + "/b"]) == .notFound(file: path.dropped + "a.csv/b"))
    #expect(error(["a\u{0}b"]) == .notFound(file: "a\u{0}b"))
    #expect(error([scratch.path]) == .isDirectory(file: scratch.path))
    #expect(error([path, path]) == .givenTwice(file: path))
    let loop = scratch.file("loop.csv")
    #expect(symlink(loop, loop) == 0)
    #expect(error([loop]) == .cannotOpen(file: loop, code: ELOOP))
    #expect(
      "\(CorpusError.cannotOpen(file: loop, code: ELOOP))"
        == "\(loop) cannot be opened: Too many levels of symbolic links: check the file and its permissions")
    for text in ["", "\n\r\n", "\u{FEFF}", "\u{FEFF}\n"] {
      #expect(try scratch.error(text) == .empty(file: path))
    }
  }

  @Test func aMissingColumnListsThoseFound() throws {
    let error = try scratch.error("id,Text,\"a\nb\", LABEL\n1,2,3,4\n")
    #expect(
      error
        == .noContentColumn(
          file: path, text: "text", image: "image", found: ["id", "Text", "a\nb", " LABEL"],
          guesses: [ColumnGuess(role: .text, name: "Text"), ColumnGuess(role: .label, name: " LABEL")]))
    #expect(
      error?.description
        == "\(path): there is no column 'text' and no column 'image', and a corpus needs texts or pictures; the columns are "
        + "'id', 'Text', 'a\\nb', ' LABEL'")
    let other = try scratch.error("Body,ID\n1,2\n", CorpusOptions(columns: ColumnMap(text: "body")))
    #expect(
      other
        == .missingColumn(
          file: path, role: .text, name: "body", found: ["Body", "ID"],
          guesses: [ColumnGuess(role: .id, name: "ID"), ColumnGuess(role: .text, name: "Body")]))
    let given = try scratch.error("id,text\n", CorpusOptions(columns: ColumnMap(label: "mood")))
    #expect(given == .missingColumn(file: path, role: .label, name: "mood", found: ["id", "text"]))
    #expect(
      given?.description
        == "\(path): no column is called 'mood'; the columns are 'id', 'text'")
    let date = try scratch.error("id,text\n", CorpusOptions(columns: ColumnMap(date: "when")))
    #expect(date == .missingColumn(file: path, role: .date, name: "when", found: ["id", "text"]))
    let numbered = try scratch.error("1,2\n", CorpusOptions(hasHeader: false, columns: ColumnMap(text: "3")))
    #expect(numbered == .missingColumn(file: path, role: .text, name: "3", found: ["1", "2"]))
  }

  @Test func absentDefaultsAreFine() throws {
    #expect(try scratch.rows("image\na.jpg\n").first?.post?.image == "a.jpg")
    #expect(try scratch.rows("text\na\n").first?.post?.text == "a")
  }

  @Test func aRecordInPlaceOfAHeaderIsNoHeader() throws {
    #expect(
      try scratch.error("1,hello,a.jpg\n2,b,c.jpg\n")
        == .noContentColumn(file: path, text: "text", image: "image", found: ["1", "hello", "a.jpg"]))
  }

  @Test func columnsThatAreReadStandOnce() throws {
    let error = try scratch.error("id,text,id\n")
    #expect(error == .duplicateColumn(file: path, name: "id", numbers: [1, 3]))
    #expect(error?.description.contains("columns 1 and 3 are both called 'id'") == true)
    let rows = try scratch.rows("id,text,lang,lang,Lang,lang_2,,2,2\n1,a,b,c,d,e,f,g,h\n")
    #expect(
      rows.first?.post?.extra.map(\.name) == ["lang", "lang_3", "Lang", "lang_2", "7", "2", "2_2"])
    #expect(rows.first?.post?.extra.map(\.value) == ["b", "c", "d", "e", "f", "g", "h"])
  }

  @Test(arguments: [",", "\t", "|"]) func aHeaderMayBeSeparatedOtherwiseThanItsRows(separator: String) throws {
    let byte = Array(separator.utf8)[0], semicolon = UInt8(ascii: ";")
    let text = "id;text;label\n1\(separator)a;b\(separator)x\n2\(separator)c\(separator)y\n"
    let wanted = CorpusError.otherHeaderDelimiter(file: path, header: semicolon, rows: byte)
    #expect(try scratch.error(text, CorpusOptions(delimiter: semicolon)) == wanted)
    #expect(try scratch.error(text, CorpusOptions(delimiter: byte)) == wanted)
    #expect(wanted.description.contains("sed '1y/;/\(separator == "\t" ? "\\t" : separator)/' "))
    // Blanks part a header only if the words are columns, unlike those of a title.
    let rows = "1\(separator)a;b\(separator)x\n2\(separator)c\(separator)y\n"
    #expect(
      try scratch.error("id text label\n" + rows, CorpusOptions(delimiter: byte))
        == .otherHeaderDelimiter(file: path, header: 0x20, rows: byte))
    #expect(
      try scratch.error("Report of 2024\n" + rows, CorpusOptions(delimiter: byte))
        != .otherHeaderDelimiter(file: path, header: 0x20, rows: byte))
    // One row like the header is enough.
    #expect(try scratch.error(text + "3;d;z\n", CorpusOptions(delimiter: semicolon)) == nil)
  }

  @Test func aHeaderBelowOtherLinesIsFound() throws {
    let report = "Report:,Mentions\nBrand:,Example\n\nNumber,Date,Title,Snippet\n1,2,3,\"a, b\"\n"
    #expect(
      try scratch.error(report, CorpusOptions(columns: ColumnMap(text: "Snippet")))
        == .lowerHeader(file: path, line: 4, comments: nil, first: "Report: Mentions"))
    #expect(
      try scratch.error(report) == .lowerHeader(file: path, line: 4, comments: nil, first: "Report: Mentions"))
    #expect(
      try scratch.error("# today\n# trains\nid,text\n1,a\n")
        == .lowerHeader(file: path, line: 3, comments: UInt8(ascii: "#"), first: "# today"))
  }

  @Test(arguments: [";", "\t", "|"]) func aHeaderThatIsOneColumnNamesTheDelimiter(separator: String) throws {
    let header = ["id", "text", "label"].joined(separator: separator)
    let error = try scratch.error(header + "\n")
    #expect(
      error
        == .joinedHeader(
          file: path, header: header, separator: Array(separator.utf8)[0], delimiter: UInt8(ascii: ",")))
    #expect(error?.description.hasSuffix("when split at ','") == true)
    // A column may be called so, if that is what the user wants.
    #expect(try scratch.error(header + "\n", CorpusOptions(columns: ColumnMap(text: header))) == nil)
  }

  @Test(arguments: ["~", "^", ":", "#", "$", "/", "!", "&", "+", "\u{1F}"])
  func anyCharacterMaySeparateTheNames(separator: String) throws {
    let byte = Array(separator.utf8)[0]
    let text = ["id,text,image", "1,a,a.jpg", "2,b,b.jpg"].joined(separator: "\n").replacing(",", with: separator)
    let joined = { CorpusError.joinedHeader(file: path, header: $0, separator: byte, delimiter: UInt8(ascii: ",")) }
    #expect(try scratch.error(text) == joined("id,text,image".replacing(",", with: separator)))
    #expect(try scratch.rows(text, CorpusOptions(delimiter: byte)).count == 2)
    // Other names, if all rows are alike.
    let others = text.replacing("text", with: "body").replacing("image", with: "photo")
    #expect(try scratch.error(others) == joined("id,body,photo".replacing(",", with: separator)))
    // Names in quotes.
    let quoted =
      ["\"id\"", "\"text\""].joined(separator: separator) + "\n" + ["\"1\"", "\"a\""].joined(separator: separator)
    guard case .joinedHeader(_, _, byte, _)? = try scratch.error(quoted) else {
      Issue.record("\(try scratch.error(quoted) as Any)")
      return
    }
  }

  @Test(arguments: ["||", "¦", "~~", " | ", "|#|", "，", "\t\t", "::"])
  func longSeparatorsAreNotRead(separator: String) throws {
    let text = ["id,text,image", "1,a,a.jpg", "2,b,b.jpg"].joined(separator: "\n").replacing(",", with: separator)
    let header = "id,text,image".replacing(",", with: separator)
    let error = try scratch.error(text)
    #expect(error == .longSeparator(file: path, header: header, separator: separator))
    #expect(error?.description.contains("\\x01/g' ") == true, "\(error as Any)")
  }

  @Test func linesInQuotesAreNamed() throws {
    let text = "\"id,text,image\"\n\"1,\"\"a, b\"\",a.jpg\"\n\"2,b,b.jpg\"\n"
    let error = try scratch.error(text)
    #expect(error == .quotedLines(file: path))
    #expect(error?.description.contains(#"sed 's/^"//; s/"\(\r*\)$/\1/; s/""/"/g' "#) == true, "\(error as Any)")
  }

  @Test func aTitleIsNoHeader() throws {
    for text in ["full text\n1\n", "Report: all\n1\n2\n", "a.b-c_d\n1\n", "one\n", "Number of: texts\nx\n"] {
      guard case .noContentColumn? = try scratch.error(text) else {
        Issue.record("\(text): \(try scratch.error(text) as Any)")
        continue
      }
    }
  }

  @Test func aHeaderBelowOtherLinesMayBeSeparatedOtherwise() throws {
    let semicolon = UInt8(ascii: ";"), rows = "1;a;a.jpg\n2;b;b.jpg\n"
    for (above, first, line) in [
      ("Export of posts\nMade 2020\n\n", "Export of posts", 4), ("Title: x, of y\n", "Title: x  of y", 2),
      ("Made: 2020\n", "Made: 2020", 2),
    ] {
      #expect(
        try scratch.error(above + "id;text;image\n" + rows)
          == .lowerHeader(file: path, line: line, comments: nil, first: first, separator: semicolon))
      // Other names, by the number of cells.
      #expect(
        try scratch.error(above + "nr;body;photo\n" + rows)
          == .lowerHeader(file: path, line: line, comments: nil, first: first, separator: semicolon))
    }
    #expect(
      try scratch.error("Export\nid\ttext\n1\ta\n")
        == .lowerHeader(file: path, line: 2, comments: nil, first: "Export", separator: UInt8(ascii: "\t")))
    #expect(
      try scratch.error("# by x\n# y\nid;text\n1;a\n")
        == .lowerHeader(file: path, line: 3, comments: UInt8(ascii: "#"), first: "# by x", separator: semicolon))
    guard
      case .lowerHeader(_, 2, nil, _, semicolon)? = try scratch.error(
        "\"Export\";\"\";\"\"\n\"id\";\"text\";\"x\"\n\"1\";\"a\";\"b\"\n")
    else {
      Issue.record("the header in quotes was not found")
      return
    }
  }

  @Test func aCommaFileCalledTSVNamesTheDelimiter() throws {
    let path = try scratch.write("posts.tsv", "id,text\n1,a\n")
    #expect(
      throws: CorpusError.joinedHeader(
        file: path, header: "id,text", separator: UInt8(ascii: ","), delimiter: UInt8(ascii: "\t"))
    ) { _ = try read([path]) }
  }

  @Test func otherEncodingsAreNamed() throws {
    func error(_ bytes: [UInt8], _ encoding: TextEncoding) throws -> String {
      try scratch.error(bytes: bytes, CorpusOptions(encoding: encoding))?.description ?? ""
    }
    let text = "id,text\n1,a\n"
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(try error([0xFF, 0xFE] + little, .utf8).hasSuffix("mark of utf-16, but was to be read as utf-8"))
    #expect(
      try error([0xFE, 0xFF] + big, .windows1252).hasSuffix("mark of utf-16, but was to be read as windows-1252"))
    #expect(try error(little, .utf8).hasSuffix("as UTF-16 text does"))
    #expect(try error(Array("\u{FEFF}\(text)".utf8), .utf16).hasSuffix("mark of utf-8, but was to be read as utf-16"))
    #expect(
      try error(Array("\u{FEFF}\(text)".utf8), .windows1252).hasSuffix(
        "mark of utf-8, but was to be read as windows-1252"))
    #expect(try error([0xFF, 0xFE, 0, 0] + little, .utf16).contains("is UTF-32"))
    #expect(try error(big, .utf16).contains("iconv -f UTF-16BE"))
    #expect(try error(Array(text.utf8), .utf16).contains("is not valid UTF-16"))
    #expect(try error(Array("id,text,h".utf8) + [0xE9], .utf8).contains("is not valid utf-8"))
    #expect(try error(Array("id,text,h".utf8) + [0x81], .windows1252).contains("not valid windows-1252"))
  }

  @Test(
    arguments: [
      ([0xFD, 0x37, 0x7A, 0x58], "xzcat"),
      (Array("BZh91AY&SY".utf8), "bzcat"),
    ] as [([UInt8], String)]) func otherKindsOfFilesAreNamed(mark: [UInt8], words: String) throws
  {
    #expect(try scratch.error(bytes: mark + [1, 2, 3])?.description.contains(words) == true)
  }

  @Test func textMayBeginLikeOtherFiles() throws {
    for word in ["PAR1", "BZh9", "PK"] { #expect(try scratch.rows("\(word),text\n1,a\n").count == 1) }
  }

  @Test func aHeaderHasTooManyColumns() throws {
    let error = try scratch.error("text,,,,\n", CorpusOptions(limits: RecordLimits(columns: 4)))
    #expect(error == .tooManyColumns(file: path, found: 5, limit: 4))
    #expect(try scratch.error("text,,,\n", CorpusOptions(limits: RecordLimits(columns: 4))) == nil)
    #expect(error?.description.contains("has 5 fields, more than the 4 allowed") == true)
  }

  @Test func aHeaderLeavesNoDoubt() throws {
    let cases: [(String, Int, String)] = [
      ("id,\"text\nlabel\n", 1, "nor before the file does"),
      ("\n\nid,\"text\" ,\"label\"\n", 3, "a quote within it is followed by other text"),
      ("id,te\"xt\n", 1, "a quote within it is followed by other text"),
      ("id," + String(repeating: "x", count: 1 << 20) + "x\n", 1, "field 2 is over 1 MiB"),
    ]
    for (text, line, words) in cases {
      let error = try scratch.error(text)
      #expect(error?.description.contains("posts.csv:\(line): the first record cannot be read") == true)
      #expect(error?.description.contains(words) == true)
    }
    #expect(try scratch.error("id,text\r1,a\r2,b\r") == .carriageReturnLines(file: path))
    #expect(CorpusError.carriageReturnLines(file: "-").description.hasPrefix("standard input: lines end"))
  }
}

extension String {
  /// The path without its last component.
  fileprivate var dropped: String {
    lastIndex(of: "/").map { String(self[...$0]) } ?? ""
  }
}
