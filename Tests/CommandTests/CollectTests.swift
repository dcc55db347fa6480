import Bytes
import Corpus
import Evaluation
import Foundation
import Testing

/// `clfa collect`: files of lines to a store, killed at any moment.
@Suite struct CollectTests {
  private static let rows = 6000

  /// The lines of a part as `clfa stream` prints them for posts without pictures; `note` is added to one text.
  private static func lines(part: Int, of parts: Int, note: String = "") -> String {
    let each = rows / parts, first = (part - 1) * each + 1
    var text = ""
    for record in first..<first + each {
      // The last 50 records are posts that occurred before.
      let post = record % (rows - 50)
      let words = "post \(post) of many" + (record == first + 3 ? note : "")
      let share = Double(post % 997) / 1000
      let json = JSON.members([
        ("file", .string("posts.csv")), ("record", .integer(record)), ("line", .integer(record + 1)),
        ("key", .string("k\(post)")), ("state", .string("without_picture")),
        ("content_hash", .string(ContentHash.hex(text: words, knowledge: "", pictureHash: nil))),
        ("label", .string("plain")), ("confidence", .real(1 - share)),
        ("probabilities", .members([("ironic", .real(share)), ("plain", .real(1 - share))])),
        ("text_image_similarity", .null), ("unknown_share", .real(0)), ("truncated", .integer(0)),
        ("text", .string(words)), ("extra", .members([("city", .string("Ulm"))])),
      ])
      text += json.text() + "\n"
    }
    let end = """
      {"end":true,"read":\(each),"written":\(each),"scored":0,"without_picture":\(each),"faults":0,\
      "part":{"number":\(part),"of":\(parts),"parts":"00ff","file":"posts.csv","first_record":\(first),\
      "records":\(each)},"files":[{"name":"posts.csv","records":\(each)}],"scorer":{"model_fingerprint":"f00d",\
      "model_name":"small","precision":"f32","options":{},"labels":["ironic","plain"]},"corpus":"posts.csv",\
      "images":null,"reading":{},"version":"0.2.0","machine":{},"clfa_stream":1}
      """
    return text + end + "\n"
  }

  private static func write(_ workdir: borrowing Workdir) throws -> [String] {
    try (1...3).map { try workdir.write("\($0).jsonl", lines(part: $0, of: 3)) }
  }

  @Test func killedTenTimesEndsInTheSameContent() async throws {
    let workdir = try Workdir()
    let files = try Self.write(workdir)
    let whole = try await workdir.run(["collect", "whole.sqlite"] + files)
    #expect(whole.status == 0 && whole.errors.contains("6000 rows = 0 scored + 5950 without picture + 50 duplicate"))
    let command = ["collect", "killed.sqlite", files[2], files[0], files[1]]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<10 {
      _ = try await workdir.run(command, signal: SIGKILL, after: 0.02 + Double(generator.next() % 250) / 1000)
    }
    #expect(try await workdir.run(command).status == 0)
    #expect(try workdir.contents("killed.sqlite") == workdir.contents("whole.sqlite"))
    let verified = try await workdir.run("runs", "verify", "killed.sqlite")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  @Test func missingPartsEndWithTheCodeOfAnUnfinishedRun() async throws {
    let workdir = try Workdir()
    let files = try Self.write(workdir)
    let cut = try workdir.write("cut.jsonl", String(Self.lines(part: 2, of: 3).dropLast(40)))
    let some = try await workdir.run("collect", "posts.sqlite", files[2], files[0], cut, "--quiet")
    #expect(some.status == 130)
    #expect(some.errors.contains("cut.jsonl has no end line") && some.errors.contains("part 2 of 3 missing"))
    let rest = try await workdir.run("collect", "posts.sqlite", files[1])
    #expect(rest.status == 0 && rest.errors.contains("run posts finished: 6000 rows"), "\(rest.errors)")
    let again = try await workdir.run(["collect", "posts.sqlite"] + files + ["--quiet"])
    #expect(again.status == 0 && again.errors.isEmpty, "\(again.errors)")
  }

  @Test func unequalCopiesAreNamed() async throws {
    let workdir = try Workdir()
    let files = try Self.write(workdir)
    #expect(try await workdir.run(["collect", "posts.sqlite"] + files).status == 0)
    let other = try workdir.write("other.jsonl", Self.lines(part: 2, of: 3, note: "!"))
    let outcome = try await workdir.run("collect", "posts.sqlite", other)
    #expect(outcome.status == 1 && outcome.errors.contains("2.jsonl and") && outcome.errors.contains("other.jsonl"))
  }
}
