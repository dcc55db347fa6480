import Bytes
import Corpus
import TestSupport
import Testing

/// Files that are one JSON value, but no list of posts.
@Suite struct JSONShapeTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let cases: [(String, OtherLines)] = [
    (#"{"id": [1, 2], "text": ["a", "b"], "image": ["a.jpg", "b.jpg"]}"#, .columnLists),
    (#"{"body": ["a"], "n": [1]}"#, .columnLists),
    (#"{"id": {"0": 1, "1": 2}, "text": {"0": "a", "1": "b"}}"#, .columnObjects),
    (#"{"body": {"0": "a", "1": "b"}}"#, .columnObjects),
    (#"{"1": {"text": "a", "image": "b.jpg"}, "2": {"text": "b"}}"#, .recordsByKey),
    (#"{"-Mx": {"body": "a"}, "-My": {"body": {"x": 1}}}"#, .recordsByKey),
    (#"{"columns": ["id", "text"], "index": [0], "data": [[1, "a"]]}"#, .splitTable),
    (#"[[{"id": 1, "text": "a"}], [{"id": 2, "text": "b"}]]"#, .recordLists),
    (#"[["id", "text"], [1, "a"]]"#, .rowLists(hasHeader: true)),
    (#"[[1, "a"], [2, "b"]]"#, .rowLists(hasHeader: false)),
    (#"["a", "b \" ]", "c"]"#, .valueList),
    ("\u{1E}{\"id\": 1, \"text\": \"a\"}\n\u{1E}{\"id\": 2, \"text\": \"b\"}", .textSequence),
  ]

  /// Also as a program prints it to be read, with a value a line, and with its end missing.
  @Test func eachIsNamedWithACommandThatConvertsIt() throws {
    for (text, kind) in Self.cases {
      let printed = text.replacing("[", with: "[\n ").replacing("{", with: "{\n ").replacing(", ", with: ",\n  ")
      for text in [text, text + "\n", kind == .textSequence ? text : printed] {
        let path = try scratch.write("posts.json", text)
        #expect(throws: CorpusError.otherLines(file: path, kind), "\(text)") { try read([path]) }
        let words = CorpusError.otherLines(file: path, kind).description
        #expect(words.contains("< \(path) > posts."), "\(words)")
      }
    }
    let long = "{\"text\": {" + (0..<200_000).map { "\"\($0)\": \"a\"" }.joined(separator: ", ") + "}}"
    let path = try scratch.write("posts.json", long)
    #expect(throws: CorpusError.otherLines(file: path, .columnObjects)) { try read([path]) }
  }

  @Test(arguments: [
    #"{"id": 1, "text": "a"}"#, #"{"id": 1, "text": "a", "tags": ["b", "c"], "user": {"name": "d"}}"#,
    #"{"text": "a", "columns": ["b"]}"#,
  ]) func aSinglePostIsOne(text: String) throws {
    #expect(try read([scratch.write("posts.json", text)]).count == 1)
  }

  @Test func otherFilesHaveTheirOwnMessages() throws {
    for text in [
      #"{"data": [{"id": 1, "text": "a"}]}"#, #"{"type": "x", "features": [{"a": {"text": "b"}}]}"#,
      #"{"user": {"a": 1}}"#,
      "{\n \"text\": \"a\"\n}\n{\n \"text\": \"b\"\n}\n", "{}",
    ] {
      let path = try scratch.write("posts.json", text)
      let error = #expect(throws: CorpusError.self, "\(text)") { try read([path]) }
      if case .otherLines = error { Issue.record("\(text): \(error as Any)") }
    }
  }
}
