import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Scoring
import Store
import TestSupport
import Testing

/// Rows read, skipped and rejected, with a real corpus and a real store.
@Suite struct ChunkReaderTests {
  /// The share of the corpus done after each chunk of the last turn.
  private final class Shares { var values: [Double?] = [] }

  private let scratch: Scratch
  private var folder: String { scratch.path }
  private let shares = Shares()
  private var options = ScoringOptions(threads: 1, spaces: [])

  init() throws { scratch = try Scratch() }

  private func write(_ name: String, _ text: String) throws -> String {
    try scratch.write(name, text)
  }

  /// Reads files like one turn of a run, and enters every row as if a model had scored it.
  /// - Returns: the entries made in each chunk, and the run's counts.
  private func turn(_ paths: [String], most chunks: Int = .max) throws -> (entries: [Int], counts: RunCounts) {
    let isBegun = FileManager.default.fileExists(atPath: folder + "/store.sqlite")
    let store = try StoreWriter.open(path: folder + "/store.sqlite")
    defer { try? store.close() }
    let scorer = ScorerRecord(modelFingerprint: "f", modelName: "m", precision: "f32", options: "{}", labels: ["a"])
    let time = "2026-01-31T12:00:00Z"
    let run = try store.openRun(
      RunRequest(
        name: "run", nameIsGiven: true, scorer: scorer, corpus: "c", version: "0", machine: "{}", startedAt: time,
        reopensFinished: isBegun))
    let corpus = try CorpusReader(paths: paths, options: CorpusOptions())
    let folders = try PictureFolders(images: nil, paths: paths, names: corpus.files, limits: PictureLimits())
    var reader = try ChunkReader(
      corpus: corpus, folders: folders, labels: LabelCheck(names: ["a"]), store: store, run: run, options: options)
    var entries: [Int] = []
    var counts = run.counts
    shares.values = []
    while entries.count < chunks, let chunk = try reader.next() {
      let prediction = PredictionRecord(
        label: "a", confidence: 1, probabilities: [("a", 1)], unknownShare: 0, truncated: 0)
      chunk.settle(
        chunk.pending.map { place, row in
          (place, LedgerRow(position: row.position, outcome: .post(row.record, prediction)))
        })
      let rows = try #require(chunk.rows(within: 10))
      try store.commit(rows, run: run, counts: chunk.mark.counts, notedAt: time)
      entries.append(rows.count)
      shares.values.append(chunk.mark.share)
      counts = chunk.mark.counts
    }
    return (entries, counts)
  }

  private func changes(_ change: ScoringError.CorpusChange, file: String = "a.csv") -> ScoringError {
    .corpusChanged(run: "run", file: file, change: change)
  }

  private func states() throws -> [String] {
    let store = try StoreReader(path: folder + "/store.sqlite")
    defer { store.close() }
    return try store.run(named: "run").ledger.map { "\($0.counts.name) \($0.entries) \($0.isBalanced)" }
  }

  @Test mutating func theShareOfALimitedRunReachesTheEnd() throws {
    options.chunkRows = 10
    let rows = (1...1000).map { "\($0),text \($0)\n" }.joined()
    let path = try write("a.csv", "id,text\n" + rows)
    options.limit = 40
    let limited = try turn([path]).entries
    #expect(limited.reduce(0, +) == 40)
    var done = 0
    for (entries, share) in zip(limited, shares.values) {
      done += entries
      #expect(share == Double(done) / 40, "\(done) rows")
    }
    // Continued with a higher limit, it includes the existing rows in its counts.
    options.limit = 80
    _ = try turn([path], most: 1)
    #expect(try #require(shares.values.first ?? nil) == 44.0 / 80)
  }

  @Test mutating func aCorpusThatEndsBeforeTheLimitIsDoneAtItsEnd() throws {
    options.limit = 1000
    let path = try write("a.csv", "id,text\n1,one\n2,two\n")
    _ = try turn([path])
    #expect(shares.values.last == 1)
  }

  @Test func filesWhoseNamesOnlyLookAlikeAreTwo() throws {
    let composed = try write("caf\u{E9}.csv", "id,text\n1,one\n2,two\n")
    try FileManager.default.createDirectory(atPath: folder + "/d", withIntermediateDirectories: true)
    let decomposed = try write("d/cafe\u{301}.csv", "id,text\n3,three\n4,four\n5,five\n")
    let (entries, counts) = try turn([composed, decomposed])
    #expect(entries.reduce(0, +) == 5)
    #expect(counts.files.map(\.read) == [2, 3])
    #expect(try states() == ["caf\u{E9}.csv 2 true", "cafe\u{301}.csv 3 true"])
    // All rows are entered, so another turn enters nothing.
    #expect(try turn([composed, decomposed]).entries == [0])
  }

