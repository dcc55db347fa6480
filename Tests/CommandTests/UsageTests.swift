import Foundation
import Testing

/// The messages and exit codes for wrong command lines.
@Suite struct UsageTests {
  @Test(arguments: [
    // `--lr` was answered with "Did you mean '--id'?".
    (
      ["score", "a.csv", "--model", "M", "--store", "s", "--lr", "3"],
      "--learning-rate is a flag of clfa teach, clfa train and clfa ablate"
    ),
    (["train", "a.csv", "--lr", "3"], "did you mean \"--learning-rate\"?"),
    (["train", "a.csv", "--learning_rate=3"], "did you mean \"--learning-rate\"?"),
    (["train", "a.csv", "--batch-size", "3"], "did you mean \"--batch\"?"),
    (["score", "a.csv", "--output", "s"], "did you mean \"--store\"?"),
    (["score", "--input", "a.csv"], "files are named without a flag"),
    (["score", "a.csv", "--num-workers", "2"], "did you mean \"--threads\"?"),
    (["score", "a.csv", "--device", "cuda"], "the processor alone computes"),
    (["score", "a.csv", "--modle", "M"], "did you mean \"--model\"?"),
    (["similar", "s", "--n", "3"], "did you mean \"--limit\"?"),
    (["runs", "s", "--formt", "csv"], "clfa runs list has no flag '--formt' (did you mean \"--format\"?)"),
    (["label", "x"], "name files of labels, or give --majority or --list"),
    (["scor", "x"], "there is no command 'scor'; near: clfa score; clfa --help lists them"),
    (["model", "infoo", "M"], "there is no command 'infoo'; near: clfa model info; clfa model --help lists them"),
    (["quantize", "M"], "near: clfa model quantize"), (["runs", "shwo", "s"], "near: clfa runs show"),
    (["runs", "s", "drop", "x"], "the subcommand comes first: clfa runs drop s x"),
    (["xyzzy"], "there is no command 'xyzzy'; clfa --help lists them"),
  ])
  func unknownNamesAreErrorsWithSuggestions(arguments: [String], words: String) async throws {
    let outcome = try await Workdir().run(arguments)
    #expect(outcome.status == 64 && outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: [
    ["score", "a.csv", "--zq", "3"], ["runs", "s", "--zq"], ["model", "info", "--zq"], ["--zq", "score"],
    ["query", "--zq=1"],
  ])
  func nothingIsSuggestedWhereNothingIsNear(arguments: [String]) async throws {
    let outcome = try await Workdir().run(arguments)
    #expect(outcome.status == 64 && outcome.errors.contains("has no flag '--zq'\n"), "\(outcome.errors)")
  }

  /// An error of a command once came with the usage line of `clfa` itself, and exit codes differed.
  @Test func usageIsThatOfTheCommand() async throws {
    let workdir = try Workdir()
    let unknown = try await workdir.run("model", "info", "--nope")
    #expect(unknown.errors.contains("Usage: clfa model info <model>"), "\(unknown.errors)")
    #expect(unknown.errors.contains("See 'clfa model info --help'"), "\(unknown.errors)")
    let list = try await workdir.run("evaluate", "s", "--format", "zzz")
    let lines = list.errors.split(separator: "\n")
    #expect(lines.contains("  - table") && lines.contains { $0.hasPrefix("Usage: clfa evaluate") }, "\(list.errors)")
    try workdir.write("a.csv", "id,text,label\n1,a text,ironic\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite"))
    try workdir.write("theirs.csv", "id,label\n1,ironic\n")
    _ = try await workdir.run("import", "s.sqlite", "theirs.csv", "--run", "theirs")
    let sweep = try await workdir.run("evaluate", "s.sqlite", "--run", "theirs", "--positive", "ironic", "--sweep")
    #expect(sweep.status == 64 && sweep.errors.contains("See 'clfa evaluate --help'"), "\(sweep.errors)")
    #expect(!sweep.errors.contains("<subcommand>"), "\(sweep.errors)")
  }

  /// "The value 'x' is invalid for '--limit <n>'" did not say which values are allowed.
  @Test func errorsForInvalidValuesNameTheAllowedOnes() async throws {
    let workdir = try Workdir()
    let dump = try await workdir.run("--experimental-dump-help").output
    let root = try #require(try JSONSerialization.jsonObject(with: Data(dump.utf8)) as? [String: Any])
    var found = 0, seen: Set<String> = []
    for (path, flag, abstract) in Self.options(of: try #require(root["command"] as? [String: Any]), []) {
      // An option that several commands share has the same help in each.
      guard seen.insert(flag + abstract).inserted else { continue }
      // The file keeps a command from running where the value is valid.
      let errors = try await workdir.run(path + ["--\(flag)=x y", "no-such-file"]).errors
      guard let match = errors.firstMatch(of: /The value 'x y' is invalid for '[^']*'(.*)/) else { continue }
      found += 1
      #expect(match.1.hasPrefix(": ") || match.1.hasPrefix(". Please provide one of"), "\(path) \(flag): \(errors)")
    }
    #expect(found > 40)
  }

  /// The options with values of a command and of those below it, each with the command's words and the option's help.
  private static func options(of command: [String: Any], _ path: [String]) -> [([String], String, String)] {
    let own = (command["arguments"] as? [[String: Any]] ?? []).filter { $0["kind"] as? String == "option" }
    let below = (command["subcommands"] as? [[String: Any]] ?? []).filter { $0["commandName"] as? String != "help" }
    return own.flatMap { option in
      let names = (option["names"] as? [[String: String]] ?? []).filter { $0["kind"] == "long" }
      return names.compactMap { $0["name"] }.map { (path, $0, option["abstract"] as? String ?? "") }
    } + below.flatMap { options(of: $0, path + [$0["commandName"] as? String ?? ""]) }
  }

  /// A wrong value once gave 64 in one command and 1 in another.
  @Test func badValuesExitWith64Everywhere() async throws {
    let workdir = try Workdir(), model = Workdir.model
    try workdir.write("a.csv", "id,text,label\n1,a text,ironic\n2,another,sincere\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite"))
    let score = ["score", "a.csv", "--model", model, "--store", "t.sqlite"]
    for arguments in [
      ["evaluate", "s.sqlite", "--positive", "no"], ["evaluate", "s.sqlite", "--by", "no"],
      ["evaluate", "s.sqlite", "--truth", "no"], ["evaluate", "s.sqlite", "--run", "no"],
      ["evaluate", "s.sqlite", "--against", "no"],
      ["evaluate", "s.sqlite", "--format", "no"], ["evaluate", "s.sqlite", "--resamples", "-1"],
      ["report", "s.sqlite", "-o", "x.pdf", "--by", "no"], ["report", "s.sqlite", "-o", "x.pdf", "--run", "no"],
      ["report", "s.sqlite", "-o", "x.pdf", "--layout", "no"],
      ["report", "s.sqlite", "-o", "x.pdf", "--section", "no"],
      ["report", "s.sqlite", "-o", "x.pdf", "--section", "run", "--figure"],
      ["report", "s.sqlite", "-o", "x.pdf", "--dpi", "1"], ["report", "s.sqlite", "-o", "x.pdf", "--redact", "no"],
      ["query", "s.sqlite", "no"], ["query", "s.sqlite", "labels", "no=1"], ["query", "s.sqlite", "labels", "run=no"],
      ["query", "s.sqlite", "shares-by", "column=no"], ["query", "s.sqlite", "--sql", "select no"],
      ["query", "s.sqlite", "--sql", "delete from post"], ["runs", "show", "s.sqlite", "no"],
      ["runs", "drop", "s.sqlite", "no"], ["runs", "rename", "s.sqlite", "no", "b"],
      ["runs", "rename", "s.sqlite", "a", ""], ["similar", "s.sqlite", "--post", "no"],
      ["similar", "s.sqlite", "--post", "1", "--where", "no"], ["similar", "s.sqlite", "--post", "1", "--space", "no"],
      ["similar", "s.sqlite", "--post", "1", "--limit", "0"], ["explain", "s.sqlite", "no", "--model", model],
      ["explain", "s.sqlite", "1", "--model", model, "--run", "no"], ["export", "s.sqlite", "--run", "no"],
      ["export", "s.sqlite", "--corpus", "a.csv", "--text", "no"], ["import", "s.sqlite", "a.csv", "--label", "no"],
      ["import", "s.sqlite", "a.csv", "--run", "b", "--probabilities", "no"],
      ["label", "s.sqlite", "a.csv", "--label", "no"], ["label", "s.sqlite", "a.csv", "--annotator", "no"],
      ["label", "s.sqlite", "a.csv", "--source", "corpus"], ["label", "s.sqlite", "a.csv", "--run", "no"],
      ["label", "s.sqlite", "a.csv", "--content", "no"], ["label", "s.sqlite"],
      ["label", "s.sqlite", "--list", "--majority"], ["label", "s.sqlite", "--list", "--among", "no"],
      ["label", "s.sqlite", "--majority", "--source", "anna"], ["label", "s.sqlite", "--majority", "--among", "no"],
      ["check", "a.csv", "--text", "no"], ["check", "a.csv", "a.csv"], ["check", "a.csv", "--feature", "a=no"],
      score + ["--text", "no"], score + ["--run", ""], score + ["--column", "no:real"],
      score + ["--feature", "a=text"],
      score + ["--embeddings", "no"], score + ["--progress", "json", "--text", "no"], score + ["--sample", "200%"],
      ["merge", "s.sqlite", "s.sqlite"],
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty && outcome.output.isEmpty, "\(arguments)")
    }
    // Missing files and stores are not bad values.
    for arguments in [
      ["evaluate", "no.sqlite"], ["check", "no.csv"], ["score", "a.csv", "--model", "no", "--store", "t.sqlite"],
      ["query", "s.sqlite", "no.sql"], ["report", "s.sqlite", "-o", "x.pdf", "--layout", "no.json"],
    ] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 1, "\(arguments): \(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/x.pdf"))
  }

  @Test func closedStandardInputIsReported() async throws {
    let workdir = try Workdir()
    try workdir.write("a.csv", "id,text\n1,a text\n")
    let model = Workdir.model
    let score = "\"\(Workdir.program)\" score - --model \(model) --store s.sqlite <&-"
    let outcome = try await workdir.shell(score)
    #expect(outcome.status == 1 && outcome.errors.contains("standard input (-) is closed"), "\(outcome.errors)")
    // The store was opened as descriptor 0, 1 or 2, and messages were written into it.
    let closed = try await workdir.shell(
      "\"\(Workdir.program)\" score a.csv --model \(model) --store s.sqlite <&- >&- 2>&-")
    #expect(closed.status == 0)
    #expect(try workdir.rows("s.sqlite", "PRAGMA integrity_check") == ["ok"])
    let forget = try await workdir.shell("\"\(Workdir.program)\" forget s.sqlite - <&-")
    #expect(forget.status == 1 && forget.errors.contains("standard input (-) is closed"), "\(forget.errors)")
    let unread = try await workdir.shell("\"\(Workdir.program)\" query s.sqlite labels >&-")
    #expect(unread.status == 1 && unread.errors.contains("cannot write to standard output"), "\(unread.errors)")
  }

  /// 65,536 labels came out in one line of 644 kB; a report takes 1,000.
  @Test func listsOfNamesAreShort() async throws {
    let workdir = try Workdir()
    try workdir.write("a.csv", "id,text,label\n1,a text,b\n")
    _ = try await workdir.run(Workdir.score("a.csv", "s.sqlite"))
    try workdir.execute(
      "s.sqlite",
      """
      UPDATE scorer SET labels = (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 998)
      SELECT json_group_array('label' || i) FROM n);
      UPDATE prediction SET label = 'label0'
      """)
    let label = try await workdir.run("evaluate", "s.sqlite", "--positive", "none of them")
    #expect(label.status == 64 && label.errors.contains("label0, label1,"), "\(label.errors.prefix(500))")
    #expect(label.errors.contains("and 959 more") && label.errors.utf8.count < 2000, "\(label.errors.prefix(500))")
    let columns = (0..<9000).map { "column\($0)" }.joined(separator: ",")
    try workdir.write("wide.csv", "\(columns)\n")
    let wide = try await workdir.run(Workdir.score("wide.csv", "w.sqlite"))
    #expect(wide.errors.contains("and 8970 more") && wide.errors.utf8.count < 4000, "\(wide.errors.prefix(500))")
    // Nor does a path of a megabyte belong in a message.
    try workdir.write("long.csv", "id,image\n1,\(String(repeating: "x/", count: 400_000))\n")
    let long = try await workdir.run(
      "score", "long.csv", "--model", Workdir.model, "--store", "l.sqlite", "--precision", "f32")
    #expect(long.errors.contains("x/x/") && long.errors.utf8.count < 4000, "\(long.errors.prefix(500))")
  }
}
