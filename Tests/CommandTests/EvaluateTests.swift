import Foundation
import Testing

@Suite struct EvaluateTests {
  @Test func theExamplesRun() async throws {
    let workdir = try Workdir()
    #expect(try await workdir.run(Workdir.scoreSamples("posts.sqlite")).status == 0)
    let again = Workdir.scoreSamples("posts.sqlite", "--decode", "exact", "--run", "posts-2")
    #expect(try await workdir.run(again).status == 0)
    let table = try await workdir.run("evaluate", "posts.sqlite", "--positive", "ironic")
    #expect(table.status == 0 && table.output.hasPrefix("metric,label,slice,value,low,high,n,undefined\n"))
    #expect(table.output.contains("\nmcc,\"\",all,0."), "\(table.output)")
    let slices = try await workdir.run("evaluate", "posts.sqlite", "--by", "picture", "--format", "markdown")
    #expect(slices.status == 0 && slices.output.contains("picture="), "\(slices.errors)")
    let other = try await workdir.run("evaluate", "posts.sqlite", "--against", "posts")
    #expect(other.output.contains("\nflips,\"\",against posts,"), "\(other.errors)")
    let missing = try await workdir.run("evaluate", "posts.sqlite", "--truth", "nobody")
    #expect(missing.status == 64 && missing.errors.contains("corpus"), "\(missing.errors)")
  }

