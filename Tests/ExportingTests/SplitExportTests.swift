import Corpus
import Exporting
import Foundation
import TestSupport
import Testing

@Suite struct SplitExportTests {
  private func write(
    _ scratch: Scratch, _ files: [(name: String, text: String)], parts: [Int], options: CorpusOptions = CorpusOptions()
  ) throws -> [String] {
    let paths = try files.map { try scratch.write($0.name, $0.text) }
    return try SplitExport.write(
      CorpusReader(paths: paths, options: options), to: scratch.file("parts"), names: ["train", "test"], parts: parts)
  }

  private func text(_ path: String) throws -> String { try String(contentsOf: URL(filePath: path), encoding: .utf8) }

  @Test func rowsOfATableKeepTheirCells() throws {
    let scratch = try Scratch()
    let options = CorpusOptions(delimiter: UInt8(ascii: ";"))
    let files = try write(
      scratch,
      [
        ("a.csv", "id;text;likes\n1;\"one; \"\"two\"\"\nthree\";7\n;no id;8\n2;four, five;\n"),
        ("b.csv", "id;label;text\n3;x; six \n"),
      ], parts: [0, 1, 0], options: options)
    #expect(files == ["train", "test"].map { scratch.file("parts/\($0).csv") })
    #expect(try text(files[0]) == "id,text,likes,label\n1,\"one; \"\"two\"\"\nthree\",7,\n3, six ,,x\n")
    #expect(try text(files[1]) == "id,text,likes,label\n2,\"four, five\",,\n")
    // The rows are the posts that the corpus had.
    var reader = try CorpusReader(paths: [files[0]], options: CorpusOptions())
    var texts: [String] = []
    while let row = try reader.next() { if case .post(let post) = row { texts.append(post.text) } }
    #expect(texts == ["one; \"two\"\nthree", " six "])
  }

  @Test func objectsStayAsTheyWere() throws {
    let scratch = try Scratch()
    let lines = [
      #"{"id": "1", "text": "a\nb", "meta": {"likes": [1, 2.50]}}"#, #"{"id":"2","text":"é","later":null}"#,
    ]
    let files = try write(scratch, [("a.jsonl", lines.joined(separator: "\n") + "\n")], parts: [1, 0])
    #expect(files == ["train", "test"].map { scratch.file("parts/\($0).jsonl") })
    #expect(try text(files[0]) == lines[1] + "\n" && text(files[1]) == lines[0] + "\n")
    // A list over several lines becomes JSON Lines.
    let other = try Scratch()
    let list = try write(
      other, [("a.json", "[\n {\"id\": \"1\",\n  \"text\": \"x\"},\n {\"id\": \"2\", \"text\": \"y\"}\n]\n")],
      parts: [0, 0])
    #expect(try text(list[0]) == "{\"id\": \"1\",   \"text\": \"x\"}\n{\"id\": \"2\", \"text\": \"y\"}\n")
    #expect(try text(list[1]).isEmpty)
  }

  @Test func otherPostsThanBeforeAreAnError() throws {
    for (parts, error) in [([0], ExportError.corpusChanged), ([0, 0, 0], .corpusChanged)] {
      let scratch = try Scratch()
      #expect(throws: error) { try write(scratch, [("a.csv", "id,text\n1,a\n2,b\n")], parts: parts) }
      #expect(!FileManager.default.fileExists(atPath: scratch.file("parts")))
    }
    let scratch = try Scratch()
    #expect(throws: ExportError.severalFormats) {
      try write(
        scratch, [("a.csv", "id,text\n1,a\n"), ("b.jsonl", "{\"id\":\"2\",\"text\":\"b\"}\n")], parts: [0, 0])
    }
  }
}
