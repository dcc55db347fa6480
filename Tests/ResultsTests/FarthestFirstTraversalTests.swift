import Results
import ResultsFixtures
import Testing

@Suite struct FarthestFirstTraversalTests {
  @Test func theFirstIsTheFirstAndTheNextIsFarthest() {
    let vectors: [[Float]?] = [[1, 0], [0.9, 0.1], [-1, 0.1], [0, 1]]
    #expect(FarthestFirstTraversal.choose(vectors, count: 1) == [0])
    #expect(FarthestFirstTraversal.choose(vectors, count: 2) == [0, 2])
    #expect(FarthestFirstTraversal.choose(vectors, count: 3) == [0, 2, 3])
    #expect(FarthestFirstTraversal.choose(vectors, count: 9) == [0, 2, 3, 1])
  }

  @Test func tiesKeepTheirOrder() {
    #expect(FarthestFirstTraversal.choose([[1, 1], [1, 1], [1, 1]], count: 2) == [0, 1])
    #expect(FarthestFirstTraversal.choose([[1, 0], [-1, 0], [-1, 0]], count: 2) == [0, 1])
  }

  @Test func candidatesWithoutAVectorComeLast() {
    #expect(FarthestFirstTraversal.choose([nil, [1, 0], nil, [0, 1]], count: 3) == [1, 3, 0])
    #expect(FarthestFirstTraversal.choose([nil, nil], count: 1) == [0])
    #expect(FarthestFirstTraversal.choose([[1, 0], [1, 0, 0], [0, 1]], count: 3) == [0, 2, 1])
    #expect(FarthestFirstTraversal.choose([], count: 3).isEmpty)
  }
}

@Suite struct BestFewTests {
  @Test func theBestStayInOrderForAnyOrderOfInput() {
    for seed in 0..<20 {
      let numbers = (0..<50).map { Int(noise(seed * 100 + $0) * 1000) }
      var best = TopK<Int>(7, comesBefore: >)
      for number in numbers { best.add(number) }
      #expect(best.elements == Array(numbers.sorted(by: >).prefix(7)))
    }
  }

  @Test func aLimitOfZeroKeepsNothing() {
    var best = TopK<Int>(0, comesBefore: >)
    best.add(1)
    #expect(best.elements.isEmpty)
  }
}
