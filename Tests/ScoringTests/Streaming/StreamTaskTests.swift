import Bytes
import Corpus
import Inputs
import Models
import Preparation
import Scoring
import Store
import TestSupport
import Testing

/// Rows scored without a store, with the sample model through the library.
@Suite struct StreamTaskTests {
  private struct Full: Error {}

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Streams a corpus; returns the rows that were written together, and the end.
  private func stream(
    _ path: String, threads: Int = 1, write: ([LedgerRow]) throws -> Void = { _ in }
  ) throws -> (rows: [[LedgerRow]], end: StreamEnd?) {
    let folder = try ModelFolder.load(Checkout.samples + "/model"), limits = PictureLimits()
    let reader = try CorpusReader(paths: [path], options: CorpusOptions())
    let source = try ScoringCorpus(
      names: reader.files, paths: [path], options: CorpusOptions(), images: PictureLocation(), features: nil,
      reading: [], limits: limits)
    let task = StreamTask(
      corpus: source, model: folder, precision: .f32, options: ScoringOptions(threads: threads, spaces: ["text"]),
      limits: limits, version: "0")
    var rows: [[LedgerRow]] = []
    let end = try task.run(
      reader, StreamTask.classifier(of: folder, .f32), latency: .zero, notice: { _ in },
      write: {
        try write($0)
        rows.append($0)
      })
    return (rows, end)
  }

  @Test(arguments: [1, 2]) func everyRecordIsAnsweredInOrder(threads: Int) throws {
    let texts = (1...300).map { $0 % 7 == 0 ? "" : "a text, number \($0 % 50)" }
    let corpus = "id,text\n" + texts.enumerated().map { "\($0),\"\($1)\"\n" }.joined()
    let (rows, end) = try stream(scratch.write("posts.csv", corpus), threads: threads)
    #expect(rows.joined().map(\.position.record) == Array(1...300))
    let faults = rows.joined().count { if case .fault = $0.outcome { true } else { false } }
    #expect(faults == 42 && end?.faults == 42 && end?.withoutPicture == 258 && end?.scored == 0 && end?.read == 300)
    #expect(end?.files == [FileCounts(name: "posts.csv", read: 300)])
    // Equal posts have equal answers, whichever batch they were in.
    var answers: [String: PredictionRecord] = [:]
    for case .post(let post, let prediction?) in rows.joined().map(\.outcome) {
      let first = answers[post.text] ?? prediction
      answers[post.text] = first
      #expect(first.probabilities.map(\.value) == prediction.probabilities.map(\.value))
      #expect(first.vectors.map(\.values) == prediction.vectors.map(\.values) && first.vectors.count == 1)
    }
    #expect(answers.count == 50)
  }

  @Test func recordsBeforeAnErrorAreAnswered() throws {
    let path = try scratch.write("posts.json", #"[{"id":1,"text":"a"},{"id":2,"text":"b"},"#)
    var records = 0
    #expect(throws: CorpusError.self) { try stream(path) { records += $0.count } }
    #expect(records == 2)
  }

  @Test func anErrorOfTheOutputEndsTheWork() throws {
    let rows = (1...2000).map { "\($0),text \($0)\n" }.joined()
    let path = try scratch.write("posts.csv", "id,text\n" + rows)
    var records = 0
    #expect(throws: Full.self) {
      try stream(path) { rows in
        guard records == 0 else { throw Full() }
        records += rows.count
      }
    }
    #expect((1...64).contains(records))
  }
}
