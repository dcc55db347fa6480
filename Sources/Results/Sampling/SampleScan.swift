import Bytes
import Evaluation
import GRDB
import Queries
import Store

/// One pass over a run that counts the posts of each stratum, and keeps those of which the sample will be.
///
/// Each post gets a number that depends on the seed, its key and its content alone; the posts of a stratum with the
/// smallest numbers are a random sample of it, whatever the order of the rows.
struct SampleScan {
  /// The posts with the same values.
  struct Stratum {
    var values: [ByteText?]
    var posts = 0
    /// The sum over posts of the mean over labels of p · (1 − p).
    var spread = 0.0
    var candidates: SmallestNumbers

    /// The standard deviation of a label in this stratum, as far as the predictions leave it open.
    var deviation: Double { posts == 0 ? 0 : (spread / Double(posts)).squareRoot() }
  }

  /// The strata; one without values if the plan has none.
  private(set) var strata: [Stratum] = []
  /// The number of posts without probabilities, which a sample of uncertain posts leaves out.
  private(set) var withoutProbabilities = 0

  private let plan: SamplePlan
  private let run: RunFacts
  private let scorer: ScorerFacts
  private let columns: StratumColumns
  private var places: [[ByteText?]: Int] = [:]

  /// The most strata.
  static let maximumStrata = 1000

  init(_ plan: SamplePlan, _ database: Database, run: RunFacts, scorer: ScorerFacts) throws {
    (self.plan, self.run, self.scorer) = (plan, run, scorer)
    columns = try StratumColumns(plan.by, in: database, run: run)
  }

  private var needsProbabilities: Bool {
    plan.design == .uncertain || (plan.design == .stratified && plan.allocation == .neyman)
  }

  private var sql: String {
    """
    SELECT post.id, post.key, post.content_hash,
      \(needsProbabilities ? SQLFragments.probabilities(of: "prediction") : "NULL")\(columns.sql)
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    """
  }

  /// Reads the run.
  ///
  /// - Throws: `ResultsError.tooManyValues` if there are too many strata; `noProbabilities` if the plan needs them.
  mutating func read(_ database: Database) throws {
    if needsProbabilities {
      let capabilities = try CapabilityQuery.fetch(database, run: run, scorer: scorer)
      guard capabilities.tells(.probabilities) else { throw ResultsError.noProbabilities(run: run.name.text) }
    }
    let statement = try database.makeStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: columns.arguments + [scorer.id, run.id])
    let row = StatementRow(statement)
    let reader = ProbabilityText(labels: scorer.labels, wanted: Array(scorer.labels.indices))
    var values = [Double](repeating: .nan, count: scorer.labels.count)
    while try cursor.next() != nil {
      let place = try place(of: columns.values(row, from: 4))
      for label in values.indices { values[label] = .nan }
      if let text = row.bytes(3) { reader.read(text, into: &values) }
      add(row, values, to: place)
    }
    strata.sort { one, other in
      let pair = zip(one.values, other.values).first { $0 != $1 }
      guard let pair else { return false }
      // Posts without a value come last.
      guard let first = pair.0 else { return false }
      return pair.1.map { first < $0 } ?? true
    }
  }

  private mutating func place(of values: [ByteText?]) throws -> Int {
    if let place = places[values] { return place }
    guard strata.count < Self.maximumStrata else {
      throw ResultsError.tooManyValues(column: plan.by.joined(separator: ","), limit: Self.maximumStrata)
    }
    places[values] = strata.count
    strata.append(Stratum(values: values, candidates: SmallestNumbers(max(plan.size, 2))))
    return strata.count - 1
  }

  private mutating func add(_ row: StatementRow, _ probabilities: [Double], to place: Int) {
    let isKnown = !probabilities.isEmpty && !probabilities.contains(where: \.isNaN)
    let random = Self.number(seed: plan.seed, key: row.bytes(1), content: row.bytes(2))
    if plan.design == .uncertain {
      guard isKnown else { return withoutProbabilities += 1 }
      let order = probabilities.sorted(by: >)
      let margin = order[0] - (order.count > 1 ? order[1] : 0)
      strata[place].candidates.add(.init(number: margin, tie: random, post: row.integer(0)))
    } else {
      if isKnown {
        strata[place].spread += probabilities.reduce(0) { $0 + $1 * (1 - $1) } / Double(probabilities.count)
      }
      strata[place].candidates.add(.init(number: 0, tie: random, post: row.integer(0)))
    }
    strata[place].posts += 1
  }

  /// A number that looks random: FNV-1a over the seed, the key and the content hash, mixed by SplitMix64's last step.
  static func number(
    seed: UInt64, key: UnsafeBufferPointer<UInt8>?, content: UnsafeBufferPointer<UInt8>?
  ) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: seed >> shift)) }
    if let key { for byte in key { add(byte) } }
    add(0)
    if let content { for byte in content { add(byte) } }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }
}
