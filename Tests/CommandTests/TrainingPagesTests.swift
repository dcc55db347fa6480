import Foundation
import Testing

/// The pages on a training run: `clfa train` writes them, `clfa report --training` draws them again.
@Suite struct TrainingPagesTests {
  private static let reader = "/usr/bin/pdftotext"

  /// Trains the smallest of models on posts of the samples.
  private func train(_ workdir: borrowing Workdir) async throws -> Workdir.Outcome {
    let rows = try LabelledSamples.lines()
    try workdir.write("train.csv", rows[...16].joined(separator: "\n") + "\n")
    try workdir.write("valid.csv", (rows[...0] + rows[17...24]).joined(separator: "\n") + "\n")
    return try await workdir.run(
      "train", "train.csv", "--validation", "valid.csv", "--images", Workdir.samples, "--vocabulary",
      Workdir.samples + "/model/vocab.txt", "--text-size", "1x64", "--image-size", "1x64/16@32", "--dim", "64",
      "--fusion-layers", "1", "--fusion-heads", "1", "--alpha", "0", "--batch", "8", "--epochs", "2", "-o", "M",
      "--progress", "none")
  }

  @Test func trainingLeavesItsPages() async throws {
    let workdir = try Workdir()
    let trained = try await train(workdir)
    #expect(trained.status == 0, "\(trained.errors)")
    let left = try Data(contentsOf: URL(filePath: workdir.path + "/M/training.pdf"))
    #expect(left.starts(with: Data("%PDF-".utf8)))
    let drawn = try await workdir.run("report", "--training", "M", "-o", "again.pdf")
    #expect(drawn.status == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    #expect(try Data(contentsOf: URL(filePath: workdir.path + "/again.pdf")) == left)
    guard FileManager.default.isExecutableFile(atPath: Self.reader) else { return }
    let text = try await workdir.run(["-layout", "again.pdf", "-"], program: Self.reader).output
    for words in [
      "Training of M", "First, best and last epoch", "before training", "With and without pictures",
      "trained without a teacher (alpha 0)", "16 posts of train.csv", "batch 8", "Cross-entropy of the labels",
      "Learning rate",
    ] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    #expect(!text.contains("Alignment loss of texts"))
  }

  @Test func aModelWithoutHistoryIsNamed() async throws {
    let workdir = try Workdir()
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: workdir.path + "/model")
    try FileManager.default.removeItem(atPath: workdir.path + "/model/history.jsonl")
    let outcome = try await workdir.run("report", "--training", "model", "-o", "a.pdf")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("history.jsonl does not exist"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/a.pdf"))
  }

  @Test(arguments: [
    ["-o", "a.pdf"], ["s.sqlite", "--training", "M", "-o", "a.pdf"],
    ["--training", "M", "--run", "r", "-o", "a.pdf"], ["--training", "M", "--layout", "standard", "-o", "a.pdf"],
  ])
  func contradictoryArgumentsAreRejected(arguments: [String]) async throws {
    let outcome = try await Workdir().run(["report"] + arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
  }
}
