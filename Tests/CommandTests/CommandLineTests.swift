import Foundation
import Testing

/// Rules for every command: help with an example, errors that say how to fix them, exit codes.
@Suite struct CommandLineTests {
  static let commands = [
    "check", "score", "stream", "collect", "import", "sample", "annotate", "label", "estimate", "evaluate", "report",
    "explain", "query", "similar", "export", "runs", "merge", "forget", "teach", "split", "train", "ablate", "model",
    "bench",
  ]

  @Test(arguments: commands)
  func helpTeachesWithAnExample(command: String) async throws {
    let workdir = try Workdir()
    let help = try await workdir.run(command, "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("EXAMPLE"))
    #expect(help.output.contains("clfa \(command) "))
    // A wrapped example cannot be pasted.
    let examples = help.output.components(separatedBy: "EXAMPLE\n").last?.components(separatedBy: "\n\n").first ?? ""
    #expect(examples.split(separator: "\n").allSatisfy { $0.hasPrefix("  ") }, "\(examples)")
    // The manual page is made from this text; everything else is dropped.
    #expect(help.output.utf8.allSatisfy { $0 < 0x80 }, "\(help.output)")
  }

  @Test func completionKnowsTheQueries() async throws {
    let workdir = try Workdir()
    for shell in ["bash", "zsh", "fish"] {
      let script = try await workdir.run("--generate-completion-script", shell).output
      #expect(script.contains("least-certain") && script.contains("most-certain-mistakes"), "\(shell)")
    }
  }

  @Test func theHelpListsTheExitCodes() async throws {
    let help = try await Workdir().run("--help").output
    for code in ["0", "1", "2", "64", "130"] {
      #expect(help.contains("\n  \(code) "), "\(help)")
      #expect(DesignDocument.text.contains("| \(code) |"))
    }
  }

  @Test func theDocumentedCommandsAreTheCommands() async throws {
    let workdir = try Workdir()
    let help = try await workdir.run("--help")
    let listed = help.output.components(separatedBy: "SUBCOMMANDS:").last ?? ""
    let names = listed.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
    #expect(names.sorted() == Self.commands.sorted())
    #expect(DesignDocument.commands.sorted() == Self.commands.sorted())
  }

  @Test func badUsageExitsWith64() async throws {
    let workdir = try Workdir()
    for arguments in [
      ["score"], ["score", "x.csv", "--model", "m", "--store", "s", "--shard", "5/4"], ["nonsense"],
      ["score", "x.csv", "--model", "m", "--store", "s", "--threads", "0"],
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func errorsSayHowToFixThem() async throws {
    let workdir = try Workdir()
    let semicolons = try workdir.write("semi.csv", "id;text;image\n1;a;b\n")
    let outcome = try await workdir.run(Workdir.score(semicolons, "s.sqlite"))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("--delimiter"), "\(outcome.errors)")
    let columns = try workdir.write("columns.csv", "number,body\n1,a\n")
    let missing = try await workdir.run(Workdir.score(columns, "s.sqlite"))
    #expect(missing.status == 1)
    #expect(missing.errors.contains("number") && missing.errors.contains("body"), "\(missing.errors)")
    let noModel = try await workdir.run(
      "score", columns, "--text", "body", "--model", "nowhere", "--store", "s.sqlite")
    #expect(noModel.status == 1)
    #expect(noModel.errors.contains("nowhere"), "\(noModel.errors)")
  }

  @Test func anUnusableStorePathIsExplained() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("none.csv", "id,text\n")
    let nowhere = try await workdir.run(Workdir.score(corpus, "nodir/x.sqlite"))
    #expect(nowhere.status == 1 && nowhere.errors.contains("no folder nodir"), "\(nowhere.errors)")
    _ = try await workdir.run(Workdir.score(corpus, "some.sqlite"))
    let stream = try await workdir.run("merge", "-", "some.sqlite")
    #expect(stream.status == 1 && stream.errors.contains("name a file"), "\(stream.errors)")
    _ = try await workdir.run("runs", "drop", "some.sqlite", "none")
    for arguments in [["query", "some.sqlite", "labels"], ["runs", "show", "some.sqlite"]] {
      let empty = try await workdir.run(arguments)
      #expect(empty.status == 1 && empty.errors.contains("holds no run yet"), "\(empty.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/-"))
  }

  @Test func aReportGoesToStandardOutputAndNamesWhatItCannotUse() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "text\nhello\n")
    _ = try await workdir.run(Workdir.score(corpus, "one.sqlite"))
    let streamed = try await workdir.run(
      ["-c", #""$0" report one.sqlite -o - > piped.pdf && "$0" report one.sqlite -o file.pdf"#, Workdir.program],
      program: "/bin/sh")
    #expect(streamed.status == 0, "\(streamed.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/-"))
    let piped = try Data(contentsOf: URL(filePath: workdir.path + "/piped.pdf"))
    #expect(try piped == Data(contentsOf: URL(filePath: workdir.path + "/file.pdf")) && piped.count > 1000)
    let nowhere = try await workdir.run("report", "one.sqlite", "-o", "nodir/x.pdf")
    #expect(nowhere.status == 1 && nowhere.errors.contains("check its folder"), "\(nowhere.errors)")
    try workdir.write("mine.json", "pages: none")
    let layout = try await workdir.run("report", "one.sqlite", "-o", "x.pdf", "--layout", "mine.json")
    #expect(layout.status == 1 && layout.errors.contains("mine.json") && layout.errors.contains("--help"))
  }

  @Test func aReportTellsPostsApartAndComparesRuns() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "text,label,language\nhello,ironic,en\nhallo,sincere,de\n")
    _ = try await workdir.run(Workdir.score(corpus, "one.sqlite"))
    _ = try await workdir.run(Workdir.score(corpus, "two.sqlite"))
    for arguments in [
      ["--by", "language"], ["--by", "state"], ["--against", "one"], ["--against", "two.sqlite:one", "--by", "file"],
    ] {
      let drawn = try await workdir.run(["report", "one.sqlite", "-o", "one.pdf"] + arguments)
      #expect(drawn.status == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    }
    let column = try await workdir.run("report", "one.sqlite", "-o", "x.pdf", "--by", "langauge")
    #expect(column.status == 64 && column.errors.contains("did you mean \"language\""), "\(column.errors)")
    let run = try await workdir.run("report", "one.sqlite", "-o", "x.pdf", "--against", "two.sqlite:on")
    #expect(run.status == 64 && run.errors.contains("did you mean \"one\""), "\(run.errors)")
    let store = try await workdir.run("report", "one.sqlite", "-o", "x.pdf", "--against", "three.sqlite:one")
    #expect(store.status == 1 && store.errors.contains("three.sqlite"), "\(store.errors)")
    let layout = try await workdir.run(
      "report", "one.sqlite", "-o", "x.pdf", "--against", "one", "--layout", "standard")
    #expect(layout.status == 64 && layout.errors.contains("comparison"), "\(layout.errors)")
    let training = try await workdir.run("report", "--training", "M", "-o", "x.pdf", "--by", "language")
    #expect(training.status == 64, "\(training.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/x.pdf"))
  }

