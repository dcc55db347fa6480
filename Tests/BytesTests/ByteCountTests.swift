import Bytes
import Testing

@Suite struct ByteCountTests {
  @Test(arguments: [
    (0, "0.0 B"), (9, "9.0 B"), (812, "812 B"), (3_400, "3.4 kB"), (99_600, "100 kB"), (72 << 20, "75 MB"),
    (3_440_000_000, "3.4 GB"), (5_000_000_000_000, "5.0 TB"), (1_234_000_000_000_000, "1234 TB"),
  ])
  func bytesHaveOneDecimalBelowTen(bytes: Int, words: String) {
    #expect(ByteCount.words(bytes) == words)
  }
}
