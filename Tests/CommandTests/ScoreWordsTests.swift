import Foundation
import GRDB
import Subprocess
import Testing

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// The output of `clfa score`: lines on a terminal, objects for programs, commands ready to run.
@Suite struct ScoreWordsTests {
  /// The last object of `--progress json`.
  private static func summary(_ errors: String) throws -> [String: Any] {
    let lines = errors.split(separator: "\n")
    for line in lines { #expect(line.hasPrefix("{"), "\(line)") }
    let last = try #require(lines.last)
    return try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
  }

  private static func inJSON(_ arguments: [String]) -> [String] { arguments.map { $0 == "none" ? "json" : $0 } }

  @Test func objectsHaveTheCommandThatContinues() async throws {
    let workdir = try Workdir()
    let corpus = try ResumeTests.corpus(workdir, posts: 6000)
    let arguments = Self.inJSON(
      Workdir.score(corpus, "my posts.sqlite") + ["--images", Workdir.samples, "--no-cache", "--stop-after", "0.3s"])
    let outcome = try await workdir.run(arguments)
    #expect(outcome.status == 130)
    let summary = try Self.summary(outcome.errors)
    #expect(summary["state"] as? String == "stopped")
    let command = try #require(summary["go_on"] as? String)
    #expect(command.contains(" --store 'my posts.sqlite' "), "\(command)")
    let rest = try await workdir.shell(command.replacing("0.3s", with: "1h"))
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try workdir.rows("my posts.sqlite", "SELECT name, state FROM run") == ["posts|finished"])
  }

  @Test func aRunWithoutAScoredPostIsReported() async throws {
    let workdir = try Workdir()
    for (name, text, words) in [
      ("header", "id,text\n", "nothing was scored: no rows were read"),
      ("faults", "id,text\n1,\n", "nothing was scored: all rows have faults"),
    ] {
      let corpus = try workdir.write("\(name).csv", text)
      let outcome = try await workdir.run(Workdir.score(corpus, "\(name).sqlite"))
      #expect(outcome.status == 0 && outcome.errors.contains("notice: \(words)\n"), "\(outcome.errors)")
    }
  }

  @Test func objectsNameTheMostFrequentFaults() async throws {
    let workdir = try Workdir()
    var rows = "id,text,image\n"
    for number in 0..<400 { rows += "\(number),a text,none-\(number).jpg\n" }
    let corpus = try workdir.write("rows.csv", rows)
    let outcome = try await workdir.run(Self.inJSON(Workdir.score(corpus, "rows.sqlite", "--max-faults", "10%")))
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    let summary = try Self.summary(lines.filter { !$0.hasPrefix("Error") }.joined(separator: "\n"))
    let kinds = try #require(summary["commonest_faults"] as? [[String: Any]])
    #expect(kinds.count == 1)
    #expect(kinds.first?["code"] as? String == "missing")
    #expect(kinds.first?["stage"] as? String == "image")
    #expect(kinds.first?["count"] as? Int == summary["faulted"] as? Int)
  }

  @Test func thePrintedQueryForFaultsRuns() async throws {
    let workdir = try Workdir()
    var rows = "id,text,image\n"
    for number in 0..<7 { rows += "\(number),a text,none-\(number).jpg\n" }
    let corpus = try workdir.write("rows.csv", rows)
    for name in ["it's one", "two"] {
      let outcome = try await workdir.run(Workdir.score(corpus, "my store.sqlite", "--run", name))
      let line = try #require(outcome.errors.split(separator: "\n").first { $0.contains("all of them: clfa ") })
      let query = try #require(line.components(separatedBy: "all of them: clfa ").last)
      let answer = try await workdir.shell("\(Workdir.program) \(query)")
      #expect(answer.status == 0, "\(answer.errors)")
      // The header and the seven faults of this run, not of both.
      #expect(answer.output.split(separator: "\n").count == 8, "\(query)\n\(answer.output)")
    }
  }

  @Test func countsInGoodGrammar() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "id,text\n1,hello\n")
    let first = try await workdir.run(Workdir.score(corpus, "one.sqlite"))
    #expect(first.errors.contains("finished: 1 row = "), "\(first.errors)")
    let changed = try workdir.write("one.csv", "id,text\n1,hello you\n")
    let second = try await workdir.run(Workdir.score(changed, "one.sqlite"))
    #expect(second.errors.contains("; 1 new version of a known key;"), "\(second.errors)")
    let third = try await workdir.run(Workdir.score(changed, "one.sqlite"))
    #expect(third.errors.contains("; 1 was already scored;"), "\(third.errors)")
  }

  /// Whether script(1) can run a command on a terminal of its own: a container may have no pseudo-terminals.
  private static var hasTerminals: Bool {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
  }

  @Test(.enabled("needs script and a pseudo-terminal") { hasTerminals })
  func theMovingLineFitsTheTerminal() async throws {
    let workdir = try Workdir()
    let corpus = try ResumeTests.corpus(workdir, posts: 6000)
    let words = Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples, "--no-cache"]
    let command = ([Workdir.program] + words.map { $0 == "none" ? "auto" : $0 }).joined(separator: " ")
    let outcome = try await workdir.run(
      ["-qec", command, "/dev/null"], environment: .inherit.updating(["COLUMNS": "21", "TERM": "xterm"]),
      program: "/usr/bin/script")
    let moving = outcome.output.components(separatedBy: "\r\u{1B}[K").dropFirst()
      .filter { $0.contains("rows") && !$0.contains("\n") }
    #expect(!moving.isEmpty, "\(outcome.output)")
    for line in moving { #expect(line.count <= 20, "\(line)") }
  }

  @Test(arguments: ["foo", "text,imagee", ","])
  func aWrongSpaceIsNamedWithTheRightOnes(value: String) async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("one.csv", "id,text\n1,hello\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "one.sqlite", "--embeddings", value))
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("all, none, or some of text,image,fused"), "\(outcome.errors)")
    #expect(outcome.errors.contains("clfa score --help"), "\(outcome.errors)")
  }

  @Test func unknownLabelsAreReported() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "rows.csv", "id,text,label\n1,one,Ironic\n2,two,ironic\n3,three,sarcasm\n4,four,Ironic\n5,five,\n")
    let words =
      "3 rows have true labels that the model does not know, so they count as wrong: "
      + "\"Ironic\" (2), \"sarcasm\" (1); the model's labels are \"sincere\", \"ironic\"."
    let score = try await workdir.run(Workdir.score(corpus, "rows.sqlite"))
    #expect(score.errors.components(separatedBy: words).count == 2, "\(score.errors)")
    let evaluate = try await workdir.run("evaluate", "rows.sqlite")
    #expect(evaluate.status == 0)
    #expect(evaluate.errors.components(separatedBy: words).count == 2, "\(evaluate.errors)")
    let named = try await workdir.run(
      Workdir.score(corpus, "rows.sqlite", "--labels", "Ironic=ironic,sarcasm=ironic,ironic=ironic"))
    #expect(!named.errors.contains("does not know"), "\(named.errors)")
    let known = try await workdir.run("evaluate", "rows.sqlite")
    #expect(known.status == 0 && !known.errors.contains("does not know"), "\(known.errors)")
  }
}
