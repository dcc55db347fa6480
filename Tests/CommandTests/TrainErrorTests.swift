import Foundation
import Models
import Testing

/// The errors of `clfa train`, and the files it leaves after one.
@Suite struct TrainErrorTests {
  private static func fixture() throws -> Workdir {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    return workdir
  }

  private static func left(_ workdir: borrowing Workdir) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: workdir.path).filter { $0.hasPrefix("M") }.sorted()
  }

  static let misuses: [(flags: [String], words: String)] = [
    (["--alpha", "1"], "give --teacher FILE"), (["--label-order", ""], "--label-order takes all labels"),
    (["--label-order", "ironic,,sincere"], "--label-order takes all labels"),
    (["--learning-rate", "2"], "from 0 to 1"),
    (["--gradient-clip", "inf"], "gradient norm must be"), (["--seed", "18446744073709551616"], "'--seed <n>'"),
    (["--epochs", "0"], "from 1 to 1000000"),
    (["--text-size", "256x16384"], "memory"),
    (["--image-size", "1x16/32@16"], "such as 4x128/16@64"), (["--fusion-heads", "3"], "--fusion-heads must divide"),
    (["--text-encoder", "bert"], "--text-encoder has its own"), (["--from", "M0"], "--from keeps"),
    (["--aggregation", "concat", "--lexicon", "x.tsv"], "only cross-attention"), (["--aggregation", "sum"], "concat"),
    (["--checkpoint-steps", "0"], "from 1."), (["--threads", "0"], "from 1 to 1024"),
    (["--beta", "0"], "nothing would be learnt"), (["--patience", "0"], "patience"), (["--freeze", "all"], "both"),
    (["--picture-dropout", "1.5"], "picture dropout"), (["-o", ""], "-o takes"),
  ]

  @Test(arguments: misuses.indices) func misuseIsNamedAndTheMessageSaysHowToFixIt(index: Int) async throws {
    let workdir = try Self.fixture()
    let outcome = try await workdir.run(TrainFixture.arguments("M") + Self.misuses[index].flags)
    #expect(outcome.status == 64 && outcome.errors.contains(Self.misuses[index].words), "\(outcome.errors)")
    #expect(try Self.left(workdir).isEmpty)
  }

  static let cases: [(flags: [String], words: String)] = [
    (["--label-order", "ironic,sincere,odd"], "no post to learn from is \"odd\""),
    (["--label-order", "ironic,odd"], "that the model does not have: \"sincere\" (12)"),
    (["--batch", "21"], "fewer than the 21 that one step needs; give a smaller --batch"),
    (["--normalize-text", "nonsense"], "nonsense"), (["--validation", "none.csv"], "none.csv"),
    (["--vocabulary", "none.txt"], "none.txt"), (["--vocabulary", "train.csv"], "[UNK]"),
    (["--resume"], "leave out --resume"),
    (["--validation", "strange.csv"], "that the model does not have: \"other\" (1)"),
    (["-o", "train.csv"], "train.csv already exists"), (["-o", "train.csv/M"], "cannot be written"),
    (["--lexicon", "train.csv"], "has no tab"), (["--teacher", "none.sqlite"], "none.sqlite"),
  ]

  @Test func aMissingColumnIsBadUsage() async throws {
    let workdir = try Self.fixture()
    let outcome = try await workdir.run(TrainFixture.arguments("M", "--label", "truth"))
    #expect(
      outcome.status == 64 && outcome.errors.contains("no column is called 'truth'"), "\(outcome.errors)")
  }

  @Test(arguments: cases.indices) func errorsAreNamedAndLeaveNothing(index: Int) async throws {
    let workdir = try Self.fixture()
    try workdir.write("strange.csv", "text,label\nwell,other\n")
    let outcome = try await workdir.run(TrainFixture.arguments("M") + Self.cases[index].flags)
    #expect(outcome.status == 1 && outcome.errors.contains(Self.cases[index].words), "\(outcome.errors)")
    #expect(try Self.left(workdir).isEmpty)
  }

  @Test func anExistingModelIsAnErrorBeforeAnythingIsRead() async throws {
    let workdir = try Self.fixture()
    try workdir.write("M/mine", "")
    try workdir.write("train.csv", "")
    let outcome = try await workdir.run(TrainFixture.arguments("M"))
    #expect(outcome.status == 1 && outcome.errors.contains("M already exists"), "\(outcome.errors)")
    #expect(try Self.left(workdir) == ["M"])
  }

  @Test(arguments: ["100", "500"]) func aFullDiskLeavesNothingHalfWritten(blocks: String) async throws {
    let workdir = try Self.fixture()
    let line = ([Workdir.program] + TrainFixture.arguments("M", "--checkpoint-steps", "3")).map { "'\($0)'" }
      .joined(separator: " ")
    let full = try await workdir.shell("ulimit -f \(blocks); \(line)")
    #expect(full.status == 1 && full.errors.contains("File too large"), "\(full)")
    #expect(try Self.left(workdir).isEmpty)
    #expect(try await workdir.shell(line).status == 0)
  }

  @Test func aFullDiskKeepsTheStateBefore() async throws {
    let workdir = try Self.fixture()
    let whole = try await workdir.run(TrainFixture.arguments("whole"))
    #expect(whole.status == 0)
    let arguments = TrainFixture.arguments("M", "--checkpoint-steps", "3")
    // The checkpoint of step 3 fits; a folder in the place of the best epoch's file prevents that from being written.
    try workdir.write("M.training/weights.safetensors/x", "")
    let full = try await workdir.run(arguments)
    #expect(full.status == 1 && full.errors.contains("weights.safetensors"), "\(full.errors)")
    #expect(try Self.left(workdir) == ["M.training"])
    try FileManager.default.removeItem(atPath: workdir.path + "/M.training/weights.safetensors")
    let resumed = try await workdir.run(arguments + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try TrainFixture.model(workdir, "M") == TrainFixture.model(workdir, "whole"))
  }

  @Test func divergingTrainingIsAnError() async throws {
    let workdir = try Self.fixture()
    #expect(try await workdir.run(TrainFixture.arguments("first")).status == 0)
    let folder = try ModelFolder.load(workdir.path + "/first"), name = "image_projection.fc2.bias"
    for (number, words) in [
      (Float.nan, "\(name) holds numbers that are not finite"), (3e38, "step 0: the loss on the posts"),
    ] {
      let tensors = folder.configuration.tensors
      let writer = try SafetensorsWriter(path: workdir.path + "/first/weights.safetensors", tensors: tensors)
      for tensor in tensors {
        let values = try #require(folder.values(tensor.name))
        try writer.append(tensor.name == name ? values.map { _ in number } : values)
      }
      try writer.finish()
      let outcome = try await workdir.run(
        TrainFixture.corpus + ["--from", "first", "--alpha", "0", "-o", "M", "--progress", "json"])
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errors.contains("{\"event\":\"error\",") && outcome.errors.contains(name))
      #expect(try Self.left(workdir).isEmpty)
    }
  }
}
