import Foundation
import Testing

/// Feature streams, from the files to the report, on posts whose label needs text, picture and sound: it depends on how
/// many of the three are bright.
@Suite struct FeaturesTests {
  private static func accuracy(_ workdir: borrowing Workdir, _ run: String) throws -> Double {
    let rows = try workdir.rows(
      "s.sqlite",
      """
      SELECT avg(prediction.label = label.label) FROM run JOIN entry ON run_id = run.id
      JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
      JOIN label ON label.post_id = entry.post_id WHERE run.name = '\(run)'
      """)
    return try #require(rows.first.flatMap(Double.init))
  }

  /// With only two of the three bits known, the label is a guess between two; so every side matters.
  @Test func aLabelThatNeedsAllThreeIsLearnt() async throws {
    let workdir = try FeatureFixture.make()
    for arguments in [
      FeatureFixture.train("three", "--feature", "sound"), FeatureFixture.train("two"),
      FeatureFixture.score("test.csv", "three", "three"), FeatureFixture.score("test.csv", "two", "two"),
      FeatureFixture.score("mute.csv", "three", "mute"),
      FeatureFixture.score("blind.csv", "three", "blind", "--allow-missing", "picture"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try Self.accuracy(workdir, "three") > 0.9)
    for run in ["two", "mute", "blind"] { #expect(try Self.accuracy(workdir, run) < 0.7, "\(run)") }

    #expect(
      try workdir.rows("s.sqlite", "SELECT stream, length(hash), count(*) FROM feature GROUP BY 1, 2") == [
        "sound|64|600"
      ])
    #expect(
      try workdir.rows(
        "s.sqlite",
        """
        SELECT count(*), min(length(vector)) FROM embedding JOIN run ON run.scorer_id = embedding.scorer_id
        WHERE run.name = 'three' AND space = 'sound' AND post_id IN (SELECT post_id FROM entry WHERE run_id = run.id)
        """) == ["200|128"])
    #expect(try workdir.rows("s.sqlite", "SELECT count(*) FROM post WHERE key = 'test-0'") == ["4"])

    let report = try await workdir.run(
      "report", "s.sqlite", "--run", "three", "--section", "streams", "-o", "r.svg")
    #expect(report.status == 0, "\(report.errors)")
    let nearest = try await workdir.run(
      "similar", "s.sqlite", "--run", "three", "--post", "test-0", "--space", "sound", "--limit", "3", "--format", "csv"
    )
    #expect(nearest.status == 0 && nearest.output.split(separator: "\n").count == 4, "\(nearest.errors)")
    let folder = try await workdir.run("export", "s.sqlite", "--run", "three", "-o", "out")
    #expect(folder.status == 0, "\(folder.errors)")
    #expect(FileManager.default.fileExists(atPath: workdir.path + "/out/sound.npy"))
    // The name of a space becomes a file name; clfa writes no name that leads out of the folder.
    try workdir.execute(
      "s.sqlite",
      "INSERT INTO embedding SELECT scorer_id, '../evil', post_id, vector FROM embedding WHERE space = 'text'")
    let second = try await workdir.run("export", "s.sqlite", "--run", "three", "-o", "second")
    #expect(second.status == 0, "\(second.errors)")
    #expect(FileManager.default.fileExists(atPath: workdir.path + "/second/sound.npy"))
    let all = try #require(FileManager.default.enumerator(atPath: workdir.path)).compactMap { $0 as? String }
    #expect(!all.contains { $0.contains("evil") })
    let facts = try await workdir.run("model", "info", "three", "--format", "json")
    #expect(facts.output.contains("sound: at most 512 rows of 6"), "\(facts.output)")
  }

  /// An interrupted run continues, recognises its posts, and rejects files that were replaced.
  @Test func aRunGoesOnAndNoticesOtherContent() async throws {
    let workdir = try FeatureFixture.make()
    for arguments in [
      FeatureFixture.train("M", "--feature", "sound", "--epochs", "1"), FeatureFixture.score("test.csv", "M", "whole"),
      FeatureFixture.score("test.csv", "M", "part", "--stop-after", "0.0001s"),
      FeatureFixture.score("test.csv", "M", "part"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0 || outcome.status == 130, "\(outcome.errors)")
    }
    #expect(
      try workdir.rows(
        "s.sqlite", "SELECT run.name, count(*) FROM run JOIN entry ON run_id = run.id GROUP BY 1 ORDER BY 1")
        == ["part|200", "whole|200"])
    #expect(try workdir.rows("s.sqlite", "SELECT count(*) FROM post") == ["200"])

