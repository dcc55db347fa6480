import Foundation
import Testing

/// Options of version 0.1 that were renamed.
@Suite struct RenamedOptionsTests {
  @Test func anOldNameWorksWithOneNotice() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,what a treat\n")
    let score = Workdir.score(corpus, "posts.sqlite")
    #expect(try await workdir.run(score).status == 0)
    let again = try await workdir.run(score + ["--redo", "--no-reuse", "--run", "again"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.components(separatedBy: "notice: --redo is now --rescore").count == 2, "\(again.errors)")
    #expect(again.errors.contains("notice: --no-reuse is now --no-cache"), "\(again.errors)")
  }

  @Test func anOldNameWithAValueKeepsTheValue() async throws {
    let workdir = try Workdir()
    for rate in [["--rate=2"], ["--rate", "2"], ["--learning-rate", "2"]] {
      let outcome = try await workdir.run(
        [
          "train", "a.csv", "--validation", "b.csv", "--text-encoder", "x", "--image-encoder", "y", "--alpha", "0",
          "-o", "M",
        ] + rate)
      #expect(outcome.status == 64 && outcome.errors.contains("rate"), "\(outcome.errors)")
      #expect(outcome.errors.contains("--rate is now --learning-rate") == rate[0].hasPrefix("--rate"))
    }
  }

  /// An option without effect is dropped; the arguments after it count.
  @Test func aRemovedOptionIsAccepted() async throws {
    let workdir = try Workdir()
    for command in ["train", "ablate"] {
      let outcome = try await workdir.run(
        [command, "a.csv", "-o", "M", "--deterministic", "--threads", "0", "--deterministic"])
      #expect(
        outcome.status == 64 && outcome.errors.contains("'--threads <n>': give a whole number from 1 to 1024"),
        "\(outcome.errors)")
      let notices = outcome.errors.components(separatedBy: "notice: --deterministic is no longer needed")
      #expect(notices.count == 2, "\(outcome.errors)")
    }
  }

  @Test func helpShowsOnlyTheNewNames() async throws {
    let workdir = try Workdir()
    let train = try await workdir.run(["train", "--help"]).output,
      score = try await workdir.run(["score", "--help"]).output
    for name in ["--learning-rate", "--head-learning-rate", "--gradient-clip", "--weight-decay", "--normalize-text"] {
      #expect(train.contains(name))
    }
    for name in [" --rate", " --new-rate", " --clip", " --decay", " --prepare", " --deterministic"] {
      #expect(!train.contains(name), "\(name)")
    }
    #expect(score.contains("--rescore") && score.contains("--no-cache") && !score.contains("--redo"))
  }
}
