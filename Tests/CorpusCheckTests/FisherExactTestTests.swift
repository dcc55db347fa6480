import CorpusCheck
import Foundation
import Testing

/// Fisher's exact test.
@Suite struct FisherExactTestTests {
  /// The same by counting with whole numbers.
  private func naive(_ hits: Int, _ marked: Int, _ drawn: Int, _ all: Int) -> Double {
    func choose(_ n: Int, _ k: Int) -> Double {
      k < 0 || k > n ? 0 : (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
    }
    return (hits...max(hits, min(marked, drawn))).reduce(0) {
      $0 + choose(marked, $1) * choose(all - marked, drawn - $1)
    } / choose(all, drawn)
  }

  @Test func equalsCounting() {
    for all in [4, 11, 30] {
      for marked in 0...all {
        for drawn in 0...all {
          for hits in 0...min(marked, drawn) where Double(hits * all) > Double(marked * drawn) {
            let found = FisherExactTest.probability(hits: hits, marked: marked, drawn: drawn, all: all)
            #expect(abs(found - naive(hits, marked, drawn, all)) < 1e-10)
          }
        }
      }
    }
  }

  @Test func theExpectedCountIsNotSignificant() {
    #expect(FisherExactTest.probability(hits: 5, marked: 10, drawn: 10, all: 20) == 1)
    #expect(FisherExactTest.probability(hits: 11, marked: 10, drawn: 10, all: 20) == 0)
  }

  /// scipy.stats.hypergeom.sf(hits - 1, all, marked, drawn).
  @Test(arguments: [
    (210, 300, 300, 500, 1.9494872699758355e-08),
    (70, 100, 110, 200, 1.6522964946361596e-05),
    (251000, 500000, 500000, 1000000, 3.193930214330555e-05),
    (24, 480, 24, 1200, 1.977373351048007e-10),
    (40, 50, 60, 100000, 3.533923016049978e-127),
  ])
  func equalsSciPy(hits: Int, marked: Int, drawn: Int, all: Int, p: Double) {
    let found = FisherExactTest.probability(hits: hits, marked: marked, drawn: drawn, all: all)
    #expect(abs(found / p - 1) < 1e-6, "\(found)")
  }
}
