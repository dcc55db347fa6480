import Bytes
import Corpus
import Foundation
import Store
import TestSupport
import Testing

@Suite struct StoreWriterLabellingTests {
  private func row(
    _ line: Int, _ key: ByteText, _ label: ByteText, by annotator: ByteText? = nil, note: String? = nil,
    plain: ByteText? = nil
  ) -> LabelRow {
    .label(
      LabelledKey(
        position: RowPosition(file: "l.csv", record: line - 1, line: line), key: key, plainKey: plain, label: label,
        annotator: annotator, note: note))
  }

  /// Stores rows; returns what became of them, and `line code` of each fault.
  private func label(
    _ writer: StoreWriter, _ rows: [LabelRow], at time: String = "t1", _ change: (inout LabelRequest) -> Void = { _ in }
  ) throws -> (summary: LabelSummary, faults: [String]) {
    var request = LabelRequest(source: "labels", notedAt: time), rest = rows[...], faults: [String] = []
    change(&request)
    let summary = try writer.label(request) {
      rest.popFirst()
    } onFault: {
      faults.append("\($0.position.line) \($0.code.rawValue)")
    }
    return (summary, faults)
  }

  @Test func labelsReachTheirPostsByKeyOnce() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    let rows = [
      row(2, "x", "ironic"), row(3, "y", "sincere", note: "hm"), row(4, "z", "ironic"),
      .empty(RowPosition(file: "l.csv", record: 4, line: 5)),
      row(6, "=\"007\"", "ironic", plain: "007"),
    ]
    let (first, faults) = try label(writer, rows)
    #expect(faults == ["4 no_post"])
    #expect(first.new == 3 && first.empty == 1 && first.faulted == 1 && first.restoredKeys == 1)
    #expect(first.severalContents == 1 && first.run == "posts" && first.sources == ["labels"])
    let stored = [
      "1 labels ironic t1", "2 labels sincere t1 hm", "3 labels ironic t1", "4 labels ironic t1",
    ]
    #expect(try LabelFixture.labels(writer) == stored)
    let again = try label(writer, rows, at: "t2").summary
    #expect(again.unchanged == 3 && again.new == 0 && again.changed == 0)
    #expect(try LabelFixture.labels(writer) == stored)
    let other = try label(writer, [row(2, "y", "ironic")], at: "t3").summary
    #expect(other.changed == 1)
    #expect(try LabelFixture.labels(writer)[1] == "2 labels ironic t3 hm")
  }

  @Test(arguments: [(LabelledContents.all, ["1", "4"]), (.latest, ["4"]), (.refuse, [])])
  func aKeyWithSeveralContents(_ contents: LabelledContents, posts: [String]) throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    let (summary, faults) = try label(writer, [row(2, "x", "ironic")]) { $0.contents = contents }
    #expect(try LabelFixture.labels(writer) == posts.map { "\($0) labels ironic t1" })
    #expect(faults == (contents == .refuse ? ["2 several_contents"] : []))
    #expect(summary.severalContents == 1 && summary.new == (contents == .refuse ? 0 : 1))
  }

  @Test func eachAnnotatorIsASource() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    let rows = [
      row(2, "y", "ironic", by: "anna"), row(3, "y", "sincere", by: "ben"), row(4, "y", "ironic", by: "corpus"),
      row(5, "y", "ironic", by: "majority-2"),
    ]
    let (summary, faults) = try label(writer, rows)
    #expect(faults == ["4 no_annotator", "5 no_annotator"] && summary.sources == ["anna", "ben"])
    #expect(try LabelFixture.labels(writer) == ["2 anna ironic t1", "2 ben sincere t1"])
    _ = try label(writer, [row(2, "007", "ironic", by: "anna")]) { ($0.source, $0.isPrefix) = ("round 2", true) }
    #expect(try LabelFixture.labels(writer).last == "3 round 2/anna ironic t1")
  }

  @Test func aContradictionWithinFilesIsAFaultAndTheFirstRowCounts() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    let (summary, faults) = try label(writer, [row(2, "y", "ironic"), row(3, "y", "sincere"), row(4, "y", "ironic")])
    #expect(faults == ["3 repeated_key"] && summary.new == 1 && summary.unchanged == 1)
    #expect(try LabelFixture.labels(writer) == ["2 labels ironic t1"])
  }

  @Test func aLabelThatTheModelDoesNotHaveIsStoredAndTold() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    let (summary, faults) = try label(writer, [row(2, "y", "irnoic")])
    #expect(faults == ["2 unknown_label"] && summary.unknownLabels == 1 && summary.faulted == 0 && summary.new == 1)
    #expect(try LabelFixture.labels(writer) == ["2 labels irnoic t1"])
    #expect(throws: StoreError.runNotFound(name: "no", known: ["posts"])) {
      try label(writer, []) { $0.run = "no" }
    }
  }

  @Test(arguments: ["", "corpus", "majority", "majority-2"]) func reservedSourcesAreRefused(_ name: String) throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    #expect(throws: StoreError.reservedLabelSource(name)) { try label(writer, []) { $0.source = name } }
  }

  @Test func anErrorOfTheFileLeavesTheStoreUnchanged() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    var count = 0
    #expect(throws: CorpusError.empty(file: "l.csv")) {
      try writer.label(LabelRequest(source: "labels", notedAt: "t")) {
        count += 1
        if count == 1 { return row(2, "y", "ironic") }
        throw CorpusError.empty(file: "l.csv")
      } onFault: { _ in
      }
    }
    #expect(try LabelFixture.labels(writer).isEmpty)
  }
}