  @Test func aSecondWriterIsRejected() async throws {
    let workdir = try Workdir()
    // A pipe that stays open keeps the first run busy as long as the test needs.
    let pipe = workdir.path + "/posts.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    _ = "text\na text\n".withCString { write(descriptor, $0, 12) }
    async let first = workdir.run(Workdir.score(pipe, "posts.sqlite"))
    while !FileManager.default.fileExists(atPath: workdir.path + "/posts.sqlite.lock") {
      try await Task.sleep(for: .milliseconds(20))
    }
    let other = try workdir.write("other.csv", "text\na text\n")
    let second = try await workdir.run(Workdir.score(other, "posts.sqlite"))
    #expect(second.status == 1)
    #expect(second.errors.contains("posts.sqlite"), "\(second.errors)")
    close(descriptor)
    #expect(try await first.status == 0)
    #expect(try workdir.rows("posts.sqlite", "SELECT name, state FROM run") == ["posts|finished"])
  }

  @Test func readsAFileOnStandardInputOnce() throws {
    let workdir = try Workdir()
    var rows = ""
    for number in 0..<24_000 { rows += "\(number),text number \(number)\n" }
    let corpus = try workdir.write("rows.csv", rows)
    let process = Process()
    process.executableURL = URL(filePath: Workdir.program)
    process.arguments =
      Workdir.score("-", workdir.path + "/in.sqlite") + ["--no-header", "--id", "1", "--text", "2", "--limit", "20000"]
    process.standardInput = FileHandle(forReadingAtPath: corpus)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(
      try workdir.rows("in.sqlite", "SELECT count(*), sum(CAST(key AS INTEGER)) FROM entry") == ["20000|199990000"])
  }

  @Test func aReportNeverReplacesAStore() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "text\nhello\n")
    _ = try await workdir.run(Workdir.score(corpus, "one.sqlite"))
    let refused = try await workdir.run("report", "one.sqlite", "-o", "one.sqlite")
    #expect(refused.status == 64, "\(refused.errors)")
    #expect(try workdir.rows("one.sqlite", "SELECT count(*) FROM entry") == ["1"])
    for _ in 1...2 { #expect(try await workdir.run("report", "one.sqlite", "-o", "one.pdf").status == 0) }
  }

  @Test func reportsACorpusWithoutRows() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("none.csv", "id,text\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "none.sqlite"))
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("none.csv") && outcome.errors.contains("notice:"), "\(outcome.errors)")
    #expect(try workdir.rows("none.sqlite", "SELECT name, state FROM run") == ["none|finished"])
  }

  @Test func readsStandardInput() async throws {
    let workdir = try Workdir()
    let outcome = try await workdir.run(
      Workdir.score("-", "in.sqlite"), input: "text\ni love the train\nthe wifi is broken\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try workdir.rows("in.sqlite", "SELECT run, key, state FROM scored ORDER BY record") == [
        "stdin|-#2|without_picture", "stdin|-#3|without_picture",
      ])
  }

  @Test func givesUpAtTooManyFaults() async throws {
    let workdir = try Workdir()
    var rows = "id,text,image\n"
    for number in 0..<400 { rows += "\(number),a text,none-\(number).jpg\n" }
    let corpus = try workdir.write("rows.csv", rows)
    let outcome = try await workdir.run(Workdir.score(corpus, "rows.sqlite", "--max-faults", "10%"))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("× missing"), "\(outcome.errors)")
    #expect(try workdir.rows("rows.sqlite", "SELECT state FROM run") == ["failed"])
  }

  @Test func planCountsWithoutScoring() async throws {
    let workdir = try Workdir()
    let plan = try await workdir.run(Workdir.score(Workdir.samples + "/broken.csv", "none.sqlite", "--plan"))
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("rows: 30\n"), "\(plan.output)")
    #expect(plan.output.contains("  missing: 1\n"))
    #expect(FileManager.default.fileExists(atPath: workdir.path + "/none.sqlite") == false)
  }

  @Test func printsItsVersion() async throws {
    let workdir = try Workdir()
    #expect(try await workdir.run("--version").output.contains("0.2.0"))
    let verbose = try await workdir.run("--version", "--verbose").output
    for word in ["Swift", "oneDNN", "SQLite", "Pango", "fonts"] { #expect(verbose.contains(word), "\(verbose)") }
  }
}
