import Foundation
import Testing
import Training

/// `clfa ablate` on twelve posts with a model of one layer.
@Suite struct AblateTests {
  /// Writes the corpora for training, validation and testing from the samples' posts, and a teacher's vectors for all
  /// of them.
  private static func prepare(_ workdir: borrowing Workdir) throws {
    let lines = try LabelledSamples.lines()
    for (name, range) in [("train", 1..<13), ("valid", 13..<21), ("test", 21..<41)] {
      try workdir.write("\(name).csv", ([lines[0]] + lines[range]).joined(separator: "\n") + "\n")
    }
    let ids = lines[1..<21].map { String($0.prefix { $0 != "," }) }
    var values: [Float] = []
    for index in 0..<2 * ids.count * 16 { values.append(Float(index * 7919 % 101) / 50 - 1) }
    let half = values.count * 2
    let header = """
      {"__metadata__":{"ids":"\(ids.joined(separator: ","))"},\
      "text":{"dtype":"F32","shape":[20,16],"data_offsets":[0,\(half)]},\
      "image":{"dtype":"F32","shape":[20,16],"data_offsets":[\(half),\(2 * half)]}}
      """
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
    data += values.withUnsafeBytes { Data($0) }
    try workdir.write("teacher.safetensors", data)
  }

  private static let common = [
    "--validation", "valid.csv", "--images", Workdir.samples, "--vocabulary", Workdir.samples + "/model/vocab.txt",
    "--text-size", "1x16", "--image-size", "1x16/16@32", "--fusion-layers", "1", "--max-text", "16", "--batch", "4",
    "--learning-rate", "0.01", "--teacher", "teacher.safetensors", "--progress", "none",
  ]

  private static func arguments(
    _ folder: String = "cells", epochs: Int = 2, grid: [String] = ["alpha=0,1"], seeds: String = "1,2",
    _ more: String...
  ) -> [String] {
    ["ablate", "train.csv"] + common + grid.flatMap { ["--grid", $0] }
      + [
        "--epochs", "\(epochs)", "--seeds", seeds, "--test", "test.csv", "--store", "\(folder).sqlite", "-o", folder,
        "--format", "csv",
      ] + more
  }

  private static func weights(_ workdir: borrowing Workdir, _ folder: String) throws -> [String: Data] {
    let path = workdir.path + "/" + folder
    var weights: [String: Data] = [:]
    for cell in try FileManager.default.contentsOfDirectory(atPath: path) where !cell.hasSuffix(".json") {
      for file in ["weights.safetensors", "config.json", "history.jsonl"] {
        weights["\(cell)/\(file)"] = try Data(contentsOf: URL(filePath: "\(path)/\(cell)/\(file)"))
      }
    }
    return weights
  }

