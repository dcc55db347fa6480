import Bytes
import Corpus
import Foundation
import TestSupport
import Testing

/// A file in a dialect, and the rows that Python's csv reads from it; made by `Data/make_dialects.py`.
struct DialectCase: Decodable {
  var name: String
  var delimiter: String
  var quote: String?
  var escapes: Bool
  var text: String
  var rows: [[String]]

  static func all() throws -> [DialectCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/dialects.json")
    return try JSONDecoder().decode([DialectCase].self, from: Data(contentsOf: file))
  }

  func options(pieceBytes: Int) throws -> CorpusOptions {
    let quote = try Dialect.Quote(parsing: quote ?? "none")
    var options = CorpusOptions(
      delimiter: delimiter.utf8.first, dialect: Dialect(quote: quote, escapesByBackslash: escapes))
    (options.limits.chunkBytes, options.limits.pieceBytes) = (pieceBytes, pieceBytes)
    return options
  }
}

@Suite struct DialectTokenizerTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: [3, 256 << 10]) func rowsEqualPythons(pieceBytes: Int) throws {
    let cases = try DialectCase.all()
    #expect(cases.count == 68)
    for golden in cases {
      let path = try scratch.write("posts.csv", golden.text)
      var reader = try CorpusReader(paths: [path], options: golden.options(pieceBytes: pieceBytes))
      var rows: [[String]] = []
      while try reader.next() != nil { rows.append(reader.cells) }
      #expect(rows.map { $0.map { ByteText($0) } } == golden.rows.map { $0.map { ByteText($0) } }, "\(golden.name)")
    }
  }

  private let escaping = CorpusOptions(dialect: Dialect(escapesByBackslash: true))

  @Test func anOpenQuoteCostsOneLine() throws {
    let rows = try scratch.rows("id,text,more\n4,\"ends with \\\",x\n5,\"after, it\",y\n6,plain,z\n", escaping)
    #expect(rows.map(\.brief) == ["2!unbalanced_quote", "3:5", "4:6"])
  }

  @Test func anEscapedLineEndOfWindowsIsWhole() throws {
    let post = try #require(try scratch.rows("id,text\r\n1,a\\\r\nb\r\n", escaping).first?.post)
    #expect(post.text == "a\r\nb")
  }

  @Test func limitsHold() throws {
    var options = CorpusOptions(dialect: Dialect(quote: .none))
    options.limits = RecordLimits(fieldBytes: 8, recordBytes: 20)
    let rows = try scratch.rows("id,text\n1,\(String(repeating: "a", count: 9))\n2,\"aaaaaaa\n3,a,b\n", options)
    #expect(rows.map(\.brief) == ["2!field_too_large", "3:2", "4!too_many_fields"])
  }
}
