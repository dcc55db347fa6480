import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct RecordReaderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func briefs(_ text: String, _ limits: RecordLimits = RecordLimits()) throws -> [String] {
    try scratch.rows(text, CorpusOptions(limits: limits)).map(\.brief)
  }

  @Test func aStrayQuoteCostsOneRecord() throws {
    // Plain libcsv would read the first two rows as one good one.
    #expect(
      try briefs("id,text,label\n1,\"abc,x\n2,\"def\",y\n3,ghi,z\n") == ["2!unbalanced_quote", "3:2", "4:3"])
    // Here the quote is not closed before the end of the file.
    #expect(try briefs("id,text\n1,\"abc\n2,def\n3,ghi\n") == ["2!unbalanced_quote", "3:2", "4:3"])
    #expect(try briefs("id,text\n1,a\n2,\"b") == ["2:1", "3!unbalanced_quote"])
    // Here it is closed, but the lines between are not a record.
    #expect(try briefs("id,text\n1,\"abc\n2,de\n3,\",x\n4,y\n").prefix(2) == ["2!unbalanced_quote", "3:2"])
  }

  @Test func aSpaceAfterAClosingQuoteIsNamed() throws {
    let fault = try #require(try scratch.rows("id,text,label\n1,\"abc\" ,x\n2,d,y\n").first?.fault)
    #expect(fault.code == .unbalancedQuote && fault.key == "1" && fault.position.line == 2)
    #expect(fault.detail.contains("leave no space after a closing quote"))
  }

  @Test func onOneLineAStrayQuoteIsACharacter() throws {
    let rows = try scratch.rows("id,text\n1,a \"b\" c\n2,5\" screen\n3,\"say \"hi\" there\"\n4,\"a\" \"b\"\n")
    #expect(rows.compactMap(\.post?.text) == ["a \"b\" c", "5\" screen", "say \"hi\" there", "a\" \"b"])
  }

  @Test func whereAStrayQuoteJoinsFieldsTheCountTells() throws {
    let fault = try #require(try scratch.rows("id,text,label\n1,\"a\" ,\"b\"\n").first?.fault)
    #expect(fault.code == .tooFewFields && fault.key == "1")
    #expect(fault.detail.contains("2 fields where the header has 3: a quote within a field"))
  }

  @Test func raggedRowsAreFaults() throws {
    let rows = try scratch.rows("id,text,label\n1,a,b\n2,a\n3,a,b,\n\n , , \n4,a,b\n")
    #expect(
      rows.map(\.brief) == ["2:1", "3!too_few_fields", "4!too_many_fields", "6!empty_post", "7:4"])
    #expect(rows.map(\.key) == ["1", "2", "3", " ", "4"])
    #expect(rows[1].fault?.detail == "2 fields where the header has 3")
  }

  @Test func recordsMaySpanLinesWithinLimits() throws {
    func record(_ lines: Int) -> String { "1,\"" + String(repeating: "x\n", count: lines - 1) + "x\"\n" }
    #expect(try briefs("id,text\n" + record(100) + "2,b\n") == ["2:1", "102:2"])
    let over = try briefs("id,text\n" + record(101) + "2,b\n")
    #expect(over.first == "2!unbalanced_quote")
    #expect(over.dropFirst().prefix(99).allSatisfy { $0.hasSuffix("!too_few_fields") })
    #expect(over.last == "103:2")
  }

  @Test func aMebibyteIsTheMostOfAField() throws {
    let most = String(repeating: "é", count: 1 << 19)
    let rows = try scratch.rows("id,text\n1,\(most)\n2,\"\(most)\"\n3,\(most)x\n4,\"\(most)x\"\n5,e\n")
    #expect(rows.map(\.brief) == ["2:1", "3:2", "4!field_too_large", "5!field_too_large", "6:5"])
    #expect(rows.compactMap(\.post?.text.utf8.count) == [1 << 20, 1 << 20, 1])
    #expect(rows[2].key == "3")
    #expect(rows[2].fault?.detail == "field 2 is over 1 MiB: shorten it")
  }

  @Test func theRestOfALongLineIsSkipped() throws {
    var limits = RecordLimits(fieldBytes: 100)
    limits.pieceBytes = 64
    let long = String(repeating: "x", count: 5000)
    for line in ["1,\(long)", "1,\"\(long)", "\(long),\(long),\(long)", "1,\"\(long)\"", "1,\(long)\r\r"] {
      #expect(try briefs("id,text\n\(line)\n2,b\n", limits) == ["2!field_too_large", "3:2"])
      #expect(try briefs("id,text\n2,b\n\(line)", limits) == ["2:2", "3!field_too_large"])
    }
  }

  @Test func aRecordOfManyLargeFieldsIsTooLarge() throws {
    let limits = RecordLimits(fieldBytes: 100, recordBytes: 150)
    let field = String(repeating: "x", count: 90)
    #expect(
      try briefs("id,text,label\n1,\(field),b\n2,\(field),\(field)\n3,a,b\n", limits)
        == ["2:1", "3!field_too_large", "4:3"])
  }

  @Test func aQuotedFieldIsNotSoughtBeyondTheLimit() throws {
    let limits = RecordLimits(fieldBytes: 100)
    let line = String(repeating: "x", count: 60)
    let found = try scratch.rows("id,text\n1,\"\(line)\n\(line)\"\n2,b\n", CorpusOptions(limits: limits))
    #expect(found.map(\.brief) == ["2!unbalanced_quote", "3!too_few_fields", "4:2"])
    #expect(found.first?.fault?.detail.contains("nor within 100 bytes") == true)
  }

  @Test func nulAndInvalidBytesCostOneRecord() throws {
    let text = Array("id,text\n1,a\n2,b\u{0}c\n3,".utf8) + [0xC3, 0x28, 0xFF] + Array("\n".utf8)
    let cut = Array("4,".utf8) + [0xF0, 0x9F] + Array(",\n5,e\n,f\n\u{0},g\n".utf8)
    let rows = try scratch.rows(bytes: text + cut)
    #expect(
      rows.map(\.brief) == [
        "2:1", "3!nul_character", "4!invalid_encoding", "5!too_many_fields", "6:5", "7!empty_key",
        "8!nul_character",
      ])
    #expect(rows.map(\.key) == ["1", "2", "3", "4", "5", nil, nil])
    #expect(rows.compactMap(\.fault).allSatisfy { $0.stage == .corpus && $0.path == nil })
    #expect(rows[1].fault?.detail == "a NUL character in column 'text': remove it")
  }

  @Test func bytesThatSpellACharacterAcrossFieldsAreInvalid() throws {
    let rows = try scratch.rows(bytes: Array("id,text\n".utf8) + [0xC3, 0x2C, 0xA9, 0x0A])
    #expect(rows.map(\.brief) == ["2!invalid_encoding"])
  }

  @Test func aFaultHasNoKeyFromLaterLines() throws {
    let rows = try scratch.rows("text,label,id\n\"a\nb\",x,7,8\nc,x,9\n")
    #expect(rows.map(\.brief) == ["2!unbalanced_quote", "3!too_many_fields", "4:9"])
    #expect(rows.first?.key == nil)
  }

  @Test func lineEndsMayFallOnTheSeamsOfChunks() throws {
    var limits = RecordLimits()
    limits.pieceBytes = 64
    let options = CorpusOptions(limits: limits)
    for length in 1...200 {
      let field = String(repeating: "x", count: length)
      let rows = try scratch.rows(
        "id,text\r\n1,\(field)\r\r\n2,\"\(field)\r\n\r\n\"\r\n3,\(field)\rx\r\n", options)
      #expect(rows.compactMap(\.post?.text) == [field, field + "\r\n\r\n", field + "\rx"])
    }
  }
}
