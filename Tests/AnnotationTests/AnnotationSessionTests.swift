import Annotation
import Bytes
import Foundation
import GRDB
import ResultsFixtures
import Store
import Synchronization
import Testing

@Suite struct AnnotationSessionTests {
  @Test func anAnswerIsInTheStoreWhenTheCallReturns() throws {
    let fixture = try SampleFixture(["one", "two", "three"]), session = try fixture.session()
    #expect(try session.answer(2, Annotation(label: "yes", note: "why"), seen: nil) == .stored)
    #expect(try fixture.stored() == ["2 anna \"why\"", "2 anna yes"])
    #expect(session.labelled == [2])
    #expect(session.annotation(of: 2) == Annotation(label: "yes", note: "why"))
  }

  @Test func theSameAnswerAgainChangesNothing() throws {
    let fixture = try SampleFixture(["one"])
    let writer = try StoreWriter.open(path: fixture.path)
    let answer = Annotation(label: "yes")
    for time in ["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"] {
      #expect(try writer.annotate(1, as: answer, source: "anna", seen: nil, notedAt: time) == .stored)
    }
    let rows = try writer.read { db in try Row.fetchAll(db, sql: "SELECT label, noted_at FROM label") }
    #expect(rows.map { [$0[0] as String, $0[1] as String] } == [["yes", "2026-02-01T00:00:00Z"]])
    try writer.close()
  }

  @Test func aLabelThatThePageDidNotShowIsNotReplaced() throws {
    let fixture = try SampleFixture(["one"])
    let one = try fixture.session(), other = try fixture.session()
    #expect(try one.answer(1, Annotation(label: "yes"), seen: nil) == .stored)
    #expect(try other.answer(1, Annotation(label: "no"), seen: nil) == .conflict(Annotation(label: "yes")))
    #expect(try fixture.stored() == ["1 anna yes"])
    // Now the page shows it.
    #expect(other.annotation(of: 1).label == "yes")
    #expect(try other.answer(1, Annotation(label: "no"), seen: "yes") == .stored)
    #expect(try fixture.stored() == ["1 anna no"])
  }

  @Test func aLabelCanBeTakenBackAndANoteStandAlone() throws {
    let fixture = try SampleFixture(["one", "two"]), session = try fixture.session()
    _ = try session.answer(1, Annotation(label: "yes", note: "a"), seen: nil)
    #expect(try session.answer(1, Annotation(note: "a"), seen: "yes") == .stored)
    #expect(try fixture.stored() == ["1 anna \"a\""])
    #expect(try session.answer(2, Annotation(note: "blurred"), seen: nil) == .stored)
    #expect(try session.answer(1, Annotation(), seen: nil) == .stored)
    #expect(try fixture.stored() == ["2 anna \"blurred\""])
    #expect(session.labelled.isEmpty)
  }

