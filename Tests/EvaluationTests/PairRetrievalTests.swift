import Evaluation
import Testing

@Suite struct PairRetrievalTests {
  /// Similarities of synthetic posts: noise, plus `bonus` for own pairs, rounded so that some are equal.
  private func matrix(_ posts: Int, bonus: Float, seed: UInt64 = 3) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<posts).map { row in
      (0..<posts).map { Float(random.index(below: 20)) / 20 + (row == $0 ? bonus : 0) }
    }
  }

  /// The matrix without one post.
  private func without(_ post: Int, _ matrix: [[Float]]) -> [[Float]] {
    let left = matrix.indices.filter { $0 != post }
    return left.map { row in left.map { matrix[row][$0] } }
  }

  private func area(_ matrix: [[Float]]) -> Double {
    var sum = 0.0, count = 0.0
    for row in matrix.indices {
      for column in matrix.indices where column != row {
        let (own, other) = (matrix[row][row], matrix[row][column])
        sum += own > other ? 1 : own == other ? 0.5 : 0
        count += 1
      }
    }
    return sum / count
  }

  /// The share of texts whose own picture is first, over every choice of two other pictures.
  private func firstOfThree(_ matrix: [[Float]]) -> Double {
    var sum = 0.0, count = 0.0
    for row in matrix.indices {
      for one in matrix.indices where one != row {
        for other in matrix.indices where other != row && other > one {
          sum += max(matrix[row][one], matrix[row][other]) < matrix[row][row] ? 1 : 0
          count += 1
        }
      }
    }
    return sum / count
  }

  private func halfWidth(_ without: [Double]) -> Double {
    let n = Double(without.count), mean = without.reduce(0, +) / n
    return 1.959963984540054 * ((n - 1) / n * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
  }

  /// If one text of eight is first, and its picture is the only one nearer to another text, leaving out a post never
  /// changes the share, but the texts still vary.
  @Test func stepsOfRanksLeaveAnInterval() throws {
    let matrix: [[Float]] = (0..<8).map { row in
      (0..<8).map { column in
        if row == 0 { return column == 0 ? 1 : 0 }
        if row == 1 { return column == 0 ? 2 : column == 1 ? 1 : 0 }
        return row == column ? 0 : 1
      }
    }
    let first = try #require(PairRetrieval(posts: 8, among: [8]) { matrix[$0] }?.first.first)
    let half = 1.959963984540054 * (1.0 / 8 * (7.0 / 8) / 7).squareRoot()
    #expect(first.share.value == 0.125 && first.share.low == 0)
    #expect(abs(first.share.high - 0.125 - half) < 1e-12)
  }

  @Test(arguments: [Float(0), 0.2]) func equalsCountingAndLeavingOutEachPost(bonus: Float) throws {
    let matrix = matrix(9, bonus: bonus)
    let found = try #require(PairRetrieval(posts: 9, among: [3]) { matrix[$0] })
    let first = try #require(found.first.first)
    #expect(abs(found.area.value - area(matrix)) < 1e-12 && found.area.count == 9)
    #expect(abs(first.share.value - firstOfThree(matrix)) < 1e-12 && first.pictures == 3)
    let areas = matrix.indices.map { area(without($0, matrix)) }
    let firsts = matrix.indices.map { firstOfThree(without($0, matrix)) }
    #expect(abs(found.area.low - max(0, found.area.value - halfWidth(areas))) < 1e-12)
    #expect(abs(found.area.high - min(1, found.area.value + halfWidth(areas))) < 1e-12)
    // The texts' own shares may vary more.
    #expect(first.share.low <= max(0, first.share.value - halfWidth(firsts)) + 1e-12)
    #expect(first.share.high >= min(1, first.share.value + halfWidth(firsts)) - 1e-12)
  }

  @Test func noiseIsAtChance() throws {
    // The 95 % interval includes chance in about 95 of 100 corpora.
    let held = (0..<100).count { seed in
      let noise = matrix(60, bonus: 0, seed: UInt64(seed))
      return PairRetrieval(posts: 60) { noise[$0] }?.area.holds(0.5) ?? false
    }
    #expect(held >= 88 && held < 100)
  }

  @Test func perfectPairsAreFirst() throws {
    let vectors = (0..<5).map { one in (0..<5).map { Float(one == $0 ? 1 : 0) } }
    let found = try #require(PairRetrieval(texts: vectors, images: vectors, among: [100, 2]))
    #expect(found.area.value == 1 && found.area.high == 1 && found.area.low > 0.5 && found.area.low < 0.6)
    #expect(found.first.map(\.pictures) == [5, 2] && found.first.map(\.share.value) == [1, 1])
    #expect(found.first.map(\.chance) == [0.2, 0.5] && !found.isNoBetterThanChance)
  }

  @Test func equalVectorsAreAtChance() throws {
    let same = Array(repeating: [Float(1), 0, 2], count: 4)
    let found = try #require(PairRetrieval(texts: same, images: same))
    #expect(found.area.value == 0.5 && found.isNoBetterThanChance && found.first.first?.share.value == 0)
  }

  @Test func vectorsAreComparedByTheirProduct() throws {
    var random = SeededGenerator(seed: 8)
    let texts = (0..<12).map { _ in (0..<11).map { _ in Float(random.index(below: 9)) - 4 } }
    let images = texts.map { $0.map { $0 + Float(random.index(below: 5)) - 2 } }
    let products = texts.map { text in images.map { zip(text, $0).reduce(Float(0)) { $0 + $1.0 * $1.1 } } }
    #expect(PairRetrieval(texts: texts, images: images) == PairRetrieval(posts: 12) { products[$0] })
  }

  @Test func twoPostsHaveNoInterval() { #expect(PairRetrieval(texts: [[1], [2]], images: [[1], [2]]) == nil) }
}
