import Foundation
import Testing

/// Inputs that the model was trained with and the corpus lacks are reported before scoring and stored with the run.
@Suite struct MismatchTests {
  /// A model `K` that reads knowledge, trained on the samples with the names of their pictures' scenes as knowledge.
  private static func trained() async throws -> Workdir {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let made = try await workdir.run(
      TrainFixture.arguments("K", "--with-knowledge", "--knowledge", "picture", epochs: 1))
    #expect(made.status == 0, "\(made.errors)")
    let lines = try String(contentsOfFile: workdir.path + "/train.csv", encoding: .utf8).split(separator: "\n")
    // The same posts without the last column.
    try workdir.write(
      "bare.csv", lines.map { $0.prefix(upTo: $0.lastIndex(of: ",") ?? $0.endIndex) }.joined(separator: "\n") + "\n")
    return workdir
  }

  private static func score(_ corpus: String, _ store: String, _ more: String...) -> [String] {
    [
      "score", corpus, "--model", "K", "--store", store, "--images", Workdir.samples, "--precision", "f32",
      "--progress", "none",
    ] + more
  }

  @Test func postsWithoutTheModelsKnowledgeAreAnError() async throws {
    let workdir = try await Self.trained()
    let refused = try await workdir.run(Self.score("bare.csv", "bare.sqlite"))
    #expect(refused.status == 1)
    #expect(refused.errors.contains("none of the 20 posts looked at has knowledge"), "\(refused.errors)")
    #expect(
      refused.errors.contains("100 % of its posts") && refused.errors.contains("--knowledge"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/bare.sqlite"))
    let plan = try await workdir.run(Self.score("bare.csv", "bare.sqlite", "--plan"))
    #expect(plan.status == 1 && plan.errors.contains("has knowledge"), "\(plan.errors)")

    let named = try await workdir.run(Self.score("train.csv", "named.sqlite"))
    #expect(named.status == 1 && named.errors.contains("none of the 20 posts"), "\(named.errors)")
    let whole = try await workdir.run(Self.score("train.csv", "named.sqlite", "--knowledge", "picture"))
    #expect(whole.status == 0 && !whole.errors.contains("looked at"), "\(whole.errors)")
    #expect(try workdir.rows("named.sqlite", "SELECT mismatches FROM run") == ["[]"])

    let wrong = try await workdir.run(Self.score("bare.csv", "bare.sqlite", "--allow-missing", "knowlege"))
    #expect(wrong.status == 64 && wrong.errors.contains("did you mean \"knowledge\""), "\(wrong.errors)")
    let check = try await workdir.run("check", "bare.csv", "--model", "K", "--images", Workdir.samples)
    #expect(check.output.contains("none of the 20 posts looked at has knowledge"), "\(check.output)")
  }

  /// The program reported a corpus with its texts in another column as 30 faults, and finished.
  @Test func rowsWithoutTextAndPictureAreAnErrorThatNamesTheColumn() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "moved.csv", "id,text,knowledge\n" + (0..<30).map { "\($0),,what a treat\n" }.joined())
    let refused = try await workdir.run(Workdir.score(corpus, "moved.sqlite"))
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(
      refused.errors.contains("30 of the 30 rows looked at have neither a text nor a picture"), "\(refused.errors)")
    #expect(
      refused.errors.contains("--text knowledge") && refused.errors.contains("--allow-missing text"),
      "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/moved.sqlite"))
    let allowed = try await workdir.run(Workdir.score(corpus, "moved.sqlite") + ["--allow-missing", "text"])
    #expect(allowed.status == 0 && allowed.errors.contains("30 faulted"), "\(allowed.errors)")
  }

  @Test func allowedMismatchesAreStoredWithTheRun() async throws {
    let workdir = try await Self.trained()
    let scored = try await workdir.run(Self.score("bare.csv", "bare.sqlite", "--allow-missing", "knowledge,text"))
    #expect(scored.status == 0, "\(scored.errors)")
    // Before the first row, not after the last.
    let notice = try #require(scored.errors.range(of: "none of the 20 posts looked at has knowledge"))
    #expect(notice.lowerBound < (try #require(scored.errors.range(of: "finished"))).lowerBound)
    let stored = """
      SELECT value ->> '$.subject', value ->> '$.trained', value ->> '$.here', value ->> '$.posts',
        value ->> '$.allowed' FROM run, json_each(mismatches)
      """
    #expect(try workdir.rows("bare.sqlite", stored) == ["knowledge|1.0|0.0|20|--allow-missing"])
    let words = "None of the 20 posts looked at has knowledge"
    #expect(try await workdir.run("runs", "show", "bare.sqlite").output.contains(words))
    let export = try await workdir.run("export", "bare.sqlite", "-o", "exported")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try String(contentsOfFile: workdir.path + "/exported/metadata.json", encoding: .utf8).contains(words))
    _ = try await workdir.run("merge", "merged.sqlite", "bare.sqlite")
    #expect(try workdir.rows("merged.sqlite", stored) == ["knowledge|1.0|0.0|20|--allow-missing"])
  }

  @Test func standardInputIsComparedByItsFirstRowsAndLosesNone() async throws {
    let workdir = try await Self.trained()
    let bare = try String(contentsOfFile: workdir.path + "/bare.csv", encoding: .utf8)
    let refused = try await workdir.run(Self.score("-", "in.sqlite"), input: bare)
    #expect(refused.status == 1 && refused.errors.contains("has knowledge"), "\(refused.errors)")
    let whole = try String(contentsOfFile: workdir.path + "/train.csv", encoding: .utf8)
    let scored = try await workdir.run(Self.score("-", "in.sqlite", "--knowledge", "picture"), input: whole)
    #expect(scored.status == 0, "\(scored.errors)")
    let keys = whole.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first.map(String.init) }
    #expect(try workdir.rows("in.sqlite", "SELECT key FROM entry ORDER BY record") == keys)
  }

  @Test func trainingWithoutTheColumnOfKnowledgeIsAnError() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let trained = try await workdir.run(TrainFixture.arguments("K", "--with-knowledge"))
    #expect(trained.status == 1)
    #expect(trained.errors.contains("train.csv: no column of knowledge"), "\(trained.errors)")
    #expect(trained.errors.contains("--knowledge COLUMN") && trained.errors.contains("picture"), "\(trained.errors)")
    try workdir.write("train.csv", "id,text,label,knowledge\n1,good,ironic,\n2,bad,sincere, \n")
    let empty = try await workdir.run(TrainFixture.arguments("K", "--with-knowledge"))
    #expect(empty.status == 1 && empty.errors.contains("is empty in every post"), "\(empty.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/K.training"))
  }

  @Test func anAggregationThatDoesNotReadKnowledgeIsNotTrainedWithIt() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let trained = try await workdir.run(
      TrainFixture.arguments("K", "--with-knowledge", "--knowledge", "picture", "--aggregation", "gated"))
    #expect(trained.status == 64)
    #expect(trained.errors.contains("only cross-attention and concat read"), "\(trained.errors)")
  }

  @Test func anAblationWhoseTestLacksKnowledgeEndsBeforeItTrains() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    for name in ["train.csv", "valid.csv"] {
      let text = try String(contentsOfFile: "\(workdir.path)/\(name)", encoding: .utf8)
      try workdir.write(name, text.replacing("label,picture\n", with: "label,knowledge\n"))
    }
    try workdir.write("test.csv", "id,text,label\n1,good,ironic\n2,bad,sincere\n")
    let outcome = try await workdir.run(
      ["ablate"] + TrainFixture.arguments("cells").dropFirst()
        + ["--grid", "knowledge=off,on", "--test", "test.csv", "--store", "cells.sqlite"])
    #expect(outcome.status == 1 && outcome.errors.contains("test.csv: no column of knowledge"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/cells"))
  }

  @Test func aModelSaysWhatItWasTrainedOn() async throws {
    let workdir = try await Self.trained()
    let profile = workdir.path + "/K/training-profile.json"
    let info = try await workdir.run("model", "info", "K", "--format", "json")
    #expect(
      info.output.contains("\"trained_on\":\"20 posts: text 100 %, knowledge 100 %, picture 100 %"), "\(info.output)")
    let card = try String(contentsOfFile: workdir.path + "/K/card.md", encoding: .utf8)
    #expect(card.contains("| with knowledge | 100 % |"), "\(card)")
    let exported = try await workdir.run("model", "export", "K", "-o", "E")
    #expect(exported.status == 0, "\(exported.errors)")
    let bytes = try Data(contentsOf: URL(filePath: profile))
    #expect(try Data(contentsOf: URL(filePath: workdir.path + "/E/training-profile.json")) == bytes)
    // The scores of a model do not depend on the file.
    let before = try await workdir.run("model", "verify", "K")
    let text = String(decoding: bytes, as: UTF8.self)
    try workdir.write("K/training-profile.json", text.replacing("\"posts\":20", with: "\"posts\":20,\"moons\":1"))
    let unknown = try await workdir.run("model", "verify", "K")
    #expect(unknown.status == 0 && unknown.output == before.output && unknown.errors.contains("moons"), "\(unknown)")
    try workdir.write("K/training-profile.json", "{}")
    let broken = try await workdir.run("model", "verify", "K")
    #expect(broken.status == 1 && broken.errors.contains("training-profile.json"), "\(broken)")
  }
}
