import CorpusCheck
import Evaluation
import Testing

/// Tokens by label, in bounded memory.
@Suite struct WordCountsTests {
  @Test func countsPostsByLabelAndHalf() throws {
    var words = WordCounts()
    for (text, label, half) in [("a b a", 0, 0), ("a", 1, 0), ("b", 5, 1), ("a", 0, 1), ("c", 0, 0)] {
      words.add(TextScan(text), label: label, half: half)
    }
    let all = words.words(labels: [0, 1, 5])
    let a = try #require(all.first { $0.spelling == "a" }), b = try #require(all.first { $0.spelling == "b" })
    #expect(a.fit == [1, 1, 0] && a.test == [1, 0, 0] && a.missed == 0)
    #expect(b.fit == [1, 0, 0] && b.test == [0, 0, 1])
  }

  @Test func rareTokensAreDroppedAndNoCountIsOffByMore() throws {
    var random = SeededGenerator(seed: 7), words = WordCounts(most: 100), real: [String: Int] = [:]
    for number in 0..<5000 {
      // A few tokens that are common in the second half, among many that occur once.
      let common = "w\(random.index(below: number < 2500 ? 5 : 10))"
      real[common, default: 0] += 1
      words.add(TextScan("\(common) rare\(number)x"), label: 0, half: 0)
    }
    let all = words.words(labels: [0])
    #expect(all.count <= 100)
    for (word, count) in real {
      let found = try #require(all.first { $0.spelling == word }), total = found.fit[0]
      #expect(total <= count && total + found.missed >= count, "\(word): \(total) + \(found.missed) of \(count)")
    }
  }
}
