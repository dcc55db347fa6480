package import Bytes
package import Evaluation
import GRDB
package import Store

/// The sample to draw from a run.
package struct SamplePlan: Equatable, Sendable {
  /// The number of posts.
  package var size: Int
  package var design: SampleRecord.Design
  /// The columns whose values make the strata: `label` is the predicted label.
  package var by: [String]
  /// How posts are shared out over strata.
  package var allocation: SampleAllocation
  /// Whether one post of each group of reposts is drawn from.
  package var isDistinct: Bool
  package var seed: UInt64

  package init(
    size: Int, design: SampleRecord.Design = .random, by: [String] = [], allocation: SampleAllocation = .proportional,
    isDistinct: Bool = false, seed: UInt64 = 1
  ) {
    (self.size, self.design, self.by, self.allocation) = (size, design, by, allocation)
    (self.isDistinct, self.seed) = (isDistinct, seed)
  }
}

/// Posts of a run that were drawn to be labelled.
package struct SampleDraw: Sendable {
  /// The sample.
  package let record: SampleRecord
  /// The run's row in the store.
  package let run: Int64
  package let runName: ByteText
  /// The run's state, such as `finished`.
  package let runState: String
  /// The posts, in random order.
  package let posts: [SampledPost]
  /// The number of them that already have a true label.
  package let labelled: Int
  /// The number of the run's posts without probabilities, if the design left them out.
  package let withoutProbabilities: Int
  /// The run's reposts, if one post of each group counts.
  package let reposts: RunReposts?

  /// Draws a sample of a run's scored posts. The same store, plan and seed give the same posts.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - plan: how to draw.
  ///   - run: the run's name; nil for the latest.
  ///   - name: the sample's name; nil for `sample-1`, or the next number.
  ///   - truth: the source of the true labels, for a design that doubts them; nil for each post's latest.
  /// - Returns: the sample, which is not yet in the store.
  /// - Throws: `ResultsError.sampleTooLarge`, `tooManyValues`, `noSuchColumn`, `noProbabilities`, `noLabelIssues` and
  ///   others.
  /// - Complexity: One pass over the run's rows; memory for at most twice the sample's size in each stratum.
  package static func draw(
    from store: StoreReader, _ plan: SamplePlan, run: String? = nil, name: String? = nil, truth: String? = nil
  ) throws(ResultsError) -> SampleDraw {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run, isDistinct: plan.isDistinct)
      let found: Drawn
      if plan.design == .labelIssues {
        found = try doubtful(plan, database, run: run, scorer: scorer, truth: truth)
      } else {
        found = try drawn(plan, database, run: run, scorer: scorer)
      }
      let strata = found.strata
      var record = try SampleRecord(
        name: name ?? freeName(in: database), design: plan.design, seed: plan.seed, strata: strata.map(\.stratum),
        drawnAt: Timestamp.now)
      record.isDistinct = plan.isDistinct
      if plan.design == .stratified { (record.by, record.allocation) = (plan.by, plan.allocation.rawValue) }
      let posts = strata.enumerated().flatMap { place, stratum in
        let share = Double(stratum.stratum.drawn) / Double(max(1, stratum.stratum.posts))
        return stratum.posts.map {
          SampledPost(post: $0, stratum: place, inclusion: plan.design.estimates ? share : nil)
        }
      }
      var generator = SeededGenerator(seed: plan.seed)
      return SampleDraw(
        record: record, run: run.id, runName: run.name, runState: run.state, posts: generator.shuffled(posts),
        labelled: try labelled(posts, in: database), withoutProbabilities: found.withoutProbabilities,
        reposts: run.reposts)
    }
  }

  private struct Drawn {
    var strata: [(stratum: SampleRecord.Stratum, posts: [Int64])]
    var withoutProbabilities = 0
  }

  private static func drawn(
    _ plan: SamplePlan, _ database: Database, run: RunFacts, scorer: ScorerFacts
  ) throws -> Drawn {
    var scan = try SampleScan(plan, database, run: run, scorer: scorer)
    try scan.read(database)
    let populations = scan.strata.map(\.posts), all = populations.reduce(0, +)
    guard all >= plan.size else { throw ResultsError.sampleTooLarge(plan.size, posts: all) }
    let counts =
      plan.design == .stratified
      ? plan.allocation.counts(
        size: plan.size, populations: populations, deviations: scan.strata.map(\.deviation))
      : [plan.size]
    return Drawn(
      strata: zip(scan.strata, counts).map { stratum, count in
        (.init(values: stratum.values, posts: stratum.posts, drawn: count), stratum.candidates.first(count))
      }, withoutProbabilities: scan.withoutProbabilities)
  }

  private static func doubtful(
    _ plan: SamplePlan, _ database: Database, run: RunFacts, scorer: ScorerFacts, truth: String?
  ) throws -> Drawn {
    let found = try DoubtfulLabels.find(database, run: run, scorer: scorer, truth: truth)
    guard !found.issues.isEmpty else { throw ResultsError.noLabelIssues(run: run.name.text) }
    let posts = found.issues.prefix(plan.size).map { found.posts[$0.post] }
    return Drawn(strata: [(.init(values: [], posts: found.issues.count, drawn: posts.count), posts)])
  }

  /// The number of posts with a true label.
  private static func labelled(_ posts: [SampledPost], in database: Database) throws -> Int {
    let isLabelled = try database.makeStatement(sql: "SELECT EXISTS (SELECT 1 FROM label WHERE post_id = ?)")
    return try posts.count { try Bool.fetchOne(isLabelled, arguments: [$0.post]) ?? false }
  }

  /// The first name `sample-N` that no sample of the store has.
  private static func freeName(in database: Database) throws -> String {
    guard try database.tableExists("sample") else { return "sample-1" }
    let taken = Set(try String.fetchAll(database, sql: "SELECT name FROM sample").map { ByteText($0) })
    var number = 1
    while taken.contains(ByteText("sample-\(number)")) { number += 1 }
    return "sample-\(number)"
  }
}

extension SampleDraw {
  /// A post as it is shown to the person who labels it.
  package struct Shown: Equatable, Sendable {
    package var key: String
    package var text: String
    /// The path of its picture.
    package var image: String?
  }

  /// Reads posts of the sample, given by their indexes in ``posts``, in its order.
  package func shown(_ places: Range<Int>, from store: StoreReader) throws(ResultsError) -> [Shown] {
    try reading(store) { database in
      let statement = try database.makeStatement(sql: "SELECT key, text, image FROM post WHERE id = ?")
      return try posts[places].map { post in
        guard let row = try Row.fetchOne(statement, arguments: [post.post]) else {
          throw ResultsError.unreadableStore("a post of the sample is missing")
        }
        return Shown(key: row.text(0) ?? "", text: row.text(1) ?? "", image: row.text(2))
      }
    }
  }
}
