import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct SpreadsheetCellTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func read(
    _ text: String, _ protection: SpreadsheetProtection
  ) throws -> (rows: [CorpusRow], columns: [ByteText], notices: [CorpusNotice]) {
    var options = CorpusOptions()
    options.spreadsheet = protection
    var reader = try CorpusReader(paths: [scratch.write("posts.csv", text)], options: options), rows: [CorpusRow] = []
    while let row = try reader.next() { rows.append(row) }
    return (rows, reader.columns, reader.notices)
  }

  /// As `clfa export --excel` writes them: a mark, CR LF, ids and a date that Excel would change, signs of formulas.
  private let exported =
    "\u{FEFF}id,text,'@lang,sent\r\n\"=\"\"1280000000000000001\"\"\",'@ann hi,\"=\"\"0042\"\"\",\"=\"\"2020-01-02\"\"\"\r\n"
    + "\"=\"\"1280000000000000002\"\"\",'=1+1,en,\"=\"\"true\"\"\"\r\n7,'quoted' and ='=,'x,\"=\"\"a word\"\"\"\r\n"

  @Test func anExportIsReadAsItWasBefore() throws {
    let (rows, columns, notices) = try read(exported, .removed)
    #expect(columns == ["id", "text", "@lang", "sent"])
    let posts = rows.compactMap(\.post)
    #expect(posts.map(\.key) == ["1280000000000000001", "1280000000000000002", "7"])
    // A text that no export protects stays as it is.
    #expect(posts.map(\.text) == ["@ann hi", "=1+1", "'quoted' and ='="])
    #expect(posts.map { $0.extra[0].value } == ["0042", "en", "'x"])
    #expect(posts.map { $0.extra[1].value } == ["2020-01-02", "true", "=\"a word\""])
    #expect(notices == [.removedProtection(file: "posts.csv", cells: 7, rows: 2)])
    #expect(notices.first?.description.contains("from 7 cells in 2 rows") == true)
  }

  @Test func withoutTheOptionCellsStayAsTheyAre() throws {
    for protection in [SpreadsheetProtection.noticed, .kept] {
      let (rows, columns, notices) = try read(exported, protection)
      #expect(columns == ["id", "text", "'@lang", "sent"])
      #expect(rows.first?.post?.key == "=\"1280000000000000001\"" && rows.first?.post?.text == "'@ann hi")
      // Two rows are too few for a notice.
      #expect(notices.isEmpty)
    }
  }

  @Test func manySuchCellsAreNoticed() throws {
    let few = "id,text\n" + (0..<3).map { "\($0),'@ann hi\n" }.joined()
    #expect(try read(few, .noticed).notices == [.likelyProtection(file: "posts.csv", line: 2, cells: 3, rows: 3)])
    #expect(try read(few, .kept).notices.isEmpty)
    #expect(
      try read(few, .noticed).notices.first?.description.contains("if it wrote the file, read it with --from-excel")
        == true)
    // Three posts of 200 that quote a mention are no sign of an export.
    let rare = few + (3..<200).map { "\($0),a text\n" }.joined()
    #expect(try read(rare, .noticed).notices.isEmpty)
  }

  /// The id of a row that is a fault is read in the same way.
  @Test func faultsHaveThePlainID() throws {
    let (rows, _, _) = try read("id,text\n\"=\"\"0042\"\"\",a,b\n", .removed)
    guard case .fault(let fault)? = rows.first else {
      Issue.record("not a fault")
      return
    }
    #expect(fault.key == "0042")
  }
}
