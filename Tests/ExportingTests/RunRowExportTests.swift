import Bytes
import Corpus
import Exporting
import Foundation
import GRDB
import Queries
import Store
import Testing

@Suite struct RunRowExportTests {
  private static let said = [
    "clfa_state", "clfa_label", "clfa_confidence", "clfa_p_ironic", "clfa_p_plain", "clfa_similarity", "clfa_fault",
  ]
  private static let answer = ["plain", "0.75", "0.25", "0.75"]
  private static let none = ["NULL", "NULL", "NULL", "NULL", "NULL"]

  @Test func rowsOfTheCorpusAreUnchanged() throws {
    let fixture = try ExportFixture()
    let (lines, summary) = try fixture.rows(corpus: fixture.reader())
    #expect(lines[0] == ["likes", "id", "text", "image", "label", "note"] + Self.said)
    let first = ["1280000000000000001", "a", "first", "a.jpg", "ironic", "one, two"]
    #expect(lines[1] == first + ["scored"] + Self.answer + ["-0.5", "NULL"])
    #expect(lines[2] == ["0", "b", "=1+1", "", "plain", "", "without_picture"] + Self.answer + ["NULL", "NULL"])
    #expect(
      lines[3] == ["7", "c", "third", "gone.jpg", "", "n", "faulted"] + Self.none
        + ["posts.csv:4 image: missing: gone.jpg: no such file"])
    #expect(lines[4].prefix(7) == ["8", "d", "too", "many.jpg", "plain", "n,surplus,more", "faulted"])
    #expect(lines[4].last?.hasPrefix("posts.csv:5 corpus: too_many_fields: ") == true)
    #expect(lines[5] == first + ["duplicate"] + Self.answer + ["-0.5", "NULL"])
    #expect(lines[6].prefix(7) == ["", "e", "a text on\ntwo lines", "", "", "", "without_picture"])
    #expect(lines.count == 7)
    #expect(summary.rows == 6 && summary.faulted == 2 && summary.duplicates == 1 && summary.left == 0)
  }

  @Test func withoutTheCorpusRowsComeFromTheStore() throws {
    let fixture = try ExportFixture()
    let (lines, summary) = try fixture.rows()
    #expect(lines[0] == ["id", "text", "image", "label", "likes", "note"] + Self.said)
    let first = ["a", "first", "a.jpg", "ironic", "1280000000000000001", "one, two"]
    #expect(lines[1] == first + ["scored"] + Self.answer + ["-0.5", "NULL"])
    #expect(lines[3].prefix(7) == ["c", "", "", "", "", "", "faulted"])
    #expect(lines[5] == first + ["duplicate"] + Self.answer + ["-0.5", "NULL"])
    #expect(lines.count == 7 && summary.rows == 6)
  }

  @Test func calibratedAnswersAreNamedInEachRow() throws {
    let fixture = try ExportFixture()
    let calibration = CalibratedPredictions(
      fingerprint: "f00d", labels: ["ironic", "plain"], rule: "temperature 2, \"ironic\" from 0.3 on"
    ) { CalibratedPredictions.Answer(probabilities: [$0[0] + 0.125, $0[1] - 0.125], label: 0) }
    let run = try RunExport(path: fixture.store, run: nil, calibration: calibration)
    var lines: [[String]] = []
    _ = try RunRowExport.each(of: run, corpus: nil) {
      lines.append($0)
    } row: { values in
      lines.append(
        values.map { value in
          if case .text(let text) = value { return text }
          return "\(value)"
        })
    }
    #expect(lines[0].suffix(8) == Self.said + ["clfa_calibration"])
    #expect(lines[1][7] == "ironic" && lines[1][8].contains("0.375") && lines[1][9].contains("0.375"))
    #expect(lines[1].last == calibration.rule && lines[3].last == "null" && lines[3][6] == "faulted")
    let effect = try #require(try run.calibrationEffect())
    #expect(effect.answers == 3 && effect.changed == 3 && effect.fingerprint == "f00d")
    #expect(effect.words.hasSuffix("3 of 3 answers differ from the model's own"))
    #expect(try RunExport(path: fixture.store, run: nil).calibrationEffect() == nil)
  }

  @Test func existingColumnNamesGetASuffix() throws {
    let fixture = try ExportFixture()
    try DatabaseQueue(path: fixture.store).write { db in
      try db.execute(
        sql: #"UPDATE post SET extra = '{"text":"x","clfa_label":"y","clfa_label_2":7}' WHERE key = 'e'"#)
    }
    let names = try fixture.rows().lines[0]
    #expect(names.prefix(2) == ["id", "clfa_text"])
    #expect(Set(names).count == names.count)
    #expect(names.contains("clfa_label_3") && names.contains("text"))
  }

  @Test func labelsAndColumnsAreBytes() throws {
    let fixture = try ExportFixture(), (one, two) = ("caf\u{E9}", "cafe\u{301}")
    try DatabaseQueue(path: fixture.store).write { db in
      try db.execute(sql: "UPDATE scorer SET labels = json_array(?, ?)", arguments: [one, two])
      try db.execute(
        sql: "UPDATE prediction SET label = ?2, probabilities = json_object(?2, 0.75, ?1, 0.25)", arguments: [one, two])
      try db.execute(sql: "UPDATE post SET extra = json_object(?, 'x', ?, 'y') WHERE key = 'a'", arguments: [two, one])
    }
    let lines = try fixture.rows().lines
    let cells = Dictionary(uniqueKeysWithValues: zip(lines[0].map { ByteText($0) }, lines[1]))
    #expect(cells["clfa_p_caf\u{E9}"] == "0.25" && cells["clfa_p_cafe\u{301}"] == "0.75")
    #expect(cells["cafe\u{301}"] == "x" && cells["caf\u{E9}"] == "y")
  }

  @Test func aDifferentFileIsRejected() throws {
    let fixture = try ExportFixture()
    func error(_ text: String, name: String = "other.csv") throws -> ExportError? {
      let path = fixture.folder + "/" + name
      try Data(text.utf8).write(to: URL(filePath: path))
      do {
        _ = try fixture.rows(corpus: fixture.reader(path))
        return nil
      } catch let error as ExportError {
        return error
      }
    }
    func differs(_ difference: ExportError.Difference) -> ExportError {
      .corpusDiffers(run: "posts", file: "other.csv", difference: difference)
    }
    let whole = ExportFixture.text
    #expect(try error(whole) == nil)
    #expect(
      try error(whole.replacingOccurrences(of: "0,b,", with: "0,x,")) == differs(.otherKey(record: 2, line: 3)))
    #expect(
      try error(whole.replacingOccurrences(of: "=1+1", with: "=1+2")) == differs(.otherContent(record: 2, line: 3)))
    let lines = whole.split(separator: "\n")
    #expect(try error(lines.prefix(5).joined(separator: "\n")) == differs(.fewerRecords(found: 4)))
    #expect(try error(whole + "9,f,new,,,\n") == differs(.moreRecords(read: 6)))
    #expect(try error(String(lines[0]) + "\n") == differs(.fewerRecords(found: 0)))
  }

  @Test func anUnfinishedRunsFileMayHaveMoreRows() throws {
    let fixture = try ExportFixture(finished: false)
    try Data((ExportFixture.text + "9,f,new,,,\n").utf8).write(to: URL(filePath: fixture.corpus))
    let (lines, summary) = try fixture.rows(corpus: fixture.reader())
    #expect(lines.count == 7 && summary.left == 1)
  }

  @Test func forgottenRowsStayWithoutTheirCells() throws {
    let fixture = try ExportFixture()
    try DatabaseQueue(path: fixture.store).write { db in
      try db.execute(sql: "UPDATE entry SET state = 'forgotten', key = NULL, post_id = NULL WHERE record = 2")
    }
    for corpus in [nil, fixture.reader()] as [(() throws -> CorpusReader)?] {
      let (lines, summary) = try fixture.rows(corpus: corpus)
      #expect(lines[2].prefix { $0 != "forgotten" }.allSatisfy(\.isEmpty) && lines[2].contains("forgotten"))
      #expect(summary.forgotten == 1)
    }
  }
}
