import Bytes
import Corpus
import TestSupport
import Testing

/// Parts of posts from several columns and from within lists.
@Suite struct ColumnExpressionTests {
  private static func posts(_ name: String, _ content: String, _ columns: ColumnMap) throws -> [Post] {
    let scratch = try Scratch()
    return try read([scratch.write(name, content)], CorpusOptions(columns: columns)).compactMap(\.post)
  }

  @Test func theFirstFilledColumnCounts() throws {
    let posts = try Self.posts(
      "a.csv", "id,long,short\n1,whole text,whole\n2, ,short\n", ColumnMap(text: "long | short"))
    #expect(posts.map(\.text) == ["whole text", "short"])
    // The columns are kept, too.
    #expect(posts[0].extra.map(\.name) == ["long", "short"])
  }

  @Test func columnsAreJoinedByLines() throws {
    let content = "id,title,body\n1,A,b\n2,,b\n3,A,\n"
    #expect(
      try Self.posts("a.csv", content, ColumnMap(text: "title + body")).map(\.text) == ["A\nb", "b", "A"])
  }

  @Test func aColumnOfTheWholeNameCountsFirst() throws {
    let posts = try Self.posts("a.csv", "id,a | b,a,b\n1,x,y,z\n", ColumnMap(text: "a | b"))
    #expect(posts.map(\.text) == ["x"])
  }

  @Test func aColumnWithARoleMayBePartOfAnother() throws {
    let posts = try Self.posts("a.csv", "id,text,knowledge\n1,x,y\n", ColumnMap(text: "knowledge + text"))
    #expect(posts.map(\.text) == ["y\nx"] && posts.map(\.knowledge) == ["y"])
  }

  @Test(arguments: [
    (#"[{"text": "a "}, "b", {"type": "x"}, {"text": 5}]"#, "a b5"), (#""plain""#, "plain"), ("[]", "[]"),
    (#""[not a list] but text""#, "[not a list] but text"),
  ])
  func aListsMembersAreOneText(value: String, text: String) throws {
    let posts = try Self.posts(
      "a.jsonl", #"{"id": 1, "t": \#(value), "image": "a.jpg"}"#, ColumnMap(text: "t.*.text | t"))
    #expect(posts.map(\.text) == [text])
  }

  @Test func aDamagedListIsAFault() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "a.csv", "id,media,text\n1,\"[{\"\"url\"\": \",x\n2,[photo] none,y\n3,[{'url': 'a.jpg'}],z\n")
    let rows = try read([path], CorpusOptions(columns: ColumnMap(image: "media.*.url")))
    #expect(rows.map(\.brief) == ["2!invalid_json", "3:2", "4!invalid_json"])
    #expect(
      rows[0].fault?.key == "1" && rows[0].fault?.detail.hasPrefix("the list in 'media' is not valid JSON") == true)
  }

  @Test func onlyWhatEndsLikeAPictureIsOne() throws {
    let names = [
      "a.jpg", "https://i.example/b.PNG?x=1", "https://p.example/c?format=jpg&name=orig", "https://news.example/d.html",
      "(not exported)",
    ]
    let content = "id,text,url\n" + names.enumerated().map { "\($0.offset),t,\($0.element)\n" }.joined()
    let posts = try Self.posts("a.csv", content, ColumnMap(image: "url if picture"))
    #expect(posts.map(\.image) == [names[0], names[1], names[2], nil, nil])
  }

  @Test func anExpressionWithoutAnyOfItsColumnsIsAnError() throws {
    #expect(throws: CorpusError.missingColumn(file: "a.csv", role: .text, name: "x | y", found: ["id", "text"])) {
      do {
        _ = try Self.posts("a.csv", "id,text\n1,a\n", ColumnMap(text: "x | y"))
      } catch CorpusError.missingColumn(_, let role, let name, let found, let guesses) {
        throw CorpusError.missingColumn(file: "a.csv", role: role, name: name, found: found, guesses: guesses)
      }
    }
    // One of them is enough, also if no early record of JSON has it.
    let lines = (1...1100).map { #"{"id": \#($0), "image": "a.jpg"\#($0 == 1100 ? #", "y": "late""# : "")}"# }
    let posts = try Self.posts("a.jsonl", lines.joined(separator: "\n"), ColumnMap(text: "x | y"))
    #expect(posts.last?.text == "late")
  }

  @Test func aLongCellOfAnExpressionIsNotLeftOut() throws {
    let long = String(repeating: "x", count: 3000)
    let scratch = try Scratch(), path = try scratch.write("a.csv", "id,title,body,other\n1,t,\(long),\(long)\n")
    let options = CorpusOptions(columns: ColumnMap(text: "title + body"), limits: RecordLimits(fieldBytes: 2000))
    #expect(try read([path], options).map(\.brief) == ["2!field_too_large"])
  }
}

/// Pictures' paths with dates in them.
@Suite struct ImageTemplateDateTests {
  private static func images(_ template: String, _ content: String) throws -> [String] {
    var columns = ColumnMap()
    columns.imageTemplate = try ImageTemplate(parsing: template)
    let scratch = try Scratch()
    return try read([scratch.write("a.csv", content)], CorpusOptions(columns: columns)).compactMap(\.post?.image)
  }

  @Test func aDateIsWrittenInUTC() throws {
    #expect(
      try Self.images(
        "{day:%Y/%m/%d/%H-%M-%S%%}.jpg", "id,text,day\n1,a,2020-02-01T13:00:05+01:00\n2,b,1580558400\n3,c,soon\n")
        == ["2020/02/01/12-00-05%.jpg", "2020/02/01/12-00-00%.jpg"])
  }

  @Test func anUnknownDirectiveIsAnError() {
    #expect(throws: OptionError.malformedTemplate("{day:%Q}.jpg")) { try ImageTemplate(parsing: "{day:%Q}.jpg") }
  }
}
