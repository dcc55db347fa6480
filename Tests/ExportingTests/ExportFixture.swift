import Bytes
import Corpus
import Exporting
import Queries
import Store
import TestSupport

/// A corpus on disk and a run over it in a store, in a folder that is removed with them.
final class ExportFixture {
  private let scratch: Scratch
  var folder: String { scratch.path }
  var store: String { folder + "/posts.sqlite" }
  var corpus: String { folder + "/posts.csv" }

  /// Six records: a post with everything, one whose cells Excel would change, one that became a fault, one with a wrong
  /// number of cells, one that repeats the first, and one with only a text.
  static let text = """
    likes,id,text,image,label,note
    1280000000000000001,a,first,a.jpg,ironic,"one, two"
    0,b,=1+1,,plain,
    7,c,third,gone.jpg,,n
    8,d,too,many.jpg,plain,n,surplus,more
    1280000000000000001,a,first,a.jpg,ironic,"one, two"
    ,e,"a text on
    two lines",,,

    """

  init(finished: Bool = true) throws {
    scratch = try Scratch()
    try scratch.write("posts.csv", Self.text)
    let counts = RunCounts(files: [FileCounts(name: "posts.csv", read: 6)])
    let writer = try StoreWriter.open(path: store)
    let run = try writer.openRun(
      RunRequest(
        name: "posts", nameIsGiven: false,
        scorer: ScorerRecord(
          modelFingerprint: "f00d", modelName: "small", precision: "f32", options: "{}", labels: ["ironic", "plain"]),
        corpus: "posts.csv", version: "0.1.0", machine: "{}", startedAt: Self.time))
    var reader = try CorpusReader(paths: [corpus], options: CorpusOptions())
    var rows: [LedgerRow] = []
    while let row = try reader.next() { rows.append(Self.scored(row)) }
    try writer.commit(rows, run: run, counts: counts, notedAt: Self.time)
    try writer.finishRun(
      run, state: finished ? .finished : .interrupted, counts: counts, finishedAt: finished ? Self.time : nil)
    try writer.close()
  }

  private static let time = "2026-01-31T12:00:00Z"

  /// A row with a synthetic prediction.
  private static func scored(_ row: CorpusRow) -> LedgerRow {
    guard case .post(let post) = row else {
      guard case .fault(let fault) = row else { preconditionFailure("A row is one of both.") }
      return LedgerRow(position: row.position, outcome: .fault(fault))
    }
    guard post.key != "c" else {
      let fault = RowFault(
        position: post.position, key: post.key, stage: .image, code: .missing, path: "gone.jpg", detail: "no such file")
      return LedgerRow(position: post.position, outcome: .fault(fault))
    }
    let hash = ContentHash.hex(text: post.text, knowledge: "", pictureHash: nil)
    let record = PostRecord(
      identity: PostIdentity(key: post.key, contentHash: hash), text: post.text, image: post.image,
      pictureHash: post.image.map { _ in "00" }, extra: post.extra, label: post.label, hasPicture: post.image != nil)
    var vectors: [(space: String, values: [Float])] = [
      ("text", [1, 2, Float(post.position.record)]), ("fused", [0.5, -1]),
    ]
    if post.image != nil { vectors.append(("image", [3, 4, 5, 6])) }
    let prediction = PredictionRecord(
      label: "plain", confidence: 0.75, probabilities: [("ironic", 0.25), ("plain", 0.75)],
      textImageSimilarity: post.image == nil ? nil : -0.5, unknownShare: 0, truncated: 0, vectors: vectors)
    return LedgerRow(position: post.position, outcome: .post(record, prediction))
  }

  /// Opens the corpus as `clfa export --corpus` does.
  func reader(_ path: String? = nil) -> () throws -> CorpusReader {
    var options = CorpusOptions()
    options.keepsSurplus = true
    return { [path = path ?? corpus, options] in try CorpusReader(paths: [path], options: options) }
  }

  /// A run's rows: the header, then each as text.
  func rows(corpus: (() throws -> CorpusReader)? = nil) throws -> (lines: [[String]], summary: RunRowExport.Summary) {
    var lines: [[String]] = []
    let summary = try RunRowExport.each(of: RunExport(path: store, run: nil), corpus: corpus) {
      lines.append($0)
    } row: { values in
      lines.append(
        values.map { value in
          switch value {
          case .null: "NULL"
          case .integer(let value): "\(value)"
          case .real(let value): "\(value)"
          case .text(let value): value
          case .blob(let bytes): "\(bytes.count) bytes"
          }
        })
    }
    return (lines, summary)
  }
}
