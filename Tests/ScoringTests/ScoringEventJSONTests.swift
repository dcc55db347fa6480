import Bytes
import Corpus
import Foundation
import Models
import Scoring
import Store
import Testing

/// Objects of a run's progress have the bytes that Foundation's writer gave them, keys sorted.
@Suite struct ScoringEventJSONTests {
  private static func foundation(_ object: [String: Any]) throws -> String {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try JSONSerialization.data(withJSONObject: object, options: options), as: UTF8.self)
  }

  private static var turn: ScoringProgress {
    var turn = ScoringProgress()
    (turn.scored, turn.withoutPicture, turn.duplicates, turn.faulted) = (5, 4, 3, 2)
    (turn.known, turn.newVersions, turn.updated, turn.differing, turn.read) = (6, 7, 8, 9, 20)
    (turn.retried, turn.recovered, turn.seconds, turn.share) = (3, 1, 4, 0.99971)
    turn.updatedColumns.add(["a/b"])
    return turn
  }

  @Test func aRowsFaultIsAnObject() throws {
    let position = RowPosition(file: ByteText("a/\"b\".csv"), record: 3, line: 7)
    var fault = RowFault(
      position: position, key: ByteText("é\u{1}"), stage: .image, code: .missing, path: "p.jpg", detail: "")
    var object: [String: Any] = [
      "event": "fault", "file": "a/\"b\".csv", "line": 7, "stage": "image", "code": "missing", "detail": "",
      "key": "é\u{1}", "path": "p.jpg",
    ]
    #expect(ScoringEvent.fault(fault).json.text(.canonical) == (try Self.foundation(object)))
    (fault.key, fault.path, object["key"], object["path"]) = (nil, nil, nil, nil)
    #expect(fault.json.text(.canonical) == (try Self.foundation(object)))
  }

  @Test func progressIsAnObjectWhoseShareStaysBelowOne() throws {
    let object: [String: Any] = [
      "event": "progress", "rows": 14, "scored": 5, "without_picture": 4, "duplicates": 3, "faulted": 2, "known": 6,
      "new_versions": 7, "updated": 8, "differing_duplicates": 9, "read": 20, "seconds": 4.0, "rows_per_second": 3.5,
      "share": 0.999, "remaining_seconds": 1.0,
    ]
    #expect(ScoringEvent.progress(Self.turn).json.text(.canonical) == (try Self.foundation(object)))
    #expect(
      ScoringEvent.notice("\u{2068}א\u{2069} b").json.text(.canonical) == #"{"event":"notice","text":"א b"}"#)
    #expect(ScoringEvent.started.json.text(.canonical) == #"{"event":"started"}"#)
  }

  @Test(arguments: [ScoringEnd.finished, .interrupted, .stopped, .tooManyFaults])
  func theEndIsAnObject(end: ScoringEnd) throws {
    var totals = RunTotals()
    (totals[.scored], totals[.withoutPicture], totals[.duplicate], totals[.faulted]) = (10, 11, 12, 13)
    var reused = EncoderCache.Tally()
    (reused.texts, reused.pictures) = (1, 2)
    let outcome = ScoringOutcome(
      end: end, turn: Self.turn, totals: totals,
      commonestFaults: [FaultCount(stage: "image", code: "missing", count: 13)],
      stages: [.reading: 0.12345, .model: 2],
      reused: reused)
    var object: [String: Any] = [
      "event": "summary", "run": "posts", "state": end.state.rawValue, "rows": 46, "scored": 10, "without_picture": 11,
      "duplicates": 12, "faulted": 13, "known": 6, "new_versions": 7, "updated": 8, "differing_duplicates": 9,
      "read": 20, "seconds": 4.0, "rows_per_second": 3.5, "share": 0.999, "remaining_seconds": 0.001,
      "updated_columns": ["a/b"], "differing_columns": [String](), "peak_bytes": 1 << 40, "startup_seconds": 1.5,
      "turn": [
        "rows": 14, "scored": 5, "without_picture": 4, "duplicates": 3, "faulted": 2, "retried": 3, "mended": 1,
        "still_faulted": 2,
      ], "reused": ["texts": 1, "pictures": 2],
      "stage_seconds": ["reading": 0.123, "text": 0.0, "pictures": 0.0, "model": 2.0, "storing": 0.0, "waiting": 0.0],
    ]
    let reposts = end == .interrupted ? nil : RunReposts([46, 44, 4, 2, 0])
    if reposts != nil { object["reposts"] = ["posts": 4, "groups": 2] }
    switch end {
    case .finished: break
    case .interrupted, .stopped: object["go_on"] = "clfa score"
    case .tooManyFaults:
      object["commonest_faults"] = [["stage": "image", "code": "missing", "count": 13] as [String: Any]]
    }
    let json = outcome.json(
      run: "posts", startup: 1.5, peakBytes: 1 << 40, continuation: "clfa score", reposts: reposts)
    #expect(json.text(.canonical) == (try Self.foundation(object)))
  }
}
