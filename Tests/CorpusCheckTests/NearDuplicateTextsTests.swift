import CorpusCheck
import Evaluation
import Testing

/// Texts that share most of their words.
@Suite struct NearDuplicateTextsTests {
  private func match(_ first: String, _ second: String) -> NearDuplicateTexts.Match? {
    var texts = NearDuplicateTexts()
    for (line, text) in [first, second].enumerated() {
      let words = TextScan(text).words
      let match = texts.add(
        words: words, bands: NearDuplicateTexts.bands(of: words), label: line, place: RowLocation(file: 0, line: line))
      if line == 1 { return match }
    }
    return nil
  }

  @Test func oneOtherWordInTenIsClose() throws {
    let found = match(
      "one two three four five six seven eight nine ten", "one two three four five six seven eight nine eleven")
    let close = try #require(found)
    #expect(abs(close.overlap - 9.0 / 11) < 1e-12 && close.place.line == 0 && close.label == 0)
  }

  @Test func candidatesAreVerified() {
    #expect(match("one two three four five six", "one two three four seven eight") == nil)
    #expect(match("one two three four", "one two three four") == nil, "too short to be compared")
  }

  @Test func nearlyAllThatAreCloseAreFound() {
    var random = SeededGenerator(seed: 3), texts = NearDuplicateTexts(), found = 0, close = 0
    for number in 0..<500 {
      let words = (0..<20).map { _ in UInt32(truncatingIfNeeded: random.next()) }
      // 19 of 21 words are shared.
      let other = words.dropLast() + [UInt32(truncatingIfNeeded: random.next())]
      for words in [words.sorted(), other.sorted()] {
        let match = texts.add(
          words: words, bands: NearDuplicateTexts.bands(of: words), label: nil,
          place: RowLocation(file: 0, line: number))
        if match?.place.line == number { found += 1 }
      }
      close += 1
    }
    #expect(close == 500 && found >= 495, "\(found)")
  }

  @Test func memoryIsBounded() {
    var texts = NearDuplicateTexts(most: 10)
    for number in 0..<30 {
      let words = (0..<6).map { UInt32(number * 10 + $0) }
      _ = texts.add(
        words: words, bands: NearDuplicateTexts.bands(of: words), label: nil, place: RowLocation(file: 0, line: number))
    }
    #expect(texts.unkept == 20 && texts.compared == 30)
  }
}
