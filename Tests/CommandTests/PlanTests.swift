import Foundation
import Testing

/// `--plan`: counts that add up, before and after a run.
@Suite struct PlanTests {
  private static func plan(_ workdir: borrowing Workdir, _ arguments: [String]) async throws -> [String: String] {
    let outcome = try await workdir.run(arguments + ["--plan"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    var values: [String: String] = [:]
    for line in outcome.output.split(separator: "\n") {
      let parts = line.components(separatedBy: ": ")
      values[parts[0].trimmingCharacters(in: .whitespaces)] = parts.dropFirst().joined(separator: ": ")
    }
    return values
  }

  @Test func distinguishesNewKnownAndDonePosts() async throws {
    let workdir = try Workdir()
    let corpus = try ResumeTests.corpus(workdir, posts: 6000)
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    let before = try await Self.plan(workdir, arguments)
    #expect(before["already done"] == "0")
    #expect(before["new"] == before["posts"])
    #expect(before["known"] == "0")

    _ = try await workdir.run(arguments + ["--stop-after", "0.3s"])
    let done = try #require(try workdir.rows("posts.sqlite", "SELECT count(*) FROM entry").first.flatMap { Int($0) })
    let half = try await Self.plan(workdir, arguments)
    #expect(half["already done"] == "\(done)")
    // Repeated rows of posts that are done are known.
    let left = try #require(half["posts"].flatMap { Int($0) })
    let faults = try #require(half["faults"].flatMap { Int($0) })
    #expect(done + left + faults == Int(before["rows"] ?? ""))

    _ = try await workdir.run(arguments)
    let after = try await Self.plan(workdir, arguments)
    #expect(after["already done"] == "0")
    #expect(after["new"] == "0")
    #expect(after["known"] == after["posts"])
    // A changed text is new.
    let lines = try String(contentsOfFile: corpus, encoding: .utf8).split(separator: "\n")
    let row = try #require(lines.dropFirst(2).first { !$0.contains("\"") }).split(separator: ",", maxSplits: 1)
    try workdir.write("posts.csv", "\(lines[0])\n\(row[0]),other words \(row[1])\n\(lines[1])\n")
    let changed = try await Self.plan(workdir, arguments)
    #expect(changed["new"] == "1")
    #expect(changed["known"] == "1")
  }

  @Test func missingVectorsMakeAPostNew() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("rows.csv", "id,text\n1,one\n2,two\n")
    _ = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--embeddings", "none"))
    let without = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite", "--embeddings", "none"))
    #expect(without["known"] == "2")
    let with = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite"))
    #expect(with["new"] == "2")
    let redo = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite", "--embeddings", "none", "--rescore"))
    #expect(redo["known"] == "2, scored again (--rescore)")
  }

  @Test func faultsToRetryAreNotDone() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,\n2,two,b.jpg\n3,three,c.jpg\n")
    _ = try await workdir.run(Workdir.score(corpus, "rows.sqlite"))
    try workdir.write("b.jpg", Data(contentsOf: URL(filePath: Workdir.jpeg)))
    let plan = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite", "--retry-faults"))
    #expect(plan["already done"] == "1")
    #expect(plan["new"] == "1")
    #expect(plan["faults"] == "1")
  }

  @Test func aPostScoredWithoutItsPictureIsNotAFault() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,\n2,two,b.jpg\n")
    let fault = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite"))
    #expect((fault["posts"], fault["faults"]) == ("1", "1"))
    let text = try await Self.plan(workdir, Workdir.score(corpus, "rows.sqlite", "--missing-image", "text-only"))
    #expect((text["posts"], text["faults"]) == ("2", "0"))
    #expect(text["posts without a picture"] == "1")
    #expect(text["pictures missing, scored by text alone"] == "1")
  }
}
