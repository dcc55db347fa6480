import Bytes
import Corpus
import GRDB
import Store
import TestSupport
import Testing

/// A column of a later corpus is added to known posts.
@Suite struct ExtraColumnsTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    try Fixtures.store(path, rows: [row(1, []), row(2, [])], counts: Fixtures.counts(2))
  }

  private func row(_ record: Int, key: String? = nil, _ more: [(String, String)], date: String? = nil) -> LedgerRow {
    let key = key ?? "k\(record)"
    var post = Fixtures.post(key)
    post.extra += more.map { ExtraField(name: ByteText($0.0), value: $0.1) }
    post.postedAt = date
    return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record)))
  }

  private func score(_ name: String, _ rows: [LedgerRow]) throws -> CommitSummary {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request(name))
    let counts = Fixtures.counts(rows.count)
    let summary = try writer.commit(rows, run: run, counts: counts, notedAt: Fixtures.time)
    try writer.finishRun(run, state: .finished, counts: counts, finishedAt: Fixtures.time)
    try writer.close()
    return summary
  }

  private func extras() throws -> [String] {
    try StoreReader(path: path).texts("SELECT extra FROM post ORDER BY key")
  }

  @Test func aColumnThatCameLaterIsKept() throws {
    let summary = try score("later", [row(1, [("lang", "de")]), row(2, [("lang", "\"é\"")], date: Fixtures.time)])
    #expect(summary.updated == 2 && summary.newPosts == 0)
    #expect(try extras() == [#"{"likes":"7","lang":"de"}"#, #"{"likes":"7","lang":"\"é\""}"#])
    #expect(try StoreReader(path: path).texts("SELECT posted_at FROM post WHERE key = 'k2'") == [Fixtures.time])
    // The same row again changes nothing; a column that is missing later stays; a changed value is updated.
    #expect(try score("again", [row(1, [("lang", "de")]), row(2, [("lang", "\"é\"")])]).updated == 0)
    #expect(try score("without", [row(1, []), row(2, [("lang", "en")])]).updated == 1)
    #expect(try extras() == [#"{"likes":"7","lang":"de"}"#, #"{"likes":"7","lang":"en"}"#])
    // This does not change the final state of the run.
    let verified = try StoreReader(path: path).verify(run: "posts")
    #expect(verified.allSatisfy { $0.check == .contents || [.ok, .notChecked].contains($0.result) }, "\(verified)")
  }

  @Test func theFirstRowOfARunForAPostCounts() throws {
    let rows = [
      row(1, [("lang", "de")]), row(2, key: "k1", [("lang", "en"), ("place", "here")]),
      row(3, key: "k1", [("lang", "fr")]),
    ]
    let summary = try score("twice", rows)
    #expect(summary.updated == 2 && summary.updatedColumns.all == ["lang", "place"])
    #expect(summary.differing == 2 && summary.differingColumns.all == ["lang"])
    #expect(try extras()[0] == #"{"likes":"7","lang":"de","place":"here"}"#)
    #expect(try score("thrice", rows).updated == 0)
  }

  @Test func aBlankCellThatComesLaterReplacesNothing() throws {
    _ = try score("first", [row(1, [("lang", "de")]), row(2, [("lang", " ")])])
    let before = try extras()
    let blank = try score("blank", [row(1, [("lang", "")]), row(2, [("lang", "\t"), ("place", "")])])
    #expect(try blank.updated == 0 && blank.differing == 0 && extras() == before)
    // A value takes the place of a blank.
    #expect(try score("value", [row(1, []), row(2, [("lang", "en")])]).updated == 1)
    #expect(try extras() == [#"{"likes":"7","lang":"de"}"#, #"{"likes":"7","lang":"en"}"#])
  }

  @Test func aMergeCountsThePostsWhoseValuesItDoesNotTake() throws {
    let output = folder.file("all.sqlite")
    try Fixtures.store(
      output, Fixtures.request("mine"),
      rows: [row(1, [("place", " ")]), row(2, [("lang", "en")], date: Fixtures.time)],
      counts: Fixtures.counts(2))
    let date = "2021-02-03T04:05:06Z"
    _ = try score("later", [row(1, [("place", "here")]), row(2, [("lang", "de")], date: date)])
    let first = try StoreMerge.stores([path], into: output)
    #expect(first.updated == 1 && first.updatedColumns.all == ["place"])
    #expect(first.differing == 1 && first.differingColumns.all == ["lang", "posted_at"])
    #expect(try StoreReader(path: output).texts("SELECT posted_at FROM post WHERE key = 'k2'") == [Fixtures.time])
  }

  @Test func aMergeAddsColumnsAndKeepsTheOutputs() throws {
    let output = folder.file("all.sqlite")
    try Fixtures.store(
      output, Fixtures.request("mine"), rows: [row(1, [("place", "here")]), row(2, [("lang", "en")])],
      counts: Fixtures.counts(2))
    _ = try score("later", [row(1, [("lang", "de")]), row(2, [("lang", "de")])])
    #expect(try StoreMerge.stores([path], into: output).updated == 1)
    #expect(try StoreMerge.stores([path], into: output).updated == 0)
    #expect(
      try StoreReader(path: output).texts("SELECT extra FROM post ORDER BY key") == [
        #"{"likes":"7","place":"here","lang":"de"}"#, #"{"likes":"7","lang":"en"}"#,
      ])
  }
}
