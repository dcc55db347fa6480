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

  @Test func shardsOfPartsMergedEqualTheWhole() async throws {
    let workdir = try Workdir()
    let corpora = [Workdir.samples + "/broken.csv", try workdir.write("more.csv", "id,text\nm1,a text\nm2,another\n")]
    func score(_ store: String, _ more: [String] = []) async throws -> Workdir.Outcome {
      var arguments = Workdir.score(corpora[0], store) + ["--images", Workdir.samples, "--run", "posts"] + more
      arguments.insert(corpora[1], at: 2)
      return try await workdir.run(arguments)
    }
    _ = try await score("whole.sqlite")
    let split = try await workdir.run(["split"] + corpora + ["--parts", "5", "-o", "parts.json"])
    #expect(split.status == 0, "\(split.errors)")
    for shard in 1...3 {
      let outcome = try await score("part\(shard).sqlite", ["--shard", "\(shard)/3", "--parts-file", "parts.json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try await workdir.run("runs", "verify", "part\(shard).sqlite").status == 0)
    }
    let merged = try await workdir.run("merge", "merged.sqlite", "part2.sqlite", "part3.sqlite", "part1.sqlite")
    #expect(merged.status == 0, "\(merged.errors)")
    let entries = """
      SELECT file, record, line, entry.key, entry.state, prediction.probabilities FROM entry
      LEFT JOIN prediction ON prediction.post_id = entry.post_id ORDER BY file, record
      """
    let state = """
      SELECT state, file.key, file.value ->> '$.read', file.value ->> '$.other_shards'
      FROM run, json_each(run.counts, '$.files') AS file ORDER BY 2
      """
    #expect(try workdir.rows("merged.sqlite", entries) == workdir.rows("whole.sqlite", entries))
    #expect(try workdir.rows("merged.sqlite", state) == workdir.rows("whole.sqlite", state))
    // A shard of keys is not one of parts.
    _ = try await score("keys.sqlite", ["--shard", "1/3"])
    let mixed = try await workdir.run("merge", "mixed.sqlite", "keys.sqlite", "part2.sqlite")
    #expect(mixed.status == 1 && mixed.errors.contains("file of parts"), "\(mixed.errors)")
  }

  @Test func aChangedFileOfPartsIsNamed() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,a\n2,b\n")
    _ = try await workdir.run("split", corpus, "--rows", "1", "-o", "parts.json")
    try workdir.write("posts.csv", "id,text\n1,a\n2,b\n3,c\n")
    for command in [
      Workdir.score(corpus, "posts.sqlite", "--shard", "1/2", "--parts-file", "parts.json"),
      ["stream", "--model", Workdir.model, "--part", "parts.json:1"],
    ] {
      let outcome = try await workdir.run(command)
      #expect(outcome.status == 1 && outcome.errors.contains("posts.csv") && outcome.output.isEmpty, "\(outcome)")
    }
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
