import Tensors
import Testing

@Suite struct RowSpansTests {
  @Test func sequencesFollowEachOther() {
    let spans = RowSpans(lengths: [3, 0, 2])
    #expect(spans.count == 3 && spans.tokens == 5)
    #expect((0..<3).map { spans[$0] } == [0..<3, 3..<3, 3..<5])
    #expect(spans.tokens(of: 1..<3) == 3..<5)
  }

  @Test func aSliceCountsFromItsOwnFirstRow() {
    let spans = RowSpans(lengths: [3, 4, 2])[1..<3]
    #expect(spans == RowSpans(lengths: [4, 2]))
  }

  @Test func noSequencesHaveNoTokens() {
    #expect(RowSpans(lengths: []).tokens == 0)
    #expect(RowSpans(lengths: [3])[1..<1].count == 0)
  }
}
