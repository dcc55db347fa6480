import Bytes
import Explanation
import Models
import Queries
import Results
import ResultsFixtures
import Testing

@Suite struct OcclusionTableTests {
  private func stored() throws -> ScoredPost {
    try TestStore(rows: [TestRow(key: "k", predicted: "yes", confidence: 0.75)]).reader().scoredPost("k", run: nil)
  }

  @Test func thePostAndEachPartHaveARow() throws {
    let example = ExplainerTests.Case(name: "mean-2"), folder = try example.folder()
    let input = try #require(try example.posts().first { $0.pixels != nil })
    let explanation = try ExplainerTests.explain(input, Explainer(folder: folder, precision: .f32))
    let post = ExplainedPost(post: try stored(), pictureStatus: .none, explanation: explanation)
    let rows = OcclusionTable.rows(post), label = explanation.labels[explanation.predicted].text
    #expect(
      rows.count == 1 + explanation.occlusions.count && rows.allSatisfy { $0.count == OcclusionTable.columns.count })
    let base = Double(explanation.confidence)
    #expect(rows[0] == [.null, .null, .null, .text(label), .real(base), .real(0), .text(label), .real(base)])
    for (row, occlusion) in zip(rows.dropFirst(), explanation.occlusions) {
      let value = Double(occlusion.probabilities[explanation.predicted])
      let greatest = occlusion.probabilities.max() ?? 0
      let answer = explanation.labels[try #require(occlusion.probabilities.firstIndex(of: greatest))].text
      #expect(row[0] == .text(occlusion.part.name) && row[3] == .text(label))
      #expect(row[4] == .real(value) && row[5] == .real(value - base))
      #expect(row[6] == .text(answer) && row[7] == .real(Double(greatest)))
      let isWord = occlusion.part == .word(0)
      #expect(row[1] == (isWord ? .text("word") : .null) && row[2] == (isWord ? .integer(1) : .null))
    }
    #expect(rows.contains { $0[1] == .text("word") })
  }

  @Test func aPostThatWasNotComputedHasItsStoredAnswer() throws {
    let post = ExplainedPost(post: try stored(), pictureStatus: .lacking(reason: "gone"), explanation: nil)
    #expect(
      OcclusionTable.rows(post) == [
        [.null, .null, .null, .text("yes"), .real(0.75), .null, .text("yes"), .real(0.75)]
      ])
  }
}
