import Evaluation
import Testing

@Suite struct PairRetrievalMeasuresTests {
  private func retrieval(_ posts: Int) throws -> PairRetrieval {
    try #require(PairRetrieval(posts: posts) { text in (0..<posts).map { $0 == text ? 1 : 0 } })
  }

  @Test func bothSharesAreMeasures() throws {
    let retrieval = try retrieval(150), measures = retrieval.measures(hasIntervals: true)
    #expect(measures.map(\.name) == ["alignment_auc", "alignment_recall_at_1_of_100"])
    #expect(measures.map(\.score.value) == [1, 1] && measures.allSatisfy { $0.slice == "all" && $0.count == 150 })
    #expect(measures.map(\.interval?.low) == [retrieval.area.low, retrieval.first.first?.share.low])
    #expect(retrieval.measures(hasIntervals: false).allSatisfy { $0.interval == nil })
  }

  @Test func fewerPicturesAreNamed() throws {
    #expect(try retrieval(37).measures(hasIntervals: true).last?.name == "alignment_recall_at_1_of_37")
  }

  @Test func aRequirementFindsThem() throws {
    let measures = try retrieval(150).measures(hasIntervals: true)
    let requirement = try #require(Requirement("alignment_auc.low>=0.95"))
    let found = try #require(requirement.find(in: measures))
    #expect(requirement.isMet(by: found))
  }
}
