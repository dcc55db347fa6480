import Foundation
import Testing

/// `--distinct`, and the reposts that `score` and `check` count.
@Suite struct DistinctTests {
  private static let text = "I love Mondays and they are my favourite day"

  /// Scores six posts, three of them of one group.
  private static func score(in workdir: borrowing Workdir) async throws -> Workdir.Outcome {
    let corpus = try workdir.write(
      "posts.csv",
      """
      id,text,label
      1,RT @bob: \(text) https://t.co/x,ironic
      2,\(text)!,sincere
      3,\(text) via @bob,ironic
      4,Quite another text that nobody repeats,sincere
      5,lol,sincere
      6,lol,sincere

      """)
    let score = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    #expect(score.status == 0, "\(score.errors)")
    return score
  }

  @Test func scoreAndCheckCountReposts() async throws {
    let workdir = try Workdir()
    let score = try await Self.score(in: workdir)
    let words = "3 posts have the text of another one (1 group; clfa report --distinct counts one of each)"
    #expect(score.errors.contains(words), "\(score.errors)")
    let check = try await workdir.run("check", "posts.csv")
    #expect(check.output.contains("the same text with other marks): 3 rows in 1 group\n"), "\(check.output)")
  }

  @Test func queryTakesOneOfEach() async throws {
    let workdir = try Workdir()
    _ = try await Self.score(in: workdir)
    let outcome = try await workdir.run("query", "posts.sqlite", "confusion", "--distinct", "--format", "json")
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(rows.reduce(0) { $0 + ($1["posts"] as? Int ?? 0) } == 4, "\(outcome.output)")
    #expect(outcome.errors.contains("4 of 6 posts, one of each group of reposts"), "\(outcome.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT key FROM scored JOIN distinct_post USING (post_id) ORDER BY key") == [
        "2", "4", "5", "6",
      ])
    let own = try await workdir.run("query", "posts.sqlite", "--sql", "SELECT 1", "--distinct")
    #expect(own.status == 64 && own.errors.contains("SELECT post_id FROM distinct_post"), "\(own.errors)")
    let faults = try await workdir.run("query", "posts.sqlite", "faults", "--distinct")
    #expect(faults.status == 64 && faults.errors.contains("query faults is about all rows"), "\(faults.errors)")
    let explained = try await workdir.run("query", "posts.sqlite", "labels", "--distinct", "--explain")
    #expect(explained.output.contains("repost_group"))
  }

  @Test func evaluateAndReportTakeOneOfEach() async throws {
    let workdir = try Workdir()
    _ = try await Self.score(in: workdir)
    let all = try await workdir.run("evaluate", "posts.sqlite")
    #expect(all.output.contains(",6,0\n") && !all.errors.contains("one of each group of reposts"), "\(all.output)")
    let distinct = try await workdir.run("evaluate", "posts.sqlite", "--distinct")
    #expect(distinct.output.contains(",4,0\n") && !distinct.output.contains(",6,0\n"), "\(distinct.output)")
    #expect(distinct.errors.contains("4 of 6 posts, one of each group of reposts"), "\(distinct.errors)")
    let report = try await workdir.run("report", "posts.sqlite", "--distinct", "-o", "report.pdf")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.errors.contains("4 of 6 posts, one of each group of reposts"), "\(report.errors)")
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") {
      let text = try await workdir.shell("/usr/bin/pdftotext -layout report.pdf -").output
      #expect(text.contains("4 of 6 posts scored, one of each group of reposts"))
      #expect(text.contains("4 of 6, one of each group of reposts"))
    }
  }
}
