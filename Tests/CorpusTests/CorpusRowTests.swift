import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct CorpusRowTests {
  @Test func everyRowBelongsToOnePart() throws {
    let rows = try Scratch().rows("id,text\n1,a\n,b\n3\n\n")
    #expect(rows.map(\.key) == ["1", nil, "3"])
    #expect(rows.map(\.partitionKey) == ["1", "posts.csv#3", "3"])
  }
}

@Suite struct ContentHashTests {
  /// From Python: `sha256(n(text) + text + n(knowledge) + knowledge + n(picture) + picture)` with lengths
  /// `n` of 8 bytes, little-endian, and `b"\xff" * 8` for a picture that is absent.
  @Test func valuesNeverChange() {
    #expect(
      ContentHash.hex(text: "", knowledge: "", pictureHash: nil)
        == "0fba003e5d62756059b291c7aeefed2ba91435b29c4b42468300ce0f4554f719")
    #expect(
      ContentHash.hex(text: "good morning", knowledge: "", pictureHash: nil)
        == "4b03450753b929acd23bb940735d53811c0f27e74dd101c0f58a5794a5d10a2d")
    #expect(
      ContentHash.hex(text: "é", knowledge: "a sign", pictureHash: (0..<32).map { UInt8($0) })
        == "5760fd05ac73872305a79e610322696f8c7e0be9121c43d9bf727e7162ed512c")
  }

  @Test func theContentHashDistinguishesPartsAndSpellings() {
    let hashes = [
      ContentHash.hex(text: "ab", knowledge: "", pictureHash: nil),
      ContentHash.hex(text: "a", knowledge: "b", pictureHash: nil),
      ContentHash.hex(text: "", knowledge: "ab", pictureHash: nil),
      ContentHash.hex(text: "ab", knowledge: "", pictureHash: []),
      ContentHash.hex(text: "ab ", knowledge: "", pictureHash: nil),
      ContentHash.hex(text: "\u{E9}", knowledge: "", pictureHash: nil),
      ContentHash.hex(text: "e\u{301}", knowledge: "", pictureHash: nil),
    ]
    #expect(Set(hashes).count == hashes.count)
  }
}
