import Foundation
import Testing

/// `clfa export` on the samples.
@Suite struct ExportTests {
  @Test func theSamplesComeBackCellByCell() async throws {
    let workdir = try Workdir()
    let corpus = try LabelledSamples.write(workdir)
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--images", Workdir.samples))
    let own = LabelledSamples.cells(of: try String(contentsOfFile: corpus, encoding: .utf8))
    let width = own[0].count
    for flags in [["--corpus", corpus], []] {
      let outcome = try await workdir.run(["export", "posts.sqlite"] + flags)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = LabelledSamples.cells(of: outcome.output)
      #expect(rows.count == own.count)
      // Without the corpus the columns have their own order.
      let places = try own[0].map { name in try #require(rows[0].firstIndex(of: name)) }
      if !flags.isEmpty { #expect(places == Array(0..<width)) }
      #expect(zip(rows, own).allSatisfy { row, cells in places.map { row[$0] } == cells })
      let label = try #require(rows[0].firstIndex(of: "clfa_label"))
      let stored = try workdir.rows("posts.sqlite", "SELECT label FROM scored ORDER BY record")
      #expect(rows.dropFirst().map { $0[label] } == stored)
    }
  }

  @Test func everyFaultKeepsItsRow() async throws {
    let workdir = try Workdir()
    let corpus = Workdir.samples + "/broken.csv"
    _ = try await workdir.run(Workdir.score(corpus, "broken.sqlite"))
    let outcome = try await workdir.run("export", "broken.sqlite", "--corpus", corpus, "--format", "jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("30 rows, 19 of them not scored"), "\(outcome.errors)")
    let rows = try outcome.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    func row(_ key: String) -> [String: Any]? { rows.first { $0["id"] as? String == key } }
    #expect(rows.count == 30)
    #expect(row("missing")?["image"] as? String == "images/no-such-file.jpg")
    #expect((row("missing")?["clfa_fault"] as? String)?.hasPrefix("broken.csv:3 image: missing: ") == true)
    #expect(row("too-few")?["text"] as? String == "only two fields" && row("too-few")?["label"] as? String == "")
    #expect(row("too-many")?["label"] as? String == "ironic,one too many")
    #expect(row("latin-1")?["text"] as? String == "caf\u{FFFD} society")
    #expect(row("nul")?["text"] as? String == "a \u{FFFD} in the text")
    #expect(row("stray-quote")?["text"] as? String == "")
    #expect(row("two-lines")?["text"] as? String == "a text on\ntwo lines")
    #expect(row("good-1")?["clfa_state"] as? String == "scored" && row("good-1")?["clfa_confidence"] is Double)
    let alone = try await workdir.run("export", "broken.sqlite")
    #expect(alone.status == 0 && alone.errors.contains("--corpus FILE"), "\(alone.errors)")
    #expect(LabelledSamples.cells(of: alone.output).count == 31)
  }

  @Test func theExampleOfTheHelpRuns() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text,label\n1280000000000000001,a late train,ironic\n2,=1+1,\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let help = try await workdir.run("export", "--help").output
    let lines = (help.components(separatedBy: "EXAMPLE\n").last ?? "").split(separator: "\n")
      .prefix { $0.hasPrefix("  clfa ") }
    #expect(lines.count == 4)
    for line in lines {
      let name = line.contains("--corpus") ? "rm -f scored.csv; " : ""
      let outcome = try await workdir.shell(
        name + line.replacingOccurrences(of: "  clfa ", with: "'\(Workdir.program)' "))
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    }
    let excel = try Data(contentsOf: URL(filePath: workdir.path + "/for-excel.csv"))
    #expect(excel.starts(with: [0xEF, 0xBB, 0xBF]))
    let text = String(decoding: excel, as: UTF8.self)
    #expect(text.contains(#""=""1280000000000000001""""#) && text.contains("'=1+1"), "\(text)")
    let names = try FileManager.default.contentsOfDirectory(atPath: workdir.path + "/folder").sorted()
    #expect(
      names == ["fused-rows.csv", "fused.npy", "metadata.json", "rows.csv", "rows.jsonl", "text-rows.csv", "text.npy"])
  }

  @Test func nothingIsOverwritten() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,a\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    for output in ["posts.csv", "."] {
      let outcome = try await workdir.run("export", "posts.sqlite", "-o", output)
      #expect(outcome.status == 1 && outcome.errors.contains("already exists"), "\(outcome.errors)")
    }
    #expect(try String(contentsOfFile: corpus, encoding: .utf8) == "id,text\n1,a\n")
    for arguments in [
      ["--excel", "--format", "json"], ["-o", "x.csv", "--format", "csv"], ["-o", "x.jsonl", "--excel"], ["--id", "n"],
      ["-o", "x.xlsx"], ["-o", "x.Parquet"], ["-o", "posts.sqlite"],
    ] {
      #expect(try await workdir.run(["export", "posts.sqlite"] + arguments).status == 64, "\(arguments)")
    }
  }

