import Bytes
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct StoreWriterLabelsTests {
  @Test func aLabelIsNewChangedUnchangedAndRemoved() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    func note(_ label: ByteText?, _ note: String? = nil, by source: String = "ann", at time: String) throws
      -> LabelChange
    {
      try writer.note(SourceLabel(post: 1, source: source, label: label, note: note, notedAt: time))
    }
    #expect(try note("ironic", at: "t1") == .new)
    #expect(try note("ironic", at: "t2") == .unchanged)
    #expect(try LabelFixture.labels(writer) == ["1 ann ironic t1"])
    #expect(try note("sincere", "a joke?", at: "t3") == .changed)
    #expect(try note("sincere", at: "t4") == .unchanged)
    #expect(try note("ironic", by: "ben", at: "t5") == .new)
    #expect(try LabelFixture.labels(writer) == ["1 ann sincere t3 a joke?", "1 ben ironic t5"])
    #expect(try note("sincere", "", at: "t6") == .changed)
    #expect(try LabelFixture.labels(writer) == ["1 ann sincere t3", "1 ben ironic t5"])
    #expect(try note("sincere", "no joke", at: "t7") == .changed)
    #expect(try note(nil, at: "t8") == .removed)
    #expect(try note(nil, at: "t9") == .unchanged)
    #expect(try LabelFixture.labels(writer) == ["1 ben ironic t5"])
    #expect(try writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM label_note") } == 0)
  }

  @Test func spellingsOfOneLabelInUnicodeAreTwoLabels() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    #expect(try writer.note(SourceLabel(post: 1, source: "ann", label: "caf\u{E9}", notedAt: "t1")) == .new)
    #expect(try writer.note(SourceLabel(post: 1, source: "ann", label: "cafe\u{301}", notedAt: "t2")) == .changed)
  }

  @Test func aPostThatIsNotThereTakesNoLabel() throws {
    let folder = try Scratch(), writer = try LabelFixture.writer(folder)
    #expect(throws: StoreError.self) {
      try writer.note(SourceLabel(post: 9, source: "ann", label: "ironic", notedAt: "t"))
    }
    #expect(try LabelFixture.labels(writer).isEmpty)
  }
}
