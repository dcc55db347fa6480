import Bytes
import Corpus
import Foundation
import GRDB
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct CollectTests {
  private let parts: StreamedParts
  private let expected: [String]

  init() throws {
    parts = try StreamedParts()
    try parts.score(into: "scored.sqlite")
    expected = try Fixtures.dump(parts.folder.file("scored.sqlite"))
  }

  private func content(_ store: String = "all.sqlite") throws -> [String] {
    try Fixtures.dump(parts.folder.file(store))
  }

  private static func permutations(_ numbers: [Int]) -> [[Int]] {
    numbers.isEmpty
      ? [[]]
      : numbers.flatMap { first in permutations(numbers.filter { $0 != first }).map { [first] + $0 } }
  }

  @Test func theStoreEqualsAScoredOneInEveryOrderOfTheParts() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    for (number, order) in Self.permutations([0, 1, 2, 3]).enumerated() {
      let (once, each) = ("once\(number).sqlite", "each\(number).sqlite")
      #expect(try parts.collect(order.map { files[$0] }, into: once).isFinished)
      #expect(try content(once) == expected, "\(order)")
      for (place, part) in order.enumerated() {
        #expect(try parts.collect([files[part]], into: each).isFinished == (place == 3), "\(order)")
      }
      #expect(try content(each) == expected, "\(order)")
    }
  }

  @Test func theCollectedRunIsVerified() throws {
    try parts.collect(try (1...4).reversed().map { try parts.writePart($0) }, into: "all.sqlite")
    let reader = try StoreReader(path: parts.folder.file("all.sqlite"))
    #expect(try reader.verify(run: nil).filter(\.isFailure).map(\.detail) == [])
    let run = try reader.run(named: "a")
    #expect(run.state == "finished" && run.rows(.duplicate) == 3 && run.rows(.faulted) == 5)
  }

  @Test func theConnectionChecksRowsAgainAfterwards() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    let writer = try StoreWriter.open(path: parts.folder.file("all.sqlite"))
    _ = try writer.collect(try PartSet(files), CollectRequest(files: files, run: nil, now: Fixtures.time))
    let settings = try writer.read { db in
      try ["foreign_keys", "ignore_check_constraints"].map { try Bool.fetchOne(db, sql: "PRAGMA \($0)") }
    }
    #expect(settings == [true, false])
    try writer.close()
  }

  @Test func aCorpusThatWasNotDividedIsOnePart() throws {
    let file = try parts.write("all.jsonl", StreamedParts.allLines)
    #expect(try parts.collect([file], into: "all.sqlite").rows == 40)
    #expect(try content() == expected)
    let again = try parts.collect([file], into: "all.sqlite")
    #expect(again.rows == 0 && again.isFinished && again.copies == [file] && again.totals.rows == 40)
    #expect(try content() == expected)
  }

  @Test func compressedFilesAreRead() throws {
    var files = [try parts.writePart(1), try parts.writePart(4)]
    let bytes = { (number: Int) in Array((StreamedParts.lines(ofPart: number).joined(separator: "\n") + "\n").utf8) }
    files.append(try parts.folder.writeGzip("2.jsonl.gz", bytes(2)))
    files.append(try parts.folder.writeZstd("3.jsonl.zst", bytes(3)))
    #expect(try parts.collect(files, into: "all.sqlite").isFinished)
    #expect(try content() == expected)
  }

  @Test func equalCopiesAreRecognised() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    let copy = try parts.write("copy.jsonl", StreamedParts.lines(ofPart: 2))
    #expect(try parts.collect(files + [copy], into: "all.sqlite").copies == [copy])
    #expect(try parts.collect([copy], into: "all.sqlite").copies == [copy])
    #expect(try content() == expected)
  }

  @Test func unequalCopiesAreAnErrorThatNamesBoth() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    let other = try parts.write(
      "other.jsonl",
      StreamedParts.lines(ofPart: 2) { row in
        if case .post(let post, var prediction?) = row.outcome, row.position.record == 15 {
          prediction.confidence = prediction.confidence.nextUp
          row.outcome = .post(post, prediction)
        }
      })
    let error = CollectError.copiesDiffer(part: 2, first: files[1], second: other)
    #expect(throws: error) { try parts.collect(files + [other], into: "all.sqlite") }
    try parts.collect(files, into: "all.sqlite")
    #expect(throws: error) { try parts.collect([other], into: "all.sqlite") }
    #expect(try content() == expected)
    // While the first copy waits, too.
    try parts.collect([files[1]], into: "waiting.sqlite")
    #expect(throws: error) { try parts.collect([other], into: "waiting.sqlite") }
  }

  @Test func missingAndCutPartsAreNamedAndWaitedFor() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    let cut = try parts.write("cut.jsonl", StreamedParts.lines(ofPart: 2).dropLast())
    let first = try parts.collect([files[3], cut, files[0]], into: "all.sqlite")
    #expect(!first.isFinished && first.cutShort == [cut] && first.rows == 10)
    #expect("\(first.missing)" == "parts 2 to 3" && "\(first.waiting)" == "part 4")
    let reader = try StoreReader(path: parts.folder.file("all.sqlite"))
    let run = try reader.run(named: nil)
    reader.close()
    #expect(
      run.state == "stopped" && run.counts.stop == "parts 2 to 3 of 4 missing" && run.ledger.allSatisfy(\.isBalanced))
    // A part that waited and is gone is missing again.
    try FileManager.default.removeItem(atPath: files[3])
    let second = try parts.collect(Array(files[1...2]), into: "all.sqlite")
    #expect("\(second.missing)" == "part 4" && second.waiting.isEmpty && second.rows == 15)
    #expect(try parts.collect([try parts.writePart(4)], into: "all.sqlite").isFinished)
    #expect(try content() == expected)
  }

  @Test func filesWithoutAnyEndAreAnError() throws {
    let cut = try parts.write("cut.jsonl", StreamedParts.lines(ofPart: 2).dropLast())
    let empty = try parts.folder.write("empty.jsonl", [UInt8]())
    #expect(throws: CollectError.nothingComplete(files: [cut, empty])) {
      try parts.collect([cut, empty], into: "all.sqlite")
    }
    #expect(!FileManager.default.fileExists(atPath: parts.folder.file("all.sqlite")))
  }

  @Test(arguments: 1...8) func anInterruptedCollectionGoesOn(_ checks: Int) throws {
    let files = try (1...4).map { try parts.writePart($0) }
    let asked = Mutex(0)
    let stop = { @Sendable in
      asked.withLock {
        $0 += 1
        return $0 >= checks
      }
    }
    let store = parts.folder.file("all.sqlite")
    #expect(throws: StoreError.interrupted(path: store)) {
      try parts.collect(files, into: "all.sqlite", shouldStop: stop)
    }
    #expect(try StoreReader(path: store).run(named: nil).state == "interrupted")
    #expect(try parts.collect(files, into: "all.sqlite").isFinished)
    #expect(try content() == expected)
  }

  @Test func aLineThatIsWrongIsNamedAndItsPartIsNotTaken() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    for (from, to, words) in Self.damages {
      var lines = StreamedParts.lines(ofPart: 2)
      #expect(lines[0].contains(from), "\(from)")
      lines[0] = lines[0].replacingOccurrences(of: from, with: to)
      let bad = try parts.write("bad.jsonl", lines)
      try? FileManager.default.removeItem(atPath: parts.folder.file("bad.sqlite"))
      do {
        try parts.collect([files[0], bad, files[2]], into: "bad.sqlite")
        Issue.record("\(from) became \(to) without an error")
      } catch let error as CollectError {
        #expect("\(error)".hasPrefix("\(bad):1: ") && "\(error)".contains(words), "\(error)")
      }
      // The part before it is there, and the right file completes the run.
      #expect(try parts.collect(Array(files[1...]), into: "bad.sqlite").isFinished, "\(to)")
      #expect(try content("bad.sqlite") == expected)
    }
  }

  /// Changes to the line of record 11 of a.csv, and what is said about each.
  private static let damages = [
    (#""record":11"#, #""record":12"#, "record 11 of a.csv comes next"),
    (#""file":"a.csv""#, #""file":"b.csv""#, "b.csv"),
    (#""record":11"#, #""record":-1"#, "whole number"), (#""line":12"#, #""line":0"#, "comes next"),
    (#""state":"scored""#, #""state":"without_picture""#, "contradict"),
    (#""state":"scored""#, #""state":"duplicate""#, "\"state\""),
    (#""label":"plain""#, #""label":"other""#, "\"other\""),
    (#""plain":0"#, #""plane":0"#, "\"plane\""), (#""confidence":0"#, #""confidence":1e999,"x":0"#, "finite"),
    (#""confidence":0"#, #""confidence":NaN,"x":0"#, "number"), (#""text":"#, #""texts":"#, "no text"),
    (#""knowledge":"known""#, #""knowledge":"other""#, "content hash"),
    (#""truncated""#, #""deep":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]],"truncated""#, "nested"),
    (#""truncated""#, #""truncated":1,"truncated""#, "twice"),
    (#"{"text":""#, #"{"text":"AAAAAAAAAAAAAAAA"#, "numbers where others"),
    (#"{"text":""#, #"{"text":"AADAfwAAwH8AAMB/AADAfw==","t":""#, "not finite"),
    (#"{"text":""#, #"{"text":"?"#, "base64"), (#"{"file""#, #"{"end":true,"file""#, "ends here"),
    (#"{"file""#, "[", "object"),
  ]

  @Test func aLineOverTheLimitIsAnError() throws {
    var lines = StreamedParts.lines(ofPart: 2)
    lines[3] += String(repeating: " ", count: 65 << 20)
    let bad = try parts.write("bad.jsonl", lines)
    #expect(throws: CollectError.line(file: bad, line: 4, words: "the line is longer than 64 MiB")) {
      try parts.collect([bad], into: "all.sqlite")
    }
  }

  @Test func filesOfDifferentRunsAreNotMixed() throws {
    let first = try parts.writePart(1)
    for (from, to, what) in [
      ("\"parts\":\"00ff\"", "\"parts\":\"00fe\"", "parts files"), ("f00d", "f00e", "models, precisions or options"),
      ("a.csv + b.csv", "a.csv + c.csv", "corpora"), (#""reading":{}"#, #""reading":{"id":"x"}"#, "flags"),
    ] {
      var lines = StreamedParts.lines(ofPart: 2)
      lines[lines.count - 1] = lines[lines.count - 1].replacingOccurrences(of: from, with: to)
      let other = try parts.write("other.jsonl", lines)
      do {
        try parts.collect([first, other], into: "all.sqlite")
        Issue.record("\(from) became \(to) without an error")
      } catch CollectError.otherRun(let one, let two, let found) {
        #expect(one == first && two == other && found.hasPrefix(what))
      }
    }
  }

  @Test func aPartThatDoesNotFollowTheOneBeforeIsAnError() throws {
    var lines = StreamedParts.lines(ofPart: 2)
    lines[lines.count - 1] = lines[lines.count - 1].replacingOccurrences(
      of: #""first_record":11"#, with: #""first_record":12"#)
    let bad = try parts.write("bad.jsonl", lines)
    #expect(throws: CollectError.gap(file: bad, part: 2, first: 12, expected: 11)) {
      try parts.collect([try parts.writePart(1), bad], into: "all.sqlite")
    }
  }

  @Test func theCountsOfTheEndMustBeThoseOfTheLines() throws {
    let lines = StreamedParts.lines(ofPart: 2)
    let short = try parts.write("short.jsonl", Array(lines.dropFirst()))
    #expect(throws: CollectError.otherCount(file: short, said: 10, found: 9)) { try PartSet([short]) }
  }

  @Test func anotherDivisionIsAnotherRun() throws {
    try parts.collect(try (1...4).map { try parts.writePart($0) }, into: "all.sqlite")
    let whole = try parts.write("all.jsonl", StreamedParts.allLines)
    #expect(try parts.collect([whole], into: "all.sqlite").run == "a-2")
    #expect(throws: StoreError.runDiffers(name: "a", trait: .parts)) {
      try parts.collect([whole], into: "all.sqlite", run: "a")
    }
  }

  @Test func aMergedRunKeepsItsParts() throws {
    let files = try (1...4).map { try parts.writePart($0) }
    try parts.collect(Array(files[...1]), into: "some.sqlite")
    _ = try StoreMerge.stores([parts.folder.file("some.sqlite")], into: parts.folder.file("all.sqlite"))
    #expect(try parts.collect(Array(files[2...]), into: "all.sqlite").isFinished)
    #expect(try content() == expected)
  }
}
