import Bytes
import Evaluation
package import Results

/// The conclusions of a report's sections, each computed from the numbers in its section.
package struct Conclusions: Sendable {
  let data: ReportData
  /// The measures of the confusion matrix; nil without a post with a true label.
  package let headline: HeadlineMetrics?
  /// The differences between two runs; nil if nothing is compared.
  let compared: ComparisonMetrics?

  /// - Complexity: That of a bootstrap of the confusion matrix: O(draws · cells).
  package init(_ data: ReportData) {
    self.data = data
    headline = HeadlineMetrics(data.outcome)
    compared = data.charts.comparison.flatMap(ComparisonMetrics.init)
  }

  /// The conclusions for the first page, without those that `sections` already begin with.
  package func opening(_ sections: [ReportBlock] = []) -> [Conclusion] {
    let outcome = data.outcome
    var conclusions = [
      sections.contains(.comparison) ? nil : comparison, sections.contains(.shares) ? nil : shares, sampleAccuracy,
      sections.contains(.headline) ? nil : right,
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
        accuracy: headline.accuracy, macroF1: headline.macroF1, scored: data.outcome.posts, always: $0.label.text,
        reached: $0.share,
        // In a comparison, name the run.
        run: data.charts.comparison == nil ? nil : data.run.name.text)
    }
  }

  /// The only true label, if there is only one; macro F1 and balanced accuracy then depend on it alone.
  package var oneTruth: Conclusion? {
    guard let matrix = headline?.matrix else { return nil }
    let occurring = matrix.rows.indices.filter { matrix.support(row: $0) > 0 }
    guard let only = occurring.first, occurring.count == 1, matrix.labels.count > 1, matrix.total > 1
    else { return nil }
    return .oneTruth(matrix.rows[only].text, posts: matrix.total)
  }

  package var pictures: Conclusion? {
    guard data.outcome.posts > 0 else { return nil }
    return .pictures(
      without: data.outcome.sliceCounts[.withoutPicture] ?? 0, posts: data.outcome.posts,
      isImported: data.capabilities.isImported)
  }

  package var commonest: Conclusion? {
    guard data.outcome.posts > 0, let label = data.outcome.shares.max(by: { $0.count < $1.count }) else { return nil }
    return .commonest(.init(label.label.text, .share(label.count, of: data.outcome.posts)))
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
      truth: matrix.rows[largest.row].text, predicted: matrix.labels[largest.column].text, mistakes: largest.count,
      share: .share(largest.count, of: matrix.support(row: largest.row)))
  }

  package var labels: Conclusion? {
    // Without a mistake all labels have the same F1.
    if let confused, case .noMistake(let posts, _) = confused, posts > 1 { return confused }
    return headline?.extremes.map {
      .labels(
        best: $0.best.label.text, worst: $0.worst.label.text, f1: ($0.best.scores.f1.value, $0.worst.scores.f1.value),
        difference: $0.difference, comparisons: $0.comparisons)
    }
  }

  package var areas: Conclusion? {
    let areas = data.charts.curves.compactMap { curve in
      curve.area.map {
        Conclusion.Named(curve.label.text, Estimate(curve.curve.areaUnderROC.value, $0, count: curve.curve.posts))
      }
    }
    guard let (lowest, highest) = Self.ends(areas) else {
      return data.charts.curves.min { $0.curve.areaUnderROC.value < $1.curve.areaUnderROC.value }.map {
        .withoutInterval(
          measure: "area under the ROC curve", label: $0.label.text, value: $0.curve.areaUnderROC.value,
          posts: $0.curve.posts)
      }
    }
    return .areas(lowest: lowest, highest: highest)
  }

  package var precision: Conclusion? {
    let found = data.charts.curves.compactMap { curve in
      curve.precision.map {
        Conclusion.Named(curve.label.text, Estimate(curve.curve.averagePrecision.value, $0, count: curve.curve.posts))
      }
    }
    guard let (lowest, highest) = Self.ends(found),
      let curve = data.charts.curves.first(where: { $0.label == ByteText(lowest.name) })
    else {
      return data.charts.curves.min { $0.curve.averagePrecision.value < $1.curve.averagePrecision.value }.map {
        .withoutInterval(
          measure: "average precision", label: $0.label.text, value: $0.curve.averagePrecision.value,
          posts: $0.curve.posts)
      }
    }
    return .precision(lowest: lowest, chance: curve.curve.share, highest: highest)
  }

  /// The lowest and the highest; the same twice if their values are equal, as those of two labels are.
  private static func ends(_ named: [Conclusion.Named]) -> (lowest: Conclusion.Named, highest: Conclusion.Named)? {
    guard let lowest = named.min(by: { $0.estimate.value < $1.estimate.value }),
      let highest = named.max(by: { $0.estimate.value < $1.estimate.value })
    else { return nil }
    // Values that are equal to three decimals count as equal.
    return highest.estimate.value - lowest.estimate.value < 0.0005 ? (lowest, lowest) : (lowest, highest)
  }

  package var calibration: Conclusion? {
    let reliability = data.charts.confidence.reliability, total = reliability.total
    guard total > 0, let over = reliability.overconfidence else { return nil }
    // Use the headline's value and interval, which are of the same posts.
    let share = Estimate.share(reliability.bins.reduce(0) { $0 + $1.right }, of: total)
    let right = headline.map(\.accuracy).flatMap { $0.count == total ? $0 : nil } ?? share
    return .calibration(confidence: share.value + over, right: right)
  }

  package var confidentMistakes: Conclusion? {
    let profile = data.charts.confidence
    func tally(_ counts: [Int]) -> (sure: Int, all: Int) {
      (counts.suffix(ConfidenceProfile.bins / 10).reduce(0, +), counts.reduce(0, +))
    }
    let (right, wrong, unlabelled) = (tally(profile.right), tally(profile.wrong), tally(profile.unlabelled))
    if wrong.all > 0 { return .confidentMistakes(sure: wrong.sure, share: .share(wrong.sure, of: wrong.all)) }
    if right.all > 0 { return .noMistake(posts: right.all, most: Estimate.share(0, of: right.all).high) }
    return unlabelled.all > 0 ? Conclusion.sure(.share(unlabelled.sure, of: unlabelled.all)) : nil
  }
}

