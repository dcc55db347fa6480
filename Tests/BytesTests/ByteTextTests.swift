import Bytes
import Testing

@Suite struct ByteTextTests {
  private let composed = "caf\u{E9}.csv"
  private let decomposed = "cafe\u{301}.csv"

  @Test func canonicallyEqualTextsAreDifferentKeys() {
    #expect(Set([composed, decomposed]).count == 1)
    #expect(Set([ByteText(composed), ByteText(decomposed), ByteText(composed)]).count == 2)
    #expect(ByteText(decomposed) < ByteText(composed))
    #expect(ByteText(composed) == "caf\u{E9}.csv" && ByteText(composed) != "cafe\u{301}.csv")
    #expect("\(ByteText(decomposed))".utf8.elementsEqual(decomposed.utf8))
    #expect(ByteText(composed.dropFirst(0)) == ByteText(composed) && ByteText(composed) != ByteText(decomposed))
  }

  @Test func pairsOfTextsHashByTheirParts() {
    let pairs: Set<[ByteText]> = [["a", "bc"], ["ab", "c"], ["a", "bc"]]
    #expect(pairs.count == 2)
  }

  @Test func indexesDistinguishSpellings() {
    let texts: [ByteText] = ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}"]
    #expect(texts.places == ["caf\u{E9}": 0, "cafe\u{301}": 1])
  }

  @Test func hexadecimalHasTwoDigitsPerByte() {
    #expect([0, 9, 10, 255].hexadecimal == "00090aff")
    #expect(EmptyCollection<UInt8>().hexadecimal == "")
  }
}
