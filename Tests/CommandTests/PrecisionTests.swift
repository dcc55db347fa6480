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

  @Test func autoUsesTheBestPrecisionAndReportsItOnce() async throws {
    let workdir = try Workdir(), best = Precision.best.rawValue
    let corpus = try Self.corpus(workdir)
    let outcome = try await workdir.run(Workdir.score(corpus, "few.sqlite", precision: nil))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "notice: computing in \(best) (").count == 2, "\(outcome.errors)")
    #expect(try workdir.rows("few.sqlite", "SELECT precision FROM scorer") == [best])
    let chosen = try await workdir.run(Workdir.score(corpus, "chosen.sqlite", precision: best))
    #expect(!chosen.errors.contains("computing in"), "\(chosen.errors)")
    let json = try await workdir.run(
      Workdir.score(corpus, "json.sqlite", precision: nil).map { $0 == "none" ? "json" : $0 })
    #expect(json.errors.contains("\"event\":\"notice\""), "\(json.errors)")
    #expect(json.errors.contains("computing in \(best)"), "\(json.errors)")
  }

  @Test func autoIsF32IfNothingElseIsSupported() async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(
      Workdir.score(Self.corpus(workdir), "few.sqlite", precision: nil), environment: Self.old)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("notice: computing in f32 (this processor has no bf16 instructions)"))
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
