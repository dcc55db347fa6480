package import Bytes
package import Evaluation
import GRDB
import Queries
package import Store

/// The input of an evaluation: a run's posts with a true label, and the slices that they fall into.
package struct EvaluatedRun: Sendable {
  package struct Slice: Sendable {
    /// The slice's name: `all`, `both_sides`, `without_picture`, or `COLUMN=VALUE`.
    package var name: String
    /// Indexes into ``posts``.
    package var posts: [Int32]
  }

  package let run: ByteText
  /// The run's state, such as `finished` or `interrupted`.
  package let state: String
  /// Whether the run has all rows of its corpus.
  package var isFinished: Bool { state == "finished" }
  /// The fingerprint of the run's model.
  package let fingerprint: String
  package let capabilities: RunCapabilities
  package private(set) var posts: LabelledPosts
  /// The row of each of these posts in the store.
  private(set) var ids: [Int64] = []
  /// All posts, then the posts with both sides and those without a picture. Of the last two, a slice without posts or
  /// with all posts is left out.
  package private(set) var slices: [Slice] = []
  /// The name of the slice that contains all posts and is therefore left out of ``slices``; nil without one.
  package private(set) var wholeSlice: String?
  /// The posts by the values of the requested column: the most frequent values, then posts without a value, then the
  /// rest.
  package private(set) var byColumn: [Slice] = []
  /// How well texts find their own pictures, in the sample that a report uses; nil if fewer than three posts have
  /// stored vectors of both.
  package private(set) var retrieval: PairRetrieval?
  /// The number of scored posts, with and without a true label.
  package private(set) var scored = 0
  /// The sources of the posts' true labels, and the number of posts of each.
  package let sources: [(name: ByteText, posts: Int)]
  /// The run's reposts, if one post of each group counts.
  package let reposts: RunReposts?

  private static func sql(_ column: String, _ run: RunFacts) -> String {
    """
    SELECT prediction.label, truth.label, \(SQLFragments.probabilities(of: "prediction")),
      \(SQLFragments.isScoredWithoutPicture("entry")), post.text = '', CAST(\(column) AS TEXT), post.content_hash, post.id,
      post.key, post.picture_hash
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT JOIN label AS truth ON truth.post_id = entry.post_id AND truth.source =
      coalesce(?, \(SQLFragments.trueLabelSource))
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    ORDER BY entry.file, entry.record
    """
  }

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - run: the run's name; nil for the latest.
  ///   - truth: the source of the true labels; nil for each post's latest.
  ///   - column: the column by whose values posts are grouped, if any.
  ///   - isDistinct: whether one post of each group of reposts counts.
  /// - Returns: the run's posts with a true label.
  /// - Throws: `ResultsError.noTruth` if no scored post has a label, `noSuchSource` if none has one from that source.
  /// - Complexity: One pass over the run's rows; 16 + 4 · labels bytes of memory for each post with a true label.
  package static func load(
    from store: StoreReader, run: String? = nil, truth: String? = nil, by column: String? = nil,
    isDistinct: Bool = false
  ) throws(ResultsError) -> EvaluatedRun {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run, isDistinct: isDistinct)
      let sources = try LabelledSources.ofRun(run, in: database)
      if let truth, !sources.contains(where: { $0.name == ByteText(truth) }) {
        throw ResultsError.noSuchSource(truth, known: sources.map(\.name.text))
      }
      var result = EvaluatedRun(
        run: run.name, state: run.state, fingerprint: scorer.fingerprint,
        capabilities: try CapabilityQuery.fetch(database, run: run, scorer: scorer),
        posts: LabelledPosts(labels: scorer.labels),
        sources: sources, reposts: run.reposts)
      let column = try column.map { try SliceColumn.find($0, in: database, run: run) }
      let pool = try result.read(database, run: run, scorer: scorer.id, truth: truth, column: column)
      if result.capabilities.tells(.pairVectors) {
        result.retrieval = try VectorQuery.pairs(database, scorer: scorer, pool: pool.sorted)?.retrieval
      }
      guard result.posts.count > 0 else { throw ResultsError.noTruth(run: run.name.text, posts: result.scored) }
      return result
    }
  }

  /// Replaces the predictions and probabilities by those of a rule.
  package mutating func answer(_ rule: DecisionRule) { posts = rule.apply(to: posts) }

  private init(
    run: ByteText, state: String, fingerprint: String, capabilities: RunCapabilities,
    posts: LabelledPosts, sources: [(name: ByteText, posts: Int)], reposts: RunReposts?
  ) {
    (self.run, self.state, self.fingerprint) = (run, state, fingerprint)
    (self.capabilities, self.posts, self.sources, self.reposts) = (capabilities, posts, sources, reposts)
  }

  /// Reads the posts; returns the sample whose vectors are compared.
  private mutating func read(
    _ database: Database, run: RunFacts, scorer: Int64, truth: String?, column: SliceColumn?
  ) throws -> PostSample {
    var pool = try PostSample(database, run: run)
    let statement = try database.makeStatement(sql: Self.sql(column?.expression ?? "NULL", run))
    let first: StatementArguments = (column?.argument).map { [$0] } ?? []
    let cursor = try Row.fetchCursor(statement, arguments: first + [scorer, truth, run.id])
    let row = StatementRow(statement), labels = posts.labels
    let reader = ProbabilityText(labels: labels, wanted: Array(labels.indices))
    var codes = LabelDictionary(labels), values = [Double](repeating: .nan, count: labels.count)
    let hasProbabilities = capabilities.tells(.probabilities)
    var both: [Int32] = [], alone: [Int32] = [], groups = ValueGroups()
    while try cursor.next() != nil {
      scored += 1
      if let hash = row.bytes(6), pool.takes(hash) {
        pool.add(
          PostSample.Post(
            id: row.integer(7), hash: ByteText(decoding: hash), key: row.byteText(8) ?? "",
            picture: row.integer(3) != 0 ? nil : row.byteText(9), hasText: row.integer(4) == 0, label: 0, isWrong: nil))
      }
      guard let predicted = row.bytes(0), let truth = row.bytes(1) else { continue }
      for place in values.indices { values[place] = .nan }
      if hasProbabilities, let text = row.bytes(2) { reader.read(text, into: &values) }
      let post = Int32(posts.count)
      ids.append(Int64(row.integer(7)))
      posts.add(truth: codes.code(truth), predicted: codes.code(predicted), probabilities: values)
      guard codes.names.count <= ReportData.labelLimit else {
        throw ResultsError.tooManyLabels(codes.names.count, limit: ReportData.labelLimit)
      }
      if row.integer(3) != 0 { alone.append(post) } else if row.integer(4) == 0 { both.append(post) }
      if column != nil { groups.add(row.byteText(5), post) }
    }
    posts.name(codes.names)
    // A slice of all posts would repeat the same numbers.
    slices = [Slice(name: "all", posts: Array(0..<Int32(posts.count)))]
    for (name, chosen) in [("both_sides", both), ("without_picture", alone)] where !chosen.isEmpty {
      if chosen.count == posts.count { wholeSlice = name } else { slices.append(Slice(name: name, posts: chosen)) }
    }
    if let column { byColumn = groups.slices(column: column.name) }
    return pool
  }
}

