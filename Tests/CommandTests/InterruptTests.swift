import Foundation
import GRDB
import Testing

/// A signal ends every command with 130 and leaves one clean file.
@Suite struct InterruptTests {
  /// A store in which reading the runs never ends.
  private static func makeEndless(_ workdir: borrowing Workdir) async throws -> [String] {
    let corpus = try workdir.write("posts.csv", "text,label\nhello,ironic\nwell,sincere\n")
    _ = try await workdir.run(Workdir.score(corpus, "runs.sqlite"))
    let endless = """
      CREATE VIEW endless AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
      """
    try change(
      workdir.path + "/runs.sqlite",
      """
      PRAGMA legacy_alter_table = ON;
      ALTER TABLE run RENAME TO runs; \(endless)
      CREATE VIEW run AS SELECT * FROM runs WHERE (SELECT count(*) FROM endless) > 0;
      """)
    return try files(workdir)
  }

  private static func change(_ store: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: store)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  private static func files(_ workdir: borrowing Workdir) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: workdir.path).sorted()
  }

  @Test(arguments: [
    ["runs", "runs.sqlite"], ["runs", "show", "runs.sqlite"], ["evaluate", "runs.sqlite"],
    ["report", "runs.sqlite", "-o", "report.pdf"],
    ["query", "runs.sqlite", "labels"], ["similar", "runs.sqlite", "--post", "posts.csv#2"],
    ["export", "runs.sqlite"], ["export", "runs.sqlite", "-o", "rows.csv"], ["export", "runs.sqlite", "-o", "folder"],
  ])
  func theFirstSignalEndsIt(arguments: [String]) async throws {
    let workdir = try Workdir()
    let before = try await Self.makeEndless(workdir)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      let outcome = try await workdir.run(arguments, signalOnceCaught: signal)
      #expect(outcome.status == 130, "\(outcome)")
      #expect(outcome.errors.contains("interrupted"), "\(outcome.errors)")
      let left = try Self.files(workdir)
      #expect(left == before, "\(left)")
    }
  }

  /// SQLite's own functions do not check for interruption.
  @Test(arguments: ["SELECT %", "SELECT 1 FROM run WHERE %"])
  func aSignalEndsAFunctionOfSQLites(sql: String) async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "text,label\nhello,ironic\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let endless = "length(ltrim(replace(hex(zeroblob(20000000)), '0', 'z'), hex(zeroblob(1000000)) || 'z'))"
    let query = sql.replacingOccurrences(of: "%", with: endless)
    let outcome = try await workdir.run(["query", "posts.sqlite", "--sql", query], signalOnceCaught: SIGINT)
    #expect(outcome.status == 130 && outcome.errors.contains("interrupted"), "\(outcome)")
    try Self.change(
      workdir.path + "/posts.sqlite",
      """
      PRAGMA legacy_alter_table = ON; ALTER TABLE run RENAME TO runs;
      CREATE VIEW run AS SELECT * FROM runs WHERE \(endless) > 0;
      """)
    for command in [
      ["runs", "posts.sqlite"], ["evaluate", "posts.sqlite"], ["runs", "verify", "posts.sqlite"],
      ["report", "posts.sqlite", "-o", "report.pdf"], ["export", "posts.sqlite", "-o", "rows.csv"],
      ["export", "posts.sqlite", "-o", "folder"],
    ] {
      let outcome = try await workdir.run(command, signalOnceCaught: SIGINT)
      #expect(outcome.status == 130 && outcome.errors.contains("interrupted"), "\(command) \(outcome)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: workdir.path)
    #expect(!left.contains { $0.hasSuffix(".partial") || $0 == "report.pdf" || $0 == "rows.csv" }, "\(left)")
  }

  @Test(arguments: [["--plan"], []], ["text\na text\n", ""])
  func aSilentPipeHoldsNobodyUp(flags: [String], start: String) async throws {
    let workdir = try Workdir()
    let pipe = workdir.path + "/posts.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    try FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(start.utf8))
    let outcome = try await workdir.run(Workdir.score(pipe, "posts.sqlite") + flags, signalOnceCaught: SIGINT)
    #expect(outcome.status == 130, "\(outcome.errors)")
    guard flags.isEmpty, !start.isEmpty else { return }
    #expect(try workdir.rows("posts.sqlite", "SELECT state FROM run") == ["interrupted"])
  }
}
