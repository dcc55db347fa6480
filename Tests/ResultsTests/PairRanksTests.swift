import Evaluation
import Results
import ResultsFixtures
import Testing

@Suite struct PairRanksTests {
  @Test func theOwnPictureIsRankedAmongAll() {
    // The second text is nearest to the first picture, then to its own.
    let pairs = PairRanks(texts: [[1, 0], [0.9, 0.5], [0, -2]], images: [[2, 0.1], [0, 1], [0, -1]])
    #expect(pairs.ranks == [1, 2, 1])
    #expect(pairs.found(within: 1) == 2 && pairs.found(within: 2) == 3 && pairs.medianRank == 1)
    #expect(pairs.matched.reduce(0, +) == 3 && pairs.others.reduce(0, +) == 6)
  }

  @Test func equalCosinesCountAgainstThePicture() {
    let same = Array(repeating: [Float](repeating: 1, count: 9), count: 5)
    let pairs = PairRanks(texts: same, images: same)
    #expect(pairs.ranks == [5, 5, 5, 5, 5] && pairs.found(within: 1) == 0)
    #expect(abs(pairs.matchedMean - 1) < 1e-6 && pairs.matched[PairRanks.bins - 1] == 5)
  }

  @Test func cosinesEqualASimpleComputation() {
    let rows = pairedRows(40, labels: ["no", "yes"]).compactMap(\.vectors)
    let pairs = PairRanks(texts: rows.map(\.text), images: rows.map(\.image))
    let plain = rows.map { row in rows.map { SampleQuery.cosine(row.text, $0.image) } }
    let own = plain.indices.reduce(0) { $0 + plain[$1][$1] } / 40
    let other = (plain.joined().reduce(0, +) - own * 40) / (40 * 39)
    #expect(abs(pairs.matchedMean - own) < 1e-6 && abs(pairs.otherMean - other) < 1e-6)
    #expect(pairs.ranks == plain.indices.map { row in plain[row].count { $0 >= plain[row][row] } })
  }

  @Test func textsAreFoundCloserToTheirOwnPictureThanToOthers() throws {
    let rows = pairedRows(40, labels: ["no", "yes"]).compactMap(\.vectors)
    let pairs = PairRanks(texts: rows.map(\.text), images: rows.map(\.image))
    let plain = rows.map { row in rows.map { SampleQuery.cosine(row.text, $0.image) } }
    var closer = 0
    for row in plain.indices {
      closer += plain[row].indices.count { $0 != row && plain[row][$0] < plain[row][row] }
    }
    let retrieval = try #require(pairs.retrieval), first = try #require(retrieval.first.first)
    #expect(abs(retrieval.area.value - Double(closer) / (40 * 39)) < 1e-12 && retrieval.posts == 40)
    // There are only 40 pictures, so the share equals that of the ranks.
    #expect(first.pictures == 40 && abs(first.share.value - Double(pairs.found(within: 1)) / 40) < 1e-12)
    #expect(PairRanks(texts: [[1], [1]], images: [[1], [2]]).retrieval == nil)
  }

  @Test func aSampleHasItsGeometry() {
    let rows = pairedRows(40, labels: ["no", "yes"]).compactMap(\.vectors)
    let (texts, images) = (rows.map(\.text), rows.map(\.image))
    let pairs = PairRanks(texts: texts, images: images)
    #expect(pairs.geometry == SpaceGeometry(texts: texts, pictures: images) && pairs.geometry.texts.collapse == nil)
  }

  @Test func aZeroVectorHasCosineZero() {
    let pairs = PairRanks(texts: [[0, 0], [1, 0]], images: [[0, 1], [.infinity, 0]])
    #expect(pairs.matchedMean == 0 && pairs.otherMean == 0 && pairs.ranks == [2, 2])
    #expect(PairRanks(texts: [], images: []).medianRank == nil)
  }
}
