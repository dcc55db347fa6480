import Foundation
import Testing

/// `--retry-faults`: the whole run and the current command are counted separately, and limits apply to the run.
@Suite struct RetryTests {
  /// Three rows, two of them with missing pictures, scored once; then one picture is added.
  private static func onceScored(_ workdir: borrowing Workdir) async throws -> String {
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    try workdir.write("a.jpg", picture)
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,a.jpg\n2,two,b.jpg\n3,three,c.jpg\n")
    let first = try await workdir.run(Workdir.score(corpus, "rows.sqlite"))
    #expect(
      first.errors.contains("3 rows = 1 scored + 0 without picture + 0 duplicate + 2 faulted;"), "\(first.errors)")
    #expect(!first.errors.contains("this turn"), "\(first.errors)")
    try workdir.write("b.jpg", picture)
    return corpus
  }

  @Test func countsTheRunAndTheTurnSeparately() async throws {
    let workdir = try Workdir()
    let corpus = try await Self.onceScored(workdir)
    let outcome = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults"))
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        "run rows finished: 3 rows = 2 scored + 0 without picture + 0 duplicate + 1 faulted; "
          + "this turn: 2 rows, 2 retried = 1 fixed + 1 still faulted;"), "\(outcome.errors)")
  }

  @Test func countsThemSeparatelyInJSON() async throws {
    let workdir = try Workdir()
    let corpus = try await Self.onceScored(workdir)
    let arguments = Workdir.score(corpus, "rows.sqlite", "--retry-faults").map { $0 == "none" ? "json" : $0 }
    let outcome = try await workdir.run(arguments)
    let last = try #require(outcome.errors.split(separator: "\n").last)
    let summary = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    #expect(summary["event"] as? String == "summary")
    #expect(summary["rows"] as? Int == 3)
    #expect(summary["faulted"] as? Int == 1)
    let turn = try #require(summary["turn"] as? [String: Int])
    #expect(
      turn == [
        "rows": 2, "scored": 1, "without_picture": 0, "duplicates": 0, "faulted": 1, "retried": 2, "mended": 1,
        "still_faulted": 1,
      ])
  }

  @Test func strictIsAboutTheRun() async throws {
    let workdir = try Workdir()
    let corpus = try await Self.onceScored(workdir)
    let one = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults", "--strict"))
    #expect(one.status == 2, "\(one.errors)")
    let none = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults", "--strict"))
    #expect(none.status == 2, "\(none.errors)")
    try workdir.write("c.jpg", Data(contentsOf: URL(filePath: workdir.path + "/a.jpg")))
    let last = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults", "--strict"))
    #expect(last.status == 0, "\(last.errors)")
    #expect(last.errors.contains("0 faulted; this turn: 1 row"), "\(last.errors)")
  }

  @Test func theLimitOfFaultsIsAboutTheRun() async throws {
    let workdir = try Workdir()
    var rows = "id,text,image\n"
    for number in 0..<600 { rows += "\(number),a text \(number),\(number % 300 < 40 ? "none-\(number).jpg" : "")\n" }
    let corpus = try workdir.write("rows.csv", rows)
    // The run of 600 rows has 80 faults, 40 in each half: a limit of 50 ends it in the second half.
    let first = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--max-faults", "50"))
    #expect(first.status == 1)
    #expect(first.errors.contains("× missing"), "\(first.errors)")
    let before = try workdir.rows("rows.sqlite", "SELECT count(*) FROM entry")
    // The same command would exceed the limit again: the faults of earlier turns count.
    let second = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--max-faults", "50"))
    #expect(second.status == 1, "\(second.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT count(*) FROM entry") == before)
    // While they are retried, they are not faults until they fail again.
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    for number in 0..<40 { try workdir.write("none-\(number).jpg", picture) }
    let third = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--max-faults", "50", "--retry-faults"))
    #expect(third.status == 0, "\(third.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT count(*) FROM fault") == ["40"])
  }

  @Test func aRunToRetryMustExist() async throws {
    let workdir = try Workdir()
    let corpus = try await Self.onceScored(workdir)
    let typo = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults", "--run", "rosw"))
    #expect(typo.status == 64)
    #expect(typo.errors.contains("did you mean \"rows\"?"), "\(typo.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT name FROM run") == ["rows"])
    let noStore = try await workdir.run(Workdir.score(corpus, "none.sqlite", "--retry-faults", "--run", "rows"))
    #expect(noStore.status == 1)
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/none.sqlite"))
  }
}
