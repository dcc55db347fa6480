/// How many posts of each stratum a sample of a given size takes.
package enum SampleAllocation: String, CaseIterable, Sendable {
  /// By the stratum's share of the run.
  case proportional
  /// By the stratum's share of the run times the standard deviation of what is estimated there (Neyman 1934): more where
  /// the labels are uncertain. The sample's variance is then the smallest for its size.
  case neyman

  /// The fewest posts that each stratum gives if it has as many: its variance needs two.
  package static let fewest = 2

  /// The number of posts to draw from each stratum.
  ///
  /// - Parameters:
  ///   - size: the number of posts in the sample, at most the number in all strata. If `fewest` from each stratum are
  ///     more than that, the sample becomes larger.
  ///   - populations: the number of posts in each stratum.
  ///   - deviations: the standard deviation in each stratum, estimated beforehand; used by `neyman` alone. If all are 0,
  ///     the allocation is proportional.
  /// - Returns: a number for each stratum, at most its posts. Fractions go to the strata with the largest remainders,
  ///   the first in case of a tie.
  package func counts(size: Int, populations: [Int], deviations: [Double]) -> [Int] {
    precondition(populations.count == deviations.count, "a deviation for each stratum")
    let spread = zip(populations, deviations).map { Double($0) * $1 }
    let isSpread = self == .neyman && spread.contains { $0 > 0 }
    let weights = isSpread ? spread : populations.map(Double.init)
    var counts = populations.map { min(Self.fewest, $0) }
    // A stratum that cannot give more is full; what it does not take is shared among the others.
    var open = Set(populations.indices.filter { counts[$0] < populations[$0] && weights[$0] > 0 })
    while !open.isEmpty {
      let left = size - populations.indices.reduce(0) { $0 + (open.contains($1) ? 0 : counts[$1]) }
      let total = open.reduce(0) { $0 + weights[$1] }
      let quotas = open.sorted().map { ($0, Double(left) * weights[$0] / total) }
      let bound = quotas.filter { $0.1 < Double(counts[$0.0]) || $0.1 > Double(populations[$0.0]) }
      if bound.isEmpty {
        distribute(left, quotas, over: &counts)
        break
      }
      for (place, quota) in bound {
        if quota > Double(counts[place]) { counts[place] = populations[place] }
        open.remove(place)
      }
    }
    return counts
  }

  /// Rounds the quotas so that they add up.
  private func distribute(_ total: Int, _ quotas: [(place: Int, quota: Double)], over counts: inout [Int]) {
    for (place, quota) in quotas { counts[place] = Int(quota) }
    let rest = total - quotas.reduce(0) { $0 + Int($1.quota) }
    let byRemainder = quotas.sorted { one, other in
      let (first, second) = (one.quota - one.quota.rounded(.down), other.quota - other.quota.rounded(.down))
      return first != second ? first > second : one.place < other.place
    }
    for (place, _) in byRemainder.prefix(max(0, rest)) { counts[place] += 1 }
  }
}
