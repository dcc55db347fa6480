import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct JSONFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func lines(_ lines: String..., options: CorpusOptions = CorpusOptions()) throws -> [CorpusRow] {
    try read([scratch.write("posts.jsonl", lines.joined(separator: "\n") + "\n")], options)
  }

  @Test func membersAreColumns() throws {
    let options = CorpusOptions(
      columns: ColumnMap(id: "id_str", text: "full_text", image: "entities.media.0.media_url", label: "truth"))
    let row = try lines(
      #"{"id_str": "7", "full_text": "hello", "entities": {"media": [{"media_url": "a.jpg"}, 2], "urls": []}, "#
        + #""truth": 1, "user": {"name": "Ann", "followers": 12}, "geo": null, "ok": true}"#, options: options)
    let post = try #require(row.first?.post)
    #expect(post.key == "7" && post.text == "hello" && post.image == "a.jpg" && post.label == "1")
    #expect(
      post.extra.map { "\($0.name)=\($0.value)" } == [
        #"entities.media=[{"media_url": "a.jpg"}, 2]"#, "entities.urls=[]", "user.name=Ann", "user.followers=12",
        "geo=",
        "ok=true",
      ])
  }

  @Test func numbersKeepTheirDigits() throws {
    let post = try #require(
      try lines(#"{"id": 1366711111111111111999, "text": 1.50, "a": -0, "b": 1e400, "c": 1E+2, "d": -Infinity}"#).first?
        .post)
    #expect(post.key == "1366711111111111111999" && post.text == "1.50")
    #expect(post.extra.map(\.value) == ["-0", "1e400", "1E+2", "-Infinity"])
  }

  @Test func missingNumbersOfPythonAreEmpty() throws {
    let post = try #require(try lines(#"{"id": 1, "text": "a", "label": NaN, "likes": NaN}"#).first?.post)
    #expect(post.label == nil && post.extra == [ExtraField(name: "likes", value: "")])
  }

  @Test(arguments: [
    (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"caf\u00e9 \u6f22\ud83d\ude00\u00E9"#, "café 漢😀é"),
    ("é漢😀\u{7F}", "é漢😀\u{7F}"), (#"a\u2028b"#, "a\u{2028}b"),
  ]) func escapesAreDecoded(written: String, text: String) throws {
    let post = try #require(try lines("{\"id\": 1, \"text\": \"\(written)\", \"more\": \"\(written)\"}").first?.post)
    #expect(Array(post.text.utf8) == Array(text.utf8))
    #expect(post.extra.first.map { Array($0.value.utf8) } == Array(text.utf8))
  }

  @Test func keysAreDecodedToo() throws {
    let post = try #require(try lines(#"{"t\u0065xt": "a", "id": 1, "caf\u00e9": {"\ud83d\ude00": 2}}"#).first?.post)
    #expect(post.text == "a" && post.extra == [ExtraField(name: "café.😀", value: "2")])
  }

  @Test(arguments: [
    (#"{"text": "a"#, "invalid_json", "the quote that ends a string is expected at byte 12"),
    (#"{"text": "a",}"#, "invalid_json", "a key in double quotes is expected at byte 14"),
    (#"{"text": "a" "id": 1}"#, "invalid_json", "a comma or } is expected at byte 14"),
    (#"{"text" "a"}"#, "invalid_json", "a colon is expected"),
    (#"{text: "a"}"#, "invalid_json", "a key in double quotes"),
    (#"{"text": 'a'}"#, "invalid_json", "a value is expected at byte 10"),
    (#"{"text": "a"} {}"#, "invalid_json", "the end of the record is expected at byte 15"),
    (#"{"text": tru}"#, "invalid_json", "a value"), (#"{"text": 01}"#, "invalid_json", "without leading zeros"),
    (#"{"text": 1.}"#, "invalid_json", "a digit"), (#"{"text": -}"#, "invalid_json", "a value"),
    (#"{"text": "\x"}"#, "invalid_json", "an escape"), (#"{"text": "\u12g4"}"#, "invalid_json", "hexadecimal"),
    ("{\"text\": \"a\tb\"}", "invalid_json", "not the control character itself"),
    (#"{"text": [1, 2}"#, "invalid_json", "a comma or ]"), (#"["text"]"#, "invalid_json", "a list, not an object"),
    (#""text""#, "invalid_json", "a string, not an object"), ("12", "invalid_json", "a number, not an object"),
    (#"{"text": "a", "text": "b"}"#, "invalid_json", "the member 'text' occurs twice"),
    (#"{"a.b": 1, "a": {"b": 2}, "text": "x"}"#, "invalid_json", "the member 'a.b' occurs twice"),
    (#"{"text": "\ud83d"}"#, "invalid_encoding", "the member 'text' has half of a character, \\ud83d"),
    (#"{"text": "\ude00\ud83d"}"#, "invalid_encoding", "half of a character, \\ude00"),
    (#"{"text": "a\u0000"}"#, "nul_character", "column 'text'"),
  ]) func aDamagedRecordIsAFaultOfItsLine(record: String, code: String, words: String) throws {
    let rows = try lines(#"{"id": 0, "text": "before"}"#, record, #"{"id": 2, "text": "after"}"#)
    #expect(rows.map(\.brief) == ["1:0", "2!\(code)", "3:2"])
    #expect(rows[1].fault?.detail.contains(words) == true, "\(rows[1].fault?.detail ?? "")")
  }

  @Test func aFaultKeepsAnIDThatWasRead() throws {
    let rows = try lines(#"{"id": 0, "text": "a"}"#, #"{"id": "7", "text": "\ud83d"}"#, #"{"id": 8, "text"}"#)
    #expect(rows.map(\.key) == ["0", "7", "8"])
  }

  @Test func bytesThatAreNotTextAreAFault() throws {
    let texts = [
      [#"{"id": 1, "text": "a"#], [#"{"id": 2, "text": ""#, ""], [#"{"id": 3, ""#, #"": 1, "text": "b"#],
      [#"{"id": 4, "text": "c"#],
    ]
    let lines = texts.map { Array($0.map { Array($0.utf8) }.joined(separator: [0xE9])) + Array("\"}\n".utf8) }
    let path = try scratch.write("posts.jsonl", lines.joined())
    #expect(try read([path]).map(\.brief) == ["1:1", "2!invalid_encoding", "3!invalid_encoding", "4:4"])
    let latin = CorpusOptions(encoding: .windows1252)
    #expect(try read([path], latin).compactMap(\.post?.text) == ["a", "é", "b", "c"])
  }

  @Test func limitsAreThoseOfTables() throws {
    var options = CorpusOptions(limits: RecordLimits(fieldBytes: 20, recordBytes: 120, columns: 4))
    options.limits.pieceBytes = 64
    let long = String(repeating: "x", count: 21), longer = String(repeating: " ", count: 200)
    let deep = String(repeating: "[", count: 70)
    let rows = try lines(
      #"{"id": 0, "text": "a"}"#, #"{"id": 1, "text": "\#(long)"}"#, #"{"id": 2, "text": "b", "x":\#(longer)"c"}"#,
      #"{"id": 3, "a": 1, "b": 2, "c": 3, "text": "d"}"#, #"{"id": 4, "text": \#(deep)"#, #"{"id": 5, "text": "e"}"#,
      options: options)
    #expect(
      rows.map(\.brief) == ["1:0", "2!field_too_large", "3!field_too_large", "4!invalid_json", "5!invalid_json", "6:5"])
    #expect(rows[4].fault?.detail.hasPrefix("more than 64 lists and objects") == true)
  }

  @Test func aLongValueThatNothingReadsCostsNoPost() throws {
    var options = CorpusOptions(columns: ColumnMap(text: "text | body"))
    options.limits = RecordLimits(fieldBytes: 20, recordBytes: 200)
    let long = String(repeating: "x", count: 30), picture = "data:image/png;base64," + long
    let path = try scratch.write(
      "posts.jsonl",
      [
        #"{"id": 1, "text": "a", "more": 1}"#,
        #"{"id": 2, "text": "b", "more": "\#(long)\u0000", "of": [1, "\#(long)"]}"#,
        #"{"id": 3, "body": "\#(long)"}"#, #"{"id": 4, "text": "d", "image": "\#(picture)"}"#,
        #"{"id": 5, "text": "e", "image": "\#(long)"}"#, #"{"id": 6, "text": "f", "image": ["\#(picture)"]}"#,
      ].joined(separator: "\n"))
    let rows = try read([path], options)
    #expect(rows.map(\.brief) == ["1:1", "2:2", "3!field_too_large", "4:4", "5!field_too_large", "6:6"])
    #expect(rows[1].post?.extra.map { "\($0.name)=\($0.value)" } == ["text=b", "more=", "of="])
    #expect(rows[3].post?.image == picture && rows[5].post?.image == picture)
    var reader = try CorpusReader(paths: [path], options: options)
    while try reader.next() != nil {}
    #expect(reader.notices == [.longCells(file: "posts.jsonl", line: 2, count: 2, limit: 20)])
  }

  @Test func blankLinesAreNoRecords() throws {
    let rows = try lines("", #"{"id": 1, "text": "a"}"#, "  \t", "\r", #" {"id": 2, "text": "b"} "#, "")
    #expect(rows.map(\.brief) == ["2:1", "5:2"])
    #expect(rows.map(\.position.record) == [1, 2])
  }

  @Test func membersKeepTheOrderOfTheFirstRecord() throws {
    let rows = try lines(
      #"{"id": 1, "text": "a", "x": 1, "y": 2}"#, #"{"y": 3, "text": "b", "x": 4, "id": 2}"#,
      #"{"id": 3, "text": "c", "y": 5}"#
    )
    #expect(
      rows.compactMap { $0.post?.extra.map { "\($0.name)\($0.value)" } } == [["x1", "y2"], ["x4", "y3"], ["y5"]])
  }

  @Test func thousandPostsAreTheSameInEveryForm() throws {
    let texts = ["plain", "with \"quotes\", and a comma", "é 漢\n😀", "\\ \t /"]
    var csv = "id,text,image,label,user.name,user.likes\n", lines: [String] = []
    for number in 0..<1000 {
      let text = texts[number % texts.count], image = number % 3 == 0 ? "" : "img/\(number).jpg"
      let name = number % 5 == 0 ? "" : "Ann \(number)"
      let cells = ["\(number)", text, image, number % 2 == 0 ? "ironic" : "", name, "\(number * 3)"]
      csv += cells.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n"
      func json(_ text: String) -> String { text.isEmpty ? "null" : JSONWriter.quoted(text) }
      lines.append(
        "{\"id\": \(number), \"text\": \(json(text)), \"image\": \(json(image)), \"label\": \(json(cells[3])), "
          + "\"user\": {\"name\": \(json(name)), \"likes\": \(number * 3)}}")
    }
    let options = CorpusOptions(columns: ColumnMap(date: "user.likes"))
    func posts(_ path: String, records: String? = nil) throws -> [Post] {
      var options = options
      options.records = records
      return try read([path], options).compactMap { row in
        guard var post = row.post else { return nil }
        post.position = RowPosition(file: "", record: post.position.record, line: 0)
        return post
      }
    }
    let table = try posts(scratch.write("posts.csv", csv))
    let whole = Array(lines.joined(separator: "\n").utf8), list = "{\"data\": [\(lines.joined(separator: ",\n"))]}"
    #expect(table.count == 1000)
    #expect(try posts(scratch.write("posts.jsonl", whole)) == table)
    #expect(try posts(scratch.writeGzip("posts.jsonl.gz", whole)) == table)
    #expect(try posts(scratch.writeZstd("posts.jsonl.zst", whole)) == table)
    #expect(try posts(scratch.write("posts.json", list), records: "data") == table)
  }

  @Test func theNameOrTheContentDecides() throws {
    let record = #"{"id": 1, "text": "a"}"# + "\n"
    for name in ["posts.jsonl", "posts.NDJSON", "posts.json", "posts.txt", "posts", "posts.csv"] {
      let path = try scratch.write(name, record)
      let reader = try CorpusReader(paths: [path], options: CorpusOptions())
      #expect(reader.notices == (name == "posts.csv" ? [.readAsJSON(file: name)] : []))
      #expect(try read([path]).map(\.brief) == ["1:1"])
    }
    let table = try scratch.write("posts.txt", "[{;text\n1;a\n")
    #expect(try read([table], CorpusOptions(delimiter: UInt8(ascii: ";"))).count == 1)
    let path = try scratch.write("posts.jsonl", record)
    #expect(throws: CorpusError.notATable(file: path)) {
      try read([path], CorpusOptions(delimiter: UInt8(ascii: ";")))
    }
  }

  @Test func aColumnThatIsNeverThereIsAnError() throws {
    let path = try scratch.write("posts.jsonl", "{\"id\": 1, \"text\": \"a\"}\n{\"id\": 2, \"Body\": \"b\"}\n")
    #expect(
      throws: CorpusError.missingMember(
        file: path, role: .text, name: "body", found: ["id", "text", "Body"],
        guesses: [ColumnGuess(role: .text, name: "Body")], rows: 2)
    ) { try read([path], CorpusOptions(columns: ColumnMap(text: "body"))) }
    let none = try scratch.write("none.jsonl", "{\"a\": [{\"id\": 1}]}\n")
    #expect(
      throws: CorpusError.noContentMember(
        file: none, text: "text", image: "image", found: ["a"], guesses: [], rows: 1, lists: ["a"])
    ) { try read([none]) }
  }

  @Test func aColumnMayComeLate() throws {
    let early = (1...1500).map { "{\"id\": \($0), \"text\": \"a\", \"n\": \($0)}" }
    let late = #"{"id": 1501, "text": "b", "media": [{"url": "b.jpg"}], "later": 5, "label": "x"}"#
    let path = try scratch.write("posts.jsonl", (early + [late]).joined(separator: "\n"))
    let options = CorpusOptions(columns: ColumnMap(image: "media.0.url"))
    let reader = try CorpusReader(paths: [path], options: options)
    #expect(reader.columns == ["id", "text", "n", "media.0.url"])
    let post = try #require(try read([path], options).last?.post)
    // A default name is a role's wherever it occurs; all other members are kept.
    #expect(post.image == "b.jpg" && post.label == "x")
    #expect(post.extra.map { "\($0.name)" } == ["media", "later"])
    var all = options
    all.keepsSurplus = true
    #expect(
      try CorpusReader(paths: [path], options: all).columns == [
        "id", "text", "n", "media.0.url", "media", "later", "label",
      ])
  }

  /// However many keys a file has, those of later records are forgotten again.
  @Test func keysDoNotPileUp() throws {
    let records = (1...200).map {
      "{\"id\": \($0), \"text\": \"a\", \"of\": {\"u\($0)\": \($0), \"v\($0)\": 1}, \"end\": \($0)}"
    }
    let path = try scratch.write(
      "posts.jsonl", (Array(repeating: records[0], count: 1000) + records).joined(separator: "\n"))
    let posts = try read([path], CorpusOptions(limits: RecordLimits(columns: 8))).compactMap(\.post)
    #expect(posts.count == 1200)
    for (place, post) in posts.suffix(200).enumerated() {
      let number = place + 1
      let fields = Dictionary(uniqueKeysWithValues: post.extra.map { ($0.name, $0.value) })
      #expect(fields == ["of.u\(number)": "\(number)", "of.v\(number)": "1", "end": "\(number)"] as [ByteText: String])
    }
  }

  @Test func otherLinesAreNamedWithACommandThatConvertsThem() throws {
    let cases: [(String, OtherLines, String)] = [
      ("['8', 'what a day \" really \"', 1, 0]\n", .pythonList, "ast.literal_eval"),
      ("{'id': '8', 'text': \"a\"}\n", .pythonDictionary, "json.dumps"),
      ("window.YTD.tweets.part0 = [ {\n  \"tweet\" : {} } ]", .twitterArchive, "sed '1s/^[^[]*//'"),
      ("[\"8\", \"a\", 1]\n", .jsonList, "json.loads"),
    ]
    for (text, kind, words) in cases {
      let path = try scratch.write("posts.txt", text)
      #expect(throws: CorpusError.otherLines(file: path, kind)) { try read([path]) }
      #expect(CorpusError.otherLines(file: path, kind).description.contains(words))
    }
    let printed = try scratch.write(
      "result.json", "{\n \"name\": \"chat\",\n \"messages\": [\n  {\n   \"id\": 1\n  }\n ]\n}\n")
    let error = #expect(throws: CorpusError.self) { try read([printed]) }
    guard case .noObjects(_, let rows, let line, _, let lists) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(rows == 8 && line == 1 && lists == ["messages"])
  }

  @Test func theCellsAreThoseOfTheFile() throws {
    let path = try scratch.write(
      "posts.jsonl", "{\"id\": 1, \"text\": \"a\", \"n\": null}\n{\"n\": 1.0, \"id\": 2, \"text\": \"b\\u0000\"}\n")
    var reader = try CorpusReader(paths: [path], options: CorpusOptions())
    var cells: [[String]] = []
    while try reader.next() != nil { cells.append(reader.cells) }
    #expect(cells == [["1", "a", ""], ["2", "b\u{FFFD}", "1.0"]])
  }
}
