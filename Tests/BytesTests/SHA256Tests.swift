import Bytes
import Testing

/// The vectors that NIST publishes with FIPS 180-4, its long ones too.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ]) func publishedVectors(text: String, expected: String) {
    #expect(SHA256.hash(data: Array(text.utf8)).hexadecimal == expected)
  }

  @Test func aMillionLettersInPiecesOfAnyLength() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    for length in [1_000_000, 977, 64, 63] {
      var hash = SHA256()
      var left = 1_000_000
      while left > 0 {
        hash.update(data: [UInt8](repeating: UInt8(ascii: "a"), count: min(length, left)))
        left -= min(length, left)
      }
      #expect(hash.finalize().hexadecimal == expected)
    }
  }

  @Test func copiesAreIndependent() {
    var first = SHA256()
    first.update(data: Array("ab".utf8))
    var second = first
    second.update(data: Array("x".utf8))
    first.update(data: Array("c".utf8))
    #expect(first.finalize() == SHA256.hash(data: Array("abc".utf8)))
    #expect(second.finalize() == SHA256.hash(data: Array("abx".utf8)))
    // Reading a hash does not end it.
    first.update(data: Array("d".utf8))
    #expect(first.finalize() == SHA256.hash(data: Array("abcd".utf8)))
  }
}
