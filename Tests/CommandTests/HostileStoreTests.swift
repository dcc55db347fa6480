import Bytes
import Foundation
import Testing

/// Text in a store, in SQL and in arguments is never executed or obeyed.
@Suite struct HostileStoreTests {
  private static let model = Workdir.model
  private static let text = HostileText.text

  /// A store in which every text is hostile.
  private static func store(_ workdir: borrowing Workdir) async throws {
    try workdir.write(
      "a.csv", "id,text,image,label,lang\n1,a text,,ironic,en\n2,another,none.jpg,sincere,de\n3,third,,sincere,fr\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite", "--run", "r"))
    let quoted = "'" + text + "'"
    try workdir.execute("s.sqlite", "PRAGMA foreign_keys = OFF")
    try workdir.execute(
      "s.sqlite",
      """
      UPDATE run SET name = \(quoted), images = \(quoted), version = \(quoted);
      UPDATE post SET key = key || \(quoted), image = \(quoted);
      UPDATE entry SET key = key || \(quoted);
      UPDATE label SET source = \(quoted), label = CASE post_id WHEN 1 THEN label ELSE \(quoted) END;
      UPDATE fault SET detail = \(quoted), path = \(quoted), code = \(quoted), key = key || \(quoted);
      """)
  }

  @Test func textInAStoreIsNotExecuted() async throws {
    let workdir = try Workdir()
    try await Self.store(workdir)
    let key = "1" + Self.text
    HostileText.check(try await workdir.run("evaluate", "s.sqlite", "--run", "no"), "a run's name", status: 64)
    HostileText.check(try await workdir.run("evaluate", "s.sqlite", "--truth", "no"), "a label's source", status: 64)
    HostileText.check(try await workdir.run("evaluate", "s.sqlite"), "labels", status: 0)
    HostileText.check(try await workdir.run("evaluate", "s.sqlite", "--by", "no"), "columns", says: "lang", status: 64)
    HostileText.check(try await workdir.run("runs", "show", "s.sqlite", "no"), "runs", status: 64)
    HostileText.check(
      try await workdir.run("similar", "s.sqlite", "--post", "none"), "a run's name in similar", status: 64)
    HostileText.check(try await workdir.run("similar", "s.sqlite", "--post", key), "similar", status: 0)
    HostileText.check(
      try await workdir.run("explain", "s.sqlite", "1", "--model", Self.model), "a near key", status: 64)
    HostileText.check(
      try await workdir.run("explain", "s.sqlite", "2" + Self.text, "--model", Self.model), "a fault", status: 1)
    HostileText.check(try await workdir.run("query", "s.sqlite", "labels", "run=no"), "runs in a query", status: 64)
    HostileText.check(
      try await workdir.run("export", "s.sqlite", "--corpus", "a.csv"), "a corpus that differs", status: 1)
    HostileText.check(
      try await workdir.run("report", "s.sqlite", "-o", "x.pdf", "--against", "no"), "runs of a report", status: 64)
    let again = try await workdir.run(
      Workdir.score("a.csv", "s.sqlite", "--run", "r2", "--feature", "\(Self.text)=\(Self.text)"))
    HostileText.check(again, "a feature", says: "feature", status: 64)
    try workdir.execute("s.sqlite", "UPDATE scorer SET model_name = '\(Self.text)', model_fingerprint = '\(Self.text)'")
    for arguments in [
      ["explain", "s.sqlite", key, "--model", Self.model],
      ["report", "s.sqlite", "-o", "x.pdf", "--model", Self.model],
      ["similar", "s.sqlite", "--text", "a", "--model", Self.model],
    ] {
      HostileText.check(try await workdir.run(arguments), "a fingerprint: \(arguments[0])", status: 1)
    }
    try workdir.execute("s.sqlite", "UPDATE scorer SET labels = json_array('\(Self.text)', '\(Self.text)2')")
    HostileText.check(
      try await workdir.run("evaluate", "s.sqlite", "--positive", "no"), "a scorer's labels", status: 64)
    try workdir.execute(
      "s.sqlite", "UPDATE scorer SET precision = '\(Self.text)', options = '{\"\(HostileText.json)\":1}'")
    HostileText.check(
      try await workdir.run("similar", "s.sqlite", "--text", "a", "--model", Self.model), "a precision", status: 1)
  }

  @Test func textInArgumentsIsNotExecuted() async throws {
    let workdir = try Workdir()
    try workdir.write("a.csv", "id,text\n1,a text\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite"))
    for arguments in [
      ["--sql", "select [\(Self.text)]"], ["--sql", "select '\(Self.text)"], ["--sql", "\(Self.text)"],
      ["--sql", "select 1 where \"\(Self.text)\"(1)"], ["--sql", "select refuse('\(Self.text)')"],
      ["--sql", "select :a", "\(Self.text)=1"], ["--sql", "select 1", Self.text], ["labels", "run=\(Self.text)"],
      ["least-certain", "limit=\(Self.text)"], ["shares-by", "column=\(Self.text)"],
      ["search", "words=\"\(Self.text)"],
    ] {
      let outcome = try await workdir.run(["query", "s.sqlite"] + arguments)
      HostileText.check(outcome, "\(arguments)", says: "Error", status: 64)
    }
    try workdir.write("\(Self.text).sql", "select [\(Self.text)]")
    HostileText.check(try await workdir.run("query", "s.sqlite", "./\(Self.text).sql"), "a file of SQL", status: 1)
    try workdir.write("own.sql", "-- own: \(Self.text)\n-- @\(HostileText.line) text\nselect 1")
    HostileText.check(try await workdir.run("query", "s.sqlite", "own.sql"), "a query's header", says: "own")
    for condition in ["[\(Self.text)]", "'\(Self.text)", "1; \(Self.text)", "\(Self.text)(1)"] {
      let outcome = try await workdir.run("similar", "s.sqlite", "--post", "1", "--where", condition)
      HostileText.check(outcome, condition, says: "--where", status: 64)
    }
    for arguments in [
      ["evaluate", "s.sqlite", "--positive", Self.text], ["evaluate", "s.sqlite", "--require", "\(Self.text)>=1"],
      ["evaluate", "s.sqlite", "--against", Self.text], ["evaluate", "s.sqlite", "--model", Self.text],
      ["report", "s.sqlite", "-o", "x.pdf", "--by", Self.text], ["runs", "rename", "s.sqlite", "a", Self.text],
      ["runs", "drop", "s.sqlite", Self.text], ["explain", "s.sqlite", Self.text, "--model", Self.model],
      ["score", "a.csv", "--model", Self.model, "--store", "s.sqlite", "--run", Self.text],
      ["similar", "s.sqlite", "--image", Self.text, "--model", Self.model], ["merge", "s.sqlite", "./\(Self.text)"],
      ["import", "s.sqlite", "a.csv", "--id", Self.text], ["import", "s.sqlite", "a.csv", "--label", Self.text],
      ["export", "s.sqlite", "--corpus", Self.text], ["export", "s.sqlite", "-o", "no/\(Self.text).csv"],
    ] {
      let outcome = try await workdir.run(arguments)
      HostileText.check(outcome, "\(arguments)", says: "Error")
      #expect(outcome.status == 1 || outcome.status == 64, "\(arguments)")
    }
  }

  /// On a terminal rows, too, are made safe, and lines move.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func aTerminalObeysNothing() async throws {
    let workdir = try Workdir()
    try await Self.store(workdir)
    try workdir.write("b.csv", "id,text,\"\(Self.text)\",label\n\"\(Self.text)\",b,c,\"\(Self.text)\"\n")
    for command in [
      "query s.sqlite faults", "query s.sqlite faults --format csv", "check b.csv --format json",
      "query s.sqlite faults --format json",
      "runs s.sqlite",
      "runs show s.sqlite", "query s.sqlite --sql 'select key from post' --format lines", "evaluate s.sqlite",
      "check b.csv",
      "check b.csv --format json", "export s.sqlite", "score b.csv --model \(Self.model) --store b.sqlite",
      "runs b.sqlite no",
    ] {
      let outcome = try await workdir.shell("script -qec \"\(Workdir.program) \(command)\" /dev/null < /dev/null")
      // In CSV a cell may have line feeds: it is data.
      let faults = HostileText.faults(in: outcome.output, moves: true).filter {
        $0 != "\\t as it is" && !(command.contains("csv") && $0.contains("forged"))
      }
      #expect(faults.isEmpty, "\(command): \(faults): \(outcome.output.debugDescription)")
      #expect(!outcome.output.isEmpty, "\(command)")
    }
  }
}
