import Bytes
import Evaluation
import GRDB
import Queries
import Store

/// Compares the predictions of two runs during the pass over the posts.
struct PredictionFlipTally {
  private struct Cell: Hashable {
    var truth: Int
    var own: Int
    var other: Int
  }

  private struct Example {
    var post: Int64
    var cell: Cell
    var own: Double?
    var other: Double?

    /// The sum of both confidences.
    var sureness: Double { (own ?? 0) + (other ?? 0) }
  }

  private enum Kind: Int, CaseIterable {
    case ownRight
    case otherRight
    case undecided
  }

  /// The number that stands for an unknown truth.
  private static let unknown = -1

  private let run: ComparedRun
  /// The labels of both runs.
  let labels: [ByteText]
  private let numbers: [Int]
  private var cells: [Cell: Int] = [:]
  private var examples = Array(repeating: [Example](), count: Kind.allCases.count)
  private var ownOnly = 0
  private var found = 0
  private var differing = 0
  private var keyOnly = 0
  private var differingTruths = 0
  private var undecidable = 0
  /// Hashes of the keys for which this run has several posts.
  private var severalKeys: Set<UInt64> = []

  init(_ run: ComparedRun, labels: [ByteText]) {
    var places = labels.places
    var all = labels
    numbers = run.labels.map { label in
      if let place = places[label] { return place }
      places[label] = all.count
      all.append(label)
      return all.count - 1
    }
    (self.run, self.labels) = (run, all)
  }

  /// Finds the keys for which this run has several posts, if posts are paired by key.
  mutating func prepare(_ database: Database, run own: RunFacts) throws {
    guard run.pairing == .key else { return }
    let statement = try database.makeStatement(
      sql: """
        SELECT post.key FROM entry CROSS JOIN post ON post.id = entry.post_id
        WHERE entry.run_id = ? AND \(own.isCounted("entry"))
        GROUP BY post.key HAVING min(post.content_hash) <> max(post.content_hash)
        """)
    let cursor = try Row.fetchCursor(statement, arguments: [own.id])
    let row = StatementRow(statement)
    while try cursor.next() != nil { severalKeys.insert(ComparedRun.Mark.hash(row.bytes(0))) }
  }

  /// Counts a post; `truth` and `predicted` are indexes into `labels`, or larger for a truth that neither model knows.
  mutating func add(_ row: StatementRow, truth: Int?, predicted: Int, confidence: Double?) {
    let post = row.integer(PredictionScan.Columns.post)
    let mark: ComparedRun.Mark =
      run.store == nil
      ? .init(row: row.integer(PredictionScan.Columns.twin))
      : .init(key: row.bytes(PredictionScan.Columns.key), content: row.bytes(PredictionScan.Columns.content))
    let key = row.bytes(PredictionScan.Columns.key)
    let answer: ComparedRun.Answer
    var truth = truth
    var hasTwoTruths = false
    switch run.match(mark, key: key, isOnlyOne: !severalKeys.contains(ComparedRun.Mark.hash(key))) {
    case .same(let found): answer = found
    case .key(let found):
      answer = found
      differing += 1
      // Different content may have different true labels. Only a label that both posts share counts for both runs.
      let own = truth == nil ? nil : row.bytes(PredictionScan.Columns.truth)
      let other = found.truth < 0 ? nil : run.truths[Int(found.truth)]
      if let own, let other, own.elementsEqual(other.utf8) { break }
      hasTwoTruths = own != nil && other != nil
      if hasTwoTruths { differingTruths += 1 }
      truth = nil
    case .keyOnly:
      keyOnly += 1
      ownOnly += 1
      return
    case .none:
      ownOnly += 1
      return
    }
    found += 1
    let cell = Cell(truth: truth ?? Self.unknown, own: predicted, other: numbers[Int(answer.label)])
    cells[cell, default: 0] += 1
    guard cell.own != cell.other else { return }
    if hasTwoTruths {
      undecidable += 1
      return
    }
    let kind: Kind = cell.truth == cell.own ? .ownRight : cell.truth == cell.other ? .otherRight : .undecided
    keep(Example(post: post, cell: cell, own: confidence, other: answer.confidence.map(Double.init)), as: kind)
  }

  /// Keeps the examples with the highest confidence; ties in the order of the store.
  private mutating func keep(_ example: Example, as kind: Kind) {
    let place = kind.rawValue
    let worst = examples[place].last
    if examples[place].count == RunComparison.examples, let worst, !comesBefore(example, worst) { return }
    let at = examples[place].firstIndex { comesBefore(example, $0) } ?? examples[place].count
    examples[place].insert(example, at: at)
    if examples[place].count > RunComparison.examples { examples[place].removeLast() }
  }

  private func comesBefore(_ a: Example, _ b: Example) -> Bool { (b.sureness, a.post) < (a.sureness, b.post) }

  /// The comparison; `names` has the label of each number, further truths included.
  func comparison(names: [ByteText]) -> RunComparison {
    // Predictions that are not labels of the model come after them.
    let strange = Set(cells.keys.map(\.own).filter { $0 >= self.labels.count }).sorted()
    let labels = self.labels + strange.map { names[$0] }
    func place(_ code: Int) -> Int { strange.firstIndex(of: code).map { self.labels.count + $0 } ?? code }
    var agreement = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    var patterns: [PairedPatternBootstrap.Pattern] = []
    // Sorted, because a dictionary has no order and the bootstrap's draws depend on it.
    for (cell, count) in cells.sorted(by: {
      ($0.key.truth, $0.key.own, $0.key.other) < ($1.key.truth, $1.key.own, $1.key.other)
    }) {
      agreement[place(cell.own)][cell.other] += count
      if cell.truth != Self.unknown {
        patterns.append(
          PairedPatternBootstrap.Pattern(
            truth: names[cell.truth], first: names[cell.own], second: labels[cell.other], count: count))
      }
    }
    func flips(_ kind: Kind) -> [RunComparison.Flip] {
      examples[kind.rawValue].map { example in
        RunComparison.Flip(
          post: example.post, truth: example.cell.truth == Self.unknown ? nil : names[example.cell.truth],
          own: RunComparison.Answer(
            label: names[example.cell.own], confidence: example.own),
          other: RunComparison.Answer(
            label: labels[example.cell.other], confidence: example.other))
      }
    }
    return RunComparison(
      name: run.name, store: run.store, model: run.model, isImported: run.isImported, labels: labels,
      isPairedByKey: run.pairing == .key,
      common: found,
      differing: differing, keyOnly: keyOnly, differingTruths: differingTruths,
      undecidable: undecidable, ownOnly: ownOnly,
      otherOnly: run.answers.count - found,
      agreement: agreement, patterns: patterns, ownRight: flips(.ownRight), otherRight: flips(.otherRight),
      undecided: flips(.undecided))
  }
}

/// Reads the keys and texts of a comparison's examples.
enum FlipQuery {
  static func addTexts(_ database: Database, to comparison: inout RunComparison) throws {
    let statement = try database.makeStatement(
      sql: "SELECT substr(key, 1, 500), substr(text, 1, 500) FROM post WHERE id = ?")
    for kind in [\RunComparison.ownRight, \.otherRight, \.undecided] {
      for place in comparison[keyPath: kind].indices {
        let row = try Row.fetchOne(statement, arguments: [comparison[keyPath: kind][place].post])
        comparison[keyPath: kind][place].key = row?.text(0) ?? ""
        comparison[keyPath: kind][place].text = row?.text(1) ?? ""
      }
    }
  }
}