  @Test func aReaderThatGoesAwayIsNoError() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "id,text\n1,a\n2,b\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let outcome = try await workdir.shell("set -o pipefail; '\(Workdir.program)' export posts.sqlite | head -1")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("id,text,clfa_state,"), "\(outcome)")
  }

  @Test func anotherFileIsRejected() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("posts.csv", "number,text\n1,a\n2,b\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + ["--id", "number"])
    let unlike = try await workdir.run("export", "posts.sqlite", "--corpus", corpus, "--id", "text", "-o", "x.csv")
    #expect(unlike.status == 1 && unlike.errors.contains("--id"), "\(unlike.errors)")
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/x.csv"))
    let fine = try await workdir.run("export", "posts.sqlite", "--corpus", corpus, "--id", "number")
    #expect(fine.status == 0 && fine.output.hasPrefix("number,text,clfa_state,"), "\(fine)")
  }

  /// `export --corpus` once needed all flags of scoring again.
  @Test func theCorpusIsReadWithTheRunsColumns() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write(
      "posts.txt", "1;caf\u{E9};x;ironic\n2;b;y;sincere\n".data(using: .windowsCP1252) ?? Data())
    let flags = [
      "--id", "1", "--text", "2", "--label", "4", "--delimiter", ";", "--encoding", "windows-1252", "--no-header",
    ]
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + flags)
    let again = try await workdir.run("export", "posts.sqlite", "--corpus", corpus)
    #expect(again.status == 0, "\(again.errors)")
    let lines = again.output.split(separator: "\n")
    #expect(
      lines.count == 3 && lines[0].hasPrefix("1,2,3,4,clfa_state,") && lines[1].hasPrefix("1,café,x,ironic,without_"))
    // A continued run keeps its first settings, and flags of the command take precedence.
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + flags + ["--retry-faults"])
    #expect(try await workdir.run("export", "posts.sqlite", "--corpus", corpus).output == again.output)
    let other = try await workdir.run("export", "posts.sqlite", "--corpus", corpus, "--id", "3")
    #expect(other.status == 1 && other.errors.contains("has another key"), "\(other.errors)")
    // A merged run is read like its parts.
    #expect(try await workdir.run("merge", "all.sqlite", "posts.sqlite").status == 0)
    #expect(try await workdir.run("export", "all.sqlite", "--corpus", corpus).output == again.output)
    // Runs of earlier versions have no record, so they use only the flags.
    try workdir.execute("posts.sqlite", "UPDATE run SET counts = json_remove(counts, '$.reading')")
    #expect(try await workdir.run("export", "posts.sqlite", "--corpus", corpus).status == 1)
    #expect(try await workdir.run(["export", "posts.sqlite", "--corpus", corpus] + flags).output == again.output)
  }
}