  @Test func trainsScoresAndCompares() async throws {
    let workdir = try Workdir()
    try Self.prepare(workdir)
    let grid = ["alpha=0,1", "aggregation=concat,text"]
    let first = try await workdir.run(Self.arguments(grid: grid) + ["--report", "page.pdf"])
    #expect(first.status == 0, "\(first.errors)")
    #expect(
      try String(decoding: Data(contentsOf: URL(filePath: workdir.path + "/page.pdf")).prefix(5), as: UTF8.self)
        == "%PDF-")
    let names = ["0", "1"].flatMap { alpha in
      ["concat", "text"].flatMap { aggregation in
        ["1", "2"].map { "alpha=\(alpha) aggregation=\(aggregation) seed=\($0)" }
      }
    }
    #expect(try workdir.rows("cells.sqlite", "SELECT name FROM run ORDER BY id") == names)
    #expect(
      try workdir.rows("cells.sqlite", "SELECT DISTINCT precision, state FROM run JOIN scorer ON scorer.id = scorer_id")
        == ["f32|finished"])
    let lines = first.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(
      lines.first == [
        "alpha", "aggregation", "seeds", "posts", "accuracy", "accuracy_sd", "macro_f1", "macro_f1_sd", "weighted_f1",
        "weighted_f1_sd", "macro_f1_difference", "difference_low", "difference_high", "p",
      ])
    #expect(lines.count == 5 && lines[1].suffix(4) == ["", "", "", ""])
    // The table's accuracies are those that SQL counts.
    for row in 0..<4 {
      let shares = try names[2 * row..<2 * row + 2].map { name in
        try #require(Double(try workdir.rows("cells.sqlite", Self.share(name)).first ?? ""))
      }
      #expect(Double(lines[row + 1][4]).map { abs($0 - (shares[0] + shares[1]) / 2) < 1e-9 } == true)
      #expect(lines[row + 1][3] == "20" && lines[row + 1][2] == "2")
    }
    // Repeated, it trains and scores nothing and gives the same table.
    let before = try Self.weights(workdir, "cells")
    let again = try await workdir.run(Self.arguments(grid: grid))
    #expect(again.status == 0 && again.output == first.output, "\(again.errors)")
    #expect(again.errors.components(separatedBy: "it is trained already").count == 9, "\(again.errors)")
    #expect(try Self.weights(workdir, "cells") == before)
    let baseline = try await workdir.run(Self.arguments(grid: grid) + ["--baseline", "aggregation=text alpha=1"])
    #expect(baseline.output.split(separator: "\n").last?.hasSuffix(",,,,") == true, "\(baseline.output)")
    // With alpha=0 as the baseline, the two settings without alignment are compared with nothing.
    let partial = try await workdir.run(Self.arguments(grid: grid) + ["--baseline", "alpha=0"])
    #expect(partial.output.split(separator: "\n").map { $0.hasSuffix(",,,") } == [false, true, true, false, false])
    // Other settings are not these cells.
    let other = try await workdir.run(Self.arguments(epochs: 3, grid: grid))
    #expect(
      other.status == 1 && other.errors.contains("with settings epochs 2, but it would be epochs 3 now"),
      "\(other.errors)")
  }

  private static func share(_ run: String) -> String {
    """
    SELECT avg(prediction.label = label.label) FROM run JOIN entry ON entry.run_id = run.id
    JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    JOIN label ON label.post_id = entry.post_id WHERE run.name = '\(run)'
    """
  }

  @Test func aKilledAblationContinuesToTheSameBytes() async throws {
    let workdir = try Workdir()
    try Self.prepare(workdir)
    let whole = try await workdir.run(Self.arguments("whole", epochs: 60))
    #expect(whole.status == 0, "\(whole.errors)")
    let arguments = Self.arguments("parts", epochs: 60, "--checkpoint-every", "0.01s")
    for (signal, seconds) in [(SIGKILL, 0.15), (SIGINT, 0.4), (SIGKILL, 0.7)] {
      let part = try await workdir.run(arguments, signal: signal, after: seconds)
      if signal == SIGINT, let status = part.status, status != 0 { #expect(status == 130, "\(part.errors)") }
    }
    let end = try await workdir.run(arguments)
    #expect(end.status == 0 && end.output == whole.output, "\(end.errors)")
    #expect(try Self.weights(workdir, "parts") == Self.weights(workdir, "whole"))
    let left = try FileManager.default.contentsOfDirectory(atPath: workdir.path + "/parts")
    #expect(
      left.sorted()
        == ["0", "1"].flatMap { alpha in
          ["1", "2"].flatMap { ["alpha=\(alpha)_seed=\($0)", "alpha=\(alpha)_seed=\($0).json"] }
        })
  }

  @Test func aPlanEqualsFlags() async throws {
    let workdir = try Workdir()
    try Self.prepare(workdir)
    let flags = try await workdir.run(Self.arguments())
    #expect(flags.status == 0, "\(flags.errors)")
    try workdir.write(
      "plan.json",
      """
      {"corpus": "train.csv", "validation": "valid.csv", "images": "\(Workdir.samples)",
       "vocabulary": "\(Workdir.samples)/model/vocab.txt", "text-size": "1x16", "image-size": "1x16/16@32",
       "fusion-layers": 1, "max-text": 16, "batch": 4, "rate": 0.01, "teacher": "teacher.safetensors", "epochs": 2,
       "grid": {"alpha": [0, 1]}, "seeds": [1, 2]}
      """)
    let plan = try await workdir.run(
      "ablate", "plan.json", "--test", "test.csv", "--store", "cells.sqlite", "-o", "cells", "--format", "csv")
    #expect(plan.status == 0 && plan.output == flags.output, "\(plan.errors)")
    #expect(plan.errors.components(separatedBy: "it is trained already").count == 5, "\(plan.errors)")
    let latex = try await workdir.run(
      "ablate", "plan.json", "--test", "test.csv", "--store", "cells.sqlite", "-o", "cells", "--format", "latex")
    #expect(latex.output.hasPrefix("\\begin{tabular}") && latex.output.contains(" ± "), "\(latex.errors)")
    // Flags on the command line override those of the plan.
    let other = try await workdir.run(
      "ablate", "plan.json", "--test", "test.csv", "--store", "cells.sqlite", "-o", "cells", "--batch", "2")
    #expect(other.status == 1 && other.errors.contains("batch 4, but it would be batch 2 now"), "\(other.errors)")
    try workdir.write("bad.json", #"{"corpus": "train.csv", "epoch": 2}"#)
    let bad = try await workdir.run("ablate", "bad.json", "--test", "test.csv", "--store", "s.sqlite", "-o", "x")
    #expect(bad.status == 1 && bad.errors.contains(#"did you mean "epochs"?"#), "\(bad.errors)")
    let missing = try await workdir.run("ablate", "plan.json", "--test", "test.csv", "-o", "x")
    #expect(missing.status == 64 && missing.errors.contains("--store"), "\(missing.errors)")
  }

  @Test func postsInJSONAreNoPlan() async throws {
    let workdir = try Workdir()
    try Self.prepare(workdir)
    let csv = try await workdir.run(Self.arguments(seeds: "1"))
    #expect(csv.status == 0, "\(csv.errors)")
    let forms: [(name: String, write: ([String]) -> String, flags: [String])] = [
      ("list", { "[" + $0.joined(separator: ",\n") + "]" }, []), ("lines", { $0.joined(separator: "\n") + "\n" }, []),
      ("below", { "{\"posts\": [" + $0.joined(separator: ",\n") + "]}" }, ["--records", "posts"]),
    ]
    for form in forms {
      var files: [String: String] = [:]
      for name in ["train", "valid", "test"] {
        let posts = LabelledSamples.json(try String(contentsOfFile: "\(workdir.path)/\(name).csv", encoding: .utf8))
        files[name + ".csv"] = "\(form.name)-\(name).json"
        try workdir.write("\(form.name)-\(name).json", form.write(posts))
      }
      let json = try await workdir.run(Self.arguments(form.name, seeds: "1").map { files[$0] ?? $0 } + form.flags)
      #expect(json.status == 0 && json.output == csv.output, "\(form.name): \(json.errors)")
      #expect(try Self.weights(workdir, form.name) == Self.weights(workdir, "cells"))
    }
    let plan = try await workdir.run(
      Self.arguments("none", seeds: "1").map { $0 == "train.csv" ? "below-train.json" : $0 })
    #expect(
      plan.status == 1 && plan.errors.contains("name the member that lists them with --records"), "\(plan.errors)")
  }

  @Test func rejectsImpossibleTraining() async throws {
    let workdir = try Workdir()
    try Self.prepare(workdir)
    for (more, words) in [
      (["--grid", "alhpa=1"], "did you mean \"alpha\"?"), (["--grid", "alpha=0"], "the grid has alpha twice"),
      (["--grid", "temperature=0"], "the cell alpha=0 temperature=0 seed=1 cannot be trained: the temperature"),
      (["--grid", "lexicon=on,off"], "--lexicon"), (["--baseline", "alpha=2"], "the settings are alpha=0; alpha=1"),
      (["--seeds", "1,1"], "the seed 1 is given twice"), (["--test", "-"], "standard input"),
      (["--score-precision", "int8"], "--score-precision"), (["--report", "test.csv"], "is not a PDF"),
    ] {
      let outcome = try await workdir.run(Self.arguments() + more)
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(more): \(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/cells"))
    let noTest = try await workdir.run(Self.arguments() + ["--test", "no.csv"])
    #expect(noTest.status == 1 && noTest.errors.contains("no.csv"), "\(noTest.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/cells"))
  }

  @Test func aPlanHasAKeyForEveryFlag() async throws {
    let workdir = try Workdir()
    let help = try await workdir.run("ablate", "--experimental-dump-help")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(help.output.utf8)) as? [String: Any])
    let command = try #require(root["command"] as? [String: Any])
    let arguments = try #require(command["arguments"] as? [[String: Any]])
    let names = arguments.compactMap { argument in
      (argument["names"] as? [[String: String]])?.first { $0["kind"] == "long" }?["name"]
    }
    #expect(
      Set(names).subtracting(["help", "version", "format", "progress", "list-presets", "search", "no-search"])
        == Set(AblationPlan.keys).subtracting(["corpus"]))
  }
}
