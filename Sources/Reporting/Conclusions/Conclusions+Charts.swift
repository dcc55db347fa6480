import Evaluation

// What the sections on text and picture, on parts of the posts and on two runs come to.
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
        Conclusion.Named(name, $0)
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

  package var ownFirst: Conclusion? {
    guard let pairs = data.charts.pairs, pairs.posts > 1 else { return nil }
    let found = pairs.found(within: 1)
    return .ownFirst(.share(found, of: pairs.posts), found: found)
  }

  /// Whether the own pictures of a small sample come first.
  package func ownFirst(of sample: PairSample) -> Conclusion {
    .ownFirst(.share(sample.ownFirst, of: sample.items.count), found: sample.ownFirst)
  }

  /// How often a post's nearest neighbour on the map has its label.
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
        slice.value ?? "", .share(right, of: metrics.total, comparisons: comparisons))
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
        stream.name,
        difference: Estimate.share(with.right, of: with.labelled).less(.share(without.right, of: without.labelled)))
    }
  }

  package var comparison: Conclusion? {
    guard let comparison = data.charts.comparison else { return nil }
    let (own, other) = (data.run.name, comparison.name)
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
        HeadlineBlock.whyNoIntervals(pair.own) ?? HeadlineBlock.whyNoIntervals(pair.other)
        ?? "no posts that change it, however they are drawn"
      return .counted(own: own, other: other, share: share, labelled: labelled, test: pair.mcNemar, why: why)
    }
    return .compared(own: own, other: other, accuracy: accuracy, macroF1: macroF1)
  }
}

/// What two runs differ by on the same posts, drawn once for sentence and chart.
struct ComparedNumbers: Sendable {
  let bootstrap: ComparisonBootstrap
  let posts: Int

  /// The numbers of a comparison; nil where too few posts have a true label, or labels are too many.
  init?(_ comparison: RunComparison) {
    let pair = PairedCounts(comparison)
    guard HeadlineBlock.whyNoIntervals(pair.own) ?? HeadlineBlock.whyNoIntervals(pair.other) == nil else { return nil }
    bootstrap = ComparisonBootstrap(comparison.patterns, labels: comparison.labels)
    posts = pair.total
  }

  /// The differences; nil where the draws do not change them.
  var accuracy: Estimate? { Estimate(bootstrap.difference { MatrixNumbers($0).accuracy }, count: posts) }
  var macroF1: Estimate? { Estimate(bootstrap.difference { MatrixNumbers($0).macroF1 }, count: posts) }
}
