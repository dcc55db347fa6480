import Foundation
import Testing

/// `clfa train` with a recipe, and with nothing but posts and encoders.
@Suite struct TrainRecipeTests {
  private static let hub = Workdir.repository + "/Tests/ModelsTests/Data/clip/b32"
  private static let command = [
    "train", "train.csv", "--images", Workdir.samples, "--text-encoder", hub, "--image-encoder", hub, "--dim", "16",
    "-o", "M",
  ]

  private static func exists(_ workdir: borrowing Workdir, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: workdir.path + "/" + name)
  }

  private static func weights(_ workdir: borrowing Workdir, _ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(workdir.path)/\(name)/weights.safetensors"))
  }

  @Test func frozenSearchesHoldsOutAndKeepsEncodings() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let trained = try await workdir.run(Self.command + ["--recipe", "frozen", "--batch", "4", "--epochs", "1"])
    #expect(trained.status == 0 && trained.errors.contains("posts are held out to validate with"), "\(trained.errors)")
    let history = try String(contentsOfFile: workdir.path + "/M/history.jsonl", encoding: .utf8)
    #expect(history.split(separator: "\n").count { $0.contains("\"try\":") } == 4)
    let card = try String(contentsOfFile: workdir.path + "/M/card.md", encoding: .utf8)
    #expect(card.contains("- Recipe: frozen, changed: batch 4, epochs 1") && card.contains("this was not one run"))
    let isKept = Self.exists(workdir, ".cache/clfa/encodings.sqlite")
    #expect(isKept)
  }

  @Test func noCacheKeepsNothing() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let flags = ["--recipe", "frozen", "--no-search", "--batch", "4", "--epochs", "1", "--no-cache"]
    let trained = try await workdir.run(Self.command + flags)
    let isKept = Self.exists(workdir, ".cache")
    #expect(trained.status == 0 && !isKept, "\(trained.errors)")
    let both = try await workdir.run(Self.command + ["--cache", "c", "--no-cache"])
    #expect(both.status == 64 && both.errors.contains("exclude each other"), "\(both.errors)")
  }

  @Test func processesMayFillTheCacheTogether() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let recipe = ["--recipe", "frozen", "--no-search", "--batch", "4", "--epochs", "1"]
    let command = Self.command.dropLast(2) + recipe + ["-o"]
    let plain = try await workdir.run(command + ["plain", "--no-cache"])
    #expect(plain.status == 0, "\(plain.errors)")
    let words = ([Workdir.program] + command).map { "'\($0)'" }.joined(separator: " ")
    let together = try await workdir.shell("for name in first second third; do \(words) $name & done; wait")
    #expect(together.status == 0, "\(together.errors)")
    let expected = try Self.weights(workdir, "plain")
    for name in ["first", "second", "third"] {
      let same = try Self.weights(workdir, name) == expected
      #expect(same, "\(name)")
    }
    let after = try await workdir.run(command + ["after"])
    #expect(after.errors.contains(", 0 were encoded now"), "\(after.errors)")
  }

  @Test func aModelThatReadsTextsOnlyNeedsNoPictureEncoder() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let command = ["train", "train.csv", "--images", Workdir.samples, "--text-encoder", Self.hub, "--dim", "16"]
    let refused = try await workdir.run(command + ["--alpha", "0", "-o", "M"])
    #expect(refused.status == 64 && refused.errors.contains("--aggregation text) needs none"), "\(refused.errors)")
    let trained = try await workdir.run(command + ["--aggregation", "text", "-o", "M"])
    #expect(trained.status == 0 && trained.errors.contains("--recipe fine-tune"), "\(trained.errors)")
    let flags = ["--images", Workdir.samples, "--model", "M", "--store", "s.sqlite"]
    let scored = try await workdir.run(["score", "train.csv"] + flags)
    #expect(scored.status == 0, "\(scored.errors)")
  }

  /// Encoders of a few numbers are trained in no time.
  @Test func withoutARecipeTheTimeIsMeasured() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let trained = try await workdir.run(Self.command)
    #expect(trained.status == 0 && trained.errors.contains("--recipe fine-tune"), "\(trained.errors)")
    let card = try String(contentsOfFile: workdir.path + "/M/card.md", encoding: .utf8)
    #expect(card.contains("- Recipe: fine-tune."))
  }
}
