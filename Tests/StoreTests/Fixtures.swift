import Bytes
import Corpus
import Foundation
import GRDB
import Store

/// Rows, runs and stores for tests, all made from numbers.
enum Fixtures {
  static let time = "2026-01-31T12:00:00Z"
  static let machine = #"{"processor":"Abacus","onednn":"2.6.0","threads":2}"#

  static func scorer(_ fingerprint: String = "f00d") -> ScorerRecord {
    ScorerRecord(
      modelFingerprint: fingerprint, modelName: "small", precision: "f32", options: "{}",
      labels: ["ironic \"é\"", "plain"])
  }

  static func request(
    _ name: String = "posts", given: Bool = false, fingerprint: String = "f00d", corpus: String = "posts.csv",
    shard: String? = nil, sample: String? = nil, limit: Int? = nil, machine: String = machine,
    reopens: Bool = false
  ) -> RunRequest {
    RunRequest(
      name: name, nameIsGiven: given, scorer: scorer(fingerprint), corpus: corpus, images: "pictures",
      shard: shard, sample: sample, limit: limit, version: "0.1.0", machine: machine, startedAt: time,
      reopensFinished: reopens)
  }

  static func position(_ record: Int, file: String = "posts.csv") -> RowPosition {
    RowPosition(file: ByteText(file), record: record, line: record + 1)
  }

  static func post(
    _ key: String, content: String? = nil, hasPicture: Bool = true, label: ByteText? = nil
  ) -> PostRecord {
    let content = content ?? key
    return PostRecord(
      identity: PostIdentity(key: ByteText(key), contentHash: "hash of \(content)"), text: "text \(content)",
      image: hasPicture ? "\(key).jpg" : nil, pictureHash: hasPicture ? "picture of \(content)" : nil,
      extra: [ExtraField(name: "likes", value: "7")], label: label, hasPicture: hasPicture)
  }

  static func prediction(_ seed: Int, dimension: Int = 4, spaces: [String] = ["text", "image", "fused"])
    -> PredictionRecord
  {
    let share = Double(Float(0.5 + Double(seed % 1000) / 2003))
    return PredictionRecord(
      label: "plain", confidence: share, probabilities: [("ironic \"é\"", 1 - share), ("plain", share)],
      textImageSimilarity: spaces.contains("image") ? share / 3 : nil, unknownShare: 0.25,
      truncated: seed % 5,
      vectors: spaces.map { space in
        (space, (0..<dimension).map { Float(seed &* 31 &+ $0) / 7 })
      })
  }

  static func scored(_ record: Int, key: String? = nil, content: String? = nil, label: ByteText? = nil)
    -> LedgerRow
  {
    LedgerRow(
      position: position(record),
      outcome: .post(post(key ?? "k\(record)", content: content, label: label), prediction(record)))
  }

  static func textOnly(_ record: Int) -> LedgerRow {
    LedgerRow(
      position: position(record),
      outcome: .post(post("k\(record)", hasPicture: false), prediction(record, spaces: ["text", "fused"])))
  }

  static func fault(_ record: Int) -> LedgerRow {
    let position = position(record)
    return LedgerRow(
      position: position,
      outcome: .fault(
        RowFault(
          position: position, key: "k\(record)", stage: .image, code: .missing, path: "k\(record).jpg",
          detail: "no such file")))
  }

  static func counts(_ read: Int, others: Int = 0, unsampled: Int = 0, sample: String? = nil) -> RunCounts {
    RunCounts(
      files: [FileCounts(name: "posts.csv", read: read, otherShards: others, notSampled: unsampled)],
      sample: sample.map { ByteText($0) })
  }

  /// Makes a store with one finished run of the given rows.
  static func store(_ path: String, _ request: RunRequest = request(), rows: [LedgerRow], counts: RunCounts)
    throws
  {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(request)
    try writer.commit(rows, run: run, counts: counts, notedAt: time)
    try writer.finishRun(run, state: .finished, counts: counts, finishedAt: time)
    try writer.close()
  }

  /// Everything in a store without insertion ids and times, sorted.
  static func dump(_ path: String) throws -> [String] {
    let reader = try StoreReader(path: path)
    defer { reader.close() }
    return try reader.read { db in
      try contents.flatMap { sql in
        try Row.fetchAll(db, sql: sql).map { row in
          row.databaseValues.map { "\($0)" }.joined(separator: "|")
        }.sorted()
      }
    }
  }

  private static let contents = [
    "SELECT 'scorer', model_fingerprint, model_name, precision, options, labels FROM scorer",
    """
    SELECT 'run', name, model_fingerprint, corpus, images, shard, version, machine, state, counts
    FROM run JOIN scorer ON scorer.id = scorer_id
    """,
    """
    SELECT 'post', key, content_hash, text, knowledge, image, picture_hash, posted_at, extra, repost_group, is_repost
    FROM post
    """,
    """
    SELECT 'entry', run.name, file, record, line, entry.key, content_hash, entry.state
    FROM entry JOIN run ON run.id = run_id LEFT JOIN post ON post.id = post_id
    """,
    """
    SELECT 'prediction', model_fingerprint, key, content_hash, label, hex(confidence), confidence, probabilities,
      text_image_similarity, unknown_share, truncated
    FROM prediction JOIN scorer ON scorer.id = scorer_id JOIN post ON post.id = post_id
    """,
    """
    SELECT 'embedding', model_fingerprint, space, key, content_hash, hex(vector)
    FROM embedding JOIN scorer ON scorer.id = scorer_id JOIN post ON post.id = post_id
    """,
    "SELECT 'label', key, content_hash, source, label FROM label JOIN post ON post.id = post_id",
    """
    SELECT 'fault', run.name, file, line, key, stage, code, path, detail FROM fault JOIN run ON run.id = run_id
    """,
  ]
}

extension StoreReader {
  /// One text from the store.
  func text(_ sql: String) throws -> String? {
    try read { try String.fetchOne($0, sql: sql) }
  }

  /// The texts of the first column.
  func texts(_ sql: String) throws -> [String] {
    try read { try String.fetchAll($0, sql: sql) }
  }
}