extension RankingCurve {
  /// The number of posts on the curve.
  fileprivate var posts: Int { positives + negatives }
}

// The conclusions on text and picture, on slices, and on two runs.
extension Conclusions {
  package var similarity: Conclusion? {
    let alignment = data.outcome.alignment
    guard let mean = alignment.overall.estimate else { return nil }
    let isByTruth = data.outcome.labelled > 0
    let names = isByTruth ? alignment.truths : alignment.labels
    let groups =
      isByTruth
      ? alignment.byTruth.map { row in row.reduce(into: Alignment.Mean()) { $0.add($1) } } : alignment.byPredicted
    let known = zip(names, groups).filter { $0.1.count > 1 }
    let comparisons = known.count * (known.count - 1) / 2
    let estimates = known.compactMap { name, group in
      Estimate.mean(sum: group.sum, squares: group.squares, count: group.count, comparisons: comparisons).map {
        Conclusion.Named(name.text, $0)
      }
    }
    guard estimates.count > 1, let highest = estimates.max(by: { $0.estimate.value < $1.estimate.value }),
      let lowest = estimates.min(by: { $0.estimate.value < $1.estimate.value })
    else {
      return .similarity(mean: mean, highest: nil, lowest: nil, difference: nil, isByTruth: isByTruth, comparisons: 1)
    }
    return .similarity(
      mean: mean, highest: highest, lowest: lowest, difference: highest.estimate.less(lowest.estimate),
      isByTruth: isByTruth, comparisons: comparisons)
  }

  package var sameWay: Conclusion? {
    let histogram = data.outcome.alignment.histogram, total = histogram.reduce(0, +)
    guard total > 0 else { return nil }
    return .sameWay(.share(histogram.suffix(Alignment.bins / 2).reduce(0, +), of: total))
  }

  package var gap: Conclusion? { data.charts.pairs?.gap.map { .gap($0) } }

  /// Whether texts are closer to their own picture than to others; the first sentence of pages on alignment.
  package var closer: Conclusion? { data.charts.pairs?.retrieval.map { .closer($0.area) } }

  /// How often a text's own picture is the nearest of a hundred, or of all pictures if there are fewer.
  package var ownFirst: Conclusion? { data.charts.pairs?.retrieval?.first.first.map { .firstOf($0) } }

  /// The warning that the shared space has collapsed; nil if it has not.
  package var collapsed: Conclusion? {
    guard let geometry = data.charts.pairs?.geometry,
      geometry.texts.collapse != nil || geometry.pictures.collapse != nil
    else { return nil }
    return .collapsed(geometry)
  }

  /// How often the own picture is the nearest in a small sample.
  package func ownFirst(of sample: PairSample) -> Conclusion {
    .ownFirst(.share(sample.ownFirst, of: sample.items.count), found: sample.ownFirst)
  }

