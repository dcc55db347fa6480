import Benchmark
import Bytes
import Foundation
import Models
import TestSupport
import Testing

@Suite struct BenchmarkTests {
  private static func small() -> ModelConfiguration {
    var configuration = ModelConfiguration(labelNames: ["no", "yes"])
    configuration.text.vocabularySize = 500
    configuration.text.hiddenSize = 32
    configuration.text.layers = 1
    configuration.text.heads = 2
    configuration.text.feedForward = 64
    configuration.image.size = 64
    configuration.image.hiddenSize = 32
    configuration.image.layers = 1
    configuration.image.heads = 2
    configuration.image.feedForward = 64
    configuration.dim = 16
    configuration.projectionHidden = 24
    configuration.fusionHeads = 2
    configuration.fusionFeedForward = 32
    configuration.preprocessing.size = 64
    return configuration
  }

  /// Every measure exists, the numbers add up, and everything that depends on the seed is reproducible.
  @Test func aBenchmarkOfASmallModel() throws {
    let folder = try Scratch()
    try SyntheticModel.write(Self.small(), to: folder.path, seed: 9)
    #expect(try ModelFolder.load(folder.path).configuration == Self.small())
    var stages: [String] = []
    func measure(seed: UInt64) throws -> [BenchmarkReport.Line] {
      stages = []
      return try Benchmark(model: folder.path, precision: .f32, rows: 40, threads: 2, seed: seed)
        .run(version: "0") { stages.append($0) }.lines
    }
    let lines = try measure(seed: 1), again = try measure(seed: 1), other = try measure(seed: 2)
    #expect(stages.last == "from CSV to SQLite, 2 workers")
    func value(_ measure: String, _ unit: String, in lines: [BenchmarkReport.Line]) -> String? {
      lines.first { $0.measure == measure && $0.unit == unit }?.value
    }
    for (measure, unit) in [
      ("model, 1 worker", "rows/s"), ("model, 2 workers", "rows/s"), ("products alone, 1 worker", "GFLOP/s"),
      ("model's share of that", "%"), ("CSV to SQLite, 2 workers", "rows/s"), ("scaling", "times one worker"),
      ("text encoder", "ms a row"), ("pictures decoded and resized", "ms a row"), ("start-up", "s"),
    ] {
      let number = try #require(value(measure, unit, in: lines).flatMap(Double.init), "\(measure)")
      #expect(number >= 0 && number.isFinite)
    }
    #expect(value("posts", "", in: lines) == "40")
    let hash = try #require(value("scores", "sha256", in: lines))
    #expect(hash.count == 64)
    #expect(value("scores", "sha256", in: again) == hash)
    #expect(value("scores", "sha256", in: other) != hash)
  }

  /// Every precision of the processor has a row, from the same posts.
  @Test func allPrecisionsAreCompared() throws {
    let folder = try Scratch()
    try SyntheticModel.write(Self.small(), to: folder.path, seed: 9)
    var stages: [String] = []
    let table = try Benchmark(model: folder.path, precision: .f32, rows: 16, threads: 1, seed: 1)
      .compareAll(version: "0") { stages.append($0) }
    #expect(table.rows.map(\.precision) == Precision.allCases.filter(\.isSupported))
    for row in table.rows { #expect(row.rowsPerSecond > 0 && row.share > 0) }
    #expect(stages.count { $0.hasSuffix("writing 16 synthetic posts") } == 1)
  }

  /// Matching posts are reused, others are written again, and unrelated files are left alone.
  @Test func keptPostsAreReusedIfSeedAndRowsMatch() throws {
    let model = try Scratch(), scratch = try Scratch()
    try SyntheticModel.write(Self.small(), to: model.path, seed: 9)
    let keep = scratch.path + "/kept"
    func measure(rows: Int, seed: UInt64 = 1, keep: String) throws -> (stages: [String], hash: String?) {
      var stages: [String] = []
      let report = try Benchmark(
        model: model.path, precision: .f32, rows: rows, threads: 1, seed: seed, keep: keep
      ).run(version: "0") { stages.append($0) }
      return (stages, report.lines.last?.value)
    }
    let first = try measure(rows: 20, keep: keep)
    #expect(first.stages.first == "writing 20 synthetic posts")
    #expect(FileManager.default.fileExists(atPath: keep + "/pictures/19.jpg"))
    let posts = try Data(contentsOf: URL(filePath: keep + "/posts.csv"))

    let again = try measure(rows: 20, keep: keep)
    #expect(again.stages.first == "loading the model")
    #expect(again.hash == first.hash)
    #expect(try measure(rows: 20, seed: 2, keep: keep).stages.first == "writing 20 synthetic posts")
    #expect(try Data(contentsOf: URL(filePath: keep + "/posts.csv")) != posts)
    #expect(try measure(rows: 16, keep: keep).stages.first == "writing 16 synthetic posts")
    #expect(!FileManager.default.fileExists(atPath: keep + "/pictures/16.jpg"))

    #expect(throws: BenchmarkError.self, "a folder of something else") {
      try measure(rows: 16, keep: model.path)
    }
    #expect(try ModelFolder.load(model.path).configuration == Self.small())
  }

  /// A kept corpus that was changed is not measured.
  @Test func aRowThatCannotBeScoredIsAnError() throws {
    let model = try Scratch(), kept = try Scratch()
    try SyntheticModel.write(Self.small(), to: model.path, seed: 9)
    func measure() throws {
      _ = try Benchmark(model: model.path, precision: .f32, rows: 16, threads: 1, seed: 1, keep: kept.path)
        .run(version: "0") { _ in }
    }
    try measure()
    let corpus = URL(filePath: kept.path + "/posts.csv")
    try Data(String(contentsOf: corpus, encoding: .utf8).appending("too,few\n").utf8).write(to: corpus)
    let error = #expect(throws: BenchmarkError.self) { try measure() }
    #expect("\(try #require(error))".contains("line 18"), "\(String(describing: error))")
  }
}
