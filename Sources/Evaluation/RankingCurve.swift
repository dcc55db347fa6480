/// What every threshold on a label's probability finds: the ROC curve and the precision–recall curve, with their areas.
///
/// A threshold takes the posts that score at least as much, equal scores together. The curves are those of scikit-learn's
/// `roc_curve` and `precision_recall_curve`, thinned: every point that is kept lies on the exact curve, and what is left
/// out lies within 1 / `resolution` of a kept one along the axis that only rises. Both areas are of the exact curves, as
/// ``RankingMetrics`` has them.
public struct RankingCurve: Equatable, Sendable {
  /// A point of a curve, both coordinates from 0 to 1.
  public struct Point: Equatable, Sendable {
    /// ROC: the share of the other posts that is taken. Precision–recall: recall.
    public var x: Double
    /// ROC: the share of the label's posts that is taken. Precision–recall: precision.
    public var y: Double

    /// A point.
    public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Posts of the label.
  public let positives: Int
  /// All other posts.
  public let negatives: Int
  /// From (0, 0) to (1, 1); empty where either kind has no post. Between two points the curve is straight.
  public private(set) var roc: [Point] = []
  /// The points at which recall rises, by rising recall; empty without a post of the label. From one recall to the next
  /// the precision is that of the next, so that the area under such steps is the average precision.
  public private(set) var precisionRecall: [Point] = []
  /// The area under the exact ROC curve; undefined where either kind has no post.
  public private(set) var areaUnderROC = Score(value: 0, undefined: 1)
  /// The average precision; undefined without a post of the label.
  public private(set) var averagePrecision = Score(value: 0, undefined: 1)

  /// The share of the label's posts: what a score that knows nothing has for precision.
  public var share: Double { Double(positives) / Double(max(positives + negatives, 1)) }

  /// Ranks posts.
  ///
  /// - Parameters:
  ///   - positives: the scores of the label's posts, in any order; finite.
  ///   - negatives: the scores of all others.
  ///   - resolution: in how many parts an axis is cut.
  /// - Complexity: O(n · log n) time; at most about 2 · `resolution` points of the ROC curve and 4 · `resolution` of the
  ///   other are kept.
  public init(positives: consuming [Double], negatives: consuming [Double], resolution: Int = 1000) {
    precondition(resolution > 0, "an axis has parts")
    positives.sort(by: >)
    negatives.sort(by: >)
    (self.positives, self.negatives) = (positives.count, negatives.count)
    var walk = Walk(positives: positives.count, negatives: negatives.count, resolution: resolution)
    var above = 0, below = 0
    while above < positives.count || below < negatives.count {
      let score =
        above == positives.count
        ? negatives[below] : below == negatives.count ? positives[above] : max(positives[above], negatives[below])
      while above < positives.count, positives[above] == score { above += 1 }
      while below < negatives.count, negatives[below] == score { below += 1 }
      walk.step(above: above, below: below)
    }
    if !positives.isEmpty, !negatives.isEmpty {
      roc = walk.roc + (walk.pending.map { [$0] } ?? [])
      areaUnderROC = Score(value: walk.area / (Double(positives.count) * Double(negatives.count)))
    }
    if !positives.isEmpty {
      precisionRecall = walk.precisionRecall.finish()
      averagePrecision = Score(value: walk.precision)
    }
  }
}

/// The way down through all thresholds.
private struct Walk {
  let positives: Int
  let negatives: Int
  let resolution: Double
  /// The points of the ROC curve that are kept.
  var roc = [RankingCurve.Point(x: 0, y: 0)]
  /// The last point of the ROC curve that is not kept yet.
  var pending: RankingCurve.Point?
  var precisionRecall: StretchThinning
  var area = 0.0
  var precision = 0.0
  private var before = (above: 0, below: 0)

  init(positives: Int, negatives: Int, resolution: Int) {
    (self.positives, self.negatives) = (positives, negatives)
    self.resolution = Double(resolution)
    precisionRecall = StretchThinning(resolution: resolution)
  }

  /// A threshold under which so many of both kinds are taken.
  mutating func step(above: Int, below: Int) {
    let (gained, others) = (above - before.above, below - before.below)
    // Every positive of the step stands above the negatives that follow, and ties with those beside it.
    area += Double(gained) * (Double(negatives - below) + Double(others) / 2)
    let taken = Double(above) / Double(above + below)
    if gained > 0 {
      precision += Double(gained) / Double(positives) * taken
      precisionRecall.add(RankingCurve.Point(x: Double(above) / Double(positives), y: taken))
    }
    if positives > 0, negatives > 0 {
      let point = RankingCurve.Point(x: Double(below) / Double(negatives), y: Double(above) / Double(positives))
      // The point before is kept as soon as this one is too far from the last that was.
      if let pending, let last = roc.last,
        (point.x - last.x) * resolution > 1 || (point.y - last.y) * resolution > 1
      {
        roc.append(pending)
      }
      pending = point
    }
    before = (above, below)
  }
}

/// Keeps, of each stretch of the x axis, the first, the least, the greatest and the last point.
private struct StretchThinning {
  private let resolution: Double
  private var kept: [RankingCurve.Point] = []
  private var stretch: (first: Place, least: Place, greatest: Place, last: Place)?
  private var count = 0

  private struct Place {
    var number: Int
    var point: RankingCurve.Point
  }

  init(resolution: Int) { self.resolution = Double(resolution) }

  /// Takes the next point; x never falls.
  mutating func add(_ point: RankingCurve.Point) {
    let place = Place(number: count, point: point)
    count += 1
    guard var now = stretch, Int(now.first.point.x * resolution) == Int(point.x * resolution) else {
      close()
      stretch = (place, place, place, place)
      return
    }
    if point.y < now.least.point.y { now.least = place }
    if point.y > now.greatest.point.y { now.greatest = place }
    now.last = place
    stretch = now
  }

  mutating func finish() -> [RankingCurve.Point] {
    close()
    return kept
  }

  private mutating func close() {
    guard let stretch else { return }
    var last = -1
    let places = [stretch.first, stretch.least, stretch.greatest, stretch.last].sorted { $0.number < $1.number }
    for place in places where place.number > last {
      kept.append(place.point)
      last = place.number
    }
    self.stretch = nil
  }
}
