import Corpus
import Scoring
import Testing

@Suite struct StoreSizeTests {
  private let post = Post(position: RowPosition(file: "a.csv", record: 1, line: 2), key: "1", text: "a text")

  @Test func growsWithRowsAndVectors() {
    var plain = StoreSize(vectorWidths: [])
    var whole = StoreSize(vectorWidths: [512, 512, 512])
    #expect(plain.bytes() == 0)
    plain.add(post)
    whole.add(post)
    #expect(whole.bytes() - plain.bytes() == 2 * 3 * (4 * 512 + 16))
    #expect(whole.bytes(times: 2) == 2 * whole.bytes())
  }

  @Test func countsTheLogOnceOnly() {
    var size = StoreSize(vectorWidths: [])
    size.add(post)
    let rows = size.bytes() / 2 * 1_000_000
    #expect(size.bytes(times: 1_000_000) == rows + (16 << 20))
  }
}