  /// How often a post's nearest neighbour on the map has the same label.
  ///
  /// - Complexity: O(posts²), of 2,000 posts at most.
  package var neighbours: Conclusion? {
    guard let map = data.charts.map, map.posts.count > 1, !map.shares.isEmpty else { return nil }
    let posts = map.posts
    let counts = posts.reduce(into: [Int: Int]()) { $0[$1.label, default: 0] += 1 }
    guard counts.count > 1 else { return nil }
    let same = posts.indices.count { place in
      var nearest = Double.infinity, label = -1
      for other in posts.indices where other != place {
        let (x, y) = (posts[other].x - posts[place].x, posts[other].y - posts[place].y)
        if x * x + y * y < nearest { (nearest, label) = (x * x + y * y, posts[other].label) }
      }
      return label == posts[place].label
    }
    let total = Double(posts.count)
    let chance = counts.values.reduce(0.0) { $0 + Double($1) / total * Double($1 - 1) / (total - 1) }
    return .neighbours(.share(same, of: posts.count), chance: chance)
  }

  package var slices: Conclusion? {
    guard let table = data.charts.slices, headline != nil else { return nil }
    let enough = table.slices.filter { $0.pooled == 0 && $0.value != nil && $0.matrix.total >= SliceTable.few }
    guard enough.count > 1 else {
      return .fewSlices(values: table.slices.count { $0.pooled == 0 && $0.value != nil }, few: SliceTable.few)
    }
    let comparisons = enough.count * (enough.count - 1) / 2
    let estimates = enough.map { slice in
      let metrics = ClassificationMetrics(slice.matrix)
      let right = Int((metrics.accuracy.value * Double(metrics.total)).rounded())
      return Conclusion.Named(
        slice.value?.text ?? "", .share(right, of: metrics.total, comparisons: comparisons))
    }
    guard let highest = estimates.max(by: { $0.estimate.value < $1.estimate.value }),
      let lowest = estimates.min(by: { $0.estimate.value < $1.estimate.value })
    else { return nil }
    return .slices(
      values: enough.count, highest: highest, lowest: lowest, difference: highest.estimate.less(lowest.estimate),
      comparisons: comparisons)
  }

  package var streams: [Conclusion] {
    data.charts.streams.filter { $0.with.labelled > 0 && $0.without.labelled > 0 }.map { stream in
      let (with, without) = (stream.with, stream.without)
      return .stream(
        stream.name.text,
        difference: Estimate.share(with.right, of: with.labelled).less(.share(without.right, of: without.labelled)))
    }
  }

  package var comparison: Conclusion? {
    guard let comparison = data.charts.comparison else { return nil }
    let (own, other) = (data.run.name.text, comparison.name.text)
    guard comparison.common > 0 else {
      return .nothingInCommon(own: own, other: other, sameKeys: comparison.keyOnly)
    }
    let share = Estimate.share(comparison.changed, of: comparison.common)
    let labelled = comparison.patterns.reduce(0) { $0 + $1.count }
    if comparison.agreesOnTruths || comparison.changed == 0 {
      return .agreeing(own: own, other: other, share: share, labelled: labelled)
    }
    guard labelled > 0 else { return .flips(own: own, other: other, share: share) }
    guard let accuracy = compared?.accuracy, let macroF1 = compared?.macroF1 else {
      let pair = PairedCounts(comparison)
      let why =
        HeadlineMetrics.missingIntervalsReason(pair.own) ?? HeadlineMetrics.missingIntervalsReason(pair.other)
        ?? "no posts that change it, however they are drawn"
      return .counted(own: own, other: other, share: share, labelled: labelled, test: pair.mcNemar, why: why)
    }
    return .compared(own: own, other: other, accuracy: accuracy, macroF1: macroF1)
  }
}

/// The differences between two runs on the same posts, computed once for sentence and chart.
struct ComparisonMetrics: Sendable {
  let bootstrap: PairedPatternBootstrap
  let posts: Int

  /// Nil if too few posts have a true label or if there are too many labels.
  init?(_ comparison: RunComparison) {
    let pair = PairedCounts(comparison)
    guard HeadlineMetrics.missingIntervalsReason(pair.own) ?? HeadlineMetrics.missingIntervalsReason(pair.other) == nil
    else { return nil }
    bootstrap = PairedPatternBootstrap(comparison.patterns, labels: comparison.labels)
    posts = pair.total
  }

  /// Nil if no draw changes the difference.
  var accuracy: Estimate? { Estimate(bootstrap.difference { ConfusionMatrixSummary($0).accuracy }, count: posts) }
  var macroF1: Estimate? { Estimate(bootstrap.difference { ConfusionMatrixSummary($0).macroF1 }, count: posts) }
}
