import Foundation
import Testing

/// How commands that write a store end: with a complete store or with instructions; and the error for a second writer.
@Suite struct StoreEndingTests {
  private static func corpus(_ workdir: borrowing Workdir, _ name: String, rows: ClosedRange<Int>) throws -> String {
    try workdir.write(name, "id,text\n" + rows.map { "k\($0),post number \($0)\n" }.joined())
  }

  @Test func aSecondWriterThroughAHardLinkIsRejected() async throws {
    let workdir = try Workdir()
    let first = try Self.corpus(workdir, "first.csv", rows: 1...3)
    #expect(try await workdir.run(Workdir.score(first, "posts.sqlite")).status == 0)
    // A pipe that stays open keeps the writer busy as long as the test needs.
    let pipe = workdir.path + "/pipe.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    _ = "text\na text\n".withCString { write(descriptor, $0, 12) }
    async let writer = workdir.run(Workdir.score(pipe, "posts.sqlite"))
    while !FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite.lock") {
      try await Task.sleep(for: .milliseconds(20))
    }
    try FileManager.default.linkItem(atPath: workdir.path + "/posts.sqlite", toPath: workdir.path + "/other.sqlite")
    let second = try await workdir.run(Workdir.score(first, "other.sqlite"))
    #expect(second.status == 1 && second.errors.contains("other.sqlite"), "\(second.errors)")
    let reader = try await workdir.run("runs", "other.sqlite")
    #expect(reader.status == 1 && reader.errors.contains("under another name"), "\(reader.errors)")
    close(descriptor)
    #expect(try await writer.status == 0)
    let later = try await workdir.run(Workdir.score(first, "other.sqlite"))
    #expect(later.status == 1 && later.errors.contains("hard links"), "\(later.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT name, state FROM run") == ["first|finished", "pipe|finished"])
  }

  @Test func aLogThatDoesNotFitIntoTheFileIsReported() async throws {
    let workdir = try Workdir()
    let first = try Self.corpus(workdir, "first.csv", rows: 1...3000)
    let second = try Self.corpus(workdir, "second.csv", rows: 3001...3080)
    #expect(try await workdir.run(Workdir.score(first, "posts.sqlite")).status == 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: workdir.path + "/posts.sqlite")
    let size = try #require(attributes[.size] as? Int)
    // No file may grow past the store's size: the log has room for the commits, the store has none for the log.
    let command = Workdir.score(second, "posts.sqlite").map { "'\($0)'" }.joined(separator: " ")
    let outcome = try await workdir.shell("ulimit -f \(size / 1024); exec '\(Workdir.program)' \(command)")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("posts.sqlite-wal") && outcome.errors.contains("keep both"), "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite-wal"))
    // Both files together are the store, and the command that the message names joins them.
    let joined = try await workdir.run("forget", "posts.sqlite", "/dev/null")
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite-wal"))
    #expect(try workdir.rows("posts.sqlite", "SELECT state FROM run") == ["finished", "finished"])
    #expect(try await workdir.run("runs", "verify", "posts.sqlite").status == 0)
  }

  @Test func aFullTemporaryFolderIsNotCalledTheStores() async throws {
    let workdir = try Workdir()
    let first = try Self.corpus(workdir, "first.csv", rows: 1...2)
    #expect(try await workdir.run(Workdir.score(first, "posts.sqlite")).status == 0)
    // More than SQLite sorts in memory.
    let sql = """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
      SELECT max(length(x)) FROM (SELECT hex(zeroblob(1000)) || i AS x FROM n ORDER BY x DESC LIMIT -1 OFFSET 1)
      """
    let query = try workdir.write("big.sql", sql)
    let folder = workdir.path + "/temporary"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let outcome = try await workdir.shell(
      "ulimit -f 1000; SQLITE_TMPDIR='\(folder)' exec '\(Workdir.program)' query posts.sqlite '\(query)'")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("temporary folder \(folder)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("SQLITE_TMPDIR"))
  }

  @Test func aNamedRunGivenAgainAfterItsEndIsAlreadyFinished() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "text\na text\n\n,\n")
    let command = Workdir.score(corpus, "posts.sqlite", "--run", "mine")
    #expect(try await workdir.run(command).status == 0)
    let before = try workdir.rows("posts.sqlite", "SELECT * FROM run")
    let again = try await workdir.run(command)
    #expect(again.status == 0 && again.errors.contains("mine is already finished"), "\(again)")
    #expect(try workdir.rows("posts.sqlite", "SELECT * FROM run") == before)
    let plan = try await workdir.run(command + ["--plan"])
    #expect(plan.status == 0 && plan.errors.contains("already finished"), "\(plan)")
    let json = try await workdir.run(command + ["--progress", "json"])
    #expect(json.errors == #"{"event":"done","faulted":1,"run":"mine"}"# + "\n", "\(json.errors)")
    // The counts at the end of the run are compared, and work that would have to be repeated is not ignored.
    #expect(try await workdir.run(command + ["--strict"]).status == 2)
    #expect(try await workdir.run(command + ["--rescore"]).status == 1)
    let other = try workdir.write("other.csv", "text\nanother\n")
    #expect(try await workdir.run(Workdir.score(other, "posts.sqlite", "--run", "mine")).status == 1)
  }

  @Test func aCorpusThatGrewOrShrankIsNotAlreadyFinished() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "text\na text\nanother\n")
    let command = Workdir.score(corpus, "posts.sqlite", "--run", "mine")
    #expect(try await workdir.run(command).status == 0)
    #expect(try await workdir.run(command).status == 0)
    _ = try workdir.write("posts.csv", "text\na text\nanother\na third\n")
    let grown = try await workdir.run(command)
    #expect(grown.status == 1 && grown.errors.contains("posts.csv has 1 record more than"), "\(grown)")
    #expect(try await workdir.run(command + ["--plan"]).status == 1)
    _ = try workdir.write("posts.csv", "text\n")
    let shrunk = try await workdir.run(command)
    #expect(shrunk.status == 1 && shrunk.errors.contains("posts.csv has 2 records fewer than"), "\(shrunk)")
  }

  @Test func aColumnThatCameLaterCanBeQueried() async throws {
    let workdir = try Workdir()
    let first = try workdir.write("posts.csv", "id,text,label\n1,hello,ironic\n2,well,sincere\n")
    let later = try workdir.write("later.csv", "id,text,label,lang\n1,hello,ironic,de\n2,well,sincere,en\n")
    #expect(try await workdir.run(Workdir.score(first, "posts.sqlite")).status == 0)
    let scored = try await workdir.run(
      ["score", later, "--model", Workdir.model, "--store", "posts.sqlite", "--precision", "f32"])
    #expect(scored.errors.contains("other columns of 2 known posts were added or changed (lang)"), "\(scored.errors)")
    let evaluated = try await workdir.run("evaluate", "posts.sqlite", "--by", "lang")
    #expect(evaluated.status == 0 && evaluated.output.contains("de"), "\(evaluated)")
  }

  @Test func aLaterBlankColumnReplacesNothing() async throws {
    let workdir = try Workdir()
    let first = try workdir.write(
      "posts.csv", "id,text,label,lang\n1,hello,ironic,de\n2,well,sincere,\n2,well,sincere,fr\n2,well,sincere,en\n")
    let later = try workdir.write("later.csv", "id,text,label,lang\n1,hello,ironic,\n2,well,sincere, \n")
    let none = try workdir.write("none.csv", "id,text,label\n3,no,sincere\n")
    let blank = try workdir.write("blank.csv", "id,text,label,lang\n3,no,sincere,\n4,yes,sincere,\n")
    let again = ["--model", Workdir.model, "--store", "posts.sqlite", "--precision", "f32"]
    let scored = try await workdir.run(["score", first] + again)
    #expect(scored.errors.contains("1 duplicate differs in other columns (lang), and the first counts"), "\(scored)")
    let wiped = try await workdir.run(["score", later] + again)
    #expect(wiped.status == 0 && !wiped.errors.contains("added or changed"), "\(wiped)")
    for corpus in [none, blank] { #expect(try await workdir.run(["score", corpus] + again).status == 0) }
    #expect(
      try workdir.rows("posts.sqlite", "SELECT extra FROM post WHERE key < '3' ORDER BY key")
        == [#"{"lang":"de"}"#, #"{"lang":"fr"}"#])
    let evaluated = try await workdir.run("evaluate", "posts.sqlite", "--by", "lang")
    #expect(
      evaluated.output.contains("lang (no value)") && !evaluated.output.contains("lang="), "\(evaluated.output)")
  }
}
