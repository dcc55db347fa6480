import Foundation
import Testing

/// `clfa check` on corpora with typical problems.
@Suite struct CheckTests {
  private static func findings(_ output: String) -> String {
    let end = output.components(separatedBy: "\nFindings\n").last ?? ""
    return end.components(separatedBy: "\n\n")[0].trimmingCharacters(in: .newlines) + "\n"
  }

  @Test func theExamplesOfTheHelpRun() async throws {
    let workdir = try Workdir()
    let head = try LabelledSamples.lines().prefix(61)
    for name in ["posts.csv", "train.csv"] {
      try workdir.write(name, head.prefix(41).joined(separator: "\n") + "\n")
    }
    try workdir.write("valid.csv", ([head[0]] + head.suffix(20)).joined(separator: "\n") + "\n")
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path + "/images", withDestinationPath: Workdir.samples + "/images")
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path + "/MODEL", withDestinationPath: Workdir.samples + "/model")
    let help = try await workdir.run("check", "--help").output
    let examples = help.components(separatedBy: "EXAMPLE\n").last?.components(separatedBy: "\n\n").first ?? ""
    let lines = examples.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.count == 4)
    for line in lines {
      let arguments = line.split(separator: " ").dropFirst().map(String.init) + ["--images", Workdir.samples]
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(line): \(outcome.errors)")
    }
  }

  /// Their labels are balanced over words, pictures and formats.
  @Test func theSamplesHaveNoFindings() async throws {
    let workdir = try Workdir()
    let corpus = try LabelledSamples.write(workdir)
    let outcome = try await workdir.run("check", corpus, "--images", Workdir.samples, "--decode", "--strict")
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.hasPrefix("posts.csv: \(try LabelledSamples.lines().count - 1) rows\n"))
    #expect(outcome.output.contains("No cue is better than chance: 50.0 %."), "\(outcome.output)")
    #expect(Self.findings(outcome.output) == "  none\n")
  }

  @Test func aPlantedBlankIsTheFirstFinding() async throws {
    let workdir = try Workdir()
    let lines = try LabelledSamples.lines()
    // The label follows the picture; 94 % of ironic texts get a blank, and 6 % of the others.
    let rows = lines.dropFirst().enumerated().map { number, line in
      let hasBlank = (number * 37 % 100 < 94) == line.contains(",ironic,")
      let parts = line.split(separator: ",images/", maxSplits: 1)
      let quoted = parts[0].last == "\""
      return "\(quoted ? parts[0].dropLast() : parts[0])\(hasBlank ? " " : "")\(quoted ? "\"" : ""),images/\(parts[1])"
    }
    let corpus = try workdir.write("posts.csv", "\(lines[0])\n" + rows.joined(separator: "\n") + "\n")
    let outcome = try await workdir.run("check", corpus, "--images", Workdir.samples, "--strict")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(
      Self.findings(outcome.output).hasPrefix(
        "  1. text: a blank at the end: predicts the label of held-out posts with a balanced accuracy of 9"),
      "\(outcome.output)")
  }

  @Test func aLeftoverSelectorIsNamedByItsCodePoint() async throws {
    let workdir = try Workdir()
    let lines = try LabelledSamples.lines()
    let rows = lines.dropFirst().enumerated().map { number, line -> String in
      let isLeft = (number * 37 % 100 < 92) == line.contains(",ironic,")
      return isLeft
        ? line.replacing("to", with: "to\u{FE0F}").replacing(" the", with: " the\u{FE0F}") : line
    }
    let corpus = try workdir.write("posts.csv", "\(lines[0])\n" + rows.joined(separator: "\n") + "\n")
    let outcome = try await workdir.run("check", corpus, "--images", Workdir.samples, "--strict")
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(Self.findings(outcome.output).contains("U+FE0F"), "\(outcome.output)")
    let object = try await workdir.run("check", corpus, "--images", Workdir.samples, "--format", "json")
    #expect(object.output.contains("the invisible character U+FE0F (variation selector-16)"), "\(object.output)")
    #expect(!Self.findings(outcome.output).utf8.contains(0xEF), "\(Self.findings(outcome.output))")
  }

  /// A path with a selector at its end looks like the right one; JSON holds what the file holds.
  @Test func invisibleCharactersOfAPathAreEscapedExceptInJSON() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv", "id,text,image\na\u{1B}[1m,one,no.png\u{FE0F}\nb,two,\na\u{1B}[1m,three \u{1F602}\u{FE0F},\n")
    let report = try await workdir.run("check", corpus)
    #expect(report.output.contains("no.png<U+FE0F>"), "\(report.output)")
    #expect(!report.output.unicodeScalars.contains("\u{FE0F}"), "\(report.output)")
    let object = try await workdir.run("check", corpus, "--format", "json")
    #expect(object.output.contains("\"value\":\"a\\u001b[1m\""), "\(object.output)")
    #expect(object.output.contains("\"excerpt\":\"a\\u001b[1m\""), "\(object.output)")
  }

  @Test func theBrokenSampleIsFaultedAsScoringFaultsIt() async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(Workdir.score(Workdir.samples + "/broken.csv", "broken.sqlite"))
    let scored = try workdir.rows("broken.sqlite", "SELECT line, stage, code, detail FROM fault ORDER BY line")
    let outcome = try await workdir.run("check", Workdir.samples + "/broken.csv", "--decode", "--format", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let check = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let kinds = try #require(check["faults"] as? [[String: Any]])
    var found: [(Int, String)] = []
    for kind in kinds {
      for row in try #require(kind["first"] as? [[String: Any]]) {
        let line = try #require(row["line"] as? Int)
        found.append((line, "\(line)|\(kind["stage"] ?? "")|\(kind["code"] ?? "")|\(row["detail"] ?? "")"))
      }
    }
    #expect(found.sorted { $0.0 < $1.0 }.map(\.1) == scored)
    #expect(check["rows"] as? Int == 30)
    let text = try await workdir.run("check", Workdir.samples + "/broken.csv")
    #expect(
      text.output.contains("broken.csv:3 (key missing) image: missing: images/no-such-file.jpg — "), "\(text.output)")
    #expect(text.output.contains("good-4"))
  }

  @Test func theJSONObjectHasTheDocumentedKeys() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.csv", "id,text,label\n1,a b c,x\n2,A b c!,y\n2,other words here,z z\n3,new,Z_Z\n")
    let outcome = try await workdir.run(
      "check", corpus, "--model", Workdir.model, "--against",
      try LabelledSamples.write(workdir, "samples.csv"), "--format", "json")
    let check = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let page = try String(contentsOfFile: Workdir.repository + "/docs/check.md", encoding: .utf8)
    for key in check.keys { #expect(page.contains("`\(key)`"), "\(key)") }
    for key in ["duplicates", "model", "pictures", "scripts", "against"] {
      for inner in try #require(check[key] as? [String: Any]).keys { #expect(page.contains("`\(inner)`"), "\(inner)") }
    }
    #expect((check["model"] as? [String: Any])?["texts"] as? Int == 4)
    let kinds = try #require(check["findings"] as? [[String: String]]).compactMap { $0["kind"] }
    #expect(kinds == ["spellings", "unknown_labels", "not_as_trained", "repeated_ids"], "\(kinds)")
  }

  @Test func badUsageAndSignals() async throws {
    let workdir = try Workdir()
    for arguments in [["check"], ["check", "-", "--against", "-"], ["check", "x.csv", "--format", "table"]] {
      #expect(try await workdir.run(arguments).status == 64, "\(arguments)")
    }
    let missing = try await workdir.run("check", "none.csv")
    #expect(missing.status == 1 && missing.errors.contains("none.csv"), "\(missing.errors)")
    let pipe = workdir.path + "/posts.csv"
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    try FileHandle(fileDescriptor: descriptor).write(contentsOf: Data("text\na text\n".utf8))
    let outcome = try await workdir.run(["check", pipe], signalOnceCaught: SIGINT)
    #expect(outcome.status == 130 && outcome.errors.contains("interrupted"), "\(outcome.errors)")
  }

  @Test func anEmptyCorpusAndStandardInputAreReported() async throws {
    let workdir = try Workdir()
    let none = try await workdir.run("check", try workdir.write("none.csv", "id,text\n"))
    #expect(none.status == 0 && none.output.contains("none.csv: 0 rows"), "\(none.output)")
    let piped = try await workdir.run(["check", "-"], input: "text\nan \u{1B}[31mevil\u{1B}[0m text\n")
    #expect(piped.status == 0 && piped.output.contains("1 row") && !piped.output.contains("\u{1B}"), "\(piped.output)")
  }
}
