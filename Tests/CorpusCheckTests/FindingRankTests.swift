import Corpus
import CorpusCheck
import TestSupport
import Testing

/// What matters comes first.
@Suite struct FindingRankTests {
  @Test func theStakesAreInOrder() {
    #expect(FindingRank.allCases == FindingRank.allCases.sorted())
    #expect(FindingRank.allCases.first?.stake == .results && FindingRank.allCases.last?.stake == .hygiene)
    let stakes = FindingRank.allCases.map(\.stake)
    for (stake, next) in zip(stakes, stakes.dropFirst()) where stake != next {
      #expect([[stake, next]].allSatisfy { $0 == [.results, .rows] || $0 == [.rows, .hygiene] })
    }
    let results: [FindingRank] = [.overlap, .contradictions, .cues, .spellings]
    #expect(results.allSatisfy { $0.stake == .results })
    #expect(FindingRank.faults.stake == .rows && FindingRank.unreadCues.stake == .hygiene)
  }

  @Test func theListHasTheSameOrder() {
    let ranks = ListedFinding.allCases.map(\.rank)
    #expect(ranks == ranks.sorted())
  }

  @Test func theFindingsOfACorpusAreInOrder() throws {
    let check = try Scratch().check(
      """
      id,text, likes ,label
      1,the bus is late,1,a
      2,the bus is late,2,b
      2,some other words,3,A
      3,too,many,cells,here
      9,only in here,4,a

      """, against: "id,text,label\n7,some other words,a\n9,quite another post,b\n")
    #expect(
      check.findings.map(\.rank) == [
        .overlap, .overlap, .contradictions, .spellings, .faults, .repeatedIDs, .sharedIDs, .notices,
      ], "\(check.findings)")
    let codes = check.findings.map(\.code)
    #expect(
      codes == [
        "overlap", "overlap", "contradictions", "spellings", "faults", "repeated_ids", "overlap", "notice",
      ])
  }
}
