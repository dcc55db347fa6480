import Foundation
import Testing

/// `clfa sample`, and `clfa query label-issues`.
@Suite struct SampleTests {
  private func scored() async throws -> Workdir {
    let workdir = try Workdir()
    let corpus = try LabelledSamples.write(workdir)
    let score = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples])
    #expect(score.status == 0, "\(score.errors)")
    return workdir
  }

  private func cells(_ workdir: borrowing Workdir, _ name: String) throws -> [[String]] {
    LabelledSamples.cells(of: try String(contentsOfFile: workdir.path + "/" + name, encoding: .utf8))
  }

  @Test func aSampleIsStoredAndWritten() async throws {
    let workdir = try await scored()
    let outcome = try await workdir.run(
      "sample", "posts.sqlite", "--size", "40", "--by", "label", "--name", "first", "-o", "todo.csv")
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains("sample first: 40 posts of ") && outcome.errors.contains("; written to todo.csv"))
    #expect(outcome.errors.contains("notice: 40 posts of the sample already have a label"))
    let rows = try cells(workdir, "todo.csv")
    #expect(
      rows.count == 41 && rows[0] == ["id", "text", "image", "label"] && rows.dropFirst().allSatisfy { $0[3].isEmpty })
    let stored = try workdir.rows(
      "posts.sqlite", "SELECT key FROM sample_post JOIN post ON post.id = post_id ORDER BY position")
    #expect(rows.dropFirst().map { $0[0] } == stored)
    let weights = try workdir.rows(
      "posts.sqlite", "SELECT count(*) = 40, min(inclusion) > 0, max(inclusion) <= 1 FROM sample_post")
    #expect(weights == ["1|1|1"])
    let list = try await workdir.run("sample", "posts.sqlite", "--list", "--format", "csv")
    #expect(
      list.output.hasPrefix(
        "name,run,design,by,allocation,strata,posts,labelled,distinct,seed,drawn_at\nfirst,posts,stratified,label,proportional,2,40,40,no,1,"
      ), "\(list.output)")
    // The same seed draws the same posts; a file or a name that is taken is an error, and nothing is stored.
    let again = try await workdir.run(
      "sample", "posts.sqlite", "--size", "40", "--by", "label", "--excel", "-o", "again.csv")
    #expect(again.status == 0 && again.errors.contains("sample sample-1: 40 posts of"), "\(again.errors)")
    #expect(try cells(workdir, "again.csv").count == 41)
    #expect(
      try workdir.rows(
        "posts.sqlite", "SELECT count(DISTINCT post_id), count(*) FROM sample_post") == ["40|80"])
    for arguments in [["-o", "todo.csv"], ["--name", "first"], ["--name", "first", "-o", "new.csv"]] {
      let refused = try await workdir.run(["sample", "posts.sqlite", "--size", "5"] + arguments)
      #expect(refused.status != 0 && refused.errors.contains("alread"), "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: workdir.path + "/new.csv"))
    #expect(try workdir.rows("posts.sqlite", "SELECT count(*) FROM sample") == ["2"])
  }

  @Test func chosenSamplesSayThatTheyEstimateNothing() async throws {
    let workdir = try await scored()
    let uncertain = try await workdir.run("sample", "posts.sqlite", "--size", "10", "--design", "uncertain")
    #expect(uncertain.status == 0 && uncertain.errors.contains("estimate nothing about the run"), "\(uncertain.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT count(*), count(inclusion) FROM sample_post") == ["10|0"])
    let estimate = try await workdir.run("estimate", "posts.sqlite", "--sample", "sample-1")
    #expect(estimate.status != 0 && estimate.errors.contains("estimate no share"), "\(estimate.errors)")
  }

  @Test func wrongLabelsAreFound() async throws {
    let workdir = try Workdir()
    var lines = try LabelledSamples.lines()
    // Every twentieth label is turned around; the model has learnt none of them.
    let wrong = stride(from: 1, to: lines.count, by: 20).map { place -> String in
      lines[place] =
        lines[place].contains(",ironic,")
        ? lines[place].replacing(",ironic,", with: ",sincere,") : lines[place].replacing(",sincere,", with: ",ironic,")
      return String(lines[place].prefix { $0 != "," }).replacing("\"", with: "")
    }
    let corpus = try workdir.write("posts.csv", lines.joined(separator: "\n") + "\n")
    _ = try await workdir.run(Workdir.score(corpus, "posts.sqlite") + ["--images", Workdir.samples])
    let outcome = try await workdir.run("query", "posts.sqlite", "label-issues", "limit=-1", "--format", "csv")
    #expect(outcome.status == 0 && outcome.errors.contains("only if the model was not trained on these posts"))
    let rows = LabelledSamples.cells(of: outcome.output)
    #expect(rows.first == ["key", "given", "likely", "probability", "margin", "text"])
    let found = Set(rows.dropFirst().map { $0[0] })
    let hits = wrong.count { found.contains($0) }
    #expect(
      hits * 10 > wrong.count * 3 && found.count < lines.count / 3, "\(hits) of \(wrong.count), \(found.count) found")
    let first = try await workdir.run(
      "query", "posts.sqlite", "label-issues", "limit=1", "run=posts", "--format", "csv")
    #expect(LabelledSamples.cells(of: first.output) == Array(rows.prefix(2)))
    let sample = try await workdir.run("sample", "posts.sqlite", "--size", "5", "--design", "label-issues")
    #expect(sample.status == 0 && sample.errors.contains("whose labels are probably wrong"), "\(sample.errors)")
    let list = try await workdir.run("query", "--list")
    #expect(list.output.contains("\nlabel-issues\n    True labels that are probably wrong"))
    for arguments in [["limit=x"], ["runs=posts"], ["--explain"]] {
      let refused = try await workdir.run(["query", "posts.sqlite", "label-issues"] + arguments)
      #expect(refused.status == 64 && refused.output.isEmpty, "\(refused.errors)")
    }
  }

  @Test(arguments: [
    [], ["--size", "0"], ["--size", "9999999"], ["--size", "5", "--design", "stratified"],
    ["--size", "5", "--by", "label,label"], ["--size", "5", "--by", "label,"], ["--size", "5", "--by", "nothing"],
    ["--size", "5", "--design", "random", "--by", "label"], ["--size", "5", "--allocation", "neyman"],
    ["--size", "5", "--excel"], ["--size", "5", "--list"], ["--size", "5", "--format", "csv"],
    ["--size", "5", "--truth", "corpus"], ["--size", "5", "--design", "none"],
  ])
  func wrongFlagsAreErrors(arguments: [String]) async throws {
    let workdir = try Workdir()
    _ = try await workdir.run(Workdir.score(workdir.write("a.csv", "id,text\n1,a text\n2,b text\n"), "posts.sqlite"))
    let outcome = try await workdir.run(["sample", "posts.sqlite"] + arguments)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
    #expect(try workdir.rows("posts.sqlite", "SELECT count(*) FROM sample") == ["0"])
  }
}
