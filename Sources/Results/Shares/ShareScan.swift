import Bytes
import Evaluation
import GRDB
import Queries
import Store

/// One pass over a run that counts its posts for the estimation of shares.
struct ShareScan {
  /// All posts.
  private(set) var whole: ShareCells
  /// The number of the run's posts in the sample.
  private(set) var sampled = 0
  /// The number of posts that belong to no stratum of the sample.
  private(set) var outsideStrata = 0
  /// Whether the run has probabilities.
  let hasProbabilities: Bool
  /// The number of labels that the model knows.
  let known: Int

  private let run: RunFacts
  private let scorer: ScorerFacts
  private let sample: SampleRecord?
  private let truth: String?
  private let column: SliceColumn?
  /// The column of numbers, if one is read.
  private let numbers: NumberColumn?
  private let stratumColumns: StratumColumns
  private var codes: LabelDictionary
  private var strata: [[ByteText?]: Int] = [:]
  private var places: [ByteText: Int] = [:]
  private var groups: [(value: ByteText?, cells: ShareCells)] = []
  /// The posts without a value.
  private var none: ShareCells

  /// The most values of a column that are told apart.
  static let maximumValues = 1000

  init(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, sample: SampleRecord?, truth: String?,
    column: SliceColumn?, numbers: String? = nil, isCalibrated: Bool = false
  ) throws {
    (self.run, self.scorer, self.sample, self.truth) = (run, scorer, sample, truth)
    known = scorer.labels.count
    codes = LabelDictionary(scorer.labels)
    hasProbabilities = try CapabilityQuery.fetch(database, run: run, scorer: scorer).tells(.probabilities)
    self.column = column
    self.numbers = try numbers.map { try NumberColumn.find($0, in: database) }
    stratumColumns = try StratumColumns(sample?.by ?? [], in: database, run: run, isCalibrated: isCalibrated)
    for (place, stratum) in (sample?.strata ?? []).enumerated() { strata[stratum.values] = place }
    whole = ShareCells(labels: known)
    none = whole
  }

  /// The labels by number: the model's, then other true ones.
  var names: [ByteText] { codes.names }

  /// The slices with their names: values in order of time for `month` and `day`, otherwise the most frequent first; then
  /// the posts without a value.
  var slices: [(name: String, cells: ShareCells)] {
    guard let column else { return [] }
    let isTime = column.name == "month" || column.name == "day"
    let order = groups.sorted { one, other in
      if isTime || one.cells.posts == other.cells.posts { return (one.value ?? "") < (other.value ?? "") }
      return one.cells.posts > other.cells.posts
    }
    return order.map { ("\(column.name)=\($0.value ?? "")", $0.cells) }
      + (none.posts > 0 ? [("\(column.name) (no value)", none)] : [])
  }

  private func sql(truth join: TrueLabelJoin) -> String {
    """
    SELECT prediction.label, truth.label, \(SQLFragments.probabilities(of: "prediction")),
      CAST(\(column?.expression ?? "NULL") AS TEXT), \(numbers?.expression ?? "NULL"),
      sample_post.stratum\(stratumColumns.sql)
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT \(join.sql)
    LEFT JOIN (SELECT post_id, stratum FROM sample_post
      WHERE sample_id = (SELECT id FROM sample WHERE name = ?)) AS sample_post ON sample_post.post_id = entry.post_id
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    """
  }

  /// The same for a store of an earlier version, which has no samples.
  private func sqlWithoutSamples(truth join: TrueLabelJoin) -> String {
    """
    SELECT prediction.label, truth.label, \(SQLFragments.probabilities(of: "prediction")),
      CAST(\(column?.expression ?? "NULL") AS TEXT), \(numbers?.expression ?? "NULL"), NULL
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT \(join.sql)
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    """
  }

  /// Reads the run.
  ///
  /// - Throws: `ResultsError.tooManyValues` if the column has too many different values.
  mutating func read(_ database: Database) throws {
    let join = try TrueLabelJoin(database, source: truth)
    let statement = try database.makeStatement(
      sql: sample == nil ? sqlWithoutSamples(truth: join) : sql(truth: join))
    var arguments: StatementArguments = (column?.argument).map { [$0] } ?? []
    if let numbers { arguments += [numbers.name] }
    arguments += stratumColumns.arguments
    arguments += [scorer.id]
    if let truth { arguments += [truth] }
    if let sample { arguments += [sample.name] }
    arguments += [run.id]
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    let row = StatementRow(statement), reader = ProbabilityText(labels: scorer.labels, wanted: Array(0..<known))
    var values = [Double](repeating: .nan, count: known)
    while try cursor.next() != nil { try add(row, reader, &values) }
  }

  private mutating func add(_ row: StatementRow, _ reader: ProbabilityText, _ values: inout [Double]) throws {
    guard let label = row.bytes(0) else { return }
    let predicted = codes.code(label), isSampled = sample == nil || !row.isNull(5)
    if sample != nil, isSampled { sampled += 1 }
    let truth = isSampled ? row.bytes(1).map { codes.code($0) } : nil
    guard codes.names.count <= ReportData.labelLimit else {
      throw ResultsError.tooManyLabels(codes.names.count, limit: ReportData.labelLimit)
    }
    for place in values.indices { values[place] = .nan }
    if hasProbabilities, let text = row.bytes(2) { reader.read(text, into: &values) }
    var stratum = 0
    if !strata.isEmpty {
      if let place = strata[stratumColumns.values(row, from: 6)] {
        stratum = place
      } else {
        stratum = strata.count
        outsideStrata += 1
      }
    }
    let number = numbers.map { _ in ColumnNumber(value: row.number(4)) }
    func add(to cells: inout ShareCells) {
      cells.add(stratum: stratum, predicted: predicted, truth: truth, probabilities: values, number: number)
    }
    add(to: &whole)
    guard column != nil else { return }
    guard let value = row.byteText(3), !SliceTally.isBlank(value) else { return add(to: &none) }
    let place = places[value] ?? groups.count
    if place == groups.count {
      guard place < Self.maximumValues else {
        throw ResultsError.tooManyValues(column: column?.name ?? "", limit: Self.maximumValues)
      }
      places[value] = place
      groups.append((value, ShareCells(labels: known)))
    }
    add(to: &groups[place].cells)
  }
}
