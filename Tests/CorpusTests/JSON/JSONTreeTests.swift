import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct JSONTreeTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func rows(_ text: String, records: String? = nil) throws -> [CorpusRow] {
    let path = try scratch.write("posts.json", text)
    let options = CorpusOptions(records: records)
    let rows = try read([path], options)
    var fewBytes = options
    fewBytes.limits.chunkBytes = 7
    fewBytes.limits.pieceBytes = 64
    #expect(try read([path], fewBytes) == rows)
    return rows
  }

  @Test(arguments: [
    #"[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]"#, #"[{"id":1,"text":"a"},{"id":2,"text":"b"}]"# + "\n",
    "[\n{\"id\": 1, \"text\": \"a\"},\n{\"id\": 2, \"text\": \"b\"}\n]\n",
    "[\r\n  {\r\n    \"id\": 1,\r\n    \"text\": \"a\"\r\n  },\r\n  {\r\n    \"id\": 2,\r\n    \"text\": \"b\"\r\n  }\r\n]",
  ]) func aFileMayBeAList(text: String) throws {
    #expect(try rows(text).compactMap(\.post).map { "\($0.key)\($0.text)" } == ["1a", "2b"])
  }

  @Test func aListMayBeAMember() throws {
    let chat =
      #"{"name": "chat", "about": {"messages": [{"id": 0, "text": "no"}]}, "messages": [{"id": 1, "text": "]}"}, "#
      + #"{"id": 2, "text": "b", "messages": [{"id": 3, "text": "no"}]}], "more": [1, "}"]}"#
    #expect(try rows(chat, records: "messages").compactMap(\.post).map(\.key) == ["1", "2"])
    let chats =
      #"{"chats": {"list": [{"messages": [{"id": 1, "text": "a"}]}, {"messages": []}, {"messages": [{"id": 2, "text": "b"}]}]}}"#
    #expect(try rows(chats, records: "chats.list.messages").compactMap(\.post).map(\.key) == ["1", "2"])
    // A page a line, as programs that ask an interface write them; a page may be a single post.
    let pages =
      "{\"data\": [{\"id\": 1, \"text\": \"a\"}, {\"id\": 2, \"text\": \"b\"}], \"meta\": {}}\n{\"data\": {\"id\": 3, \"text\": \"c\"}}\n"
    #expect(try rows(pages, records: "data").map(\.brief) == ["1:1", "1:2", "2:3"])
  }

  @Test func recordsWithoutIDsHaveKeysOfTheirOwn() throws {
    #expect(
      try rows("[{\"text\": \"a\"}, {\"text\": \"b\"},\n{\"text\": \"c\"}]").map(\.key) == [
        "posts.json#1", "posts.json#1.2", "posts.json#2",
      ])
  }

  /// A record an end of which is missing, and one that is no record.
  @Test(arguments: [
    #"{"id": 2, "text": "b},"#, #"{"id": 2, "text": {"b": 1,"#, #"{"id": 2, "text": ["b"},"#,
    #"{"id": 2, "text": "b","#,
    #""b","#, "17,", #"["b"],"#, #"{"id": 2 "text": "b"},"#,
  ]) func aDamagedRecordIsAFaultOfItsLine(record: String) throws {
    let list =
      "[\n{\"id\": 1, \"text\": \"a\"},\n\(record)\n{\"id\": 3, \"text\": \"c\"},\n{\"id\": 4, \"text\": \"d\"}\n]\n"
    #expect(try rows(list).map(\.brief) == ["2:1", "3!invalid_json", "4:3", "5:4"])
  }

  @Test func afterDamageInAPrintedRecordTheNextIsFound() throws {
    func record(_ id: Int, _ text: String) -> String {
      "  {\n    \"id\": \(id),\n    \"user\": {\n      \"name\": \"x\"\n    },\n    \"text\": \(text)\n  }"
    }
    let list = "[\n" + [record(1, "\"a\""), record(2, "\"b"), record(3, "\"c\"")].joined(separator: ",\n") + "\n]\n"
    #expect(try rows(list).map(\.brief) == ["2:1", "9!invalid_json", "16:3"])
  }

  @Test(arguments: [
    "[{\"id\": 1, \"text\": \"a\"},\n{\"id\": 2, \"text\": \"b\"},\n",
    "[{\"id\": 1, \"text\": \"a\"},\n{\"id\": 2, \"text\": \"b\"",
    "[{\"id\": 1, \"text\": \"a\"},\n{\"id\": 2, \"text\": \"b}]",
  ]) func aListThatIsCutOffIsAnErrorAfterItsRecords(text: String) throws {
    let path = try scratch.write("posts.json", text)
    var reader = try CorpusReader(paths: [path], options: CorpusOptions()), count = 0
    #expect(throws: CorpusError.cutJSON(file: path, line: 2, records: 2)) {
      while try reader.next() != nil { count += 1 }
    }
    #expect(count == 2)
  }

  @Test func aListThatIsNotThereIsAnError() throws {
    let path = try scratch.write("posts.json", #"{"messages": [], "data": 1}"#)
    for name in ["messages", "posts", "messages.more"] {
      #expect(throws: CorpusError.noRecordList(file: path, name: name)) {
        try read([path], CorpusOptions(records: name))
      }
    }
    let empty = try scratch.write("empty.json", "[]\n"), table = try scratch.write("posts.csv", "id,text\n")
    #expect(throws: CorpusError.noRecordList(file: empty, name: nil)) { try read([empty]) }
    #expect(throws: CorpusError.notJSON(file: table)) { try read([table], CorpusOptions(records: "data")) }
    let broken = try scratch.write("broken.json", "{\"data\": [{\"id\": 1, \"text\": \"a\"}],\n :}")
    #expect(throws: CorpusError.damagedJSON(file: broken, line: 2)) {
      try read([broken], CorpusOptions(records: "data"))
    }
  }

  @Test func aRecordOverTheLimitIsPassedOver() throws {
    let long = String(repeating: "x", count: 300)
    let path = try scratch.write(
      "posts.json", #"[{"id": 1, "text": "a"}, {"id": 2, "text": "\#(long)"}, {"id": 3, "text": "c"}]"#)
    let options = CorpusOptions(limits: RecordLimits(recordBytes: 200))
    #expect(try read([path], options).map(\.brief) == ["1:1", "1!field_too_large", "1:3"])
  }
}
