import Foundation
package import GRDB
package import Store
import TestSupport

/// A store in its own folder, filled with plain SQL; the folder is removed with it.
package final class TestStore {
  package let path: String
  private let scratch: Scratch

  package init() throws {
    scratch = try Scratch()
    path = scratch.file("posts.sqlite")
    let writer = try StoreWriter.open(path: path)
    try writer.close()
  }

  /// A store with one scorer and its run over rows of one file; `also` writes more in the same transaction.
  package convenience init(
    rows: [TestRow], labels: [String] = ["no", "yes"], run: String = "posts",
    finished: String? = "2026-01-31T12:00:00Z", also: (Database) throws -> Void = { _ in }
  ) throws {
    try self.init()
    try write { database in
      try database.insertScorer(labels: labels)
      try database.insertRun(name: run, files: ["posts.csv": rows.count], finished: finished)
      try database.insert(rows)
      try also(database)
    }
  }

  /// A path in the store's folder.
  package func file(_ name: String) -> String { scratch.file(name) }

  package func reader() throws -> StoreReader { try StoreReader(path: path) }

  package func write(_ body: (Database) throws -> Void) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write(body)
    try queue.close()
  }
}

/// One row of a made-up corpus.
package struct TestRow: Sendable {
  package var key: String
  package var text: String
  package var image: String?
  package var truth: String?
  package var predicted: String
  package var confidence: Double
  package var similarity: Double?
  package var vectors: (text: [Float], image: [Float])?
  package var state: String
  package var fault: String?
  /// The JSON of the probabilities and of the other columns, and the date of the post.
  package var probabilities: String
  package var extra: String
  package var posted: String?

  package init(
    key: String, text: String = "a text", image: String? = "images/1.jpg", truth: String? = nil,
    predicted: String = "no", confidence: Double = 0.75, similarity: Double? = nil,
    vectors: (text: [Float], image: [Float])? = nil, state: String = "scored", fault: String? = nil,
    probabilities: String = "{}", extra: String = "{}", posted: String? = nil
  ) {
    (self.key, self.text, self.image, self.truth, self.predicted) = (key, text, image, truth, predicted)
    (self.confidence, self.similarity, self.vectors, self.state) = (confidence, similarity, vectors, state)
    (self.fault, self.probabilities, self.extra, self.posted) = (fault, probabilities, extra, posted)
  }
}

extension Database {
  package func insertScorer(
    id: Int = 1, labels: [String], precision: String = "f32", options: String = #"{"embeddings":["image","text"]}"#
  ) throws {
    let json = String(decoding: try JSONEncoder().encode(labels), as: UTF8.self)
    try execute(
      sql: "INSERT INTO scorer VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [id, String(repeating: "ab", count: 32) + "\(id)", "a model", precision, options, json])
  }

  package func insertRun(
    id: Int = 1, name: String = "posts", scorer: Int = 1, files: [String: Int], state: String = "finished",
    finished: String? = "2026-01-31T12:00:00Z"
  ) throws {
    let counts = files.mapValues { ["read": $0, "other_shards": 0, "not_sampled": 0] }
    let json = String(decoding: try JSONEncoder().encode(["files": counts]), as: UTF8.self)
    try execute(
      sql: """
        INSERT INTO run (id, name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state, counts)
        VALUES (?, ?, ?, ?, 'images', NULL, '0.1.0', '{"cores":2,"processor":"one"}',
          '2026-01-31T11:00:00Z', ?, ?, ?)
        """,
      arguments: [id, name, scorer, files.keys.sorted().joined(separator: " + "), finished, state, json])
  }

  /// Inserts rows in order, as records of one file.
  package func insert(
    _ rows: [TestRow], run: Int = 1, scorer: Int = 1, file: String = "posts.csv", firstPost: Int = 1
  ) throws {
    for (index, row) in rows.enumerated() {
      let (post, record) = (firstPost + index, index + 1)
      if let code = row.fault {
        try execute(
          sql:
            "INSERT INTO fault (run_id, file, line, key, stage, code, path, detail) VALUES (?, ?, ?, ?, 'image', ?, ?, ?)",
          arguments: [run, file, record + 1, row.key, code, row.image, row.text])
      } else {
        try insert(row, post: post, scorer: scorer)
      }
      try execute(
        sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          run, file, record, record + 1, row.key, row.fault == nil ? post : nil,
          row.fault == nil ? row.state : "faulted",
        ])
    }
  }

  private func insert(_ row: TestRow, post: Int, scorer: Int) throws {
    try execute(
      sql: """
        INSERT INTO post (id, key, content_hash, text, knowledge, image, picture_hash, posted_at, extra)
        VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)
        """,
      arguments: [
        post, row.key, hash(row.key + row.text), row.text, row.image, row.image.map { hash($0 + row.key) }, row.posted,
        row.extra,
      ])
    try execute(
      sql: "INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?, 0.5, 0)",
      arguments: [scorer, post, row.predicted, row.confidence, row.probabilities, row.similarity])
    if let truth = row.truth {
      try execute(
        sql: "INSERT INTO label VALUES (?, 'corpus', ?, '2026-01-31T11:00:00Z')", arguments: [post, truth])
    }
    if let vectors = row.vectors {
      for (space, vector) in [("text", vectors.text), ("image", vectors.image)] {
        let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
        try execute(
          sql: "INSERT INTO embedding VALUES (?, ?, ?, ?)", arguments: [scorer, space, post, Data(bytes)])
      }
    }
  }
}

/// 64 hexadecimal digits that look random and depend only on the text.
package func hash(_ text: String) -> String {
  var state: UInt64 = 0xcbf2_9ce4_8422_2325
  return (0..<4).map { round in
    for byte in text.utf8 + [UInt8(round)] { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = state
    mixed = (mixed ^ (mixed >> 31)) &* 0x9e37_79b9_7f4a_7c15
    mixed ^= mixed >> 29
    let digits = String(mixed, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
}