  @Test func picturesAreNextToTheirOwnFile() throws {
    for name in ["x", "y"] {
      try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    let paths = [folder + "/x/caf\u{E9}.csv", folder + "/y/cafe\u{301}.csv", folder + "/y/\u{301}.csv"]
    let names = ["caf\u{E9}.csv", "cafe\u{301}.csv", "\u{301}.csv"]
    let folders = try PictureFolders(images: nil, paths: paths, names: names, limits: PictureLimits())
    #expect(names.map { folders[ByteText($0)].root.utf8.last } == ["x", "y", "y"].map { $0.utf8.first })
  }

  @Test func aChunkIsBoundedByTheBytesOfItsRows() throws {
    var reader = self
    reader.options.chunkRowBytes = 1000
    let long = String(repeating: "x", count: 400)
    let text = "id,text,likes\n" + (1...7).map { "\($0),short,\(long)\n" }.joined()
    #expect(try reader.turn([write("a.csv", text)]).entries == [3, 3, 1])
  }

  @Test func aShorterCorpusIsRejected() throws {
    let rows = (1...6).map { "\($0),text \($0)\n" }
    let path = try write("a.csv", "id,text\n" + rows.joined())
    let second = try write("b.csv", "id,text\n9,nine\n")
    _ = try turn([path, second])
    _ = try write("a.csv", "id,text\n" + rows.prefix(4).joined())
    #expect(throws: changes(.fewerRecords(found: 4, expected: 6))) { try turn([path, second]) }
    _ = try write("a.csv", "id,text\n")
    #expect(throws: changes(.fewerRecords(found: 0, expected: 6))) { try turn([path, second]) }
    _ = try write("a.csv", "id,text\n" + rows.joined())
    _ = try write("b.csv", "id,text\n")
    #expect(throws: changes(.fewerRecords(found: 0, expected: 1), file: "b.csv")) { try turn([path, second]) }
    let words = changes(.fewerRecords(found: 4, expected: 6)).description
    #expect(
      words.contains("a.csv") && words.contains("4 records") && words.contains("6")
        && words.contains("a run of its own"))
  }

  @Test func rowsThatWereEditedAreNoticed() throws {
    var rows = (1...6).map { "\($0),text \($0)\n" }
    let path = try write("a.csv", "id,text\n" + rows.joined())
    _ = try turn([path])
    rows.append("7,text 7\n")
    rows[2] = "3,another text\n"
    _ = try write("a.csv", "id,text\n" + rows.joined())
    #expect(throws: changes(.otherContent(record: 3))) { try turn([path]) }
    rows[2] = "2,text 3\n"
    _ = try write("a.csv", "id,text\n" + rows.joined())
    #expect(throws: changes(.otherKey(record: 3))) { try turn([path]) }
    rows[2] = "3\n"
    _ = try write("a.csv", "id,text\n" + rows.joined())
    #expect(throws: changes(.otherContent(record: 3))) { try turn([path]) }
    rows[2] = "3,text 3\n"
    _ = try write("a.csv", "id,text\n" + rows.joined())
    #expect(try turn([path]).entries == [1])
  }

  @Test func comparesFarMoreRecordsThanAPageHolds() throws {
    var rows = (1...2500).map { "\($0),text \($0)\n" }
    var reader = self
    reader.options.chunkRows = 1000
    reader.options.shard = Shard(number: 1, count: 2)
    let path = try write("a.csv", "id,text\n" + rows.joined())
    let entries = try reader.turn([path]).entries.reduce(0, +)
    #expect((1000...1500).contains(entries))
    #expect(try reader.turn([path]).entries == [0])
    let last = try #require(rows.indices.last { Shard(number: 1, count: 2)?.contains("\($0 + 1)") == true })
    rows[last] = "\(last + 1),another\n"
    _ = try write("a.csv", "id,text\n" + rows.joined())
    #expect(throws: changes(.otherContent(record: last + 1))) { try reader.turn([path]) }
  }

  @Test func aFaultThatIsRetriedMayHaveBeenFixed() throws {
    let path = try write("a.csv", "id,text\n1,one\n2\n3,three\n")
    _ = try turn([path])
    _ = try write("a.csv", "id,text\n1,one\ntwo,two\n3,three\n")
    #expect(throws: changes(.otherKey(record: 2))) { try turn([path]) }
    var reader = self
    reader.options.retriesFaults = true
    #expect(try reader.turn([path]).entries == [1])
    #expect(try states() == ["a.csv 3 true"])
  }

  @Test func anEmptyPostIsAFaultUnderEveryPicturePolicy() throws {
    var reader = self
    reader.options.missingPicture = .textOnly
    let path = try write("a.csv", "id,text,image\n1, ,\n2,,gone.jpg\n3,three,gone.jpg\n4,four, \n")
    #expect(try reader.turn([path]).entries.reduce(0, +) == 4)
    let store = try StoreReader(path: folder + "/store.sqlite")
    defer { store.close() }
    let run = try store.run(named: "run")
    #expect(run.rows(.withoutPicture) == 2)
    #expect(try store.faults(ofRun: run.id).map(\.code).sorted() == ["empty_post", "missing"])
  }
}
