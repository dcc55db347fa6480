import Foundation
import Testing

/// Shards, samples and limits: parts of a corpus whose counts are in the run.
@Suite struct ShardTests {
  @Test func fourShardsMergedEqualTheWhole() async throws {
    let workdir = try Workdir()
    let corpus = try ResumeTests.corpus(workdir, posts: 700)
    let images = ["--images", Workdir.samples]
    _ = try await workdir.run(Workdir.score(corpus, "whole.sqlite") + images)
    var parts: [String] = []
    for shard in 1...4 {
      let outcome = try await workdir.run(
        Workdir.score(corpus, "part\(shard).sqlite", "--shard", "\(shard)/4") + images)
      #expect(outcome.status == 0, "\(outcome.errors)")
      parts.append("part\(shard).sqlite")
    }
    let merged = try await workdir.run(["merge", "merged.sqlite"] + parts)
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(try workdir.contents("merged.sqlite") == workdir.contents("whole.sqlite"))
    let again = try await workdir.run(["merge", "merged.sqlite"] + parts)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try workdir.contents("merged.sqlite") == workdir.contents("whole.sqlite"))
  }

  @Test func aMissingShardIsNamed() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/posts.csv"
    for shard in [1, 3] {
      _ = try await workdir.run(Workdir.score(corpus, "part\(shard).sqlite", "--shard", "\(shard)/3"))
    }
    let merged = try await workdir.run("merge", "merged.sqlite", "part1.sqlite", "part3.sqlite")
    #expect(merged.errors.contains("2/3"), "\(merged.errors)")
  }

  @Test func aSampleIsPartOfALargerOne() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/posts.csv"
    _ = try await workdir.run(Workdir.score(corpus, "five.sqlite", "--sample", "5%"))
    _ = try await workdir.run(Workdir.score(corpus, "twenty.sqlite", "--sample", "20%"))
    let keys = "SELECT key FROM entry ORDER BY key"
    let (five, twenty) = (Set(try workdir.rows("five.sqlite", keys)), Set(try workdir.rows("twenty.sqlite", keys)))
    #expect((10...60).contains(five.count), "\(five.count)")
    #expect(five.isStrictSubset(of: twenty))
  }

  @Test func aLimitEndsTheRunWithSumsThatHold() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/posts.csv"
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--limit", "100", "--shard", "1/2"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let sums = """
      SELECT (SELECT count(*) FROM entry), file.value ->> '$.read' - file.value ->> '$.other_shards'
      FROM run, json_each(run.counts, '$.files') AS file
      """
    #expect(try workdir.rows("posts.sqlite", sums) == ["100|100"])
    #expect(try await workdir.run("runs", "posts.sqlite").status == 0)
  }
}