/// Groups posts by a column's value.
private struct ValueGroups {
  private var places: [ByteText: Int] = [:]
  private var groups: [(value: ByteText, posts: [Int32])] = []
  private var none: [Int32] = []
  private var beyond: [Int32] = []

  mutating func add(_ value: ByteText?, _ post: Int32) {
    guard let value, !SliceTally.isBlank(value) else { return none.append(post) }
    if let place = places[value] { return groups[place].posts.append(post) }
    guard groups.count < SliceTally.maximumValues else { return beyond.append(post) }
    places[value] = groups.count
    groups.append((value, [post]))
  }

  /// One slice for each of the most frequent values, then the posts without a value, then all others.
  func slices(column: String) -> [EvaluatedRun.Slice] {
    let order = groups.sorted {
      $0.posts.count != $1.posts.count ? $0.posts.count > $1.posts.count : $0.value < $1.value
    }
    let rest = order.dropFirst(SliceTable.limit).flatMap(\.posts) + beyond
    var slices = order.prefix(SliceTable.limit).map {
      EvaluatedRun.Slice(name: "\(column)=\($0.value)", posts: $0.posts)
    }
    if !none.isEmpty { slices.append(.init(name: "\(column) (no value)", posts: none)) }
    if !rest.isEmpty {
      slices.append(.init(name: "\(column) (\(order.count - SliceTable.limit) other values)", posts: rest))
    }
    return slices
  }
}

/// The predictions of several runs on the posts that all of them scored.
package struct RunPredictions: Sendable {
  /// The true labels of the posts that every run scored.
  package private(set) var truths: [ByteText] = []
  /// Each run's predictions for these posts, in the order of the request.
  package private(set) var predicted: [[ByteText]]
  /// The labels of the first run's model.
  package private(set) var labels: [ByteText] = []
  /// The number of posts with a truth that only some of the runs scored.
  package private(set) var notShared = 0
  /// When the last of the runs finished; empty if none did.
  package private(set) var finishedAt = ""

  private static let sql = """
    SELECT DISTINCT entry.post_id, truth.label, prediction.label
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
    CROSS JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = \(SQLFragments.trueLabelSource)
    WHERE entry.run_id = ?1 AND \(SQLFragments.isScored("entry"))
    ORDER BY entry.post_id
    """

  private static let countSQL =
    "SELECT count(*) FROM entry WHERE run_id = ? AND \(SQLFragments.isScored("entry"))"

  /// Reads runs by their names.
  ///
  /// - Throws: `ResultsError.noSuchRun`; `noTruth` if no post that all runs scored has a true label.
  /// - Complexity: One pass over each run's rows; all truths and predictions are held in memory.
  package static func load(from store: StoreReader, runs: [String]) throws(ResultsError) -> RunPredictions {
    try reading(store) { database in
      var result = RunPredictions(predicted: [])
      var found: [[Int64: (truth: ByteText, label: ByteText)]] = []
      var labels: [ByteText] = [], posts = 0
      for name in runs {
        let (run, scorer) = try RunQuery.fetch(database, name: name)
        if labels.isEmpty { labels = scorer.labels }
        result.finishedAt = max(result.finishedAt, run.finishedAt ?? "")
        posts = try Int.fetchOne(database, sql: countSQL, arguments: [run.id]) ?? 0
        var own: [Int64: (truth: ByteText, label: ByteText)] = [:]
        let rows = try Row.fetchCursor(database, sql: sql, arguments: [run.id, scorer.id])
        while let row = try rows.next() {
          own[Int64(row.integer(0))] = (row.byteText(1) ?? "", row.byteText(2) ?? "")
        }
        found.append(own)
      }
      let all = found.reduce(into: Set<Int64>()) { $0.formUnion($1.keys) }
      let shared = all.filter { post in found.allSatisfy { $0[post] != nil } }.sorted()
      guard !shared.isEmpty else { throw ResultsError.noTruth(run: runs.last ?? "", posts: posts) }
      result.truths = shared.map { found[0][$0]?.truth ?? "" }
      result.predicted = found.map { posts in shared.map { posts[$0]?.label ?? "" } }
      (result.labels, result.notShared) = (labels, all.count - shared.count)
      return result
    }
  }
}
