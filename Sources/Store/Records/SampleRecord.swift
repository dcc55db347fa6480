package import Bytes
package import GRDB

/// A sample of a run's posts that was drawn to be labelled, as stored: `sample` without its posts.
package struct SampleRecord: Equatable, Sendable {
  /// How posts were drawn.
  package enum Design: String, CaseIterable, Sendable {
    /// Every post with the same probability.
    case random
    /// From each stratum with a probability of its own.
    case stratified
    /// The posts that the model is least sure of. Such a sample is for training; it estimates nothing.
    case uncertain
    /// The posts whose labels are probably wrong, to be labelled again; it estimates nothing, either.
    case labelIssues = "label-issues"

    /// Whether each post was drawn with a known probability, so that shares can be estimated.
    package var estimates: Bool { self == .random || self == .stratified }
  }

  /// The posts of a run with the same values in the columns ``SampleRecord/by``.
  package struct Stratum: Equatable, Sendable {
    /// The values; nil for posts that have none.
    package var values: [ByteText?]
    /// The number of scored posts.
    package var posts: Int
    /// The number of posts drawn.
    package var drawn: Int

    package init(values: [ByteText?], posts: Int, drawn: Int) {
      (self.values, self.posts, self.drawn) = (values, posts, drawn)
    }
  }

  /// The sample's name.
  package var name: String
  package var design: Design
  /// The columns whose values make the strata; empty for a design without strata.
  package var by: [String] = []
  /// How posts were shared out over strata; nil without strata.
  package var allocation: String?
  /// Whether one post of each group of reposts was drawn from.
  package var isDistinct = false
  /// The random seed.
  package var seed: UInt64
  /// The strata; one without values for a design without strata.
  package var strata: [Stratum]
  /// When the sample was drawn: UTC in ISO 8601.
  package var drawnAt: String

  package init(name: String, design: Design, seed: UInt64, strata: [Stratum], drawnAt: String) {
    (self.name, self.design, self.seed, self.strata, self.drawnAt) = (name, design, seed, strata, drawnAt)
  }

  /// The number of posts drawn.
  package var size: Int { strata.reduce(0) { $0 + $1.drawn } }

  /// `sample.settings`: a canonical JSON object.
  package var settings: String {
    JSON.members([
      ("allocation", allocation.map(JSON.string)), ("by", .array(by.map(JSON.string))),
      ("distinct", .bool(isDistinct)), ("seed", .string("\(seed)")), ("size", .integer(size)),
      (
        "strata",
        .array(
          strata.map { stratum in
            .members([
              ("drawn", .integer(stratum.drawn)), ("posts", .integer(stratum.posts)),
              ("values", .array(stratum.values.map { $0.map { .string($0.text) } ?? .null })),
            ])
          })
      ),
    ]).text(.canonical)
  }

  /// Reads a row of `sample`: name, design, settings, drawn_at.
  ///
  /// - Returns: nil if the settings are not those of a sample.
  init?(_ row: Row) throws {
    name = try row.get(0)
    drawnAt = try row.get(3)
    let text: String = try row.get(2)
    guard let design = Design(rawValue: try row.get(1)), let settings = try? JSONParser.parse(Array(text.utf8)),
      let seed = settings["seed"]?.asString.flatMap(UInt64.init), let strata = settings["strata"]?.asList,
      let by = settings["by"]?.asList?.compactMap(\.asString)
    else { return nil }
    self.design = design
    self.seed = seed
    self.by = by
    allocation = settings["allocation"]?.asString
    isDistinct = settings["distinct"]?.asBool ?? false
    self.strata = strata.compactMap { stratum in
      guard let values = stratum["values"]?.asList, let posts = stratum["posts"]?.asInteger,
        let drawn = stratum["drawn"]?.asInteger, values.count == by.count, posts >= 0, drawn >= 0, drawn <= posts
      else { return nil }
      return Stratum(values: values.map { $0.asString.map { ByteText($0) } }, posts: posts, drawn: drawn)
    }
    guard self.strata.count == strata.count else { return nil }
  }

  /// The samples of a run, the latest first; none in a store of an earlier version.
  ///
  /// - Throws: `StoreError.damaged` if one has settings that this version did not write.
  package static func all(ofRun run: Int64, in db: Database, path: String) throws -> [SampleRecord] {
    guard try db.tableExists("sample") else { return [] }
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, design, settings, drawn_at FROM sample WHERE run_id = ? ORDER BY id DESC",
      arguments: [run])
    return try rows.map { row in
      guard let sample = try SampleRecord(row) else {
        throw StoreError.damaged(path: path, what: "the settings of a sample")
      }
      return sample
    }
  }
}

/// A post of a sample.
package struct SampledPost: Equatable, Sendable {
  /// The post's row in the store.
  package var post: Int64
  /// The index of its stratum.
  package var stratum: Int
  /// The probability with which it was drawn; nil if the design has none.
  package var inclusion: Double?

  package init(post: Int64, stratum: Int, inclusion: Double?) {
    (self.post, self.stratum, self.inclusion) = (post, stratum, inclusion)
  }
}

extension StoreWriter {
  /// Stores a sample with its posts, in the order in which they are to be labelled; all or nothing.
  ///
  /// - Parameters:
  ///   - sample: the sample.
  ///   - run: the run's row in the store.
  ///   - posts: its posts in order.
  /// - Throws: `sampleExists` if the store has a sample of this name.
  package func record(_ sample: SampleRecord, ofRun run: Int64, posts: [SampledPost]) throws(StoreError) {
    try RunName.check(sample.name)
    try transact { db in
      let isTaken = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM sample WHERE name = ?)", arguments: [sample.name])
      if isTaken == true { throw StoreError.sampleExists(sample.name) }
      try db.execute(
        sql: "INSERT INTO sample (name, run_id, design, settings, drawn_at) VALUES (?, ?, ?, ?, ?)",
        arguments: [sample.name, run, sample.design.rawValue, sample.settings, sample.drawnAt])
      let id = db.lastInsertedRowID
      let insert = try db.makeStatement(
        sql: "INSERT INTO sample_post (sample_id, position, post_id, stratum, inclusion) VALUES (?, ?, ?, ?, ?)")
      for (place, post) in posts.enumerated() {
        try insert.execute(arguments: [id, place + 1, post.post, post.stratum, post.inclusion])
      }
    }
  }
}
