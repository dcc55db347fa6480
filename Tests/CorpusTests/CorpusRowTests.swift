import Bytes
import Corpus
import TestSupport
import Testing

@Suite struct CorpusRowTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func everyRowBelongsToOnePart() throws {
    let rows = try scratch.rows("id,text\n1,a\n,b\n3\n\n")
    #expect(rows.map(\.key) == ["1", nil, "3"])
    #expect(rows.map(\.partitionKey) == ["1", "posts.csv#3", "3"])
  }

  @Test func aWordForAMissingNumberIsNoLabel() throws {
    let labels = ["1.0", "nan", "NaN", "<NA>", "NaT", "#N/A", "\\N", "none", "null", "-", "nano"]
    let text = "text,label\n" + labels.map { "a,\($0)\n" }.joined()
    #expect(
      try scratch.rows(text).map(\.post?.label) == ["1.0", nil, nil, nil, nil, nil, nil, "none", "null", "-", "nano"])
    let named = CorpusOptions(labelNames: try LabelNames(parsing: "nan=unsure"))
    #expect(try scratch.rows(text, named)[1].post?.label == "unsure")
  }

  @Test func aLabelIsItsBytes() throws {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    let labels = try scratch.rows("text,label\na,\(one)\nb,\(two)\n").map(\.post?.label)
    #expect(labels == [one, two] && labels[0] != labels[1])
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
