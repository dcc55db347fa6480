import Foundation
import Testing

/// `clfa label`: truth by key, without texts, pictures and a model.
@Suite struct LabelTests {
  private static let labels = "SELECT key, source, label FROM label JOIN post ON post.id = post_id ORDER BY key, source"

  /// A store of four posts, some of whose texts and ids a spreadsheet would change.
  private static func make(_ workdir: borrowing Workdir) async throws -> String {
    let corpus = try workdir.write(
      "posts.csv",
      "id,text\n1294030472427835393,=SUM(A1) is my mood\n0012345,-5 degrees\n102,@anna thanks\n103,plain text\n")
    let scored = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    #expect(scored.status == 0, "\(scored.errors)")
    return corpus
  }

  @Test func labelsAreAddedOnceAndReplaced() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let file = try workdir.write("labels.csv", "id,label\n102,sincere\n103,ironic\n104,ironic\n0012345,\n")
    let first = try await workdir.run("label", "posts.sqlite", file)
    #expect(first.status == 0 && first.output.isEmpty, "\(first.errors)")
    #expect(first.errors.contains("labels.csv:4 (key 104) corpus: no_post"), "\(first.errors)")
    #expect(
      first.errors.hasSuffix(
        "posts.sqlite: 4 rows = 2 new + 0 changed + 0 unchanged + 1 without a label + 1 faulted; source: labels\n"),
      "\(first.errors)")
    #expect(try workdir.rows("posts.sqlite", Self.labels) == ["102|labels|sincere", "103|labels|ironic"])
    let before = try workdir.contents("posts.sqlite")
    let again = try await workdir.run("label", "posts.sqlite", file, "--strict")
    #expect(again.status == 2 && again.errors.contains("0 new + 0 changed + 2 unchanged"), "\(again.errors)")
    #expect(try workdir.contents("posts.sqlite") == before)
    let coded = try workdir.write("coded.jsonl", #"{"nr": "102", "mood": 1}"# + "\n")
    let other = try await workdir.run(
      "label", "posts.sqlite", coded, "--id", "nr", "--label", "mood", "--labels", "0=sincere,1=ironic", "--strict")
    #expect(other.status == 0 && other.errors.contains("0 new + 1 changed"), "\(other.errors)")
    let evaluated = try await workdir.run(
      "evaluate", "posts.sqlite", "--truth", "labels", "--format", "csv", "--resamples", "10")
    #expect(evaluated.status == 0 && evaluated.output.contains("\naccuracy,"), "\(evaluated.errors)")
  }

  /// Five of eight labels once hung on new contents, because the sheet had to be scored again.
  @Test func anEditedSheetOfAnExportIsAFileOfLabels() async throws {
    let workdir = try Workdir()
    let corpus = try await Self.make(workdir)
    let exported = try await workdir.run("export", "posts.sqlite", "--corpus", corpus, "--excel", "-o", "sheet.csv")
    #expect(exported.status == 0, "\(exported.errors)")
    let sheet = try String(contentsOfFile: workdir.path + "/sheet.csv", encoding: .utf8)
    let lines = sheet.split(separator: "\r\n").enumerated().map {
      $1 + ($0 == 0 ? ",mine" : $0 % 2 == 0 ? ",ironic" : ",sincere")
    }
    let back = try workdir.write("back.csv", lines.joined(separator: "\r\n") + "\r\n")
    let labelled = try await workdir.run("label", "posts.sqlite", back, "--label", "mine", "--strict")
    #expect(labelled.status == 0 && labelled.errors.contains("4 rows = 4 new"), "\(labelled.errors)")
    #expect(labelled.errors.contains("protection was removed from 2 ids and 0 other cells"), "\(labelled.errors)")
    #expect(
      try workdir.rows("posts.sqlite", Self.labels) == [
        "0012345|labels|ironic", "102|labels|sincere", "103|labels|ironic", "1294030472427835393|labels|sincere",
      ])
    let semicolons = try workdir.write("semicolons.csv", "id;label\n102;ironic\n")
    let joined = try await workdir.run("label", "posts.sqlite", semicolons)
    #expect(joined.status == 1 && joined.errors.contains("--delimiter ';'"), "\(joined.errors)")
  }

  @Test func annotatorsAreSourcesWithAgreementAndAMajority() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let file = try workdir.write(
      "both.csv",
      "id,who,label,why\n102,anna,ironic,\n102,ben,ironic,\n103,anna,ironic,hm\n103,ben,sincere,\n0012345,anna,sincere,\n"
    )
    let both = try await workdir.run("label", "posts.sqlite", file, "--annotator", "who", "--note", "why", "--strict")
    #expect(both.status == 0 && both.errors.contains("5 new") && both.errors.contains("source: anna, ben"), "\(both)")
    #expect(try workdir.rows("posts.sqlite", "SELECT source, note FROM label_note") == ["anna|hm"])
    let majority = try await workdir.run("label", "posts.sqlite", "--majority")
    #expect(
      majority.errors.contains("2 posts with a label (1 from one source alone), 1 tie left open"), "\(majority.errors)")
    #expect(
      try workdir.rows("posts.sqlite", "SELECT label FROM label WHERE source = 'majority' ORDER BY label")
        == ["ironic", "sincere"])
    let list = try await workdir.run("label", "posts.sqlite", "--list", "--format", "csv")
    let rows = list.output.split(separator: "\n")
    #expect(rows.first == "sources,measure,value,low,high,posts,latest", "\(list)")
    #expect(rows.dropFirst().map { $0.split(separator: ",")[0] }.prefix(3) == ["anna", "ben", "majority"], "\(list)")
    #expect(rows.contains { $0.hasPrefix("\"anna, ben\",raw agreement,0.5,") && $0.hasSuffix(",2,") }, "\(list)")
    #expect(rows.contains { $0.hasPrefix("\"anna, ben\",Krippendorff's alpha,") }, "\(list)")
  }

  @Test func exportsOfToolsAreLabels() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let tasks = try workdir.write(
      "project-1.csv",
      "annotation_id,annotator,id,sentiment,text\n1,7,102,ironic,a\n2,8,103,\"{\"\"choices\"\": [\"\"ironic\"\", \"\"sincere\"\"]}\",b\n"
    )
    let studio = try await workdir.run("label", "posts.sqlite", tasks, "--preset", "label-studio", "--strict")
    #expect(studio.status == 2 && studio.errors.contains("several_labels"), "\(studio.errors)")
    let lines = try workdir.write("all.jsonl", #"{"id": 103, "text": "b", "label": ["ironic"]}"# + "\n")
    let doccano = try await workdir.run("label", "posts.sqlite", lines, "--preset", "doccano", "--source", "dora")
    #expect(doccano.status == 0, "\(doccano.errors)")
    #expect(try workdir.rows("posts.sqlite", Self.labels) == ["102|7|ironic", "103|dora|ironic"])
  }

  @Test func unknownLabelsAreStoredAndContradictionsAreNot() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let file = try workdir.write("labels.csv", "id,label\n102,irnoic\n103,ironic\n103,sincere\n")
    let outcome = try await workdir.run("label", "posts.sqlite", file)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("labels.csv:2") && outcome.errors.contains("unknown_label"), "\(outcome.errors)")
    #expect(outcome.errors.contains("labels.csv:4") && outcome.errors.contains("--annotator"), "\(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", Self.labels) == ["102|labels|irnoic", "103|labels|ironic"])
  }

  @Test func severalContentsOfAKey() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let corpus = try workdir.write("edited.csv", "id,text\n103,a text that was edited\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let file = try workdir.write("labels.csv", "id,label\n103,ironic\n")
    let refused = try await workdir.run("label", "posts.sqlite", file, "--content", "refuse", "--strict")
    #expect(refused.status == 2 && refused.errors.contains("several_contents"), "\(refused.errors)")
    for (content, count) in [("latest", 1), ("all", 2)] {
      let outcome = try await workdir.run("label", "posts.sqlite", file, "--content", content, "--source", content)
      #expect(outcome.status == 0 && outcome.errors.contains("several contents"), "\(outcome.errors)")
      #expect(
        try workdir.rows("posts.sqlite", "SELECT count(*) FROM label WHERE source = '\(content)'") == ["\(count)"])
    }
  }

  /// A pipe that is cut, or a damaged file, leaves the store as it was.
  @Test func anErrorChangesNothing() async throws {
    let workdir = try Workdir()
    _ = try await Self.make(workdir)
    let piped = try await workdir.run(["label", "posts.sqlite", "-"], input: "id,label\n102,ironic\n")
    #expect(piped.status == 0, "\(piped.errors)")
    let before = try workdir.contents("posts.sqlite")
    let good = try workdir.write("good.csv", "id,label\n103,ironic\n"),
      bad = try workdir.write("bad.csv", "id,mood\n1,a\n")
    let outcome = try await workdir.run("label", "posts.sqlite", good, bad)
    #expect(outcome.status == 1 && outcome.errors.contains("--label"), "\(outcome.errors)")
    #expect(try workdir.contents("posts.sqlite") == before)
  }
}
