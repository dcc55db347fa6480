import Bytes
import Corpus
import Foundation
import Store
import TestSupport

/// A small corpus of two files, its store as scoring makes it, and its outputs of `clfa stream`.
struct StreamedParts {
  let folder: Scratch
  /// 40 records: 25 of one file, 15 of another.
  static let files = [FileCounts(name: "a.csv", read: 25), FileCounts(name: "b.csv", read: 15)]

  init() throws { folder = try Scratch() }

  /// The records, with faults, posts without a picture, and posts that come again with other labels and columns.
  static let rows: [LedgerRow] = files.flatMap { file in
    (1...file.read).map { record in
      let position = RowPosition(file: file.name, record: record, line: record + 1)
      if record % 9 == 4 {
        return LedgerRow(
          position: position,
          outcome: .fault(
            RowFault(
              position: position, key: record == 4 ? nil : "k\(record)", stage: .image, code: .missing,
              path: "k\(record).jpg", detail: "no \"such\" file")))
      }
      // Records 2, 12, 22 of both files are the same post.
      let content = record % 10 == 2 ? "twin" : "\(file.name) \(record)"
      return LedgerRow(
        position: position,
        outcome: .post(post(content, record: record), prediction(content, hasPicture: record % 7 != 0)))
    }
  }

  private static func post(_ content: String, record: Int) -> PostRecord {
    let picture = record % 7 == 0 ? nil : SHA256.hash(data: Array(content.utf8))
    let text = "text of \(content) \u{1F642}\nline"
    var post = PostRecord(
      identity: PostIdentity(
        key: ByteText("key \(content)"),
        contentHash: ContentHash.hex(text: text, knowledge: "known", pictureHash: picture)),
      text: text, knowledge: "known", image: picture == nil ? nil : "\(record).jpg", pictureHash: picture?.hexadecimal,
      postedAt: record.isMultiple(of: 3) ? "2025-01-0\(1 + record % 9)T00:00:00Z" : nil,
      extra: [
        ExtraField(name: "likes", value: "\(record)"), ExtraField(name: "city", value: record % 4 == 2 ? "" : "Ulm"),
      ],
      label: record.isMultiple(of: 5) ? nil : record.isMultiple(of: 4) ? "plain" : "ironic \"é\"",
      hasPicture: picture != nil)
    post.pictureIsCut = record == 11
    return post
  }

  private static func prediction(_ content: String, hasPicture: Bool) -> PredictionRecord {
    let seed = content.utf8.reduce(7) { $0 &* 31 &+ Int($1) }
    return Fixtures.prediction(abs(seed), spaces: hasPicture ? ["text", "image", "fused"] : ["text", "fused"])
  }

  /// Scores the corpus into a store, in chunks.
  func score(into name: String) throws {
    let writer = try StoreWriter.open(path: folder.file(name))
    let run = try writer.openRun(Fixtures.request("a", corpus: "a.csv + b.csv"))
    var counts = RunCounts(files: Self.files.map { FileCounts(name: $0.name) })
    for start in stride(from: 0, to: Self.rows.count, by: 7) {
      let rows = Array(Self.rows[start..<min(start + 7, Self.rows.count)])
      for row in rows {
        counts.files[row.position.file == "a.csv" ? 0 : 1].read += 1
        if case .post(let post, _) = row.outcome, post.pictureIsCut { counts.cutPictures += 1 }
      }
      try writer.commit(rows, run: run, counts: counts, notedAt: Fixtures.time)
    }
    try writer.finishRun(run, state: .finished, counts: counts, finishedAt: Fixtures.time)
    try writer.close()
  }

  /// The parts: their numbers, files and records.
  static let ranges: [(file: ByteText, first: Int, records: Int)] = [
    ("a.csv", 1, 10), ("a.csv", 11, 10), ("a.csv", 21, 5), ("b.csv", 1, 15),
  ]

  /// The lines of a part; `change` changes its records.
  static func lines(ofPart number: Int, change: (inout LedgerRow) -> Void = { _ in }) -> [String] {
    let range = ranges[number - 1]
    var rows = rows.filter {
      $0.position.file == range.file && range.first..<range.first + range.records ~= $0.position.record
    }
    for index in rows.indices { change(&rows[index]) }
    let part = StreamPart(
      number: number, of: ranges.count, parts: "00ff", file: range.file, firstRecord: range.first,
      records: range.records)
    return lines(of: rows, [FileCounts(name: range.file, read: range.records)], part)
  }

  /// The lines of the whole corpus.
  static var allLines: [String] { lines(of: rows, files, nil) }

  private static func lines(of rows: [LedgerRow], _ files: [FileCounts], _ part: StreamPart?) -> [String] {
    var end = StreamEnd(
      scorer: Fixtures.scorer(), corpus: "a.csv + b.csv", images: "pictures", reading: [], version: "0.1.0",
      machine: (try? JSONParser.parse(Array(Fixtures.machine.utf8))) ?? .null)
    end.part = part
    end.files = files
    for row in rows {
      end.read += 1
      switch row.outcome {
      case .fault: end.faults += 1
      case .post(let post, _): if post.hasPicture { end.scored += 1 } else { end.withoutPicture += 1 }
      }
    }
    return rows.map { StreamLine.text(of: $0, .whole) } + [end.text]
  }

  /// Writes lines as a file; returns its path.
  func write(_ name: String, _ lines: [String]) throws -> String {
    try folder.write(name, Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  /// Writes a part as a file.
  func writePart(_ number: Int) throws -> String { try write("\(number).jsonl", Self.lines(ofPart: number)) }

  /// Collects files into a store.
  @discardableResult
  func collect(
    _ files: [String], into name: String, run: String? = nil, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> CollectSummary {
    let set = try PartSet(files)
    let writer = try StoreWriter.open(path: folder.file(name))
    defer { try? writer.close() }
    return try writer.collect(
      set, CollectRequest(files: files, run: run, now: Fixtures.time), shouldStop: shouldStop)
  }
}
