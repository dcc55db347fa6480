import Scoring
import Testing

@Suite struct StoreGrowthTests {
  @Test func anEmptyStoreGrowsByEveryRow() {
    #expect(StoreGrowth.left(of: 1000, done: 0, known: 0, predictions: 0) == (1000, 0))
  }

  @Test func whatARunHasIsThere() {
    // The first rows are all known, for the run began with them; the rest is new.
    #expect(StoreGrowth.left(of: 1000, done: 900, known: 1, predictions: 900) == (100, 0))
    #expect(StoreGrowth.left(of: 1000, done: 1000, known: 1, predictions: 1000) == (0, 0))
    // The estimate of a corpus' rows may fall short of what the run has.
    #expect(StoreGrowth.left(of: 1000, done: 1200, known: 1, predictions: 1200) == (0, 0))
  }

  @Test func knownPostsGrowByEntriesOnly() {
    #expect(StoreGrowth.left(of: 1000, done: 0, known: 1, predictions: 5000) == (0, 1000))
    #expect(StoreGrowth.left(of: 1000, done: 0, known: 0.5, predictions: 5000) == (500, 500))
    // No more posts can be known than there are predictions.
    #expect(StoreGrowth.left(of: 1000, done: 0, known: 1, predictions: 50) == (950, 50))
  }
}
