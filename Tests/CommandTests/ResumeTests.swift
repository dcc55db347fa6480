import Foundation
import GRDB
import Evaluation
import Testing

/// An interrupted run continues and ends with the same rows as an uninterrupted one.
@Suite(.serialized) struct ResumeTests {
  /// A corpus of some thousand different posts with faults between them, written into the folder.
  static func corpus(_ workdir: borrowing Workdir, posts: Int) throws -> String {
    let lines = try LabelledSamples.lines()
    var text = lines[0] + "\n"
    for number in 0..<posts {
      let cells = lines[1 + number % (lines.count - 1)].split(separator: ",", maxSplits: 1)
      text += "\(number)-\(cells[0]),\(cells[1])\n"
      if number % 97 == 5 { text += "\(number)-gone,a picture that is not there,images/none-\(number).jpg,ironic,x\n" }
      if number % 131 == 7 { text += "\(number)-short,only two\n" }
      if number % 151 == 9 { text += "\(number)-\(cells[0]),\(cells[1])\n" }
    }
    return try workdir.write("posts.csv", text)
  }

  @Test func killedTwentyTimesEndsInTheSameRows() async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir, posts: 2000)
    let images = ["--images", Workdir.samples, "--no-cache"]
    let whole = try await workdir.run(Workdir.score(corpus, "whole.sqlite") + images)
    #expect(whole.status == 0, "\(whole.errors)")
    var generator = SeededGenerator(seed: 7)
    var kills = 0
    while kills < 20 {
      let pause = 0.03 + Double(generator.next() % 200) / 1000
      let outcome = try await workdir.run(
        Workdir.score(corpus, "killed.sqlite") + images, signal: SIGKILL, after: pause)
      // A run that finished before its kill is repeated, because every kill must interrupt work, and the same command
      // after a finished run starts another.
      let states = try? workdir.rows("killed.sqlite", "SELECT state FROM run")
      if outcome.status != nil || states == ["finished"] {
        for suffix in ["", "-wal", "-shm", ".lock"] {
          try? FileManager.default.removeItem(atPath: workdir.path + "/killed.sqlite" + suffix)
        }
      } else {
        kills += 1
      }
    }
    let last = try await workdir.run(Workdir.score(corpus, "killed.sqlite") + images)
    #expect(last.status == 0, "\(last.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: workdir.path).filter { $0.hasPrefix("killed") }
    #expect(files == ["killed.sqlite"])
    #expect(try workdir.contents("killed.sqlite") == workdir.contents("whole.sqlite"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalEndsWithTheCommandThatGoesOn(signal: Int32) async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir, posts: 4000)
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    let outcome = try await workdir.run(
      arguments, signal: signal, onceIn: "posts.sqlite", holds: "SELECT 1 FROM entry LIMIT 1")
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("continue with:"))
    #expect(try workdir.rows("posts.sqlite", "SELECT state FROM run") == ["interrupted"])
    let rest = try await workdir.run(arguments)
    #expect(rest.status == 0, "\(rest.errors)")
    let whole = try await workdir.run(
      Workdir.score(corpus, "whole.sqlite") + ["--images", Workdir.samples, "--no-cache"])
    #expect(whole.status == 0)
    #expect(try workdir.contents("posts.sqlite") == workdir.contents("whole.sqlite"))
  }

  @Test func aSecondRunCostsNoInferenceAndHoldsEveryRow() async throws {
    let workdir = try Workdir()
    let arguments = Workdir.score(try LabelledSamples.write(workdir), "posts.sqlite", "--images", Workdir.samples)
    let count = try LabelledSamples.lines().count - 1
    _ = try await workdir.run(arguments)
    let again = try await workdir.run(arguments.map { $0 == "none" ? "json" : $0 })
    #expect(again.errors.contains("\"known\":\(count)"), "\(again.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT run.name, count(*) FROM run JOIN entry ON run.id = run_id GROUP BY 1")
        == ["posts|\(count)", "posts-2|\(count)"])
  }

  @Test func continuesWithAnEmptyStore() async throws {
    let workdir = try Workdir()
    let store = try DatabaseQueue(path: workdir.path + "/posts.sqlite")
    // The state after a kill in the first milliseconds: the store's mark, but no table.
    try await store.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(0x434C_4641)") }
    try store.close()
    let corpus = try workdir.write("rows.csv", "id,text\n1,one\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT key, state FROM entry") == ["1|without_picture"])
  }

  @Test func retriesOnlyWhatFailed() async throws {
    let workdir = try Workdir()
    let picture = try Data(contentsOf: URL(filePath: Workdir.jpeg))
    try workdir.write("a.jpg", picture)
    let corpus = try workdir.write("rows.csv", "id,text,image\n1,one,a.jpg\n2,two,b.jpg\n3,three,c.jpg\n")
    _ = try await workdir.run(Workdir.score(corpus, "rows.sqlite"))
    #expect(try workdir.rows("rows.sqlite", "SELECT key FROM fault ORDER BY key") == ["2", "3"])
    try workdir.write("b.jpg", picture)
    let outcome = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--retry-faults"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT key FROM fault ORDER BY key") == ["3"])
    #expect(
      try workdir.rows("rows.sqlite", "SELECT key, state FROM entry ORDER BY record")
        == ["1|scored", "2|scored", "3|faulted"])
    #expect(try workdir.rows("rows.sqlite", "SELECT name, state FROM run") == ["rows|finished"])
  }

  @Test func doesNotContinueWithAnotherCorpus() async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir, posts: 6000)
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    _ = try await workdir.run(arguments + ["--stop-after", "0.3s"])
    let lines = try String(contentsOfFile: corpus, encoding: .utf8).split(whereSeparator: \.isNewline)
    try workdir.write("posts.csv", ([lines[0]] + lines.dropFirst(2)).joined(separator: "\n") + "\n")
    let outcome = try await workdir.run(arguments)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("--run"), "\(outcome.errors)")
    try workdir.write("posts.csv", lines[..<9].joined(separator: "\n") + "\n")
    let shorter = try await workdir.run(arguments)
    #expect(shorter.status == 1)
    #expect(shorter.errors.contains("it ends after 8 records"), "\(shorter.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT state FROM run") == ["failed"])
    try workdir.write("posts.csv", lines.joined(separator: "\n") + "\n")
    #expect(try await workdir.run(arguments).status == 0)
    #expect(try workdir.rows("posts.sqlite", "SELECT name, state FROM run") == ["posts|finished"])
  }

  @Test func aCommitThatFailsFailsTheRunOnly() async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir, posts: 1000)
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    #expect(try await workdir.run(arguments + ["--limit", "1"]).status == 0)
    // The next run's place is taken at record 500.
    let queue = try DatabaseQueue(path: workdir.path + "/posts.sqlite")
    try await queue.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          INSERT INTO entry (run_id, file, record, line, state) VALUES (2, 'posts.csv', 500, 0, 'scored')
          """)
    }
    try queue.close()
    let failed = try await workdir.run(arguments)
    #expect(failed.status == 1)
    #expect(failed.errors.contains("record 500 "), "\(failed.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: workdir.path).filter {
      $0.hasPrefix("posts.sqlite")
    }
    #expect(files == ["posts.sqlite"])
    #expect(
      try workdir.rows("posts.sqlite", "SELECT name, state, finished_at IS NULL FROM run")
        == ["posts|finished|0", "posts-2|failed|1"])
    let last = try workdir.rows("posts.sqlite", "SELECT max(record) FROM entry WHERE run_id = 2 AND line > 0")
    #expect((Int(last[0]) ?? 0) > 0 && (Int(last[0]) ?? 500) < 500)
    try workdir.execute("posts.sqlite", "DELETE FROM entry WHERE line = 0")
    #expect(try await workdir.run(arguments).status == 0)
    let whole = try await workdir.run(
      Workdir.score(corpus, "whole.sqlite") + ["--images", Workdir.samples, "--no-cache"])
    #expect(whole.status == 0)
    let entries = "SELECT record, entry.key, entry.state FROM entry JOIN run ON run.id = run_id WHERE name = "
    let resumed = try workdir.rows("posts.sqlite", entries + "'posts-2' ORDER BY record")
    let uninterrupted = try workdir.rows("whole.sqlite", entries + "'posts' ORDER BY record")
    #expect(!resumed.isEmpty)
    #expect(resumed == uninterrupted)
  }

  @Test func stopsAfterATimeAndContinues() async throws {
    let workdir = try Workdir()
    let corpus = try Self.corpus(workdir, posts: 6000)
    let arguments = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    let outcome = try await workdir.run(arguments + ["--stop-after", "0.3s"])
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT state FROM run") == ["stopped"])
    #expect(try await workdir.run(arguments).status == 0)
    #expect(try workdir.rows("posts.sqlite", "SELECT name, state FROM run") == ["posts|finished"])
  }
}
