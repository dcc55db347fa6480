import Foundation
import Seeded
import Testing

/// Streams of features, from the files to the report, on posts whose label needs text, picture and sound: it says how many
/// of the three are bright.
@Suite struct FeaturesTests {
  private static let names = ["none", "one", "two", "three"]

  /// A matrix as numpy saves it.
  static func npy(_ rows: [[Float]]) -> Data {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let bytes = rows.flatMap(\.self).flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes)
  }

  /// Writes `train.csv`, `valid.csv`, `test.csv`, and the test's posts again with words that say nothing (`mute.csv`) and
  /// without pictures (`blind.csv`).
  private static func fixture() throws -> Workdir {
    let workdir = try Workdir()
    var random = SeededGenerator(seed: 5)
    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    let pictures = try FileManager.default.contentsOfDirectory(atPath: Workdir.samples + "/images").sorted().prefix(4)
    let words = (0..<12).map { "w\($0)" }, dark = ["dark", "dim", "night"], bright = ["bright", "sunny", "day"]
    try workdir.write(
      "vocab.txt", (["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words + dark + bright).joined(separator: "\n") + "\n")
    func write(_ name: String, _ count: Int) throws -> [String] {
      var lines: [String] = []
      for number in 0..<count {
        let bits = (0..<3).map { _ in pick(2) }
        var text = (0..<3).map { _ in words[pick(words.count)] }
        text.insert((bits[0] == 1 ? bright : dark)[pick(3)], at: pick(4))
        let rows = (0..<1 + pick(4)).map { _ in
          (0..<6).map { column in Float(random.unit()) - 0.5 + (column == 2 ? (bits[2] == 1 ? 2 : -2) : 0) }
        }
        let sound = "sound/\(name)-\(number).npy"
        try workdir.write(sound, npy(rows))
        lines.append(
          "\(name)-\(number),\(text.joined(separator: " ")),images/\(pictures[2 * bits[1] + pick(2)]),\(sound),"
            + names[bits.reduce(0, +)])
      }
      try workdir.write("\(name).csv", (["id,text,image,sound,label"] + lines).joined(separator: "\n") + "\n")
      return lines
    }
    _ = try write("train", 600)
    _ = try write("valid", 120)
    let test = try write("test", 200)
    for (name, column, value) in [("mute", 1, "w1 w2 w3 w4"), ("blind", 2, "")] {
      let changed = test.map { line in
        var cells = line.split(separator: ",").map(String.init)
        cells[column] = value
        return cells.joined(separator: ",")
      }
      try workdir.write("\(name).csv", (["id,text,image,sound,label"] + changed).joined(separator: "\n") + "\n")
    }
    return workdir
  }

  private static func train(_ output: String, _ more: String...) -> [String] {
    [
      "train", "train.csv", "--validation", "valid.csv", "--images", Workdir.samples, "--vocabulary", "vocab.txt",
      "--text-size", "1x32", "--image-size", "1x32/8@16", "--dim", "32", "--fusion-layers", "1", "--alpha", "0",
      "--rate", "1e-3", "--batch", "20", "--epochs", "8", "--dropout", "0", "--max-text", "8", "--seed", "3",
      "--progress", "none", "-o", output,
    ] + more
  }

  private static func score(_ corpus: String, _ model: String, _ run: String, _ more: String...) -> [String] {
    [
      "score", corpus, "--images", Workdir.samples, "--model", model, "--store", "s.sqlite", "--run", run,
      "--precision",
      "f32", "--progress", "none",
    ] + more
  }

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

  /// With two of three bits known the label is a guess between two; each of the three sides is worth that much.
  @Test func aLabelThatNeedsAllThreeIsLearnt() async throws {
    let workdir = try Self.fixture()
    for arguments in [
      Self.train("three", "--feature", "sound"), Self.train("two"),
      Self.score("test.csv", "three", "three"), Self.score("test.csv", "two", "two"),
      Self.score("mute.csv", "three", "mute"), Self.score("blind.csv", "three", "blind"),
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
    // A name of a space becomes a file's: one that leads out of the folder is none of ours.
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

  /// A run that is cut short goes on, knows its posts again, and refuses files that were exchanged.
  @Test func aRunGoesOnAndNoticesOtherContent() async throws {
    let workdir = try Self.fixture()
    for arguments in [
      Self.train("M", "--feature", "sound", "--epochs", "1"), Self.score("test.csv", "M", "whole"),
      Self.score("test.csv", "M", "part", "--stop-after", "0.0001s"), Self.score("test.csv", "M", "part"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0 || outcome.status == 130, "\(outcome.errors)")
    }
    #expect(
      try workdir.rows(
        "s.sqlite", "SELECT run.name, count(*) FROM run JOIN entry ON run_id = run.id GROUP BY 1 ORDER BY 1")
        == ["part|200", "whole|200"])
    #expect(try workdir.rows("s.sqlite", "SELECT count(*) FROM post") == ["200"])

    try workdir.write("sound/test-3.npy", Self.npy([[0, 0, 0, 0, 0, 0]]))
    let other = try await workdir.run(Self.score("test.csv", "M", "other"))
    #expect(other.status == 0, "\(other.errors)")
    #expect(try workdir.rows("s.sqlite", "SELECT count(*) FROM post") == ["201"])
  }

  @Test func badFilesAreTheirRowsFaultsAlone() async throws {
    let workdir = try Self.fixture()
    #expect(try await workdir.run(Self.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    try workdir.write("bad/wide.npy", Self.npy([[1, 2, 3]]))
    try workdir.write("bad/nan.npy", Self.npy([[1, 2, 3, 4, 5, .nan]]))
    try workdir.write("bad/long.npy", Self.npy([[Float]](repeating: [1, 2, 3, 4, 5, 6], count: 513)))
    try workdir.write("bad/words.npy", "no numbers at all")
    let cells = [
      "bad/wide.npy", "bad/nan.npy", "bad/long.npy", "bad/words.npy", "../vocab.txt", "/etc/passwd", "none.npy", "",
    ]
    let rows = cells.enumerated().map { "\($0),w1 bright,,\($1),one" }
    try workdir.write("bad.csv", (["id,text,image,sound,label"] + rows).joined(separator: "\n") + "\n")
    let outcome = try await workdir.run(Self.score("bad.csv", "M", "bad", "--strict"))
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, stage, code FROM fault ORDER BY line") == [
        "0|features|wrong_shape", "1|features|not_finite", "2|features|too_many_rows", "3|features|unsupported_format",
        "4|features|outside_folder", "5|features|outside_folder", "6|features|missing",
      ])
    #expect(
      try workdir.rows("s.sqlite", "SELECT key, state FROM entry WHERE state <> 'faulted'") == ["7|without_picture"])
  }

  /// A look at a corpus and a plan tell what scoring will find.
  @Test func aCheckAndAPlanNameBadFilesBeforehand() async throws {
    let workdir = try Self.fixture()
    #expect(try await workdir.run(Self.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    try workdir.write("bad/wide.npy", Self.npy([[1, 2, 3]]))
    try workdir.write("bad/nan.npy", Self.npy([[1, 2, 3, 4, 5, .nan]]))
    let cells = ["sound/test-1.npy", "bad/wide.npy", "bad/nan.npy", "../vocab.txt", "none.npy", ""]
    let rows = cells.enumerated().map { "\($0),w1 bright,,\($1),one" }
    try workdir.write("some.csv", (["id,text,image,sound,label"] + rows).joined(separator: "\n") + "\n")
    for flags in [["--feature", "sound"], ["--model", "M"], ["--feature", "sound", "--model", "M"]] {
      let outcome = try await workdir.run(["check", "some.csv", "--format", "json"] + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let found = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let faults = try #require(found["faults"] as? [[String: Any]]).map {
        "\($0["stage"] ?? "") \($0["code"] ?? "") \($0["rows"] ?? "")"
      }
      #expect(
        Set(faults) == [
          "features wrong_shape 1", "features not_finite 1", "features outside_folder 1", "features missing 1",
        ])
      let stream = try #require((found["features"] as? [[String: Any]])?.first)
      #expect(stream["stream"] as? String == "sound" && stream["width"] as? Int == 6)
      #expect(stream["posts"] as? Int == 1 && stream["without"] as? Int == 1)
    }
    let report = try await workdir.run("check", "test.csv", "--images", Workdir.samples, "--feature", "noise=sound")
    #expect(report.output.contains("Features: noise, from the column sound"), "\(report.errors)")
    let refused = try await workdir.run("check", "test.csv", "--feature", "noise")
    #expect(refused.status == 1 && refused.errors.contains("no column beside those"), "\(refused.errors)")

    let plan = try await workdir.run(Self.score("some.csv", "M", "r") + ["--plan"])
    #expect(plan.status == 0 && plan.output.contains("outside_folder") && plan.output.contains("missing"))
  }

  /// Standard input comes once: without features nothing is taken of it beforehand, with them it is refused.
  @Test func standardInputIsLearntFrom() async throws {
    let workdir = try Self.fixture()
    var arguments = Self.train("M", "--epochs", "1")
    arguments[1] = "-"
    // The shell's own redirection: what a program that ends early leaves unread is nobody's broken pipe.
    let command = ([Workdir.program] + arguments).map { "'\($0)'" }.joined(separator: " ") + " < train.csv"
    let learnt = try await workdir.shell(command)
    #expect(learnt.status == 0, "\(learnt.errors)")
    let refused = try await workdir.run(arguments.map { $0 == "M" ? "N" : $0 } + ["--feature", "sound"])
    #expect(refused.status == 1 && refused.errors.contains("standard input"), "\(refused.errors)")
  }

  @Test func flagsThatDoNotFitAreRefused() async throws {
    let workdir = try Self.fixture()
    #expect(try await workdir.run(Self.train("M", "--feature", "sound", "--epochs", "1")).status == 0)
    for (flags, words) in [
      (["--feature", "noise=sound"], "reads no stream 'noise'"),
      (["--feature", "sound=text"], "no column beside those"),
      (["--feature", "Sound"], "write STREAM=COLUMN"), (["--features", "nowhere"], "is no folder that can be opened"),
    ] {
      let outcome = try await workdir.run(Self.score("test.csv", "M", "r") + flags)
      #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    for (flags, words) in [
      (["--feature", "sound", "--aggregation", "concat"], "only cross-attention"),
      (["--feature", "sound", "--feature", "sound=label"], "twice"),
      (["--feature", "noise"], "no column beside those"),
      (["--feature", "sound", "--max-feature-rows", "0"], "takes 1 to"),
      (["--feature", "sound", "--max-feature-rows", "1"], "too_many_rows"),
    ] {
      let outcome = try await workdir.run(Self.train("N", "--epochs", "1") + flags)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let exported = try await workdir.run("model", "export", "M", "-o", "X")
    #expect(exported.status == 1 && exported.errors.contains("streams of features"), "\(exported.errors)")
  }

  /// A post is explained with its features, which are found by their hash whatever their column is called.
  @Test func anAnswerIsExplainedWithItsFeatures() async throws {
    let workdir = try Self.fixture()
    for arguments in [
      Self.train("M", "--feature", "sound", "--epochs", "2"), Self.score("test.csv", "M", "run"),
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let explain = ["explain", "s.sqlite", "test-1", "--model", "M", "--run", "run"]
    let here = explain + ["--features", "."]
    let found = try await workdir.run(here + ["--format", "json"])
    #expect(found.status == 0, "\(found.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    let computed = try #require(object["computed"] as? [String: Any])
    #expect(computed["largest_difference"] as? Double == 0)
    #expect(try #require(computed["recomputed_difference"] as? Double) < 1e-5)
    let stream = try #require((computed["streams"] as? [[String: Any]])?.first)
    let layers = try #require(stream["attention"] as? [[[Double]]])
    let pieces = try #require(computed["pieces"] as? [Any]).count
    #expect(stream["stream"] as? String == "sound" && layers.count == 1 && layers[0].count == pieces)
    #expect(layers[0].allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
    let cosines = try #require(stream["cosines"] as? [[Double]])
    #expect(cosines.map(\.count) == layers[0].map(\.count))
    #expect(cosines.allSatisfy { $0.allSatisfy { abs($0) <= 1.00001 } } && Set(cosines.flatMap(\.self)).count > pieces)

    // Without its sound the post is what scoring makes of the same row with an empty cell.
    let row = try String(contentsOfFile: workdir.path + "/test.csv", encoding: .utf8).split(separator: "\n")[2]
    var cells = row.split(separator: ",").map(String.init)
    cells[3] = ""
    try workdir.write("mute.csv", "id,text,image,sound,label\n\(cells.joined(separator: ","))\n")
    #expect(try await workdir.run(Self.score("mute.csv", "M", "mute")).status == 0)
    let mute = try await workdir.run(["explain", "s.sqlite", "test-1", "--model", "M", "--run", "mute"])
    let rows = try await workdir.run(here).output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let alone = try #require(mute.output.split(separator: "\n").first { $0.hasPrefix("nothing,") }).split(
      separator: ",", omittingEmptySubsequences: false
    ).map(String.init)
    let without = try #require(rows.first { $0[0] == "sound" })
    #expect(without[6...] == alone[6...], "\(without) \(alone)")

    // The page has a section for the stream; without the file there is nothing to compute.
    let page = try await workdir.run(here + ["-o", "why.svg"])
    #expect(page.status == 0, "\(page.errors)")
    let lacking = try await workdir.run(explain)
    #expect(lacking.status == 0 && lacking.errors.contains("--features"), "\(lacking.errors)")
    #expect(lacking.output.split(separator: "\n").count == 2)
  }
}
