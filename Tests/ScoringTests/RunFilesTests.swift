import Bytes
import Corpus
import Foundation
import Models
import Scoring
import Store
import Synchronization
import TestSupport
import Testing

/// The files of `--summary` and `--metrics`.
@Suite struct RunFilesTests {
  private static func fault(_ code: FaultCode) -> ScoringEvent {
    .fault(
      RowFault(
        position: RowPosition(file: "a.csv", record: 1, line: 2), key: nil, stage: .image, code: code, detail: ""))
  }

  private static func progress(scored: Int, share: Double?) -> ScoringEvent {
    var progress = ScoringProgress()
    (progress.scored, progress.faulted, progress.seconds, progress.share) = (scored, 2, 10, share)
    return .progress(progress)
  }

  private static let record = RunRecord(store: "posts \"1\".sqlite", corpus: "a\\b.csv")

  private static func members(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

  @Test func metricsAreLinesOfTheTextFormat() throws {
    var record = Self.record
    for event in [Self.fault(.missing), Self.fault(.missing), Self.progress(scored: 8, share: 0.5)] {
      record.add(event)
    }
    let text = record.metrics(nil, at: 1.5)
    let labels = #"corpus="a\\b.csv",store="posts \"1\".sqlite""#
    for line in [
      "# TYPE clfa_score_rows_total counter", "clfa_score_rows_total{\(labels),state=\"scored\"} 8",
      "clfa_score_faults_total{\(labels),stage=\"image\",code=\"missing\"} 2",
      "clfa_score_rows_per_second{\(labels)} 1.0", "clfa_score_share{\(labels)} 0.5",
      "clfa_score_remaining_seconds{\(labels)} 10.0", "clfa_score_state{\(labels),state=\"running\"} 1",
      "clfa_score_updated_seconds{\(labels)} 1.5",
    ] {
      #expect(text.contains(line + "\n"), "\(line) in \(text)")
    }
    // Each metric is described once, before its samples, and nothing else is in the file.
    let names = text.split(separator: "\n").filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] }
    #expect(Set(names).count == names.count)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(names.contains { line.hasPrefix($0 + "{") }, "\(line)")
    }
    let ended = record.metrics(RunRecord.End(exitCode: 130), at: 2)
    #expect(ended.contains("state=\"interrupted\"} 1\n") && ended.contains("clfa_score_exit_code{\(labels)} 130\n"))
    #expect(!ended.contains("remaining_seconds"))
  }

  @Test func theMetricsAreWrittenAtMostEvery15Seconds() throws {
    let scratch = try Scratch(), path = scratch.file("run.prom"), begin = ContinuousClock.now
    let clock = Mutex(0)
    let files = try RunFiles(summary: nil, metrics: path, Self.record) { begin + .seconds(clock.withLock(\.self)) }
    var written: [Int] = []
    for second in 0...40 {
      clock.withLock { $0 = second }
      try? FileManager.default.removeItem(atPath: path)
      #expect(files.add(Self.progress(scored: second, share: nil)) == nil)
      if FileManager.default.fileExists(atPath: path) { written.append(second) }
    }
    #expect(written == [0, 15, 30])
    try files.end(RunRecord.End(exitCode: 0))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("state=\"scored\"} 40\n") && text.contains("state=\"finished\"} 1\n"))
    #expect(try scratch.names() == ["run.prom"])
  }

  @Test(arguments: [(1, "failed"), (64, "failed"), (130, "interrupted")])
  func aRunThatFailsHasASummary(exitCode: Int, state: String) throws {
    let scratch = try Scratch(), path = scratch.file("end.json")
    let files = try RunFiles(summary: path, metrics: nil, Self.record)
    files.choose(.bf16)
    _ = files.add(Self.progress(scored: 5, share: 0.25))
    _ = files.add(Self.fault(.missing))
    #expect(!FileManager.default.fileExists(atPath: path))
    try files.end(RunRecord.End(exitCode: exitCode, error: "the disk is full"))
    let json = try Self.members(String(contentsOfFile: path, encoding: .utf8))
    #expect(json["state"]?.asString == state && json["exit_code"]?.asInteger == exitCode)
    #expect(json["error"]?.asString == "the disk is full" && json["precision"]?.asString == "bf16")
    #expect(json["scored"]?.asInteger == 5 && json["seconds"] != nil && json["rows_per_second"] != nil)
    #expect(json["faults"]?.asList?.first?["code"]?.asString == "missing")
    #expect(json["event"] == nil)
  }

  @Test func theSummaryIsThatOfTheRun() throws {
    let scratch = try Scratch(), path = scratch.file("end.json")
    let files = try RunFiles(summary: path, metrics: scratch.file("end.prom"), Self.record)
    files.finish(
      .members([("event", .string("summary")), ("state", .string("stopped")), ("rows", .integer(7))]),
      faults: [FaultCount(stage: "corpus", code: "empty_post", count: 3)])
    try files.end(RunRecord.End(exitCode: 130))
    let json = try Self.members(String(contentsOfFile: path, encoding: .utf8))
    #expect(json["state"]?.asString == "stopped" && json["rows"]?.asInteger == 7)
    #expect(json["faults"]?.asList?.first?["count"]?.asInteger == 3)
    #expect(try String(contentsOfFile: scratch.file("end.prom"), encoding: .utf8).contains("state=\"stopped\"} 1\n"))
  }

  /// A file that cannot be written is an error before the run and at its end; in between it is told once.
  @Test func filesThatCannotBeWrittenAreReported() throws {
    let scratch = try Scratch()
    #expect(throws: RunFileError.self) { try RunFiles(summary: scratch.path, metrics: nil, Self.record) }
    let folder = scratch.path + "/sub", begin = ContinuousClock.now, clock = Mutex(0)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let files = try RunFiles(summary: nil, metrics: folder + "/run.prom", Self.record) {
      begin + .seconds(clock.withLock(\.self))
    }
    try FileManager.default.removeItem(atPath: folder)
    #expect(files.add(.started) != nil)
    clock.withLock { $0 = 20 }
    #expect(files.add(.started) == nil)
    #expect(throws: RunFileError.self) { try files.end(RunRecord.End(exitCode: 0)) }
  }
}
