import Foundation
import Testing

/// `clfa import` on a store of the samples.
@Suite struct ImportTests {
  /// A store of the samples' labelled posts, and another system that is wrong on every tenth.
  private static func make(_ workdir: borrowing Workdir, probabilities: Bool) async throws -> String {
    let corpus = try LabelledSamples.write(workdir)
    let scored = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--images", Workdir.samples))
    #expect(scored.status == 0, "\(scored.errors)")
    var rows = probabilities ? "id,p_sincere,p_ironic\n" : "id,label\n"
    let truths = try workdir.rows("posts.sqlite", "SELECT key, truth FROM scored ORDER BY record")
    for (place, row) in truths.enumerated() {
      let cells = row.components(separatedBy: "|"), isIronic = (cells[1] == "ironic") != (place % 10 == 0)
      rows +=
        cells[0]
        + (probabilities ? (isIronic ? ",0.25,0.75\n" : ",0.75,0.25\n") : (isIronic ? ",ironic\n" : ",sincere\n"))
    }
    return try workdir.write("theirs.csv", rows)
  }

  @Test func comparesAnotherSystemWithARun() async throws {
    let workdir = try Workdir()
    let file = try await Self.make(workdir, probabilities: true)
    let imported = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs", "--name", "their system")
    #expect(imported.status == 0 && imported.output.isEmpty)
    let count = try LabelledSamples.lines().count - 1
    #expect(
      imported.errors
        == "run theirs finished: \(count) rows = \(count) scored + 0 without picture + 0 duplicate + 0 faulted\n",
      "\(imported.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT model_name, precision FROM scorer WHERE id = 2") == [
        "their system|foreign"
      ])
    let alone = try await workdir.run(
      "evaluate", "posts.sqlite", "--run", "theirs", "--format", "csv", "--resamples", "50")
    #expect(
      alone.output.contains("\naccuracy,\"\",all,0.9,") && alone.output.contains("\nmacro_auc,"), "\(alone.output)")
    let compared = try await workdir.run(
      "evaluate", "posts.sqlite", "--run", "posts", "--against", "theirs", "--format", "csv", "--resamples", "50")
    #expect(compared.status == 0 && compared.output.contains("\nmcnemar_p,"), "\(compared)")
    // Every command that reads a run can read this one.
    let query = try await workdir.run("query", "posts.sqlite", "disagreements", "against=posts", "--format", "csv")
    #expect(query.status == 0 && query.output.split(separator: "\n").count > 1, "\(query)")
    let runs = try await workdir.run("runs", "posts.sqlite", "--format", "csv")
    #expect(
      runs.status == 0 && runs.output.contains("theirs,finished,their system,foreign,theirs.csv,,\(count),\(count),0,"),
      "\(runs)"
    )
    let report = try await workdir.run("report", "posts.sqlite", "--run", "theirs", "-o", "theirs.pdf")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test func importingTwiceChangesNothing() async throws {
    let workdir = try Workdir()
    let file = try await Self.make(workdir, probabilities: false)
    let first = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs")
    #expect(first.status == 0 && first.errors.contains("labels but no confidences"), "\(first.errors)")
    let before = try workdir.contents("posts.sqlite")
    let second = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs")
    #expect(second.status == 0 && second.errors.contains("already"), "\(second.errors)")
    #expect(try workdir.contents("posts.sqlite") == before)
    let other = try workdir.write("theirs.csv", "id,label\ntest-00001,ironic\n")
    let third = try await workdir.run("import", "posts.sqlite", other, "--run", "theirs")
    #expect(third.status == 1 && third.errors.contains("name another run with --run"), "\(third.errors)")
    #expect(try workdir.contents("posts.sqlite") == before)
  }

  @Test func labelsAloneHaveNoRanking() async throws {
    let workdir = try Workdir()
    let file = try await Self.make(workdir, probabilities: false)
    _ = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs")
    let outcome = try await workdir.run("evaluate", "posts.sqlite", "--format", "csv", "--resamples", "20")
    #expect(
      outcome.status == 0 && outcome.errors.contains("the run has labels but no confidences"), "\(outcome.errors)")
    #expect(outcome.output.contains("\nmacro_f1,") && !outcome.output.contains("auc"))
    // The order of the labels is the model's, so the positive label is the same.
    #expect(outcome.output.contains("\nbinary_f1,ironic,"))
    let sweep = try await workdir.run("evaluate", "posts.sqlite", "--sweep")
    #expect(sweep.status == 64 && sweep.errors.contains("has labels but no confidences"), "\(sweep.errors)")
    let bound = try await workdir.run("evaluate", "posts.sqlite", "--require", "macro_auc>0.5", "--resamples", "20")
    #expect(bound.status == 64 && bound.errors.contains("no such measure"), "\(bound.errors)")
    let calibrate = try await workdir.run("evaluate", "posts.sqlite", "--calibrate", Workdir.samples + "/model")
    #expect(calibrate.status == 64, "\(calibrate.errors)")
  }

  @Test func labelsAloneHaveNoCurvesInAReport() async throws {
    let workdir = try Workdir()
    let file = try await Self.make(workdir, probabilities: false)
    _ = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs")
    for layout in ["standard", "triage"] {
      let report = try await workdir.run("report", "posts.sqlite", "--layout", layout, "-o", "\(layout).pdf")
      #expect(report.status == 0, "\(report.errors)")
    }
    for section in ["roc", "precision-recall", "reliability", "confidence"] {
      let figure = try await workdir.run(
        "report", "posts.sqlite", "--section", section, "--figure", "-o", "\(section).svg")
      #expect(
        figure.status == 1 && figure.errors.contains("the run has labels but no confidences"),
        "\(section): \(figure.errors)")
    }
    let certain = try await workdir.run("query", "posts.sqlite", "least-certain")
    #expect(
      certain.status == 1 && certain.errors.contains("run theirs has labels but no confidences"), "\(certain.errors)")
    let known = try workdir.rows(
      "posts.sqlite", "SELECT count(*), count(confidence), count(probabilities) FROM scored")
    let count = try LabelledSamples.lines().count - 1
    #expect(known == ["\(count)|0|0"])
    // Unknown values are exported as empty cells, and the export can be imported again.
    let export = try await workdir.run("export", "posts.sqlite", "-o", "out.csv")
    #expect(export.status == 0, "\(export.errors)")
    let text = try String(contentsOfFile: workdir.path + "/out.csv", encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst()
    #expect(!rows.isEmpty && rows.allSatisfy { !$0.contains(",1.0") }, "\(rows.prefix(2))")
    let again = try await workdir.run("import", "posts.sqlite", "out.csv", "--run", "again")
    #expect(again.status == 0 && again.errors.contains("\(count) scored") && again.errors.contains("0 faulted"))
    let triage = try await workdir.run("query", "posts.sqlite", "triage", "--format", "csv")
    #expect(
      !triage.output.contains("uncertain") && triage.output.contains("mistake: the true label is "), "\(triage.output)")
  }

  @Test func faultsAreNamedAndKept() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir, probabilities: false)
    let file = try workdir.write(
      "nasty.csv",
      "id,label,p_sincere,p_ironic\ntest-00001,ironic,0.2,0.8\nTEST-00002,ironic,0.2,0.8\n"
        + "test-00001,ironic,0.2,0.8\ntest-00003,ironic,2,0.8\ntest-00004,maybe,0.2,0.8\n,ironic,0.2,0.8\ntest-00005\n")
    let outcome = try await workdir.run("import", "posts.sqlite", file, "--run", "nasty", "--strict")
    #expect(outcome.status == 2, "\(outcome.errors)")
    for code in ["no_post", "repeated_key", "bad_probability", "unknown_label", "empty_key", "too_few_fields"] {
      #expect(outcome.errors.contains("corpus: \(code)"), "\(outcome.errors)")
    }
    #expect(
      outcome.errors.contains("7 rows = 1 scored + 0 without picture + 0 duplicate + 6 faulted"), "\(outcome.errors)")
    #expect(try await workdir.run("runs", "posts.sqlite").status == 0)
    let faults = try await workdir.run("query", "posts.sqlite", "fault-counts", "run=nasty", "--format", "csv")
    #expect(faults.output.split(separator: "\n").count == 7, "\(faults.output)")
  }

  @Test func rejectsUnusableFiles() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir, probabilities: false)
    let before = try workdir.contents("posts.sqlite")
    let strangers = try workdir.write("strangers.csv", "id,label\nx,ironic\ny,sincere\n")
    let columns = try workdir.write("columns.csv", "key,label\ntest-00001,ironic\n")
    let one = try workdir.write("one.csv", "id,p_ironic\ntest-00001,0.5\n")
    for (file, words) in [
      (strangers, "none of the 2 rows"), (columns, "--id"), (one, "the only column of probabilities"),
      ("nowhere.csv", "no such file"), (workdir.path, "is a directory"), ("/dev/null", "reads it twice"),
    ] {
      let outcome = try await workdir.run("import", "posts.sqlite", file, "--run", "theirs")
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(file): \(outcome.errors)")
    }
    let none = try await workdir.run("import", "none.sqlite", strangers, "--run", "theirs")
    #expect(none.status == 1 && !FileManager.default.fileExists(atPath: workdir.path + "/none.sqlite"))
    #expect(try await workdir.run("import", "posts.sqlite", strangers).status == 64)
    #expect(try workdir.contents("posts.sqlite") == before)
  }
}
