import Foundation
import GRDB
import Testing

/// A signal ends every command with 130 and leaves one clean file.
@Suite struct InterruptTests {
  /// A store in which whoever reads the runs, or removes an entry, never comes to an end.
  private static func makeEndless(_ workdir: borrowing Workdir) async throws -> [String] {
    let corpus = try workdir.write("posts.csv", "text,label\nhello,ironic\nwell,sincere\n")
    for name in ["runs.sqlite", "drop.sqlite"] { _ = try await workdir.run(Workdir.score(corpus, name)) }
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
    try change(
      workdir.path + "/drop.sqlite",
      """
      \(endless) CREATE TRIGGER stuck BEFORE DELETE ON entry BEGIN SELECT count(*) FROM endless; END;
      CREATE TRIGGER stuck_too BEFORE DELETE ON post BEGIN SELECT count(*) FROM endless; END;
      """)
    try workdir.write("keys.txt", "posts.csv#2\n")
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
    ["report", "runs.sqlite", "-o", "report.pdf"], ["runs", "drop", "drop.sqlite", "posts"],
    ["merge", "new.sqlite", "runs.sqlite"], ["merge", "drop.sqlite", "runs.sqlite"],
    ["query", "runs.sqlite", "labels"], ["similar", "runs.sqlite", "--post", "posts.csv#2"],
    ["export", "runs.sqlite"], ["export", "runs.sqlite", "-o", "rows.csv"], ["export", "runs.sqlite", "-o", "folder"],
    ["forget", "drop.sqlite", "keys.txt"],
  ])
  func theFirstSignalEndsIt(arguments: [String]) async throws {
    let workdir = try Workdir()
    let before = try await Self.makeEndless(workdir)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      let outcome = try await workdir.run(arguments, signalOnceCaught: signal)
      #expect(outcome.status == 130, "\(outcome)")
      #expect(outcome.errors.contains("interrupted"), "\(outcome.errors)")
      #expect(try Self.files(workdir) == before)
    }
    #expect(try workdir.rows("drop.sqlite", "SELECT count(*) FROM entry") == ["2"])
    #expect(try workdir.rows("drop.sqlite", "SELECT count(*) FROM post JOIN prediction ON post_id = id") == ["2"])
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