    try workdir.write("sound/test-3.npy", FeatureFixture.npy([[0, 0, 0, 0, 0, 0]]))
    let other = try await workdir.run(FeatureFixture.score("test.csv", "M", "other"))
    #expect(other.status == 0, "\(other.errors)")
    #expect(try workdir.rows("s.sqlite", "SELECT count(*) FROM post") == ["201"])
  }

  @Test func badFilesAreFaultsOfTheirRowsOnly() async throws {
    let workdir = try FeatureFixture.make()
    #expect(try await workdir.run(FeatureFixture.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    try workdir.write("bad/wide.npy", FeatureFixture.npy([[1, 2, 3]]))
    try workdir.write("bad/nan.npy", FeatureFixture.npy([[1, 2, 3, 4, 5, .nan]]))
    try workdir.write("bad/long.npy", FeatureFixture.npy([[Float]](repeating: [1, 2, 3, 4, 5, 6], count: 513)))
    try workdir.write("bad/words.npy", "no numbers at all")
    let cells = [
      "bad/wide.npy", "bad/nan.npy", "bad/long.npy", "bad/words.npy", "../vocab.txt", "/etc/passwd", "none.npy", "",
    ]
    let rows = cells.enumerated().map { "\($0),w1 bright,,\($1),one" }
    try workdir.write("bad.csv", (["id,text,image,sound,label"] + rows).joined(separator: "\n") + "\n")
    let outcome = try await workdir.run(
      FeatureFixture.score("bad.csv", "M", "bad", "--strict", "--allow-missing", "picture,sound"))
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, stage, code FROM fault ORDER BY line") == [
        "0|features|wrong_shape", "1|features|not_finite", "2|features|too_many_rows", "3|features|unsupported_format",
        "4|features|outside_folder", "5|features|outside_folder", "6|features|missing",
      ])
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, state FROM entry WHERE state <> 'faulted'") == ["7|without_picture"])
  }

  /// Standard input can be read only once: without features nothing is read beforehand, with them it is rejected.
  @Test func trainingReadsStandardInput() async throws {
    let workdir = try FeatureFixture.make()
    var arguments = FeatureFixture.train("M", "--epochs", "1")
    arguments[1] = "-"
    // Use the shell's redirection: if the program ends early, unread input must not break a pipe.
    let command = ([Workdir.program] + arguments).map { "'\($0)'" }.joined(separator: " ") + " < train.csv"
    let learnt = try await workdir.shell(command)
    #expect(learnt.status == 0, "\(learnt.errors)")
    let refused = try await workdir.run(arguments.map { $0 == "M" ? "N" : $0 } + ["--feature", "sound"])
    #expect(refused.status == 64 && refused.errors.contains("standard input"), "\(refused.errors)")
  }

  @Test func incompatibleFlagsAreRejected() async throws {
    let workdir = try FeatureFixture.make()
    #expect(try await workdir.run(FeatureFixture.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    for (flags, words) in [
      (["--feature", "noise=sound"], "reads no stream 'noise'"),
      (["--feature", "sound=text"], "no other column of test.csv"),
      (["--feature", "Sound"], "write STREAM=COLUMN"),
      (["--features", "nowhere"], "is not a folder that can be opened"),
    ] {
      let outcome = try await workdir.run(FeatureFixture.score("test.csv", "M", "r") + flags)
      #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    for (flags, words) in [
      (["--feature", "sound", "--aggregation", "concat"], "only cross-attention"),
      (["--feature", "sound", "--feature", "sound=label"], "twice"),
      (["--feature", "noise"], "no other column of train.csv"),
      (["--feature", "sound", "--max-feature-rows", "0"], "from 1 to 4096"),
      (["--feature", "sound", "--max-feature-rows", "1"], "too_many_rows"),
    ] {
      let outcome = try await workdir.run(FeatureFixture.train("N", "--epochs", "1") + flags)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let exported = try await workdir.run("model", "export", "M", "-o", "X")
    #expect(exported.status == 1 && exported.errors.contains("streams of features"), "\(exported.errors)")
  }
}
