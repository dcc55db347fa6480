import Bytes
import Corpus
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct CorpusReaderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aRowBecomesAPost() throws {
    let text = """
      id,when,text,image,knowledge,label,likes
      9007199254740993,2024-01-31,good morning,images/1.jpg,a sign,0,12

      """
    let options = CorpusOptions(
      columns: ColumnMap(date: "when"), labelNames: try LabelNames(parsing: "0=not_sarcastic,1=sarcastic"))
    let expected = Post(
      position: RowPosition(file: "posts.csv", record: 1, line: 2), key: "9007199254740993",
      text: "good morning", knowledge: "a sign", image: "images/1.jpg", label: "not_sarcastic",
      date: "2024-01-31",
      extra: [ExtraField(name: "when", value: "2024-01-31"), ExtraField(name: "likes", value: "12")])
    #expect(try scratch.rows(text, options) == [.post(expected)])
  }

  @Test func emptyCellsAreAbsent() throws {
    let options = CorpusOptions(columns: ColumnMap(date: "date"))
    let rows = try scratch.rows("id,text,image,label,date\n1,,a.jpg,,\n2,a,,,\n3,a,\" \t\",,\n", options)
    let posts = rows.compactMap(\.post)
    #expect(posts.map(\.text) == ["", "a", "a"])
    #expect(posts.map(\.image) == ["a.jpg", nil, nil])
    #expect(posts.allSatisfy { $0.knowledge.isEmpty && $0.label == nil && $0.date == nil })
    #expect(posts.map(\.extra) == Array(repeating: [ExtraField(name: "date", value: "")], count: 3))
  }

  @Test func aRowWithNeitherTextNorPictureIsAFault() throws {
    let rows = try scratch.rows("id,text,image,knowledge\n1,,,\n2,\" \t\n\", ,a sign\n3, , a.jpg,\n")
    #expect(rows.map(\.brief) == ["2!empty_post", "3!empty_post", "5:3"])
    #expect(rows.map(\.key) == ["1", "2", "3"])
    #expect(rows[2].post?.image == " a.jpg" && rows[2].post?.text == " ")
    #expect(rows[0].fault?.detail.contains("neither text nor a picture") == true)
  }

  @Test func columnsCanBeRenamedAndShared() throws {
    let options = CorpusOptions(columns: ColumnMap(id: "tweet", text: "body", knowledge: "body", label: "y"))
    let post = try #require(try scratch.rows("y,tweet,body,text\n1,a,b,c\n", options).first?.post)
    #expect(post.key == "a" && post.text == "b" && post.knowledge == "b" && post.label == "1")
    #expect(post.extra == [ExtraField(name: "text", value: "c")])
  }

  @Test func fieldsAreKeptToTheByte() throws {
    let rows = try scratch.rows("id,text,label\n1, two  blanks ,\" \"\n2,\"\t\"\"q\"\"\r\n,\",\"\"\n")
    let posts = rows.compactMap(\.post)
    #expect(posts.map(\.text) == [" two  blanks ", "\t\"q\"\r\n,"])
    #expect(posts.map(\.label) == [" ", nil])
  }

  @Test func canonicallyEqualNamesAreDifferentColumns() throws {
    let options = CorpusOptions(columns: ColumnMap(text: "caf\u{E9}"))
    let post = try #require(try scratch.rows("cafe\u{301},caf\u{E9}\n1,2\n", options).first?.post)
    #expect(post.text == "2")
    #expect(post.extra.map { Array($0.name.utf8) } == [Array("cafe\u{301}".utf8)])
  }

  @Test(arguments: ["\n", "\r\n", "\r\r\n"]) func lineEndsAreNotContent(end: String) throws {
    let rows = ["id,text,label", "1,a,x", "2,b,\"y\"", "", "3,c,z"]
    for last in ["", end] {
      let found = try scratch.rows(rows.joined(separator: end) + last)
      #expect(found.map(\.brief) == ["2:1", "3:2", "5:3"])
      #expect(found.compactMap(\.post?.label) == ["x", "y", "z"])
    }
  }

  @Test func aLoneCarriageReturnIsContent() throws {
    let rows = try scratch.rows("id,text\n1,a\rb\n2,\"c\rd\"\n")
    #expect(rows.compactMap(\.post?.text) == ["a\rb", "c\rd"])
  }

  @Test func aByteOrderMarkIsDropped() throws {
    let rows = try scratch.rows("\u{FEFF}id,text\n1,\u{FEFF}a\n")
    #expect(rows.compactMap(\.post?.key) == ["1"])
    #expect(rows.compactMap(\.post?.text) == ["\u{FEFF}a"])
  }

  @Test func withoutAnIDTheLineIsTheKey() throws {
    let rows = try scratch.rows("text\n\"a\nb\"\n\nc\na,b\n")
    #expect(rows.map(\.key) == ["posts.csv#2", "posts.csv#5", "posts.csv#6"])
    #expect(rows.map(\.position.line) == [2, 5, 6])
    #expect(rows.map(\.position.record) == [1, 2, 3])
    #expect(rows.last?.fault?.code == .tooManyFields)
  }

  @Test func withoutAHeaderColumnsAreNumbers() throws {
    let options = CorpusOptions(hasHeader: false, columns: ColumnMap(id: "1", text: "3"))
    let rows = try scratch.rows("\n7,x,\"hello\nyou\"\n8,y,bye\n9\n", options)
    #expect(rows.map(\.brief) == ["2:7", "4:8", "5!too_few_fields"])
    #expect(rows.map(\.position.record) == [1, 2, 3])
    #expect(rows.first?.post?.text == "hello\nyou")
    #expect(rows.first?.post?.extra == [ExtraField(name: "2", value: "x")])
  }

  @Test func delimitersComeFromTheFlagOrTheExtension() throws {
    let tabs = "id\ttext\n1\ta,b\n"
    #expect(try read([scratch.write("a.tsv", tabs)]).compactMap(\.post?.text) == ["a,b"])
    let options = CorpusOptions(delimiter: UInt8(ascii: "\t"))
    #expect(try read([scratch.write("a.csv", tabs)], options).compactMap(\.post?.text) == ["a,b"])
    let semicolons = CorpusOptions(delimiter: UInt8(ascii: ";"))
    #expect(try read([scratch.write("b.tsv", "id;text\n1;a\n")], semicolons).compactMap(\.post?.text) == ["a"])
  }

  @Test func severalFilesAreOneCorpus() throws {
    let paths = [
      try scratch.write("one/posts.csv", "id,text\n1,a\n2\n"), try scratch.write("more.tsv", "text\tlabel\nb\tx\n"),
      try scratch.write("two/posts.csv", "text,id\nc,3\n"),
    ]
    var reader = try CorpusReader(paths: paths, options: CorpusOptions())
    let files = reader.files
    #expect(files == [paths[0], "more.tsv", paths[2]])
    var rows: [CorpusRow] = []
    while let row = try reader.next() { rows.append(row) }
    #expect(rows.map(\.brief) == ["2:1", "3!too_few_fields", "2:more.tsv#2", "2:3"])
    #expect(rows.map(\.position.file.text) == [files[0], files[0], files[1], files[2]])
    #expect(rows.map(\.position.record) == [1, 2, 1, 1])
    #expect(reader.bytesRead == 41)
    #expect(reader.totalBytes == 41)
    #expect(reader.notices.isEmpty)
  }

  @Test func bytesThatAreOnlyInABufferAreNotRead() throws {
    let path = try scratch.write("posts.csv", "id,text\n1,a\n2,b\n")
    var reader = try CorpusReader(paths: [path], options: CorpusOptions())
    var bytes = [reader.bytesRead]
    while try reader.next() != nil { bytes.append(reader.bytesRead) }
    #expect(bytes == [0, 12, 16] && reader.bytesRead == 16)
  }

  @Test func rowsReadAheadAreHandedOutInTheirTurn() throws {
    let path = try scratch.write("posts.csv", "id,text\n1,a\n2\n3,c\n")
    for most in [0, 1, 2, 3, 9] {
      var reader = try CorpusReader(paths: [path], options: CorpusOptions())
      let ahead = reader.lookAhead(rows: most, bytes: 1000, patience: .seconds(1)).map(\.brief)
      #expect(ahead == ["2:1", "3!too_few_fields", "4:3"].prefix(most).map(\.self))
      #expect(reader.bytesRead == 0)
      var rows: [String] = [], bytes: [Int] = []
      while let row = try reader.next() {
        rows.append(row.brief)
        bytes.append(reader.bytesRead)
      }
      #expect(rows == ["2:1", "3!too_few_fields", "4:3"] && bytes == [12, 14, 18])
    }
  }

  @Test func anErrorReadAheadComesAfterItsRows() throws {
    let fine = try scratch.write("a.csv", "id,text\n1,a\n"), gone = try scratch.write("b.csv", "id,text\n2,b\n")
    var reader = try CorpusReader(paths: [fine, gone], options: CorpusOptions())
    try FileManager.default.removeItem(atPath: gone)
    #expect(reader.lookAhead(rows: 9, bytes: 1000, patience: .seconds(1)).map(\.brief) == ["2:1"])
    #expect(try reader.next()?.brief == "2:1")
    #expect(throws: CorpusError.self) { _ = try reader.next() }
    #expect(try reader.next() == nil)
  }

  @Test func aHeaderThatComesLongBeforeTheRowsCostsNoneOfThem() throws {
    let fifo = scratch.file("slow.csv")
    #expect(mkfifo(fifo, 0o600) == 0)
    // The rows arrive after the time limit, counted from the header, would have passed.
    let writer = Thread {
      guard let file = FileHandle(forWritingAtPath: fifo) else { return }
      try? file.write(contentsOf: Data("id,text\n".utf8))
      Thread.sleep(forTimeInterval: 0.3)
      try? file.write(contentsOf: Data("1,a\n".utf8))
      Thread.sleep(forTimeInterval: 0.3)
      try? file.write(contentsOf: Data("2,b\n3,c\n".utf8))
      try? file.close()
    }
    writer.start()
    var reader = try CorpusReader(paths: [fifo], options: CorpusOptions())
    let ahead = reader.lookAhead(
      rows: 9, bytes: 1000, patience: .milliseconds(100), least: 3, longest: .seconds(60))
    #expect(ahead.count == 3)
  }

  @Test func everyHeaderIsReadBeforeTheFirstRow() throws {
    let paths = try [scratch.write("a.csv", "id,text\n1,a\n"), scratch.write("b.csv", "id,words\n1,a\n")]
    #expect(
      throws: CorpusError.noContentColumn(
        file: paths[1], text: "text", image: "image", found: ["id", "words"])
    ) { _ = try CorpusReader(paths: paths, options: CorpusOptions()) }
  }

  @Test func aPipeIsReadOnceAndAfterOtherFiles() throws {
    let fifo = scratch.file("pipe.csv")
    #expect(mkfifo(fifo, 0o600) == 0)
    let first = try scratch.write("a.csv", "id,text\n1,a\n")
    let body = "id,text\n" + (2...40_000).map { "\($0),\"words\nand more\"\n" }.joined()
    // A separate thread, since opening a FIFO waits for the other side.
    Thread.detachNewThread {
      let descriptor = open(fifo, O_WRONLY)
      var rest = Array(body.utf8)[...]
      while !rest.isEmpty {
        // Odd amounts, so that reads end within lines and characters.
        let count = rest.prefix(7919).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
      close(descriptor)
    }
    var reader = try CorpusReader(paths: [first, fifo], options: CorpusOptions())
    #expect(reader.totalBytes == nil)
    var keys: [String] = []
    while let row = try reader.next() { keys.append(row.post?.key.text ?? "?") }
    #expect(keys == (1...40_000).map(String.init))
    #expect(reader.bytesRead == 12 + body.utf8.count)
  }

  @Test func standardInputMayComeAfterAFile() throws {
    let body = "id,text\n2,b\n3,c\n"
    let descriptor = try open(scratch.write("stdin.csv", body), O_RDONLY)
    let saved = dup(STDIN_FILENO)
    dup2(descriptor, STDIN_FILENO)
    defer {
      dup2(saved, STDIN_FILENO)
      close(saved)
      close(descriptor)
    }
    let rows = try read([scratch.write("a.csv", "id,text\n1,a\n"), "-"])
    #expect(rows.map(\.key) == ["1", "2", "3"])
    #expect(rows.last?.position == RowPosition(file: "-", record: 2, line: 3))
  }

  @Test func noRowsFollowAnError() throws {
    let paths = try [scratch.write("a.csv", "id,text\n1,a\n"), scratch.write("b.csv", "id,text\n1,a\n")]
    var reader = try CorpusReader(paths: paths, options: CorpusOptions())
    #expect(try reader.next() != nil)
    unlink(paths[1])
    var thrown: CorpusError?
    do throws(CorpusError) { _ = try reader.next() } catch { thrown = error }
    #expect(thrown == .notFound(file: paths[1]))
    #expect(try reader.next() == nil)
  }
}
