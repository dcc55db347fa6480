import Foundation
import Testing

/// However a run ends, the same command with `--resume` ends with the same bytes.
@Suite struct TrainResumeTests {
  private static let epochs = 60

  /// The model of an uninterrupted run on one thread.
  private static func whole(_ workdir: borrowing Workdir) async throws -> [Data] {
    try TrainFixture.write(workdir)
    let outcome = try await workdir.run(
      TrainFixture.arguments("whole", "--dropout", "0.2", "--threads", "1", epochs: epochs))
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try TrainFixture.model(workdir, "whole")
  }

  private static func arguments(_ more: String...) -> [String] {
    TrainFixture.arguments(
      "M", "--dropout", "0.2", "--threads", "2", "--checkpoint-steps", "20", epochs: epochs) + more
  }

  /// Starts the run again, or continues it, unless it is finished.
  private static func end(_ workdir: borrowing Workdir) async throws {
    let begun = FileManager.default.fileExists(atPath: workdir.path + "/M.training")
    let done = FileManager.default.fileExists(atPath: workdir.path + "/M")
    guard begun || !done else { return }
    let outcome = try await workdir.run(begun ? arguments("--resume") : arguments())
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/M.training"))
  }

  @Test func signalsAndKills() async throws {
    let workdir = try Workdir()
    let whole = try await Self.whole(workdir)
    for (signal, seconds) in [(SIGKILL, 0.05), (SIGKILL, 0.2), (SIGINT, 0.15), (SIGTERM, 0.3), (SIGKILL, 0.4)] {
      let ended = try await workdir.run(Self.arguments(), signal: signal, after: seconds)
      #expect(ended.status == nil || ended.status == 130 || ended.status == 0, "\(ended.errors)")
      try await Self.end(workdir)
      #expect(try TrainFixture.model(workdir, "M") == whole, "\(signal) after \(seconds) s")
      try FileManager.default.removeItem(atPath: workdir.path + "/M")
    }
  }

  @Test func severalKillsInARow() async throws {
    let workdir = try Workdir()
    let whole = try await Self.whole(workdir)
    var resume: [String] = []
    for _ in 0..<4 {
      _ = try await workdir.run(Self.arguments() + resume, signal: SIGKILL, after: 0.15)
      if FileManager.default.fileExists(atPath: workdir.path + "/M.training") { resume = ["--resume"] }
    }
    try await Self.end(workdir)
    #expect(try TrainFixture.model(workdir, "M") == whole)
  }

  @Test func aSecondSignalEndsItAtOnce() async throws {
    let workdir = try Workdir()
    let whole = try await Self.whole(workdir)
    let line = ([Workdir.program] + Self.arguments()).map { "'\($0)'" }.joined(separator: " ")
    let ended = try await workdir.shell("\(line) & sleep 0.2; kill -INT $!; kill -INT $!; wait $!")
    #expect(ended.status == 130 || ended.status == 0, "\(ended.errors)")
    try await Self.end(workdir)
    #expect(try TrainFixture.model(workdir, "M") == whole)
  }

  @Test func aSignalPrintsHowToContinue() async throws {
    let workdir = try Workdir()
    try TrainFixture.write(workdir)
    let arguments = TrainFixture.arguments("M", epochs: 100_000)
    let ended = try await workdir.run(arguments, signal: SIGINT, onceSaid: "epoch 1/")
    #expect(ended.status == 130, "\(ended.errors)")
    #expect(ended.errors.contains("M.training/checkpoint.safetensors; the same command with --resume goes on"))
    let again = try await workdir.run(arguments)
    #expect(again.status == 1 && again.errors.contains("continue it with --resume"), "\(again.errors)")
    let other = try await workdir.run(arguments + ["--resume", "--seed", "1"])
    #expect(other.status == 1 && other.errors.contains("started with seed 2022, but it is 1 now"), "\(other.errors)")
    let more = try await workdir.run(TrainFixture.arguments("M", "--resume", epochs: 3))
    #expect(more.status == 1 && more.errors.contains("started with epochs 100000, but it is 3 now"), "\(more.errors)")
  }
}