  @Test func theOrderOfTheLabelsIsRememberedWithTheFirstAnswer() throws {
    let fixture = try SampleFixture(["one", "two"])
    let first = try fixture.session(labels: ["yes", "no", "odd"])
    #expect(first.keyChange == nil && first.keys == "1 yes, 2 no, 3 odd")
    #expect(try fixture.posts().keys == nil)
    _ = try first.answer(1, Annotation(label: "odd"), seen: nil)
    #expect(try fixture.session().labels == ["yes", "no", "odd"])
    #expect(try fixture.session().keyChange == nil)
    #expect(try fixture.session(annotator: "ben").labels == ["no", "yes"])
    // Another order is said, and remembered after an answer.
    let other = try fixture.session(labels: ["no", "yes"])
    #expect(
      other.keyChange
        == "the keys have changed since anna last labelled this sample: then 1 yes, 2 no, 3 odd; now 1 no, 2 yes")
    _ = try other.answer(2, Annotation(label: "no"), seen: nil)
    #expect(try fixture.posts().keys == ["no", "yes"])
    #expect(try fixture.session().keyChange == "anna has given labels that have no key now: odd")
  }

  @Test func aLaterSessionGoesOnWhereTheFirstStopped() throws {
    let fixture = try SampleFixture(["one", "two", "three"])
    _ = try fixture.session().answer(1, Annotation(label: "yes"), seen: nil)
    let session = try fixture.session()
    #expect(session.labelled == [1])
    #expect(!session.isComplete)
    #expect(session.touched == 0)
    _ = try session.answer(2, Annotation(label: "no"), seen: nil)
    _ = try session.answer(3, Annotation(label: "no"), seen: nil)
    #expect(session.isComplete)
    #expect(session.touched == 2)
    #expect(
      session.summary == "2 posts labelled or changed now; anna has labelled all 3 posts of sample first")
  }

  @Test func annotatorsDoNotSeeEachOther() throws {
    let fixture = try SampleFixture(["one", "two"])
    let anna = try fixture.session(), ben = try fixture.session(annotator: "ben")
    _ = try anna.answer(1, Annotation(label: "yes"), seen: nil)
    _ = try ben.answer(1, Annotation(label: "no"), seen: nil)
    #expect(try fixture.stored() == ["1 anna yes", "1 ben no"])
    #expect(try fixture.session(annotator: "ben").annotation(of: 1).label == "no")
  }

  @Test func anAnswerWaitsUntilTheStoreIsFree() throws {
    let fixture = try SampleFixture(["one"]), session = try fixture.session()
    let other = try StoreWriter.open(path: fixture.path)
    #expect(throws: StoreError.self) { try session.answer(1, Annotation(label: "yes"), seen: nil) }
    #expect(session.labelled.isEmpty)
    try other.close()
    #expect(try session.answer(1, Annotation(label: "yes"), seen: nil) == .stored)
    #expect(try fixture.stored() == ["1 anna yes"])
  }

  @Test func anAnswerThatCouldNotBeStoredCanBeSentAgain() throws {
    let fixture = try SampleFixture(["one"]), attempts = Atomic<Int>(0)
    let access = SampleStore(path: fixture.path, annotator: "anna")
    let session = try AnnotationSession(try fixture.posts(), annotator: "anna") { answer in
      guard attempts.add(1, ordering: .relaxed).newValue > 2 else { throw StoreError.diskFull(path: "x") }
      return try access.write(answer)
    }
    for _ in 0..<2 {
      #expect(throws: StoreError.diskFull(path: "x")) { try session.answer(1, Annotation(label: "yes"), seen: nil) }
    }
    #expect(session.touched == 0)
    #expect(try session.answer(1, Annotation(label: "yes"), seen: nil) == .stored)
    #expect(try session.answer(1, Annotation(label: "yes"), seen: nil) == .stored)
    #expect(try fixture.stored() == ["1 anna yes"])
    #expect(session.touched == 1)
  }

  @Test func aForgottenPostTakesNoLabel() throws {
    let fixture = try SampleFixture(["one", "two"]), session = try fixture.session()
    try fixture.store.write { db in
      for table in ["sample_post", "prediction", "entry"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE post_id = 1")
      }
      try db.execute(sql: "DELETE FROM post WHERE id = 1")
    }
    #expect(try session.answer(1, Annotation(label: "yes"), seen: nil) == .forgotten)
    #expect(try fixture.stored().isEmpty)
    // A new session numbers the posts that are left.
    #expect(try fixture.posts().posts.map(\.key) == ["k2"])
    #expect(try fixture.posts().posts.map(\.number) == [1])
  }

  @Test func samplesAreFoundByName() throws {
    let fixture = try SampleFixture(["one"])
    #expect(try fixture.posts(sample: "first").sample == "first")
    #expect(throws: AnnotationError.noSuchSample("frist", known: ["first"])) { try fixture.posts(sample: "frist") }
    try fixture.store.write { db in try db.execute(sql: "DELETE FROM sample_post") }
    #expect(throws: AnnotationError.emptySample("first")) { try fixture.posts() }
    try fixture.store.write { db in try db.execute(sql: "DELETE FROM sample") }
    #expect(throws: AnnotationError.noSamples(fixture.path)) { try fixture.posts() }
  }

  @Test func namesAreChecked() throws {
    let fixture = try SampleFixture(["one"])
    #expect(throws: AnnotationError.reservedAnnotator("corpus")) { try fixture.session(annotator: "corpus") }
    for name in ["", "a\nb", String(repeating: "a", count: 201)] {
      #expect(throws: AnnotationError.badAnnotator(name)) { try fixture.session(annotator: name) }
    }
    #expect(try fixture.session().labels == ["no", "yes"])
    #expect(throws: AnnotationError.tooFewLabels(1)) { try fixture.session(labels: ["a"]) }
    #expect(throws: AnnotationError.repeatedLabel("a")) { try fixture.session(labels: ["a", "b", "a"]) }
    #expect(throws: AnnotationError.badLabel("")) { try fixture.session(labels: ["a", ""]) }
    #expect(throws: AnnotationError.tooManyLabels(51)) {
      try fixture.session(labels: (0...50).map { ByteText("l\($0)") })
    }
  }
}
