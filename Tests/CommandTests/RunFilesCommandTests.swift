import Bytes
import Foundation
import Subprocess
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// `--summary` and `--metrics` of `clfa score`, and its behaviour as process 1.
@Suite struct RunFilesCommandTests {
  private static let namespace = ["--user", "--map-root-user", "--mount-proc", "--pid", "--fork"]

  /// Whether a process can be process 1 of a namespace here.
  private static let canBeFirst: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = namespace + ["true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static func json(_ workdir: borrowing Workdir, _ name: String) throws -> JSON {
    try JSONParser.parse(Array(Data(contentsOf: URL(filePath: workdir.path + "/" + name))))
  }

  private static let files = ["--summary", "end.json", "--metrics", "run.prom"]

  @Test func aRunWritesBothFiles() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("few.csv", "id,text,image\n1,i love the train,\n2,late again,no.jpg\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "few.sqlite") + Self.files)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let end = try Self.json(workdir, "end.json")
    #expect(end["state"]?.asString == "finished" && end["exit_code"]?.asInteger == 0 && end["error"] == nil)
    #expect(end["rows"]?.asInteger == 2 && end["faulted"]?.asInteger == 1 && end["precision"]?.asString == "f32")
    let fault = end["faults"]?.asList?.first
    #expect(fault?["code"]?.asString == "missing" && fault?["count"]?.asInteger == 1)
    let metrics = try String(contentsOfFile: workdir.path + "/run.prom", encoding: .utf8)
    #expect(metrics.contains("state=\"faulted\"} 1\n") && metrics.contains("state=\"finished\"} 1\n"), "\(metrics)")

    let strict = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--run", "few", "--strict") + Self.files)
    #expect(strict.status == 2)
    #expect(try Self.json(workdir, "end.json")["exit_code"]?.asInteger == 2)
  }

  @Test func aRunThatFailsWritesThem() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("few.csv", "id,text\n1,i love the train\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "no/such/few.sqlite") + Self.files)
    #expect(outcome.status == 1)
    let end = try Self.json(workdir, "end.json")
    #expect(end["state"]?.asString == "failed" && end["exit_code"]?.asInteger == 1)
    #expect(try outcome.errors.contains(#require(end["error"]?.asString)), "\(outcome.errors)")
    let plan = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--plan") + Self.files)
    #expect(plan.status == 64 && plan.errors.contains("--plan scores nothing"), "\(plan.errors)")
    let bad = try await workdir.run(Workdir.score(corpus, "few.sqlite", "--summary", workdir.path))
    #expect(bad.status == 1 && bad.errors.contains("cannot write"), "\(bad.errors)")
  }

  /// Process 1 has no default action for a signal: without a handler it would not end.
  @Test(.enabled(if: canBeFirst)) func processOneEndsWithASignal() async throws {
    let workdir = try Workdir()
    let arguments = Workdir.score("-", "few.sqlite") + Self.files
    // The corpus is a pipe that is silent forever; another process sends the signal as soon as it is caught.
    let script = """
      mkfifo corpus
      (until grep -q '^SigCgt:.*[4-7c-f]...$' /proc/1/status; do sleep 0.05; done; kill -TERM 1) &
      exec "$@" <> corpus
      """
    let result = try await Subprocess.run(
      .path("/usr/bin/unshare"),
      arguments: Arguments(Self.namespace + ["bash", "-c", script, "bash", Workdir.program] + arguments),
      workingDirectory: FilePath(workdir.path), input: .none, output: .discarded, error: .string(limit: 1 << 20))
    #expect(result.terminationStatus.code == 130, "\(result.standardError ?? "")")
    #expect(try Self.json(workdir, "end.json")["state"]?.asString == "interrupted")
  }
}
