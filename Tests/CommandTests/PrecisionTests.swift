import Foundation
import Models
import Subprocess
import Testing

/// The effects of `--precision`: choice, messages, errors and results.
@Suite struct PrecisionTests {
  /// Hides from oneDNN all that came after AVX2.
  private static let old = Environment.inherit.updating(["ONEDNN_MAX_CPU_ISA": "AVX2"])

  private static func corpus(_ workdir: borrowing Workdir) throws -> String {
    try workdir.write("few.csv", "text\ni love the train\nthe wifi is broken\n")
  }

  /// What is chosen depends on the machine; what is said about it and what is stored must agree.
  @Test func autoReportsItsChoiceOnce() async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir)
    let outcome = try await workdir.run(Workdir.score(corpus, "few.sqlite", precision: nil))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let stored = try #require(try workdir.rows("few.sqlite", "SELECT precision FROM scorer").first)
    #expect(["f32", "bf16"].contains(stored))
    #expect(outcome.errors.components(separatedBy: "notice: auto: \(stored) (").count == 2, "\(outcome.errors)")
    if Precision.bf16.isSupported {
      #expect(outcome.errors.contains(/auto: \w+ \(f32 \d+ GFLOP\/s, bf16 \d+\)/), "\(outcome.errors)")
    }
    let chosen = try await workdir.run(Workdir.score(corpus, "chosen.sqlite", precision: "f32"))
    #expect(!chosen.errors.contains("auto:"), "\(chosen.errors)")
    let json = try await workdir.run(
      Workdir.score(corpus, "json.sqlite", precision: nil).map { $0 == "none" ? "json" : $0 })
    #expect(json.errors.contains("\"event\":\"notice\""), "\(json.errors)")
    #expect(json.errors.contains("auto: "), "\(json.errors)")
  }

  /// Of the two precisions, one is not what would be chosen today.
  @Test(.enabled(if: Precision.bf16.isSupported), arguments: ["f32", "bf16"])
  func aRunThatGoesOnKeepsItsPrecision(precision: String) async throws {
    let workdir = try Workdir(), corpus = try Self.corpus(workdir)
    let first = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--limit", "1", precision: precision))
    #expect(first.status == 0, "\(first.errors)")
    for more in [["--limit", "1", "--run", "few"], ["--run", "all"]] {
      let outcome = try await workdir.run(Workdir.score(corpus, "few.sqlite", precision: nil) + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try workdir.rows("few.sqlite", "SELECT precision FROM scorer") == [precision])
    #expect(
      try workdir.rows("few.sqlite", "SELECT name, state FROM run ORDER BY id") == ["few|finished", "all|finished"])
    let plain = try await workdir.run(Workdir.score(corpus, "few.sqlite", precision: nil))
    #expect(plain.errors.contains("notice: auto: \(precision) (as in run all)"), "\(plain.errors)")
  }

  @Test func autoIsF32IfNothingElseIsSupported() async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(
      Workdir.score(Self.corpus(workdir), "few.sqlite", precision: nil), environment: Self.old)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("notice: auto: f32 (this processor has no bf16 instructions)"))
    #expect(try workdir.rows("few.sqlite", "SELECT precision FROM scorer") == ["f32"])
  }

  @Test(arguments: ["bf16", "int8"]) func unsupportedPrecisionsAreErrors(precision: String) async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(
      Workdir.score(Self.corpus(workdir), "few.sqlite", precision: precision), environment: Self.old)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains(
        "this processor has no \(precision) instructions; use --precision f32"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/few.sqlite"))
  }

  /// At most one in a hundred labels of the samples differs; every precision is a separate scorer.
  @Test func otherPrecisionsAgreeWithF32() async throws {
    let workdir = try Workdir(), corpus = try LabelledSamples.write(workdir)
    let count = try LabelledSamples.lines().count - 1
    for precision in ScoreSamplesTests.precisions {
      let outcome = try await workdir.run(
        Workdir.score(corpus, "posts.sqlite", "--images", Workdir.samples, precision: precision))
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(
      try workdir.rows(
        "posts.sqlite",
        "SELECT precision, count(*) FROM scorer JOIN prediction ON scorer.id = scorer_id GROUP BY 1 ORDER BY scorer.id")
        == ScoreSamplesTests.precisions.map { "\($0)|\(count)" })
    let changed = try workdir.rows(
      "posts.sqlite",
      """
      SELECT precision, sum(a.label <> b.label), max(abs(a.probabilities ->> '$.ironic' - b.probabilities ->> '$.ironic'))
      FROM prediction AS a JOIN prediction AS b USING (post_id) JOIN scorer ON scorer.id = b.scorer_id
      WHERE a.scorer_id = 1 AND b.scorer_id > 1 GROUP BY 1 ORDER BY 1
      """
    ).map { $0.components(separatedBy: "|") }
    #expect(changed.count == ScoreSamplesTests.precisions.count - 1)
    for row in changed {
      #expect(try #require(Int(row[1])) <= count / (row[0] == "bf16" ? 200 : 100), "\(row)")
      let distance = try #require(Double(row[2]))
      #expect(distance > 0 && distance < 0.25, "\(row)")
    }
  }
}
