import Corpus
import Scoring
import Testing

@Suite struct StoreSizeTests {
  private let post = Post(position: RowPosition(file: "a.csv", record: 1, line: 2), key: "1", text: "a text")

  @Test func growsWithRowsAndVectors() {
    var plain = StoreSize(vectorWidths: [])
    var whole = StoreSize(vectorWidths: [512, 512, 512])
    #expect(plain.bytes == 0)
    #expect(plain.bytes(new: 7, known: 7) == 0)
    plain.add(post)
    whole.add(post)
    #expect(whole.bytes - plain.bytes == 9 * 3 * (4 * 512 + 16))
    #expect(whole.bytes(new: 2, known: 0) == 2 * whole.bytes)
  }

  @Test func rowsOfKnownPostsTakeAnEntryOnly() {
    var size = StoreSize(vectorWidths: [512])
    size.add(post)
    var entries = StoreSize(vectorWidths: [512])
    entries.addEntry()
    #expect(size.bytes(new: 0, known: 3) == 3 * entries.bytes)
    #expect(size.bytes(new: 0, known: 3) < size.bytes(new: 1, known: 0))
  }

  @Test func countsTheLogOnceOnly() {
    var size = StoreSize(vectorWidths: [])
    size.add(post)
    let rows = size.bytes / 9 * 1_000_000
    #expect(size.bytes(new: 1_000_000, known: 0) == rows + (72 << 20))
  }
}
