import Foundation
import Testing

/// `clfa train` on the samples.
@Suite struct TrainTests {
  private static func fixture() throws -> Workdir {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    return workdir
  }

  private static func score(_ model: String, _ more: String...) -> [String] {
    [
      "score", "valid.csv", "--images", Workdir.samples, "--model", model, "--store", model + ".sqlite", "--progress",
      "none", "--precision", "f32",
    ] + more
  }

  @Test(arguments: [
    ["--aggregation", "cross-attention", "--pooling", "cls"], ["--aggregation", "concat"], ["--aggregation", "gated"],
    ["--aggregation", "co-attention"], ["--aggregation", "text"], ["--aggregation", "image"],
    ["--with-knowledge", "--knowledge", "picture"],
    ["--aggregation", "concat", "--with-knowledge", "--knowledge", "picture", "--weights", "f16"],
    ["--class-weights", "balanced", "--accumulate", "2", "--selection", "loss", "--patience", "1"],
    ["--freeze", "both", "--seed", "18446744073709551615"],
    ["--normalize-text", "url=http,user=@user", "--max-text", "12"],
  ])
  func whatIsTrainedIsScored(flags: [String]) async throws {
    let workdir = try Self.fixture()
    let trained = try await workdir.run(TrainFixture.arguments("M") + flags)
    #expect(
      trained.status == 0 && trained.errors.contains("wrote the model M; score with: clfa score"), "\(trained.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: workdir.path + "/M").sorted()
    #expect(
      files == [
        "card.md", "config.json", "history.jsonl", "training-profile.json", "training.pdf", "vocab.txt",
        "weights.safetensors",
      ])
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/M.training"))
    let columns = flags.contains("--knowledge") ? ["--knowledge", "picture"] : []
    let scored = try await workdir.run(Self.score("M") + columns)
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(try workdir.rows("M.sqlite", "SELECT count(*) FROM prediction") == ["12"])
  }

  @Test func wordsThatAnotherProgramFoundStayWhole() async throws {
    let workdir = try Self.fixture()
    let trained = try await workdir.run(TrainFixture.arguments("M", "--pretokenized", "--aggregation", "text"))
    #expect(trained.status == 0, "\(trained.errors)")
    let info = try await workdir.run("model", "info", "M", "--format", "json")
    #expect(info.output.contains("cased, words separated by blanks, at most 77 tokens"), "\(info.output)")
    let scored = try await workdir.run(Self.score("M"))
    #expect(scored.status == 0, "\(scored.errors)")
    let again = try await workdir.run(
      TrainFixture.corpus + ["--from", "M", "--alpha", "0", "--pretokenized", "-o", "N"])
    #expect(again.status == 64 && again.errors.contains("leave out --pretokenized"), "\(again.errors)")
  }

  @Test func aLexiconStaysWithItsModel() async throws {
    let workdir = try Self.fixture()
    let words = "worse\t-0.9\nflawless\t0.9\ncheers\t0.8\nfoul\t-0.7\nbad\t-0.6\nthe\t0.1\n"
    try workdir.write("words.tsv", words)
    for arguments in [TrainFixture.arguments("with", "--lexicon", "words.tsv"), TrainFixture.arguments("without")] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try String(contentsOfFile: workdir.path + "/with/lexicon.tsv", encoding: .utf8) == words)
    #expect(try TrainFixture.model(workdir, "with")[0] != TrainFixture.model(workdir, "without")[0])
    let scored = try await workdir.run(Self.score("with"))
    #expect(scored.status == 0, "\(scored.errors)")
    try FileManager.default.removeItem(atPath: workdir.path + "/with/lexicon.tsv")
    #expect(try await workdir.run(Self.score("with", "--run", "again")).status == 1)
  }

  @Test func aModelIsTrainedOn() async throws {
    let workdir = try Self.fixture()
    let more = ["--from", "M", "--alpha", "0", "--epochs", "1"]
    for arguments in [
      TrainFixture.arguments("M"), TrainFixture.corpus + more + ["-o", "M2"],
      TrainFixture.corpus + more + ["-o", "M3", "--learning-rate", "0"],
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let models = try ["M", "M2", "M3"].map { try TrainFixture.model(workdir, $0)[0] }
    #expect(models[0] != models[1] && models[0] == models[2])
    let flag = try await workdir.run(TrainFixture.corpus + more + ["-o", "M4", "--dim", "8"])
    #expect(flag.status == 64 && flag.errors.contains("leave out --dim"), "\(flag.errors)")
    let labels = try await workdir.run(
      TrainFixture.corpus + more + ["-o", "M5", "--labels", "ironic=yes,sincere=no", "--label-order", "yes,no"])
    #expect(labels.status == 0 && labels.errors.contains("new to the model"), "\(labels.errors)")
  }

  @Test func hiddenPicturesAreReported() async throws {
    let workdir = try Self.fixture()
    for (share, words) in [("0", "It was never trained on a post"), ("1", "It learnt from posts without a picture")] {
      let outcome = try await workdir.run(TrainFixture.arguments("M" + share, "--picture-dropout", share))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try String(contentsOfFile: "\(workdir.path)/M\(share)/card.md", encoding: .utf8).contains(words))
    }
  }

  @Test func aTeacherThatKnowsSomePostsIsCounted() async throws {
    let workdir = try Self.fixture()
    try await TrainFixture.teach(workdir, "teacher.sqlite", posts: 15)
    let fresh = TrainFixture.corpus + TrainFixture.fresh + ["--teacher", "teacher.sqlite", "--epochs", "1"]
    let outcome = try await workdir.run(fresh + ["-o", "M"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("5 posts have no teacher vectors"), "\(outcome.errors)")
    #expect(outcome.errors.contains("12 posts to validate with have no teacher vectors"), "\(outcome.errors)")
    #expect(try String(contentsOfFile: workdir.path + "/M/config.json", encoding: .utf8).contains("\"dim\": 16,"))
    let width = try await workdir.run(fresh + ["-o", "N", "--dim", "8"])
    #expect(width.status == 1 && width.errors.contains("16") && width.errors.contains("8"), "\(width.errors)")
    let measured = try await workdir.run(fresh + ["-o", "N", "--alpha", "0"])
    #expect(measured.status == 0 && measured.errors.contains("only compared with"), "\(measured.errors)")
    try await TrainFixture.teach(workdir, "none.sqlite", posts: 1)
    try workdir.execute("none.sqlite", "UPDATE teacher SET id = 'nobody'")
    let none = try await workdir.run(fresh + ["-o", "P", "--teacher", "none.sqlite"])
    #expect(none.status == 1 && none.errors.contains("for any of the 20 posts"), "\(none.errors)")
  }

  @Test func postsInBothCorporaAreReported() async throws {
    let workdir = try Self.fixture()
    let outcome = try await workdir.run(TrainFixture.arguments("M", "--validation", "train.csv", epochs: 1))
    #expect(
      outcome.status == 0 && outcome.errors.contains("20 posts to validate with are also in training"),
      "\(outcome.errors)")
  }
}
