import Bytes
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct SampleRecordTests {
  private let run: Int64 = 1

  private var sample: SampleRecord {
    var sample = SampleRecord(
      name: "to label", design: .stratified, seed: .max,
      strata: [.init(values: ["a", nil], posts: 3, drawn: 2), .init(values: ["b", "é"], posts: 1, drawn: 1)],
      drawnAt: "2026-01-31T12:00:00Z")
    sample.by = ["label", "lang"]
    sample.allocation = "neyman"
    sample.isDistinct = true
    return sample
  }

  @Test func aSampleComesBackAsItWas() throws {
    let folder = try Scratch()
    let writer = try LabelFixture.writer(folder)
    try writer.record(
      sample, ofRun: run, posts: (1...3).map { SampledPost(post: $0, stratum: $0 == 3 ? 1 : 0, inclusion: 0.5) })
    #expect(try writer.read { db in try SampleRecord.all(ofRun: run, in: db, path: "") } == [sample])
    #expect(try writer.read { db in try SampleRecord.all(ofRun: 7, in: db, path: "") }.isEmpty)
    let rows = try writer.read { db in
      try Row.fetchAll(db, sql: "SELECT position, post_id, stratum, inclusion FROM sample_post ORDER BY position")
        .map { Array($0.databaseValues.map(\.description)) }
    }
    #expect(rows == [["1", "1", "0", "0.5"], ["2", "2", "0", "0.5"], ["3", "3", "1", "0.5"]])
    #expect(throws: StoreError.sampleExists("to label")) { try writer.record(sample, ofRun: run, posts: []) }
    #expect(throws: StoreError.self) {
      try writer.record(
        SampleRecord(name: "", design: .random, seed: 1, strata: [], drawnAt: ""), ofRun: run, posts: [])
    }
  }

  @Test func settingsOfAnotherProgramAreAnError() throws {
    let folder = try Scratch()
    let writer = try LabelFixture.writer(folder)
    try writer.record(sample, ofRun: run, posts: [])
    try writer.close()
    let queue = try DatabaseQueue(path: folder.file("posts.sqlite"))
    try queue.write { try $0.execute(sql: "UPDATE sample SET settings = '{}'") }
    #expect(throws: StoreError.damaged(path: "p", what: "the settings of a sample")) {
      try queue.read { db in try SampleRecord.all(ofRun: run, in: db, path: "p") }
    }
    try queue.close()
  }

  /// A merge copies a sample with its notes, a second merge changes nothing, and a forgotten post leaves it.
  @Test func samplesAreMergedAndForgotten() throws {
    let folder = try Scratch()
    let writer = try LabelFixture.writer(folder, "one.sqlite")
    try writer.record(sample, ofRun: run, posts: (1...3).map { SampledPost(post: $0, stratum: 0, inclusion: nil) })
    try writer.close()
    let note = try DatabaseQueue(path: folder.file("one.sqlite"))
    try note.write { try $0.execute(sql: "INSERT INTO label_note VALUES (2, 'ann', 'a joke?')") }
    try note.close()
    for _ in 0..<2 { _ = try StoreMerge.stores([folder.file("one.sqlite")], into: folder.file("all.sqlite")) }
    let output = try StoreWriter.open(path: folder.file("all.sqlite"))
    func count(_ table: String) throws -> Int {
      try output.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }
    #expect(try count("sample") == 1 && count("sample_post") == 3 && count("label_note") == 1)
    _ = try output.forget(["y"])
    #expect(try count("sample_post") == 2 && count("label_note") == 0)
  }

  /// The keys of annotators who labelled copies of a store come together.
  @Test func theKeysOfAnnotatorsAreMerged() throws {
    let folder = try Scratch()
    let files: [(String, String, [ByteText])] = [
      ("one.sqlite", "ann", ["b", "a"]), ("two.sqlite", "ben", ["a", "b"]), ("three.sqlite", "ann", ["a"]),
    ]
    for (file, annotator, labels) in files {
      let writer = try LabelFixture.writer(folder, file)
      try writer.record(sample, ofRun: run, posts: [SampledPost(post: 1, stratum: 0, inclusion: nil)])
      let keys = LabelKeys(sample: sample.name, annotator: annotator, labels: labels)
      _ = try writer.annotate(
        1, as: Annotation(label: "a", note: ""), source: annotator, seen: nil, notedAt: "2026-02-01T00:00:00Z",
        keys: keys)
      #expect(try writer.read { db in try SampleRecord.all(ofRun: run, in: db, path: "") } == [sample])
      try writer.close()
    }
    let all = folder.file("all.sqlite")
    _ = try StoreMerge.stores([folder.file("one.sqlite"), folder.file("two.sqlite")], into: all)
    _ = try StoreMerge.stores([folder.file("three.sqlite")], into: all)
    let output = try StoreWriter.open(path: all)
    let settings = try output.read { try String.fetchAll($0, sql: "SELECT settings FROM sample") }
    let merged = try #require(settings.first)
    #expect(settings.count == 1 && merged.contains(#""keys":{"ann":["b","a"],"ben":["a","b"]}"#), "\(merged)")
    #expect(LabelKeys.labels(of: "ben", in: merged) == ["a", "b"] && LabelKeys.labels(of: "eve", in: merged) == nil)
  }

  @Test func samplesOfOneNameAreNotMixed() throws {
    let folder = try Scratch()
    for (file, seed) in [("one.sqlite", 1 as UInt64), ("two.sqlite", 2)] {
      let writer = try LabelFixture.writer(folder, file)
      var sample = sample
      sample.seed = seed
      try writer.record(sample, ofRun: run, posts: [])
      try writer.close()
    }
    let one = folder.file("one.sqlite"), two = folder.file("two.sqlite"), all = folder.file("all.sqlite")
    #expect(throws: StoreError.merge(.samplesDiffer(sample: "to label", second: two))) {
      try StoreMerge.stores([one, two], into: all)
    }
    #expect(try StoreMerge.stores([one], into: all).posts == 4)
  }
}
