import Foundation
import Testing

/// Labels and runs with Arabic names: people see them in order, programs get the raw names.
@Suite struct RightToLeftTests {
  private static let labels = ["ساخر", "صادق"]
  private static let run = "التشغيل الأول"

  /// A store of the samples' posts, and predictions of a system with Arabic labels.
  private static func make(_ workdir: borrowing Workdir) async throws {
    let corpus = try LabelledSamples.write(workdir)
    let scored = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--images", Workdir.samples))
    #expect(scored.status == 0, "\(scored.errors)")
    var rows = "id,label\n"
    let truths = try workdir.rows("posts.sqlite", "SELECT key, truth FROM scored ORDER BY record")
    for (place, row) in truths.enumerated() {
      let cells = row.components(separatedBy: "|"), isIronic = (cells[1] == "ironic") != (place % 10 == 0)
      rows += "\(cells[0]),\(labels[isIronic ? 0 : 1])\n"
    }
    let file = try workdir.write("theirs.csv", rows)
    let imported = try await workdir.run("import", "posts.sqlite", file, "--run", run)
    #expect(
      imported.status == 0 && imported.errors.contains("run \u{2068}\(run)\u{2069} finished"), "\(imported.errors)")
  }

  private static func hasMarks(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0 == "\u{2068}" || $0 == "\u{2069}" }
  }

  @Test func tablesAndErrorsIsolateNamesAndFormatsForProgramsDoNot() async throws {
    let workdir = try Workdir()
    try await Self.make(workdir)
    func confusion(_ format: String) async throws -> String {
      let outcome = try await workdir.run("query", "posts.sqlite", "confusion", "run=\(Self.run)", "--format", format)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    let table = try await confusion("table")
    #expect(table.contains("\u{2068}ساخر\u{2069}"), "\(table)")
    for format in ["csv", "tsv", "json", "jsonl"] {
      let text = try await confusion(format)
      #expect(text.contains("ساخر") && !Self.hasMarks(text), "\(text)")
    }
    let wrong = try await workdir.run("evaluate", "posts.sqlite", "--run", Self.run, "--positive", "ساخ")
    #expect(wrong.status != 0 && wrong.errors.contains("\"\u{2068}ساخ\u{2069}\""), "\(wrong.errors)")
    let runs = try await workdir.run("report", "posts.sqlite", "--run", "التشغيل", "-o", "r.pdf")
    #expect(runs.status != 0 && runs.errors.contains("\u{2068}\(Self.run)\u{2069}"), "\(runs.errors)")
  }

  @Test func aRunNameWithDigitsAndBracketsKeepsItsOrder() async throws {
    let workdir = try Workdir(), name = "تشغيل 1 (قديم)"
    let scored = try await workdir.run(
      Workdir.scoreSamples("posts.sqlite") + ["--run", name])
    #expect(scored.errors.contains("run \u{2068}\(name)\u{2069} finished: "), "\(scored.errors)")
    let again = try await workdir.run(
      Workdir.scoreSamples("posts.sqlite") + ["--run", name])
    #expect(again.errors.contains("run \u{2068}\(name)\u{2069} is already finished"), "\(again.errors)")
    let dropped = try await workdir.run("runs", "drop", "posts.sqlite", name)
    #expect(dropped.errors.contains("dropped run \u{2068}\(name)\u{2069} and"), "\(dropped.errors)")
  }

  @Test func outputWithoutSuchNamesHasNoMarks() async throws {
    let workdir = try Workdir()
    let scored = try await workdir.run(Workdir.scoreSamples("posts.sqlite"))
    #expect(scored.status == 0 && !Self.hasMarks(scored.errors))
    for arguments in [["evaluate", "posts.sqlite", "--format", "table"], ["query", "posts.sqlite", "labels"]] {
      let outcome = try await workdir.run(arguments)
      #expect(outcome.status == 0 && !Self.hasMarks(outcome.output))
    }
  }

  @Test func slicesAndComparisonAreFigures() async throws {
    let workdir = try Workdir()
    try await Self.make(workdir)
    let comparison = try await workdir.run(
      "report", "posts.sqlite", "--run", Self.run, "--against", "posts", "--section", "comparison", "--figure",
      "--width", "84mm", "-o", "c.pdf")
    #expect(comparison.status == 0, "\(comparison.errors)")
    let slices = try await workdir.run(
      "report", "posts.sqlite", "--run", Self.run, "--by", "picture", "--section", "slices", "--figure", "--width",
      "84mm",
      "-o", "s.svg")
    #expect(slices.status == 0, "\(slices.errors)")
  }
}