  @Test func alignmentIsPrintedIfThereAreVectors() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/posts.csv"
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--limit", "200"))
    let table = try await workdir.run("evaluate", "posts.sqlite")
    let rows = table.output.split(separator: "\n").map { $0.split(separator: ",") }.filter {
      $0[0].hasPrefix("alignment_")
    }
    #expect(rows.map { $0[0] } == ["alignment_auc", "alignment_recall_at_1_of_100"], "\(table.output)")
    // Posts with a picture of their own: 200 at most.
    let posts = try #require(rows.first.flatMap { Int($0[6]) })
    #expect((100...200).contains(posts) && rows.allSatisfy { $0[2] == "all" && $0[6] == "\(posts)" && $0[7] == "0" })
    #expect(!table.errors.contains("own picture"), "\(table.errors)")
    let people = try await workdir.run("evaluate", "posts.sqlite", "--format", "table")
    #expect(
      people.errors.contains("its own picture than") && people.errors.contains("own picture comes first of 100"),
      "\(people.errors)")
    let json = try await workdir.run("evaluate", "posts.sqlite", "--resamples", "0", "--format", "json")
    let printed = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let auc = try #require(printed.first { $0["metric"] as? String == "alignment_auc" })
    #expect(auc["low"] is NSNull && (auc["n"] as? Int) == posts)
    _ = try await workdir.run(Workdir.score(corpus, "bare.sqlite", "--limit", "60", "--embeddings", "none"))
    let bare = try await workdir.run("evaluate", "bare.sqlite", "--format", "json")
    #expect(bare.status == 0 && !bare.output.contains("alignment"), "\(bare.output)")
  }

  @Test func postsWithPicturesAreNotPrintedTwice() async throws {
    let workdir = try Workdir()
    #expect(
      try await workdir.run(Workdir.scoreSamples("posts.sqlite", "--limit", "60")).status == 0)
    let outcome = try await workdir.run("evaluate", "posts.sqlite", "--resamples", "20")
    #expect(outcome.status == 0 && !outcome.output.contains(",both_sides,"), "\(outcome.output)")
    #expect(
      outcome.errors.contains(
        "all 60 posts with a true label have a text and a picture, so the slice both_sides would be the same as all and is "
          + "left out"),
      "\(outcome.errors)")
  }

  @Test func runsThatShareKeysOnlyAreComparedByKey() async throws {
    let workdir = try Workdir()
    let first = try workdir.write("posts.csv", "id,text,label\n1,so happy,sincere\n2,so sad,ironic\n3,oh well,ironic\n")
    let moved = try workdir.write(
      "moved.csv", "id,text,label\n1,so happy today,sincere\n2,so sad today,ironic\n3,oh well,ironic\n4,new,ironic\n")
    for corpus in [first, moved] {
      let scored = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
      #expect(scored.status == 0, "\(scored.errors)")
    }
    let arguments = ["evaluate", "posts.sqlite", "--run", "moved", "--against", "posts", "--resamples", "20"]
    let apart = try await workdir.run(arguments)
    #expect(apart.output.contains("\nposts_in_common,\"\",against posts,1,"), "\(apart.output)")
    #expect(apart.errors.contains("2 posts share their keys only"), "\(apart.errors)")
    let paired = try await workdir.run(arguments + ["--pair", "key"])
    #expect(paired.output.contains("\nposts_in_common,\"\",against posts,3,"), "\(paired.output)")
    #expect(paired.output.contains("\npairs_of_other_content,\"\",against posts,2,"), "\(paired.output)")
    let alone = try await workdir.run("evaluate", "posts.sqlite", "--pair", "key")
    #expect(alone.status == 64 && alone.errors.contains("--against"), "\(alone.errors)")
    let report = try await workdir.run(
      "report", "posts.sqlite", "--run", "moved", "--against", "posts", "--pair", "key", "-o", "c.svg")
    let page = try String(contentsOfFile: workdir.path + "/c-1.svg", encoding: .utf8)
    #expect(report.status == 0 && page.hasPrefix("<?xml"), "\(report.errors)")
  }

  @Test func aRequirementDeterminesTheExitCode() async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(Workdir.scoreSamples("posts.sqlite"))
    let reached = try await workdir.run("evaluate", "posts.sqlite", "--require", "macro_f1>=0.8")
    #expect(reached.status == 0 && reached.errors.contains("reached: macro_f1>=0.8; it is 0."), "\(reached.errors)")
    // A wrong name came after the whole table.
    let wrong = try await workdir.run("evaluate", "posts.sqlite", "--require", "macrof1>=0.8")
    #expect(wrong.status == 64 && wrong.output.isEmpty && wrong.errors.contains("no such measure"), "\(wrong.errors)")
    let missed = try await workdir.run(
      "evaluate", "posts.sqlite", "--require", "macro_f1>=0.8", "--require", "accuracy.low>0.999")
    #expect(missed.status == 3 && missed.errors.contains("NOT reached: accuracy.low>0.999"), "\(missed.errors)")
    let binary = try await workdir.run("evaluate", "posts.sqlite", "--require", "binary_f1>0.1")
    #expect(binary.errors.contains("reached: binary_f1>0.1; about \"ironic\", it is"), "\(binary.errors)")
    let unknown = try await workdir.run("evaluate", "posts.sqlite", "--require", "acuracy>0.5")
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean \"accuracy\""), "\(unknown.errors)")
  }

  @Test func aCalibrationIsWrittenAndApplied() async throws {
    let workdir = try Workdir()
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: workdir.path + "/M")
    let corpus = try LabelledSamples.write(workdir)
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--images", Workdir.samples))
    let raw = try await workdir.run("evaluate", "posts.sqlite", "--model", "M")
    #expect(raw.status == 64 && raw.errors.contains("holds no calibration"), "\(raw.errors)")
    // The model is right far more often than these probabilities say.
    try workdir.execute(
      "posts.sqlite",
      """
      UPDATE prediction SET confidence = 0.6, probabilities =
        CASE label WHEN 'ironic' THEN '{"sincere":0.4,"ironic":0.6}' ELSE '{"sincere":0.6,"ironic":0.4}' END
      """)
    let fitted = try await workdir.run("evaluate", "posts.sqlite", "--calibrate", "M")
    #expect(fitted.status == 0 && fitted.output.hasPrefix("measure,before,held_out_after,n\n"), "\(fitted.errors)")
    let applied = try await workdir.run("evaluate", "posts.sqlite", "--model", "M")
    #expect(applied.status == 0 && applied.output.contains("calibration_error"), "\(applied.errors)")
    #expect(try await workdir.run("evaluate", "posts.sqlite").output != applied.output)
    // Reports, queries and exports show it where they are asked to, and say so.
    let report = try await workdir.run("report", "posts.sqlite", "--calibrated", "M", "-o", "r.pdf")
    let query = try await workdir.run("query", "posts.sqlite", "least-certain", "--calibrated", "M")
    let export = try await workdir.run("export", "posts.sqlite", "--calibrated", "M", "-o", "out")
    for outcome in [report, query, export] {
      #expect(outcome.status == 0 && outcome.errors.contains("notice: calibrated (temperature "), "\(outcome.errors)")
    }
    #expect(try await workdir.run("query", "posts.sqlite", "least-certain").output != query.output)
    for name in ["triage", "unaligned"] {
      let asked = try await workdir.run("query", "posts.sqlite", name, "--calibrated", "M")
      #expect(asked.status == 0 && !asked.output.isEmpty, "\(asked.errors)")
    }
    let described = try String(contentsOfFile: workdir.path + "/out/metadata.json", encoding: .utf8)
    #expect(described.contains("The rows exported with this file are calibrated (temperature "))
    // For scoring, the model is the same.
    let again = try await workdir.run(
      "score", corpus, "--images", Workdir.samples, "--model", "M", "--store", "posts.sqlite", "--precision", "f32",
      "--progress", "json")
    #expect(again.errors.contains("\"known\":\(try LabelledSamples.lines().count - 1)"), "\(again.errors)")
  }

  @Test func withoutACalibrationTheFlagSaysHowToFitOne() async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(Workdir.scoreSamples("posts.sqlite"))
    let model = Workdir.samples + "/model"
    for arguments in [
      ["report", "posts.sqlite", "-o", "r.pdf"], ["query", "posts.sqlite", "labels"], ["export", "posts.sqlite"],
    ] {
      let outcome = try await workdir.run(arguments + ["--calibrated", model])
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
      #expect(
        outcome.errors.contains("holds no calibration; clfa evaluate posts.sqlite --calibrate"), "\(outcome.errors)")
    }
  }

  /// Nothing is written when held-out scores get worse. The probabilities of these posts say nothing about their labels.
  @Test func aCalibrationThatHelpsNobodyIsNotWritten() async throws {
    let workdir = try Workdir()
    try FileManager.default.copyItem(atPath: Workdir.samples + "/model", toPath: workdir.path + "/M")
    _ = try await workdir.run(Workdir.scoreSamples("posts.sqlite"))
    // Every probability is calibrated, and every threshold between the two is as good as another.
    try workdir.execute(
      "posts.sqlite",
      """
      UPDATE prediction SET label = CASE WHEN post_id % 3 = 0 THEN 'ironic' ELSE 'sincere' END,
        probabilities = CASE WHEN post_id % 3 = 0 THEN '{"sincere":0.25,"ironic":0.75}' ELSE '{"sincere":0.75,"ironic":0.25}' END;
      UPDATE label SET label = CASE WHEN post_id % 3 = 0 AND post_id % 4 <> 0 OR post_id % 3 <> 0 AND post_id % 4 = 0
        THEN 'ironic' ELSE 'sincere' END;
      """)
    let before = try Data(contentsOf: URL(filePath: workdir.path + "/M/config.json"))
    let fitted = try await workdir.run("evaluate", "posts.sqlite", "--calibrate", "M")
    #expect(fitted.status == 3, "\(fitted)")
    #expect(
      fitted.errors.contains("nothing was written") && fitted.errors.contains("log_loss from 0."), "\(fitted.errors)")
    #expect(fitted.errors.contains("in cross-validation on 600 posts"), "\(fitted.errors)")
    #expect(try Data(contentsOf: URL(filePath: workdir.path + "/M/config.json")) == before)
  }
}
