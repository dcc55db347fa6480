package import Bytes
package import Corpus
package import GRDB
import Queries

/// The number of records that a run read and skipped, so that its entries can be proved complete.
package struct RunCounts: Sendable, Equatable {
  /// The files of the corpus, in its order.
  package var files: [FileCounts]
  /// The share that `--sample` asked for, as written; `nil` for all.
  package var sample: ByteText?
  /// The number of rows that `--limit` allowed; `nil` for all.
  package var limit: Int?
  /// The posts whose picture file ended early and was accepted, among those that this run scored.
  package var cutPictures = 0
  /// Why the run ended before the end of the corpus, in a few words; `nil` if it did not.
  package var stop: String?
  /// The flags with which the corpus was read when the run began; runs of earlier versions did not record them.
  package var reading: [ReadingFlag]
  /// How pictures were found; empty if all were where the corpus says, one a post.
  package var pictures = PictureCounts()

  /// The name among ``reading`` of the hash of the file of parts that shards are made of.
  package static let partsFlag = "parts-file"

  /// That hash; nil if shards are made of keys.
  var parts: ByteText? { reading.first { $0.name == Self.partsFlag }.map { ByteText($0.value) } }

  /// Whether some pictures were found by rules.
  package var hasPicturesByRule: Bool { pictures[PictureCounts.found] > 0 }

  /// Creates counts from their parts.
  package init(
    files: [FileCounts] = [], sample: ByteText? = nil, limit: Int? = nil, stop: String? = nil,
    reading: [ReadingFlag] = []
  ) {
    self.files = files
    self.sample = sample
    self.limit = limit
    self.stop = stop
    self.reading = reading
  }

  /// The counts as stored:
  /// `{"files":{"posts.csv":{"read":600,"other_shards":0,"not_sampled":0}},"limit":null,"sample":null,"stop":null}`,
  /// followed by `"reading":{"id":"tweet_id"}` if a flag specified how the corpus is read, and `"pictures":{"lists":3}`
  /// if something was counted, and `"cut_pictures":3` if pictures of files that end early were accepted.
  var json: String {
    var json = JSONWriter()
    var members: [(String, (inout JSONWriter) -> Void)] = [
      (
        "files",
        { json in
          json.object(files, key: \.name.text) { json, file in
            json.object([
              ("read", { $0.number(file.read) }), ("other_shards", { $0.number(file.otherShards) }),
              ("not_sampled", { $0.number(file.notSampled) }),
            ])
          }
        }
      ),
      ("limit", { $0.optional(limit) }), ("sample", { $0.optional(sample?.text) }), ("stop", { $0.optional(stop) }),
    ]
    if !reading.isEmpty {
      members.append(("reading", { $0.object(reading, key: \.name) { $0.string($1.value) } }))
    }
    if cutPictures > 0 { members.append(("cut_pictures", { $0.number(cutPictures) })) }
    if !pictures.isEmpty {
      members.append(("pictures", { $0.object(pictures.all, key: \.name) { $0.number($1.count) } }))
    }
    json.object(members)
    return json.text
  }

  /// Reads a run's counts; SQLite parses the JSON, because it keeps the files' order.
  package init(run: Int64, in db: Database, path: String) throws {
    let damage = StoreError.damaged(path: path, what: "counts of a run")
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT file.key, file.value ->> '$.read', file.value ->> '$.other_shards', file.value ->> '$.not_sampled'
        FROM run, json_each(run.counts, '$.files') AS file WHERE run.id = ?
        """, arguments: [run])
    files = try rows.map { row in
      let numbers: [Int] = try (1...3).map { try row.get($0) }
      guard numbers.allSatisfy({ $0 >= 0 }) else { throw damage }
      return try FileCounts(
        name: row.get(0), read: numbers[0], otherShards: numbers[1], notSampled: numbers[2])
    }
    let rest = try Row.fetchOne(
      db,
      sql: """
        SELECT counts ->> '$.sample', counts ->> '$.limit', counts ->> '$.stop', counts ->> '$.cut_pictures'
        FROM run WHERE id = ?
        """,
      arguments: [run])
    guard let rest else { throw damage }
    sample = try rest.find(0)
    limit = try rest.find(1)
    stop = try rest.find(2)
    cutPictures = try rest.find(3) ?? 0
    reading = try Row.fetchAll(
      db,
      sql: """
        SELECT flag.key, flag.value FROM run, json_each(run.counts, '$.reading') AS flag
        WHERE run.id = ? AND flag.type = 'text'
        """, arguments: [run]
    ).map { row in try ReadingFlag(name: row.get(0), value: row.get(1)) }
    let found = try Row.fetchAll(
      db,
      sql: """
        SELECT number.key, number.value FROM run, json_each(run.counts, '$.pictures') AS number
        WHERE run.id = ? AND number.type = 'integer' AND number.value > 0
        """, arguments: [run]
    ).map { row in try (row.get(0) as String, row.get(1) as Int) }
    pictures = PictureCounts(Dictionary(found) { first, _ in first })
  }
}

/// A flag that specifies how a corpus is read, such as `id` with the value `tweet_id`.
package struct ReadingFlag: Sendable, Equatable {
  /// The flag without its hyphens.
  package var name: String
  /// Its value; `true` for a flag without one.
  package var value: String

  /// Creates a flag from its parts.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// The records of one file that a run read, and those that it skipped.
///
/// A record of another shard counts as such, whether sampled or not; entries + `left` = `read`.
package struct FileCounts: Sendable, Equatable {
  /// The file's name as the entries have it.
  package var name: ByteText
  /// The records read.
  package var read: Int
  /// Records that belong to other shards.
  package var otherShards: Int
  /// Records that the sample left out.
  package var notSampled: Int

  /// Creates a file's counts.
  package init(name: ByteText, read: Int = 0, otherShards: Int = 0, notSampled: Int = 0) {
    self.name = name
    self.read = read
    self.otherShards = otherShards
    self.notSampled = notSampled
  }

  /// The records read that have no entry.
  package var left: Int {
    let (sum, overflow) = otherShards.addingReportingOverflow(notSampled)
    return overflow ? Int.max : sum
  }
}

extension RunCounts {
  /// The counts of two runs that hold different shards of one corpus; `nil` if numbers overflow.
  func joined(with other: RunCounts) -> RunCounts? {
    var joined = self
    let (cut, overflow) = cutPictures.addingReportingOverflow(other.cutPictures)
    guard !overflow else { return nil }
    joined.cutPictures = cut
    joined.pictures = pictures.joined(with: other.pictures)
    for file in other.files {
      if let index = joined.files.firstIndex(where: { $0.name == file.name }) {
        guard let sum = joined.files[index].joined(with: file) else { return nil }
        joined.files[index] = sum
      } else {
        joined.files.append(file)
      }
    }
    return joined
  }

  /// All records read; the sum saturates.
  var read: Int {
    files.reduce(0) { sum, file in
      let (sum, overflow) = sum.addingReportingOverflow(file.read)
      return overflow ? Int.max : sum
    }
  }
}

extension FileCounts {
  /// The counts of two disjoint sets of shards together.
  ///
  /// Each shard reads the whole file. Of R records, one set has R minus its `otherShards`, the other likewise, and
  /// together they have the sum. Records that one of them never reached belong to another shard for it.
  package func joined(with file: FileCounts) -> FileCounts? {
    let most = Swift.max(read, file.read)
    let numbers = [read, otherShards, notSampled, file.read, file.otherShards, file.notSampled]
    // Far more than any corpus has, and far below the numbers at which the sums below could overflow.
    guard numbers.allSatisfy({ 0...(1 << 60) ~= $0 }) else { return nil }
    var others = otherShards + file.otherShards - read - file.read + most
    var unsampled = notSampled + file.notSampled
    // Negative if every shard, not only their own, counted records outside the sample.
    if others < 0 {
      unsampled += others
      others = 0
    }
    guard unsampled >= 0 else { return nil }
    return FileCounts(name: name, read: most, otherShards: others, notSampled: unsampled)
  }
}
