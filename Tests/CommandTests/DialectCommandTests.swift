import Foundation
import Testing

/// Dumps in other dialects than that of RFC 4180, read with the flags that messages name.
@Suite struct DialectCommandTests {
  /// 29 records, one a line; quotes mean nothing.
  private static let tweets: String = {
    let texts = [
      "good morning everybody", "\"this is fine\" said the dog", "\"", "she said \"great\"",
      "\"love waiting at the gate", "nothing to see here", "what a day\"", "\"quoted whole text\"",
      "5\" screen and 6\" screen", "last one", "\"opening quote never closed, then many rows",
    ]
    let rows = (1...29).map { number in
      "\(number)\t\(number <= texts.count ? texts[number - 1] : "plain row number \(number)")\tironic\n"
    }
    return "id\ttext\tlabel\n" + rows.joined()
  }()

  @Test func rowsLostInAQuotedCellAreReportedWithTheFlag() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("tweets.tsv", Self.tweets)
    let words =
      "tweets.tsv:6: a quoted cell holds lines that look like rows, so 2 rows are lost within 1 cell: "
      + "if quotes mean nothing in this file, read it with --quote none (29 rows instead of 27)"
    let check = try await workdir.run("check", corpus)
    #expect(check.output.contains(words), "\(check.output)")
    let scored = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    #expect(scored.errors.contains(words) && scored.errors.contains("27 rows"), "\(scored.errors)")
    #expect(scored.errors.contains("read it with --quote none"))
    let limited = try await workdir.run(Workdir.score(corpus, "limited.sqlite", "--limit", "5"))
    #expect(limited.errors.contains("(7 rows instead of 5)"), "\(limited.errors)")
  }

  @Test func everyLineIsARowWithoutQuotes() async throws {
    let workdir = try Workdir()
    let corpus = try workdir.write("tweets.tsv", Self.tweets)
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite", "--quote", "none"))
    #expect(outcome.status == 0 && outcome.errors.contains("29 rows = "), "\(outcome.errors)")
    #expect(!outcome.errors.contains("notice: tweets.tsv"), "\(outcome.errors)")
    let texts = Self.tweets.split(separator: "\n").dropFirst().map { String($0.split(separator: "\t")[1]) }
    #expect(try workdir.rows("posts.sqlite", "SELECT text FROM post ORDER BY id") == texts)
    // The run remembers the dialect, so its corpus is read in the same one.
    #expect(
      try workdir.rows("posts.sqlite", "SELECT counts ->> '$.reading.quote' FROM run") == ["none"])
    let export = try await workdir.run("export", "posts.sqlite", "--corpus", corpus, "-o", "rows.csv")
    #expect(export.status == 0, "\(export.errors)")
  }

  @Test func faultsShowTheBeginningOfALongCell() async throws {
    let workdir = try Workdir()
    let long = String(repeating: "x", count: 5000)
    let corpus = try workdir.write(
      "posts.csv", "id,text,image\n1,a,\(long).jpg\n2,b,\n\(long),c,no.jpg\n\(long),\n")
    let outcome = try await workdir.run(Workdir.score(corpus, "posts.sqlite"))
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("posts.csv:2") }, "\(outcome.errors.prefix(2000))")
    #expect(!lines.contains { $0.contains(String(repeating: "x", count: 201)) }, "\(outcome.errors.prefix(2000))")
  }
}
