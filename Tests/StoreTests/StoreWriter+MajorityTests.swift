import Bytes
import Foundation
import Store
import TestSupport
import Testing

@Suite struct StoreWriterMajorityTests {
  private func note(_ writer: StoreWriter, _ post: Int64, _ labels: [String: ByteText], at time: String = "t1") throws {
    for (source, label) in labels {
      try writer.note(SourceLabel(post: post, source: source, label: label, notedAt: time))
    }
  }

  private func agreed(_ writer: StoreWriter) throws -> [String] {
    try LabelFixture.labels(writer).filter { $0.contains(" majority") }
  }

  @Test func theLabelWithMostVotesCountsAndTiesAreLeftOpen() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    try note(writer, 1, ["anna": "a", "ben": "a", "eva": "b", "corpus": "b"])
    try note(writer, 2, ["anna": "a", "ben": "b", "corpus": "b"])
    try note(writer, 3, ["anna": "b"])
    let first = try writer.storeMajority(notedAt: "t2")
    #expect(first.sources == ["anna", "ben", "eva"])
    #expect(first.agreed == 2 && first.tied == 1 && first.single == 1 && first.new == 2)
    #expect(try agreed(writer) == ["1 majority a t2", "3 majority b t2"])
    let again = try writer.storeMajority(notedAt: "t3")
    #expect(again.agreed == 2 && again.new == 0 && again.changed == 0 && again.removed == 0)
    #expect(try agreed(writer) == ["1 majority a t2", "3 majority b t2"])
    // Changed minds: a vote that decides, one that makes a tie, and one that is the other way round.
    try note(writer, 2, ["eva": "b"], at: "t4")
    try note(writer, 1, ["eva": "a", "ben": "b", "anna": "b"], at: "t4")
    try note(writer, 3, ["ben": "a"], at: "t4")
    let changed = try writer.storeMajority(notedAt: "t5")
    #expect(changed.new == 1 && changed.changed == 1 && changed.removed == 1)
    #expect(try agreed(writer) == ["1 majority b t5", "2 majority b t5"])
  }

  @Test func sourcesCanBeChosen() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    try note(writer, 1, ["anna": "a", "ben": "a", "eva": "b", "corpus": "b"])
    let summary = try writer.storeMajority(of: ["eva", "corpus", "anna"], as: "majority-3", notedAt: "t2")
    #expect(summary.sources == ["anna", "corpus", "eva"])
    #expect(try agreed(writer) == ["1 majority-3 b t2"])
    #expect(throws: StoreError.labelSourceNotFound(name: "eve", known: ["anna", "ben", "corpus", "eva", "majority-3"]))
    {
      try writer.storeMajority(of: ["anna", "eve"], notedAt: "t3")
    }
  }

  @Test func aMajorityReplacesNobodysLabels() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    #expect(throws: StoreError.tooFewLabelSources(found: [])) { try writer.storeMajority(notedAt: "t") }
    try note(writer, 1, ["anna": "a", "corpus": "b"])
    #expect(throws: StoreError.tooFewLabelSources(found: ["anna"])) { try writer.storeMajority(notedAt: "t") }
    #expect(throws: StoreError.notAMajority("anna")) { try writer.storeMajority(as: "anna", notedAt: "t") }
    #expect(try LabelFixture.labels(writer) == ["1 anna a t1", "1 corpus b t1"])
  }
}
