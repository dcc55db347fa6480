import Bytes
import Corpus
import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct RunsTests {
  @Test(arguments: [20, 160]) func versionsOfOneKeyAreReadOnceHoweverManyRowsHaveIt(count: Int) throws {
    let folder = try Scratch()
    let path = folder.file("posts.sqlite")
    let rows = (1...count).map { Fixtures.scored($0, key: "k", content: "version \($0)") }
    try Fixtures.store(path, rows: rows, counts: Fixtures.counts(count))
    let reader = try StoreReader(path: path)
    let existingPredictions = try reader.existingPredictions(of: Fixtures.request("other"))
    func knows(_ text: String, key: ByteText = "k", hasPicture: Bool? = true) throws -> Bool {
      let post = PostPreview(key: key, text: text, knowledge: "", image: "k.jpg", hasPicture: hasPicture)
      return try reader.knows(post, spaces: ["text"], existingPredictions: existingPredictions)
    }
    for version in 1...count { #expect(try knows("text version \(version)")) }
    #expect(try !knows("text version 0") && !knows("text version 1", key: "other"))
    #expect(try knows("text version 1", hasPicture: nil) && !knows("text version 1", hasPicture: false))
    #expect(reader.versionsRead == count)
  }

  let folder: Scratch
  let path: String
  let writer: StoreWriter

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    writer = try StoreWriter.open(path: path)
  }

  private func finish(_ run: OpenRun, _ state: RunState = .finished) throws {
    try writer.finishRun(run, state: state, counts: run.counts, finishedAt: Fixtures.time)
  }

  @Test func theSameCommandContinuesItsRun() throws {
    let first = try writer.openRun(Fixtures.request(sample: "5%", limit: 10))
    #expect(!first.isContinued)
    let files = [
      FileCounts(name: "b\"\\.csv", read: 3, otherShards: 1),
      FileCounts(name: "a.csv", read: 2, notSampled: 2),
    ]
    let counts = RunCounts(files: files, sample: "5%", limit: 10, stop: "time")
    try writer.finishRun(first, state: .stopped, counts: counts, finishedAt: Fixtures.time)
    let second = try writer.openRun(Fixtures.request(sample: "5%", limit: 10))
    #expect(second.id == first.id)
    #expect(second.isContinued)
    var expected = counts
    expected.stop = nil
    #expect(second.counts == expected)
    let row = try writer.read { try Row.fetchOne($0, sql: "SELECT state, finished_at FROM run") }
    #expect(row?["state"] == "running")
    #expect(row?["finished_at"] == nil as String?)
  }

  @Test func picturesAreCountedAcrossCommandsAndMerges() throws {
    let first = try writer.openRun(Fixtures.request())
    var counts = first.counts
    #expect(counts.pictures.isEmpty)
    counts.pictures.add("backslashes", 2)
    counts.pictures.add(PictureCounts.found)
    counts.pictures.add(PictureCounts.needs("near"), 3)
    counts.pictures.add("lists", 0)
    try writer.finishRun(first, state: .stopped, counts: counts, finishedAt: nil)
    let json = try writer.read { try String.fetchOne($0, sql: "SELECT counts ->> '$.pictures' FROM run") }
    #expect(json == #"{"backslashes":2,"found_by_rule":1,"needs_near":3}"#)
    counts = try writer.openRun(Fixtures.request()).counts
    #expect(counts.pictures.all.map(\.count) == [2, 1, 3])
    counts.pictures.forgetNeeds()
    #expect(counts.pictures["needs_near"] == 0 && counts.pictures["backslashes"] == 2)
    #expect(counts.pictures.joined(with: counts.pictures)["backslashes"] == 4)
  }

  @Test func aNameNobodyChoseMovesOn() throws {
    try finish(try writer.openRun(Fixtures.request()))
    let second = try writer.openRun(Fixtures.request())
    #expect(second.name == "posts-2")
    #expect(try writer.openRun(Fixtures.request()).id == second.id)
    try finish(second)
    #expect(try writer.openRun(Fixtures.request()).name == "posts-3")
    // Another command's unfinished run is passed by too.
    let other = try writer.openRun(Fixtures.request(fingerprint: "beef"))
    #expect(other.name == "posts-4")
    #expect(try writer.openRun(Fixtures.request()).name == "posts-3")
    #expect(try writer.openRun(Fixtures.request(fingerprint: "beef")).name == "posts-4")
  }

  @Test func aChosenNameDoesNotMove() throws {
    let run = try writer.openRun(Fixtures.request("mine", given: true))
    let others: [(RunRequest, RunTrait)] = [
      (Fixtures.request("mine", given: true, fingerprint: "beef"), .scorer),
      (Fixtures.request("mine", given: true, corpus: "other.csv"), .corpus),
      (Fixtures.request("mine", given: true, shard: "1/2"), .shard),
      (Fixtures.request("mine", given: true, sample: "1%"), .sample),
      (Fixtures.request("mine", given: true, limit: 1), .limit),
    ]
    for (request, trait) in others {
      #expect(throws: StoreError.runDiffers(name: "mine", trait: trait)) { try writer.openRun(request) }
    }
    #expect(try writer.openRun(Fixtures.request("mine", given: true)).id == run.id)
    try finish(run)
    #expect(throws: StoreError.runFinished(name: "mine")) {
      try writer.openRun(Fixtures.request("mine", given: true))
    }
    #expect(try writer.openRun(Fixtures.request("mine", given: true, reopens: true)).id == run.id)
    #expect(try writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") } == 1)
    #expect(try writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM scorer") } == 1)
  }

  @Test func faultsAreRetriedInTheLatestRunOfTheCommand() throws {
    try finish(try writer.openRun(Fixtures.request()))
    let second = try writer.openRun(Fixtures.request())
    try finish(second)
    let again = try writer.openRun(Fixtures.request(reopens: true))
    #expect(again.id == second.id)
    #expect(again.isContinued)
  }

  @Test func namesThatNoShellCouldShow() throws {
    for name in ["", "a\nb", "\u{202E}", String(repeating: "x", count: 201)] {
      #expect(throws: StoreError.invalidRunName(name: name)) { try writer.openRun(Fixtures.request(name)) }
    }
  }

  @Test func whatIsDoneOfAFileComesInPages() throws {
    let run = try writer.openRun(Fixtures.request())
    #expect(try writer.ledgerEntries(run: run.id, file: "posts.csv", after: 0, count: 9).isEmpty)
    try writer.commit(
      [Fixtures.scored(4), Fixtures.fault(9)], run: run, counts: Fixtures.counts(9, others: 7),
      notedAt: Fixtures.time)
    let first = try #require(writer.ledgerEntries(run: run.id, file: "posts.csv", after: 3, count: 1).first)
    #expect((first.record, first.key, first.isFault) == (4, "k4", false))
    #expect((first.contentHash, first.pictureHash) == ("hash of k4", "picture of k4"))
    let second = try #require(writer.ledgerEntries(run: run.id, file: "posts.csv", after: 4, count: 9).first)
    #expect((second.record, second.key, second.isFault) == (9, "k9", true))
    #expect(second.contentHash == nil)
    #expect(try writer.ledgerEntries(run: run.id, file: "posts.csv", after: 9, count: 9).isEmpty)
    #expect(try writer.ledgerEntries(run: run.id, file: "other.csv", after: 0, count: 9).isEmpty)
  }

  @Test func theLedgerProvesEveryRecordOfEveryFile() throws {
    let run = try writer.openRun(Fixtures.request())
    try writer.commit(
      [Fixtures.scored(1), Fixtures.textOnly(2), Fixtures.fault(3)], run: run,
      counts: Fixtures.counts(10, others: 4, unsampled: 3), notedAt: Fixtures.time)
    try finish(run)
    let reader = try StoreReader(path: path)
    // `finish` wrote the counts of the beginning: nothing read, yet three entries.
    var summary = try reader.run(named: "posts")
    #expect(!summary.isBalanced)
    #expect(summary.ledger.map(\.missing) == [-3])
    try writer.finishRun(
      run, state: .finished, counts: Fixtures.counts(10, others: 4, unsampled: 3), finishedAt: Fixtures.time)
    summary = try reader.run(named: "posts")
    #expect(summary.isBalanced)
    #expect(summary.entries == 3)
    #expect(EntryState.allCases.map(summary.rows) == [1, 1, 0, 1, 0])
    #expect(
      try reader.faults(ofRun: run.id).map { "\($0.stage) \($0.code) \($0.count)" } == ["image missing 1"])
    try writer.finishRun(
      run, state: .failed, counts: Fixtures.counts(11, others: 4, unsampled: 3), finishedAt: nil)
    summary = try reader.run(named: nil)
    #expect(summary.ledger.map(\.missing) == [1])
    #expect(summary.finishedAt == nil)
  }

  @Test func runsAreRowsForAnyFormat() throws {
    let run = try writer.openRun(Fixtures.request(shard: "1/2"))
    let counts = Fixtures.counts(9, others: 5, unsampled: 1)
    try writer.commit(
      [Fixtures.scored(1), Fixtures.fault(2)], run: run, counts: counts, notedAt: Fixtures.time)
    let reader = try StoreReader(path: path)
    let summary = try reader.run(named: nil)
    let row = Dictionary(uniqueKeysWithValues: zip(RunTable.columns, RunTable.values(summary)))
    #expect(RunTable.columns.count == RunTable.values(summary).count)
    #expect(row["shard"] == .text("1/2"))
    #expect(row["scored"] == .integer(1))
    #expect(row["left"] == .integer(6))
    #expect(row["missing"] == .integer(1))
    #expect(row["finished_at"] == .null)
    let details = try RunDetails.rows(summary, faults: reader.faults(ofRun: run.id), newVersions: 0)
    #expect(details.map(\.count).allSatisfy { $0 == RunDetails.columns.count })
    #expect(details.contains([.text("posts.csv"), .text("not_sampled"), .integer(1)]))
    #expect(details.last == [.null, .text("fault image missing"), .integer(1)])
  }

  @Test func hostileCountsDoNotOverflow() throws {
    let run = try writer.openRun(Fixtures.request())
    let counts = Fixtures.counts(0, others: .max, unsampled: .max)
    try writer.commit(
      [Fixtures.scored(1), Fixtures.scored(2)], run: run, counts: counts, notedAt: Fixtures.time)
    #expect(try StoreReader(path: path).run(named: "posts").ledger.map(\.missing) == [.min])
  }

  @Test func theTableOfRunsFitsATerminal() throws {
    let run = try writer.openRun(Fixtures.request("tweets-2026"))
    let rows = [Fixtures.scored(1), Fixtures.textOnly(2), Fixtures.fault(3)]
    try writer.commit(rows, run: run, counts: Fixtures.counts(9_999_999), notedAt: Fixtures.time)
    try writer.finishRun(
      run, state: .interrupted, counts: Fixtures.counts(9_999_999), finishedAt: Fixtures.time)
    let summary = try StoreReader(path: path).run(named: "tweets-2026")
    let values = RunTable.shortValues(summary)
    #expect(values.count == RunTable.shortColumns.count)
    #expect(values[3] == .integer(2))
    var output: [UInt8] = []
    var table = TableFormat()
    table.begin(RunTable.shortColumns, into: &output)
    table.row(values, into: &output)
    table.end(into: &output)
    let lines = output.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 80 }, "\(String(decoding: output, as: UTF8.self))")
  }

  @Test func newVersionsAreCounted() throws {
    let run = try writer.openRun(Fixtures.request())
    try writer.commit(
      [Fixtures.scored(1), Fixtures.scored(2, key: "k1", content: "new"), Fixtures.scored(3)], run: run,
      counts: Fixtures.counts(3), notedAt: Fixtures.time)
    #expect(try StoreReader(path: path).newVersions(inRun: run.id) == 1)
  }

  @Test func runsAreRenamedAndDropped() throws {
    let run = try writer.openRun(Fixtures.request())
    try writer.commit(
      [Fixtures.scored(1), Fixtures.fault(2)], run: run, counts: Fixtures.counts(2), notedAt: Fixtures.time)
    try finish(run)
    try finish(try writer.openRun(Fixtures.request()))
    #expect(throws: StoreError.runNameTaken(name: "posts-2")) { try writer.renameRun("posts", to: "posts-2") }
    #expect(throws: StoreError.invalidRunName(name: "")) { try writer.renameRun("posts", to: "") }
    let missing = #expect(throws: StoreError.self) { try writer.renameRun("post", to: "x") }
    #expect(
      missing?.description == "no run \"post\" (did you mean \"posts\"?): the store holds posts, posts-2")
    try writer.renameRun("posts", to: "old posts")
    #expect(try writer.dropRun("old posts") == 2)
    #expect(throws: StoreError.self) { try writer.dropRun("old posts") }
    let left = try writer.read { db in
      try ["run", "entry", "fault", "post", "prediction", "embedding"].map {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? -1
      }
    }
    #expect(left == [1, 0, 0, 1, 1, 3])
  }
}
