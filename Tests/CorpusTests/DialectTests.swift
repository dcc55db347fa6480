import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct DialectTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func notices(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws -> [CorpusNotice] {
    var reader = try CorpusReader(paths: [scratch.write("posts.csv", text)], options: options)
    while try reader.next() != nil {}
    return reader.notices
  }

  // MARK: Flags

  @Test(
    arguments: [
      ("\\x01", 1), ("\\u0001", 1), ("\\001", 1), ("0x1f", 31), ("^A", 1), ("^a", 1), ("\u{1}", 1), ("|", 124),
      ("^", 94),
      ("\\t", 9), ("TAB", 9), ("\\", 92), ("\\x7c", 124),
    ] as [(String, UInt8)])
  func delimitersAreAnySingleCharacter(argument: String, byte: UInt8) throws {
    #expect(try Delimiter.parse(argument) == byte)
    #expect(try Delimiter.parse(Delimiter.word(byte)) == byte)
  }

  @Test(arguments: ["", "ab", "\"", "\n", "\\x00", "\\x0a", "^J", "^M", "§", "\\xff", "\\x22"])
  func otherDelimitersAreRejected(argument: String) {
    #expect(throws: OptionError.unusableDelimiter(argument)) { try Delimiter.parse(argument) }
  }

  @Test func quotesEscapesAndCommentsAreRead() throws {
    let quotes = ["none", "'", "single", "\"", "double"]
    #expect(try quotes.map { try Dialect.Quote(parsing: $0) } == [.none, .single, .single, .double, .double])
    for quote in try quotes.map({ try Dialect.Quote(parsing: $0) }) {
      #expect(try Dialect.Quote(parsing: quote.word) == quote)
    }
    #expect(throws: OptionError.unknownQuote("`")) { try Dialect.Quote(parsing: "`") }
    #expect(try ["backslash", "\\"].map(Dialect.parseEscape) == ["backslash", "backslash"])
    #expect(throws: OptionError.unknownEscape("^")) { try Dialect.parseEscape("^") }
    #expect(try Dialect.parseComment("#") == UInt8(ascii: "#"))
    #expect(throws: OptionError.unusableComment("//")) { try Dialect.parseComment("//") }
  }

  // MARK: Lines that are no records

  @Test func linesBeforeTheHeaderAreLeftOut() throws {
    let text = "Report:,Mentions\nBrand:,\"open\n\nid,text\n1,a\n"
    let options = CorpusOptions(dialect: Dialect(skippedLines: 3))
    #expect(try scratch.rows(text, options).map(\.brief) == ["5:1"])
    var numbered = CorpusOptions(dialect: Dialect(skippedLines: 4), hasHeader: false, columns: ColumnMap(text: "2"))
    #expect(try scratch.rows(text, numbered).map(\.brief) == ["5:posts.csv#5"])
    numbered.dialect.skippedLines = 9
    #expect(try scratch.error(text, numbered) == .empty(file: scratch.file("posts.csv")))
  }

  @Test func commentsAreLeftOut() throws {
    let options = CorpusOptions(dialect: Dialect(comment: UInt8(ascii: "#")))
    let text = "# made today\nid,text\n1,\"a\n# b\"\n#2,c\n3,# d\n# the end"
    let rows = try scratch.rows(text, options)
    #expect(rows.map(\.brief) == ["3:1", "6:3"])
    #expect(rows.compactMap(\.post?.text) == ["a\n# b", "# d"])
    var small = options
    (small.limits.chunkBytes, small.limits.pieceBytes) = (2, 2)
    #expect(try scratch.rows(text, small) == rows)
  }

  @Test(arguments: [
    "sep=;\nid;text\n1;a\n", "SEP=;\nid;text\n1;a\n", "\u{FEFF}sep=;\r\nid;text\r\n1;a\n", "\"sep=;\"\nid;text\n1;a\n",
  ])
  func aSpreadsheetsFirstLineSetsTheDelimiter(text: String) throws {
    let semicolon = UInt8(ascii: ";")
    #expect(try scratch.rows(text).map(\.brief) == ["3:1"])
    #expect(
      try notices(text) == [.separatorLine(file: "posts.csv", separator: semicolon, delimiter: semicolon)])
    #expect(try scratch.error(text, CorpusOptions(delimiter: UInt8(ascii: ","))) != nil)
    #expect(try notices("sep=;,text\n1,2\n").isEmpty)
  }

  // MARK: Signs of another dialect

  private let tweets = """
    id\ttext\tlabel
    4\tshe said "great"\tsincere
    5\t"love waiting\tironic
    6\tnothing\tsincere
    7\twhat a day"\tironic
    8\t"opened\tsincere
    """

  @Test func rowsInAQuotedCellAreReported() throws {
    let tab = UInt8(ascii: "\t")
    let found = try notices(tweets, CorpusOptions(delimiter: tab))
    #expect(
      found == [.swallowedRows(file: "posts.csv", line: 3, count: 2, cells: 1, records: 3, lines: 5)])
    #expect(found.first?.description.contains("--quote none (5 rows instead of 3)") == true)
    let unquoted = CorpusOptions(delimiter: tab, dialect: Dialect(quote: .none))
    #expect(try scratch.rows(tweets, unquoted).map(\.brief) == ["2:4", "3:5", "4:6", "5:7", "6:8"])
    #expect(try notices(tweets, unquoted).isEmpty)
  }

  @Test func aReaderThatStopsReportsWhatItRead() throws {
    let path = try scratch.write("posts.csv", tweets)
    var reader = try CorpusReader(paths: [path], options: CorpusOptions(delimiter: UInt8(ascii: "\t")))
    for _ in 0..<2 { _ = try reader.next() }
    #expect(reader.notices.isEmpty)
    reader.endReading()
    #expect(reader.notices == [.swallowedRows(file: "posts.csv", line: 3, count: 2, cells: 1, records: 2, lines: 4)])
  }

  @Test func linesOfTextAreNotRows() throws {
    let header = "id,text,label\n"
    for text in [
      "1,\"Hello, world\nfoo, bar\",x\n", "1,\"a\nb\nc\",x\n", "1,\"a,b\n2,b\n3,c,d\n4,e\",x\n", "1,\"a, b, c\nd\",x\n",
    ] { #expect(try notices(header + text).isEmpty, "\(text)") }
    #expect(try notices(header + "1,\"a,b\n2,c,d\n3,e\",x\n").count == 1)
    #expect(try notices(header + "t3_a,\"a,b\nt3_b,e\",x\n").count == 1)
    #expect(try notices("text,label\n\"a,b\nc,d\",x\n").isEmpty)
  }

  @Test func escapesAreNoticed() throws {
    let text = "id,text\n1,a\n2,\"he said \\\"hi\\\" to\"\n3,\"\\\"a\\\" b\"\n"
    #expect(try notices(text) == [.likelyEscapes(file: "posts.csv", line: 3, count: 2)])
    #expect(try notices(text, CorpusOptions(dialect: Dialect(escapesByBackslash: true))).isEmpty)
  }

  @Test func escapedDelimitersAreNoticed() throws {
    let text = "id,text,label\n1,hello\\, world,x\n2,b\\n,y\n3,a\\,b\\,c,x\n4,\"d\\\\\",e,f,g\n"
    #expect(try notices(text) == [.likelyEscapedDelimiters(file: "posts.csv", line: 2, count: 2)])
    let escaped = CorpusOptions(dialect: Dialect(escapesByBackslash: true))
    #expect(try notices(text, escaped).isEmpty)
    #expect(try scratch.rows(text, escaped).prefix(3).map { $0.post?.text } == ["hello, world", "bn", "a,b,c"])
    #expect(try notices("id,text\n1,C:\\\n2,b\n").isEmpty)
  }

  @Test func blanksBeforeQuotesAreNoticed() throws {
    let text = "id,text,label\n1, \"hello, world\",x\n2,  \"b\",y\n3,\"c\",y\n"
    let notice = CorpusNotice.blanksBeforeQuotes(file: "posts.csv", line: 2, count: 2, delimiter: UInt8(ascii: ","))
    #expect(try notices(text) == [notice])
    #expect(notice.description.hasSuffix(#"sed 's/\(,\) *"/\1"/g' posts.csv > FIXED"#), "\(notice)")
    #expect(try notices("id,text\n1,a \"b\" c\n2, b\n").isEmpty)
  }

  @Test(arguments: [("“", "”"), ("`", "`"), ("«", "»"), ("„", "“")])
  func otherQuotesAreNoticed(open: String, close: String) throws {
    let text = "id,text,label\n1,\(open)hello, world\(close),x\n2,\(open)b\(close),y\n3,c,y\n"
    #expect(try notices(text) == [.otherQuotes(file: "posts.csv", line: 2, open: open, close: close)])
    #expect(try notices("id,text\n1,a \(open)b\(close)\n2,\(open)b\n3,c\n").isEmpty)
  }

  @Test func singleQuotesAreNoticed() throws {
    let text = "id,text\n1,'it''s, doubled'\n2,'b'\n3,c\n"
    #expect(try notices(text) == [.likelyQuotes(file: "posts.csv", line: 2)])
    let single = CorpusOptions(dialect: Dialect(quote: .single))
    #expect(try notices(text, single).isEmpty)
    #expect(try scratch.rows(text, single).compactMap(\.post?.text) == ["it's, doubled", "b", "c"])
    #expect(try notices("id,text\n1,it's\n2,'tis\n").isEmpty)
  }

  // MARK: Long cells

  @Test func aLongCellThatNothingReadsCostsNoPost() throws {
    var options = CorpusOptions()
    options.limits = RecordLimits(fieldBytes: 8, recordBytes: 40)
    let long = String(repeating: "x", count: 20)
    let text = "id,text,html\n1,a,\(long)\n2,b,\"\(long)\"\n3,\(long),c\n4,d,\(long)\(long)\(long)\n5,e,f\n"
    for pieceBytes in [4, 1 << 10] {
      (options.limits.chunkBytes, options.limits.pieceBytes) = (pieceBytes, pieceBytes)
      let rows = try scratch.rows(text, options)
      #expect(rows.map(\.brief) == ["2:1", "3:2", "4!field_too_large", "5!field_too_large", "6:5"])
      #expect(rows[1].post?.extra == [ExtraField(name: "html", value: "")])
      #expect(try notices(text, options) == [.longCells(file: "posts.csv", line: 2, count: 2, limit: 8)])
    }
    options.columns = ColumnMap(date: "html")
    #expect(try scratch.rows(text, options).map(\.brief).first == "2!field_too_large")
  }

  @Test func aPictureInItsCellMayBeAsLongAsARecord() throws {
    var options = CorpusOptions()
    options.limits = RecordLimits(fieldBytes: 30, recordBytes: 100)
    let digits = String(repeating: "x", count: 40), picture = "data:image/png;base64,\(digits)"
    let text =
      "id,text,image\n1,a,\"\(picture)\"\n2,b,\(digits)\n3,c,\"\(picture)\(digits)\"\n4,d,\"[\"\"\(picture)\"\"]\"\n5,e,\n"
    for (pieceBytes, dialect) in [(4, Dialect()), (1 << 10, Dialect()), (8, Dialect(escapesByBackslash: true))] {
      (options.limits.chunkBytes, options.limits.pieceBytes, options.dialect) = (pieceBytes, pieceBytes, dialect)
      let rows = try scratch.rows(text, options)
      #expect(rows.map(\.brief) == ["2:1", "3!field_too_large", "4!field_too_large", "5:4", "6:5"])
      #expect(rows.map { $0.post?.image } == [picture, nil, nil, picture, nil])
      #expect(rows[1].fault?.detail == "field 3 is over 30 bytes: shorten it")
      #expect(rows[2].fault?.detail == "the fields together are over 100 bytes: shorten them")
    }
  }
}
