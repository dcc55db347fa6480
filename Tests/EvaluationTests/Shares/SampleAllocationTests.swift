import Evaluation
import Testing

@Suite struct SampleAllocationTests {
  private func counts(
    _ allocation: SampleAllocation, _ size: Int, _ populations: [Int], _ deviations: [Double]? = nil
  ) -> [Int] {
    allocation.counts(
      size: size, populations: populations, deviations: deviations ?? populations.map { _ in 0.5 })
  }

  @Test func aProportionalSampleHasTheSharesOfTheRun() {
    #expect(counts(.proportional, 100, [7000, 2000, 1000]) == [70, 20, 10])
    // 33.33, 33.33, 33.33: the first gets the rest.
    #expect(counts(.proportional, 100, [500, 500, 500]) == [34, 33, 33])
  }

  /// Neyman 1934: n · N S / Σ N S.
  @Test func anOptimalSampleTakesMoreWhereLabelsAreUncertain() {
    #expect(counts(.neyman, 100, [5000, 5000], [0.1, 0.4]) == [20, 80])
    #expect(counts(.neyman, 100, [5000, 5000], [0, 0]) == [50, 50])
  }

  @Test func everyStratumGivesTwo() {
    #expect(counts(.proportional, 20, [100_000, 10, 1]) == [17, 2, 1])
    #expect(counts(.neyman, 20, [1000, 1000], [0.5, 0]) == [18, 2])
  }

  @Test func aStratumGivesNoMoreThanItHas() {
    #expect(counts(.neyman, 100, [10, 1000], [0.5, 0.001]) == [10, 90])
    #expect(counts(.proportional, 15, [10, 5]) == [10, 5])
  }

  @Test(arguments: 0..<200) func theCountsAddUp(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let populations = (0...random.index(below: 12)).map { _ in 1 + random.index(below: 400) }
    let deviations = populations.map { _ in random.index(below: 4) == 0 ? 0 : random.unit() }
    let all = populations.reduce(0, +), fewest = populations.reduce(0) { $0 + min(2, $1) }
    let size = fewest + random.index(below: all - fewest + 1)
    for allocation in SampleAllocation.allCases {
      let counts = counts(allocation, size, populations, deviations)
      #expect(zip(counts, populations).allSatisfy { $0 <= $1 && $0 >= min(2, $1) })
      // Strata without any spread give no more than two, so that a sample by spread may be smaller.
      let total = counts.reduce(0, +)
      #expect(total == size || (allocation == .neyman && total < size && deviations.contains(0)))
    }
  }
}
