import Corpus
import Testing

@Suite struct KeyHashTests {
  /// From Python: `int.from_bytes(hashlib.sha256(b"clfa/shard/1\0" + key).digest()[:8], "big")`.
  @Test func valuesNeverChange() {
    #expect(KeyHash.value(of: "", for: .shard) == 0xe819633c5a301913)
    #expect(KeyHash.value(of: "", for: .sample) == 0xc329152f24f7b26a)
    #expect(KeyHash.value(of: "1", for: .shard) == 0x14be20a5d20812c7)
    #expect(KeyHash.value(of: "1", for: .sample) == 0x7ab75b20e5134311)
    #expect(KeyHash.value(of: "9007199254740993", for: .shard) == 0x06a2d39232a70314)
    #expect(KeyHash.value(of: "9007199254740993", for: .sample) == 0x3fe93a6b5d24100d)
    #expect(KeyHash.value(of: "é", for: .shard) == 0x4267e32fa9599f73)
    #expect(KeyHash.value(of: "é", for: .sample) == 0xaa02c00299eac308)
  }

  @Test func keysAreBytes() {
    #expect(KeyHash.value(of: "\u{E9}", for: .shard) != KeyHash.value(of: "e\u{301}", for: .shard))
  }
}
