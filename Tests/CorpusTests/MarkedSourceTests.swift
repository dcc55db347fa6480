import Corpus
import Foundation
import TestSupport
import Testing

/// Files whose last line says that they are complete.
@Suite struct MarkedSourceTests {
  private let scratch: Scratch
  private var options = CorpusOptions()

  init() throws {
    scratch = try Scratch()
    options.expectsEnd = true
  }

  @Test(arguments: [
    "id,text\n1,a\n2,b\n#end\n", "id,text\n1,a\n2,b\n#end", "id,text\r\n1,a\r\n2,b\r\n#end\r\n",
    "id,text\n1,a\n2,b\n{\"end\":true}\n", "id,text\n1,a\n2,b\n{\"end\": true, \"rows\": 2}\n",
  ]) func theMarkIsNoRecord(text: String) throws {
    #expect(try scratch.rows(text, options).map(\.brief) == ["2:1", "3:2"])
  }

  @Test func aMarkEndsLinesOfObjects() throws {
    let text = "{\"id\":1,\"text\":\"a\"}\n{\"end\":true}\n"
    #expect(try read([scratch.write("a.jsonl", text)], options).map(\.brief) == ["1:1"])
  }

  @Test(arguments: [
    "id,text\n1,a\n2,b\n", "id,text\n1,a\n2,b", "id,text\n1,a\n#end\n2,b\n", "id,text\n1,a\n#en",
    "id,text\n1,a\n#ends\n",
    "id,text\n1,a\n{\"end\":true\n", "id,text\n1,a\n{\"end\":trueish}\n",
  ]) func withoutItTheEndIsAnError(text: String) throws {
    #expect(try scratch.error(text, options) == .endedEarly(file: scratch.path + "/posts.csv"))
  }

  /// A line like a mark within the file is a line like others.
  @Test func aMarkInTheMiddleIsContent() throws {
    let rows = try scratch.rows("id,text\n1,\"a\n#end\nb\"\n2,b\n#end\n", options)
    #expect(rows.first?.post?.text == "a\n#end\nb" && rows.count == 2)
  }

  /// A row is there before the next one is written, also while a line that may be the mark waits for the end.
  @Test func rowsDoNotWaitForTheMark() throws {
    let pipe = scratch.path + "/rows.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    let writer = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try writer.write(contentsOf: Data("id,text\n1,a\n".utf8))
    var reader = try CorpusReader(paths: [pipe], options: options)
    #expect(try reader.next()?.brief == "2:1")
    try writer.write(contentsOf: Data("2,b\n#end\n".utf8))
    #expect(try reader.next()?.brief == "3:2")
    let now = ContinuousClock.now
    #expect(try !reader.hasRow(before: now))
    try writer.close()
    #expect(try reader.next() == nil)
  }
}
