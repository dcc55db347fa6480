import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct CorpusNoticeTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func notices(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws -> [CorpusNotice] {
    try notices([scratch.write("posts.csv", text)], options)
  }

  private func notices(_ paths: [String], _ options: CorpusOptions = CorpusOptions()) throws -> [CorpusNotice] {
    var reader = try CorpusReader(paths: paths, options: options)
    while try reader.next() != nil {}
    return reader.notices
  }

  @Test func roundedIDsAreNoticedOnce() throws {
    let position = RowPosition(file: "posts.csv", record: 2, line: 3)
    let found = try notices("id,text\n1,a\n1.29E+18,b\n1.29E+18,c\n")
    #expect(found == [.roundedID(position: position, key: "1.29E+18")])
    #expect(found.first?.description.hasPrefix("posts.csv:3: the id '1.29E+18' has been rounded") == true)
    for id in ["9E+17", "\"1,3e+18\""] { #expect(try notices("id,text\n\(id),a\n").count == 1) }
    for id in ["E+18", "1E18x", "1E+", "12e3a+4", "1290000000000000000", "a1.2E+18", "e", "1.2", "3e5f"] {
      #expect(try notices("id,text\n\(id),a\n").isEmpty)
    }
  }

  @Test func oddColumnNamesAreNoticed() throws {
    #expect(
      try notices("id,text, likes\n1,a,b\n") == [.blanksAroundColumn(file: "posts.csv", name: " likes")])
    #expect(try notices("id,text, likes\n1,a,b\n", CorpusOptions(columns: ColumnMap(label: " likes"))).isEmpty)
    #expect(
      try notices(",text,label,\n1,a,b,\n") == [.unnamedColumns(file: "posts.csv", numbers: [1, 4])])
    let post = try #require(try scratch.rows(",text\n7,a\n").first?.post)
    #expect(post.extra == [ExtraField(name: "1", value: "7")])
  }

  @Test func columnsOfOtherCaseOrWithBlanksAreNoticed() throws {
    let options = CorpusOptions(columns: ColumnMap(text: "Text"))
    let found = try notices("Text,Image,ID,Label\na,b,c,d\n", options)
    #expect(
      found == [
        .unreadColumns(
          file: "posts.csv",
          guesses: [
            ColumnGuess(role: .id, name: "ID"), ColumnGuess(role: .image, name: "Image"),
            ColumnGuess(role: .label, name: "Label"),
          ])
      ])
    #expect(
      found.first?.description.hasSuffix(
        "name ID as the id column, Image as the image column, Label as the label column") == true)
    let padded = try notices("id,text, label\n1,a,b\n")
    #expect(padded.count == 1)
    #expect(padded.first?.description.hasSuffix("name ' label' as the label column") == true)
    let columns = ColumnMap(id: "ID", text: "Text", image: "Image", label: "Label")
    #expect(try notices("Text,Image,ID,Label\na,b,c,d\n", CorpusOptions(columns: columns)).isEmpty)
    // If a flag names another column for the part, that column is meant.
    let mood = CorpusOptions(columns: ColumnMap(text: "Text", label: "mood"))
    #expect(try notices("Text,Label,mood\na,b,c\n", mood).isEmpty)
  }

  @Test(arguments: ["\u{FEFF}\u{FEFF}id", "\u{200B}id", "id\u{00A0}"])
  func aNameWithCharactersThatNobodySeesIsNamed(name: String) throws {
    let found = try notices("\(name),text\n7,a\n", CorpusOptions())
    #expect(
      found.contains { if case .unreadColumns(_, let guesses) = $0 { guesses.map(\.role) == [.id] } else { false } },
      "\(found)")
  }

  @Test func aHeaderAloneIsNoticed() throws {
    #expect(try notices("id,text\n\n") == [.noRecords(file: "posts.csv")])
  }

  @Test func labelsOutsideTheListAreNoticedOnce() throws {
    let options = CorpusOptions(labelNames: try LabelNames(parsing: "0=no,1=yes"))
    let found = try notices("id,text,label\n1,a,0\n2,b,yes\n3,c,\n4,d,2\n5,e,3\n", options)
    #expect(
      found == [.unnamedLabel(position: RowPosition(file: "posts.csv", record: 4, line: 5), label: "2")])
  }

  @Test func sharedNamesWithoutAnIDAreNoticed() throws {
    let paths = try [scratch.write("a/posts.csv", "text\na\n"), scratch.write("b/posts.csv", "text\nb\n")]
    #expect(try notices(paths) == [.sharedKeys(files: paths)])
    #expect(try read(paths).map(\.key) == ["posts.csv#2", "posts.csv#2"])
  }

  @Test func anOrderThatWasAssumedIsNoticed() throws {
    let bytes = "text\na\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let path = try scratch.write("posts.csv", bytes)
    #expect(
      try notices([path], CorpusOptions(encoding: .utf16)) == [.assumedLittleEndian(file: "posts.csv")])
  }

  @Test func everyNoticeSaysHowToFixIt() {
    let position = RowPosition(file: "a.csv", record: 1, line: 2)
    let fixes: [(CorpusNotice, String)] = [
      (.roundedID(position: position, key: "1E+9"), "import the ids as text"),
      (.blanksAroundColumn(file: "a.csv", name: " id"), "remove them"),
      (.unreadColumns(file: "a.csv", guesses: [ColumnGuess(role: .id, name: "Id")]), "name Id as the id column"),
      (.unnamedColumns(file: "a.csv", numbers: [2]), "a column has no name and goes by its number, 2: name"),
      (
        .unnamedColumns(file: "a.csv", numbers: [2, 3]),
        "2 columns have no name and go by their numbers, 2, 3"
      ),
      (.assumedLittleEndian(file: "a.csv"), "iconv"), (.noRecords(file: "a.csv"), "has no header"),
      (.unnamedLabel(position: position, label: "2"), "add it there"),
      (.sharedKeys(files: ["a", "b"]), "name a column of ids"),
    ]
    for (notice, words) in fixes { #expect(notice.description.contains(words)) }
  }
}
