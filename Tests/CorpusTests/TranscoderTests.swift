import Corpus
import TestSupport
import Testing

@Suite struct TranscoderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func utf16(_ text: String, bigEndian: Bool = false, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test(arguments: [64, 65, 1 << 18]) func utf16ReadsInBothOrders(chunk: Int) throws {
    let text = "id,text\r\n1,aé漢😀 \u{1F468}\u{200D}\u{1F469}\r\n2,\"x\r\ny\"\r\n" + "3,漢\r\n"
    var limits = RecordLimits()
    limits.chunkBytes = chunk
    let options = CorpusOptions(encoding: .utf16, limits: limits)
    for (isBig, hasMark) in [(false, true), (true, true), (false, false)] {
      let rows = try scratch.rows(bytes: utf16(text, bigEndian: isBig, mark: hasMark), options)
      #expect(
        rows.compactMap(\.post?.text) == ["aé漢😀 \u{1F468}\u{200D}\u{1F469}", "x\r\ny", "漢"])
      #expect(rows.map(\.position.line) == [2, 3, 5])
    }
  }

  @Test func loneSurrogatesCostOneRecord() throws {
    let lone: [UInt8] = [0x3D, 0xD8]
    let trail: [UInt8] = [0x00, 0xDE]
    let plain = { utf16($0, mark: false) }
    let bytes =
      utf16("id,text\n1,a\n2,") + lone + plain("\n3,c\n4,") + trail + plain("d\n5,") + lone + lone + trail
      + plain("\n6,f\n7,g")
    let options = CorpusOptions(encoding: .utf16)
    let expected = [
      "2:1", "3!invalid_encoding", "4:3", "5!invalid_encoding", "6!invalid_encoding", "7:6",
    ]
    #expect(try scratch.rows(bytes: bytes, options).map(\.brief) == expected + ["8:7"])
    // A file that ends within a character.
    for rest in [[0x41], lone, lone + [0x00]] as [[UInt8]] {
      let rows = try scratch.rows(bytes: bytes + rest, options)
      #expect(rows.map(\.brief) == expected + ["8!invalid_encoding"])
    }
  }

  @Test func utf16NULsAreFoundAsWell() throws {
    let rows = try scratch.rows(bytes: utf16("id,text\n1,a\u{0}\n2,b\n"), CorpusOptions(encoding: .utf16))
    #expect(rows.map(\.brief) == ["2!nul_character", "3:2"])
  }

  @Test func windows1252ReadsEveryByteThatItDefines() throws {
    let options = CorpusOptions(encoding: .windows1252)
    let upper = (0x80...0xFF).map { UInt8($0) }.filter { ![0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
    let rows = try scratch.rows(bytes: Array("id,text\n1,".utf8) + upper, options)
    let expected =
      "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
      + String(String.UnicodeScalarView((0xA0...0xFF).compactMap(Unicode.Scalar.init)))
    #expect(rows.first?.post.map { Array($0.text.utf8) } == Array(expected.utf8))
    for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] as [UInt8] {
      let rows = try scratch.rows(bytes: Array("id,text\n1,a".utf8) + [byte] + Array("\n2,b\n".utf8), options)
      #expect(rows.map(\.brief) == ["2!invalid_encoding", "3:2"])
    }
  }
}
