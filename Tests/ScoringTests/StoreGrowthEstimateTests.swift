import Bytes
import Corpus
import Scoring
import Testing

@Suite struct StoreGrowthEstimateTests {
  @Test func anEmptyStoreGrowsByEveryRow() {
    #expect(StoreGrowthEstimate.left(of: 1000, done: 0, known: 0, predictions: 0) == (1000, 0))
  }

  @Test func existingRowsOfARunNeedNoSpace() {
    // The first rows are all known, because the run began with them; the rest are new.
    #expect(StoreGrowthEstimate.left(of: 1000, done: 900, known: 1, predictions: 900) == (100, 0))
    #expect(StoreGrowthEstimate.left(of: 1000, done: 1000, known: 1, predictions: 1000) == (0, 0))
    // The estimate of a corpus' rows may fall short of what the run has.
    #expect(StoreGrowthEstimate.left(of: 1000, done: 1200, known: 1, predictions: 1200) == (0, 0))
  }

  @Test func knownPostsGrowByEntriesOnly() {
    #expect(StoreGrowthEstimate.left(of: 1000, done: 0, known: 1, predictions: 5000) == (0, 1000))
    #expect(StoreGrowthEstimate.left(of: 1000, done: 0, known: 0.5, predictions: 5000) == (500, 500))
    // No more posts can be known than there are predictions.
    #expect(StoreGrowthEstimate.left(of: 1000, done: 0, known: 1, predictions: 50) == (950, 50))
  }
}

@Suite struct StoreSizeEstimateTests {
  private let post = Post(position: RowPosition(file: "a.csv", record: 1, line: 2), key: "1", text: "a text")

  @Test func growsWithRowsAndVectors() {
    var plain = StoreSizeEstimate(vectorWidths: [])
    var whole = StoreSizeEstimate(vectorWidths: [512, 512, 512])
    #expect(plain.bytes == 0)
    #expect(plain.bytes(new: 7, known: 7) == 0)
    plain.add(post)
    whole.add(post)
    #expect(whole.bytes - plain.bytes == 9 * 3 * (4 * 512 + 16))
    #expect(whole.bytes(new: 2, known: 0) == 2 * whole.bytes)
  }

  @Test func rowsOfKnownPostsTakeAnEntryOnly() {
    var size = StoreSizeEstimate(vectorWidths: [512])
    size.add(post)
    var entries = StoreSizeEstimate(vectorWidths: [512])
    entries.addEntry()
    #expect(size.bytes(new: 0, known: 3) == 3 * entries.bytes)
    #expect(size.bytes(new: 0, known: 3) < size.bytes(new: 1, known: 0))
  }

  @Test func countsTheLogOnceOnly() {
    var size = StoreSizeEstimate(vectorWidths: [])
    size.add(post)
    let rows = size.bytes / 9 * 1_000_000
    #expect(size.bytes(new: 1_000_000, known: 0) == rows + (72 << 20))
  }
}
