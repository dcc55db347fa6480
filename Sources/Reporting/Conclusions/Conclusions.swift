import Bytes
import Evaluation

/// What the sections of a report come to, each computed from the numbers that its section shows.
package struct Conclusions: Sendable {
  let data: ReportData
  /// What the confusion matrix comes to; nil without a post with a true label.
  package let headline: HeadlineNumbers?
  /// The runs' differences; nil where nothing is compared.
  let compared: ComparedNumbers?

  /// Prepares the conclusions of a run.
  ///
  /// - Complexity: That of a bootstrap of the confusion matrix.
  package init(_ data: ReportData) {
    self.data = data
    headline = HeadlineNumbers(data.outcome)
    compared = data.charts.comparison.flatMap(ComparedNumbers.init)
  }

  /// What a report's first page begins with; what one of its own sections begins with is not said twice.
  package func opening(_ sections: [ReportBlock] = []) -> [Conclusion] {
    let outcome = data.outcome
    var conclusions = [
      sections.contains(.comparison) ? nil : comparison, sections.contains(.headline) ? nil : right,
    ].compactMap(\.self)
    if let oneTruth { conclusions.append(oneTruth) }
    if outcome.posts > 0, !data.capabilities.tells(.confidence) { conclusions.append(.labelsAlone) }
    if let calibration, !sections.contains(.reliability) { conclusions.append(calibration) }
    if let pictures { conclusions.append(pictures) }
    if let mismatches = data.run.mismatches, !mismatches.isEmpty { conclusions.append(.notAsTrained(mismatches.count)) }
    if data.faults.total > 0 { conclusions.append(.lost(rows: data.faults.total, read: data.ledger.total.read)) }
    return conclusions
  }

  package var right: Conclusion? {
    guard let headline else { return .noTruth(posts: data.outcome.posts) }
    return headline.commonest.map {
      .right(
        accuracy: headline.accuracy, macroF1: headline.macroF1, scored: data.outcome.posts, always: $0.label,
        reached: $0.share,
        // Beside another run it is said which of the two is meant.
        run: data.charts.comparison == nil ? nil : data.run.name)
    }
  }

  /// The only label that is true of any post: then macro F1 and balanced accuracy are about that label alone.
  package var oneTruth: Conclusion? {
    guard let matrix = headline?.matrix else { return nil }
    let occurring = matrix.rows.indices.filter { matrix.support(row: $0) > 0 }
    guard let only = occurring.first, occurring.count == 1, matrix.labels.count > 1, matrix.total > 1
    else { return nil }
    return .oneTruth(matrix.rows[only], posts: matrix.total)
  }

  package var pictures: Conclusion? {
    guard data.outcome.posts > 0 else { return nil }
    return .pictures(
      without: data.outcome.sliceCounts[.withoutPicture] ?? 0, posts: data.outcome.posts,
      isImported: data.capabilities.isImported)
  }

  package var commonest: Conclusion? {
    guard data.outcome.posts > 0, let label = data.outcome.shares.max(by: { $0.count < $1.count }) else { return nil }
    return .commonest(.init(label.label, .share(label.count, of: data.outcome.posts)))
  }

  package var confused: Conclusion? {
    guard let matrix = headline?.matrix else { return nil }
    let cells = matrix.rows.indices.flatMap { row in
      matrix.labels.indices.filter { $0 != row }.map { (row: row, column: $0, count: matrix.counts[row][$0]) }
    }
    guard let largest = cells.max(by: { ($0.count, $1.row, $1.column) < ($1.count, $0.row, $0.column) }),
      largest.count > 0
    else { return .noMistake(posts: matrix.total, most: Estimate.share(0, of: matrix.total).high) }
    return .confused(
      truth: matrix.rows[largest.row], predicted: matrix.labels[largest.column], mistakes: largest.count,
      share: .share(largest.count, of: matrix.support(row: largest.row)))
  }

  package var labels: Conclusion? {
    headline?.extremes.map {
      .labels(
        best: $0.best.label, worst: $0.worst.label, f1: ($0.best.scores.f1.value, $0.worst.scores.f1.value),
        difference: $0.difference, comparisons: $0.comparisons)
    }
  }

  package var areas: Conclusion? {
    let areas = data.charts.curves.compactMap { curve in
      curve.area.map {
        Conclusion.Named(curve.label, Estimate(curve.curve.areaUnderROC.value, $0, count: curve.curve.posts))
      }
    }
    guard let (lowest, highest) = Self.ends(areas) else { return nil }
    return .areas(lowest: lowest, highest: highest)
  }

  package var precision: Conclusion? {
    let found = data.charts.curves.compactMap { curve in
      curve.precision.map {
        Conclusion.Named(curve.label, Estimate(curve.curve.averagePrecision.value, $0, count: curve.curve.posts))
      }
    }
    guard let (lowest, highest) = Self.ends(found),
      let curve = data.charts.curves.first(where: { $0.label.hasSameBytes(as: lowest.name) })
    else { return nil }
    return .precision(lowest: lowest, chance: curve.curve.share, highest: highest)
  }

  /// The lowest and the highest; one for both where their numbers are the same, as those of two labels are.
  private static func ends(_ named: [Conclusion.Named]) -> (lowest: Conclusion.Named, highest: Conclusion.Named)? {
    guard let lowest = named.min(by: { $0.estimate.value < $1.estimate.value }),
      let highest = named.max(by: { $0.estimate.value < $1.estimate.value })
    else { return nil }
    // What three decimals do not tell apart is one number.
    return highest.estimate.value - lowest.estimate.value < 0.0005 ? (lowest, lowest) : (lowest, highest)
  }

  package var calibration: Conclusion? {
    let reliability = data.charts.confidence.reliability, total = reliability.total
    guard total > 0, let over = reliability.overconfidence else { return nil }
    // The headline's own number and interval, which are of the same posts.
    let share = Estimate.share(reliability.bins.reduce(0) { $0 + $1.right }, of: total)
    let right = headline.map(\.accuracy).flatMap { $0.count == total ? $0 : nil } ?? share
    return .calibration(confidence: share.value + over, right: right)
  }

  package var sureMistakes: Conclusion? {
    let profile = data.charts.confidence
    func tally(_ counts: [Int]) -> (sure: Int, all: Int) {
      (counts.suffix(ConfidenceProfile.bins / 10).reduce(0, +), counts.reduce(0, +))
    }
    let (right, wrong, unlabelled) = (tally(profile.right), tally(profile.wrong), tally(profile.unlabelled))
    if wrong.all > 0 { return .sureMistakes(sure: wrong.sure, share: .share(wrong.sure, of: wrong.all)) }
    if right.all > 0 { return .noMistake(posts: right.all, most: Estimate.share(0, of: right.all).high) }
    return unlabelled.all > 0 ? Conclusion.sure(.share(unlabelled.sure, of: unlabelled.all)) : nil
  }
}

extension RankingCurve {
  /// All posts that it is about.
  fileprivate var posts: Int { positives + negatives }
}
