import Bytes
import Corpus
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct MergeTests {
  let folder: Scratch
  let out: String

  init() throws {
    folder = try Scratch()
    out = folder.file("out.sqlite")
  }

  /// A corpus of 240 records: scored ones with and without picture, faults, duplicates, new versions, and
  /// every sixth outside the sample.
  private static let records: [(row: LedgerRow, key: String, isSampled: Bool)] = (1...240).map { record in
    let key = record % 11 == 0 ? "k\(record - 10)" : "k\(record)"
    let row: LedgerRow =
      switch record % 10 {
      case 0: Fixtures.fault(record)
      case 3: Fixtures.textOnly(record)
      case 7: Fixtures.scored(record, key: key, content: "c\(record % 4)", label: "plain")
      default: Fixtures.scored(record, key: key, label: record % 2 == 0 ? "plain" : nil)
      }
    let itsKey =
      switch row.outcome {
      case .fault(let fault): fault.key?.text ?? ""
      case .post(let post, _): post.identity.key.text
      }
    return (row, itsKey, itsKey.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 6 != 0)
  }

  private static func shard(of key: String, _ total: Int) -> Int {
    key.utf8.reduce(7) { ($0 &* 33 &+ Int($1)) & 0xFFFF } % total + 1
  }

  private func makeShard(
    _ index: Int?, of total: Int = 4, machine: String = Fixtures.machine, state: RunState = .finished
  ) throws -> String {
    let path = folder.file(index.map { "\($0).sqlite" } ?? "whole.sqlite")
    var counts = FileCounts(name: "posts.csv")
    var rows: [LedgerRow] = []
    for record in Self.records {
      counts.read += 1
      if let index, Self.shard(of: record.key, total) != index {
        counts.otherShards += 1
      } else if !record.isSampled {
        counts.notSampled += 1
      } else {
        rows.append(record.row)
      }
    }
    let all = RunCounts(files: [counts], sample: "83%")
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(
      Fixtures.request(shard: index.map { "\($0)/\(total)" }, sample: "83%", machine: machine))
    try writer.commit(rows, run: run, counts: all, notedAt: Fixtures.time)
    try writer.finishRun(run, state: state, counts: all, finishedAt: Fixtures.time)
    try writer.close()
    return path
  }

  @Test func fourShardsAreTheWholeStoreRowForRowAndTwiceChangesNothing() throws {
    let whole = try makeShard(nil)
    let shards = try (1...4).map { try makeShard($0) }
    let before = try folder.state()
    let summary = try StoreMerge.stores(shards, into: out)
    #expect(summary.runs.map(\.name) == ["posts"])
    #expect(summary.runs.map(\.missingShards) == [[]])
    #expect(try Fixtures.dump(out) == Fixtures.dump(whole))
    let merged = try folder.state()
    for (name, state) in before { #expect(merged[name] == state) }
    #expect(try folder.names().count == 6)
    let again = try StoreMerge.stores(shards, into: out)
    #expect(try folder.state() == merged)
    #expect((again.posts, again.predictions, again.vectors, again.entries) == (0, 0, 0, 0))
    #expect(again.runs == summary.runs)
  }

  @Test func shardsMayComeOneByOneInAnyOrderAndInParts() throws {
    let whole = try makeShard(nil)
    let shards = try (1...4).map { try makeShard($0) }
    #expect(try StoreMerge.stores([shards[2]], into: out).runs.first?.missingShards == ["1/4", "2/4", "4/4"])
    #expect(try StoreMerge.stores([shards[0], shards[2]], into: out).runs.first?.missingShards == ["2/4", "4/4"])
    let part = try StoreReader(path: out)
    let run = try part.run(named: "posts")
    #expect(run.shard == "1,3/4")
    #expect(run.state == "stopped")
    #expect(run.counts.stop == "shards 2/4, 4/4 are missing")
    #expect(run.isBalanced)
    #expect(run.counts.files.first?.otherShards ?? 0 > 0)
    part.close()
    let rest = folder.file("rest.sqlite")
    _ = try StoreMerge.stores([shards[3], shards[1]], into: rest)
    #expect(try StoreMerge.stores([rest], into: out).runs.first?.missingShards == [])
    #expect(try Fixtures.dump(out) == Fixtures.dump(whole))
    #expect(try StoreMerge.stores([shards[1]], into: out).runs.first?.missingShards == [])
    #expect(try Fixtures.dump(out) == Fixtures.dump(whole))
  }

  @Test func mismatchesOfShardsAreKeptOnce() throws {
    let found = [#"[{"words":"one"},{"words":"both"}]"#, #"[{"words":"both"},{"words":"two"}]"#]
    let paths = try (1...2).map { try makeShard($0, of: 2) }
    for (path, json) in zip(paths, found) {
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE run SET mismatches = ?", arguments: [json]) }
    }
    _ = try StoreMerge.stores(paths, into: out)
    let reader = try StoreReader(path: out)
    defer { reader.close() }
    #expect(Set(try reader.run(named: nil).mismatches?.words ?? []) == ["one", "both", "two"])
    #expect(try reader.run(named: nil).mismatches?.words.count == 3)
  }

  @Test func equalMismatchesOfShardsAreJoinedWithThePostsOfBoth() throws {
    let found = [(60, 0.0), (140, 0.1)].map { posts, here in
      #"[{"subject":"knowledge","trained":0.72,"here":\#(here),"posts":\#(posts),"words":"none of the \#(posts) posts"}]"#
    }
    let paths = try (1...2).map { try makeShard($0, of: 2) }
    for (path, json) in zip(paths, found) {
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE run SET mismatches = ?", arguments: [json]) }
    }
    _ = try StoreMerge.stores(paths, into: out)
    let reader = try StoreReader(path: out)
    defer { reader.close() }
    let words = try reader.run(named: nil).mismatches?.words
    #expect(words == ["Posts with knowledge: 7.0 % in the 200 posts looked at, 72.0 % in training."])
  }

  @Test func otherRunsAndScorersAreCopied() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    try Fixtures.store(a, rows: [Fixtures.scored(1), Fixtures.fault(2)], counts: Fixtures.counts(2))
    try Fixtures.store(
      b, Fixtures.request("other", fingerprint: "beef"), rows: [Fixtures.scored(1), Fixtures.scored(3)],
      counts: Fixtures.counts(2))
    let summary = try StoreMerge.stores([a, b], into: out)
    #expect(summary.posts == 2)
    #expect(summary.predictions == 3)
    #expect(summary.vectors == 9)
    #expect(summary.entries == 4)
    let runs = try StoreReader(path: out).runs()
    #expect(runs.map(\.name) == ["posts", "other"])
    #expect(runs.map(\.isBalanced) == [true, true])
  }

  @Test func twoSpellingsOfANameAreTwoRuns() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    try Fixtures.store(a, Fixtures.request(one.text), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(b, Fixtures.request(two.text), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    #expect(try StoreMerge.stores([a, b], into: out).runs.map(\.name) == [one, two])
    #expect(try StoreReader(path: out).runs().map(\.name) == [one, two])
  }

  @Test func unequalPredictionsNameBothStores() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    try Fixtures.store(a, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(
      b, Fixtures.request("other"), rows: [Self.moved(1, by: 1e-9)], counts: Fixtures.counts(1))
    let conflict = StoreError.merge(.predictionsDiffer(key: "k1", first: a, second: b))
    #expect(throws: conflict) { try StoreMerge.stores([a, b], into: out) }
    #expect(try folder.names() == ["a.sqlite", "b.sqlite"])
    // An existing store stays unchanged.
    _ = try StoreMerge.stores([a], into: out)
    let before = try Fixtures.dump(out)
    #expect(throws: StoreError.merge(.predictionsDiffer(key: "k1", first: out, second: b))) {
      try StoreMerge.stores([b], into: out)
    }
    #expect(try Fixtures.dump(out) == before)
  }

  @Test func otherProcessorsMayDifferALittle() throws {
    let (a, b, c) = (folder.file("a.sqlite"), folder.file("b.sqlite"), folder.file("c.sqlite"))
    let machine = #"{"processor":"Slide rule","onednn":"2.6.0","threads":2}"#
    try Fixtures.store(a, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(
      b, Fixtures.request("other", machine: machine), rows: [Self.moved(1, by: 0.9e-4)],
      counts: Fixtures.counts(1))
    try Fixtures.store(
      c, Fixtures.request("third", machine: machine), rows: [Self.moved(1, by: 2e-4)],
      counts: Fixtures.counts(1))
    let summary = try StoreMerge.stores([a, b], into: out)
    #expect(summary.nearlyEqual == 4)
    let confidence = try StoreReader(path: out).read {
      try Double.fetchOne($0, sql: "SELECT confidence FROM prediction")
    }
    #expect(confidence == Fixtures.prediction(1).confidence)
    #expect(throws: StoreError.merge(.predictionsDiffer(key: "k1", first: a, second: c))) {
      try StoreMerge.stores([a, c], into: folder.file("out2.sqlite"))
    }
  }

  @Test func moreThreadsDoNotAllowDifferences() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    let machine = #"{"processor":"Abacus","onednn":"2.6.0","threads":64}"#
    try Fixtures.store(a, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(
      b, Fixtures.request("other", machine: machine), rows: [Self.moved(1, by: 1e-6)],
      counts: Fixtures.counts(1))
    #expect(throws: StoreError.self) { try StoreMerge.stores([a, b], into: out) }
  }

  @Test func shardsOfDifferentMachinesRememberThemAll() throws {
    let other = #"{"processor":"Slide rule","onednn":"2.6.0","threads":2}"#
    let paths = try [
      makeShard(1, of: 3), makeShard(2, of: 3, machine: other), makeShard(3, of: 3, machine: other),
    ]
    _ = try StoreMerge.stores(paths, into: out)
    let run = try StoreReader(path: out).run(named: "posts"), machine = run.machine
    #expect(run.mix == "processors Abacus and Slide rule")
    #expect(machine == #"{"processor":"Abacus","onednn":"2.6.0","threads":2,"also":[\#(other)]}"#)
  }

  @Test func unequalVectorsAreAConflict() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    var prediction = Fixtures.prediction(1)
    try Fixtures.store(a, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    prediction.vectors[2].values[0] += 0.5
    let row = LedgerRow(position: Fixtures.position(1), outcome: .post(Fixtures.post("k1"), prediction))
    try Fixtures.store(b, Fixtures.request("other"), rows: [row], counts: Fixtures.counts(1))
    #expect(throws: StoreError.merge(.vectorsDiffer(key: "k1", space: "fused", first: a, second: b))) {
      try StoreMerge.stores([a, b], into: out)
    }
  }

  @Test func runsThatOnlyShareANameAreAConflict() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    try Fixtures.store(a, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(
      b, Fixtures.request(corpus: "b.csv"), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    #expect(throws: StoreError.merge(.runsDiffer(name: "posts", trait: .corpus, first: out, second: b))) {
      try StoreMerge.stores([a, b], into: out)
    }
    let c = folder.file("c.sqlite")
    try Fixtures.store(c, rows: [Fixtures.scored(1, key: "z")], counts: Fixtures.counts(1))
    #expect(
      throws: StoreError.merge(
        .entriesDiffer(run: "posts", file: "posts.csv", record: 1, first: a, second: c))
    ) { try StoreMerge.stores([a, c], into: out) }
    let shards = try [makeShard(1, of: 2), makeShard(2, of: 4)]
    #expect(
      throws: StoreError.merge(.runsDiffer(name: "posts", trait: .shard, first: out, second: shards[1]))
    ) {
      try StoreMerge.stores(shards, into: out)
    }
  }

  @Test func labelsAndFilesAreBytes() throws {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    let (a, b, c) = (folder.file("a.sqlite"), folder.file("b.sqlite"), folder.file("c.sqlite"))
    try Fixtures.store(a, Fixtures.request(corpus: one), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(c, Fixtures.request(corpus: two), rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    #expect(throws: StoreError.merge(.runsDiffer(name: "posts", trait: .corpus, first: out, second: c))) {
      try StoreMerge.stores([a, c], into: out)
    }
    // Other processors may give other numbers, but not other labels.
    let other = Fixtures.request("other", machine: #"{"processor":"Loom","onednn":"2.6.0","threads":2}"#)
    try Fixtures.store(b, other, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    for (path, label) in [(a, one), (b, two)] {
      try DatabaseQueue(path: path).write { db in
        try db.execute(
          sql: "UPDATE prediction SET label = ?1, probabilities = json_object(?1, confidence)", arguments: [label])
        try db.execute(sql: "UPDATE run SET checksum = NULL")
      }
    }
    #expect(throws: StoreError.merge(.predictionsDiffer(key: "k1", first: a, second: b))) {
      try StoreMerge.stores([a, b], into: out)
    }
  }

  @Test func aShardMustBeFinished() throws {
    let path = try makeShard(2, state: .interrupted)
    let conflict = StoreError.merge(
      .unfinishedShard(run: "posts", shard: "2/4", state: "interrupted", path: path))
    #expect(throws: conflict) { try StoreMerge.stores([path], into: out) }
  }

  @Test func aRunThatDoesNotAddUpIsRejected() throws {
    let path = folder.file("a.sqlite")
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(2))
    #expect(throws: StoreError.merge(.unbalanced(run: "posts", file: "posts.csv", path: path))) {
      try StoreMerge.stores([path], into: out)
    }
  }

  @Test func anInputIsNotTheOutput() throws {
    let path = folder.file("a.sqlite")
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    let link = folder.file("b.sqlite")
    try FileManager.default.linkItem(atPath: path, toPath: link)
    #expect(throws: StoreError.merge(.sameStore(path: link))) { try StoreMerge.stores([link], into: path) }
    #expect(throws: StoreError.noSuchFile(path: folder.file("c"))) {
      try StoreMerge.stores([folder.file("c")], into: out)
    }
    #expect(try folder.names() == ["a.sqlite", "b.sqlite"])
  }

  @Test func aLaterCopyOfARunAddsItsNewRows() throws {
    let path = folder.file("a.sqlite")
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    try writer.commit(
      [Fixtures.scored(1), Fixtures.fault(2)], run: run, counts: Fixtures.counts(2), notedAt: Fixtures.time)
    _ = try StoreMerge.stores([path], into: out)
    #expect(try StoreReader(path: out).run(named: "posts").state == "interrupted")
    try writer.commit(
      [Fixtures.scored(2), Fixtures.scored(3)], run: run, counts: Fixtures.counts(3), notedAt: Fixtures.time)
    try writer.finishRun(run, state: .finished, counts: Fixtures.counts(3), finishedAt: Fixtures.time)
    try writer.close()
    _ = try StoreMerge.stores([path], into: out)
    #expect(try Fixtures.dump(out) == Fixtures.dump(path))
  }

  /// A shard whose first record was a fault until it was retried: then the second record of its post is a duplicate.
  private func makeRetried(_ name: String, isRetried: Bool) throws -> String {
    let path = folder.file(name)
    let request = Fixtures.request(shard: "1/1", reopens: true)
    let rows = [Fixtures.fault(1), Fixtures.textOnly(2), Fixtures.scored(3, key: "k1", content: "k1")]
    try Fixtures.store(path, request, rows: rows, counts: Fixtures.counts(3))
    guard isRetried else { return path }
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(request)
    let answer = LedgerRow(
      position: Fixtures.position(1), outcome: .post(Fixtures.post("k1"), Fixtures.prediction(3)))
    try writer.commit([answer], run: run, counts: Fixtures.counts(3), notedAt: Fixtures.time)
    try writer.finishRun(run, state: .finished, counts: Fixtures.counts(3), finishedAt: Fixtures.time)
    try writer.close()
    return path
  }

  @Test func aRetriedShardMergesBeforeAndAfterWhatItWas() throws {
    let before = try makeRetried("before.sqlite", isRetried: false)
    let after = try makeRetried("after.sqlite", isRetried: true)
    for (number, order) in [[before, after], [after, before], [after, before, after]].enumerated() {
      let out = folder.file("out\(number).sqlite")
      let summary = try StoreMerge.stores(order, into: out)
      #expect(summary.entries == 3)
      #expect(
        try StoreReader(path: out).texts("SELECT state FROM entry ORDER BY record")
          == ["scored", "without_picture", "duplicate"])
      #expect(try StoreReader(path: out).run(named: "posts").isBalanced)
      let merged = try Fixtures.dump(out)
      _ = try StoreMerge.stores(order.reversed(), into: out)
      #expect(try Fixtures.dump(out) == merged)
    }
  }

  @Test func eachStoreMayHaveAnotherRecordOfAPostAsAFault() throws {
    let (a, b) = (folder.file("a.sqlite"), folder.file("b.sqlite"))
    let second = LedgerRow(
      position: Fixtures.position(2), outcome: .post(Fixtures.post("k1"), Fixtures.prediction(1)))
    try Fixtures.store(a, rows: [Fixtures.fault(1), second], counts: Fixtures.counts(2))
    try Fixtures.store(b, rows: [Fixtures.scored(1), Fixtures.fault(2)], counts: Fixtures.counts(2))
    for order in [[a, b], [b, a]] {
      let out = folder.file("\(order[0] == a).sqlite")
      _ = try StoreMerge.stores(order, into: out)
      let store = try StoreReader(path: out)
      #expect(try store.texts("SELECT state FROM entry ORDER BY record") == ["scored", "duplicate"])
      #expect(try store.texts("SELECT code FROM fault").isEmpty)
    }
  }

  @Test func fromAReadOnlyFolder() throws {
    let paths = try (1...4).map { try makeShard($0) }
    let other = try Scratch()
    let whole = try makeShard(nil)
    let merged = other.file("out.sqlite")
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: other.path)
    try folder.whileReadOnly { _ = try StoreMerge.stores(paths, into: merged) }
    #expect(try Fixtures.dump(merged) == Fixtures.dump(whole))
  }

  /// A row with all numbers slightly higher.
  private static func moved(_ record: Int, by change: Double) -> LedgerRow {
    var prediction = Fixtures.prediction(record)
    prediction.confidence += change
    prediction.probabilities = prediction.probabilities.map { ($0.label, $0.value + change) }
    prediction.vectors = prediction.vectors.map { ($0.space, $0.values.map { $0 + Float(change) }) }
    return LedgerRow(
      position: Fixtures.position(record), outcome: .post(Fixtures.post("k\(record)"), prediction))
  }
}
