import Corpus
import Testing

@Suite struct ShardTests {
  @Test func aShardIsTypedAsKOfN() throws {
    let shard = try Shard(parsing: "2/4")
    #expect(shard.number == 2 && shard.count == 4 && "\(shard)" == "2/4")
    for word in [
      "", "1", "0/4", "5/4", "1/0", "-1/4", "+1/4", "1/4/2", "1 /4", "a/b", "1/99999999999999999999",
    ] {
      #expect(throws: OptionError.malformedShard(word)) { try Shard(parsing: word) }
    }
    #expect(Shard(number: 0, count: 1) == nil && Shard(number: 2, count: 1) == nil)
  }

  @Test func everyKeyBelongsToOneShard() {
    let shards = (1...4).compactMap { Shard(number: $0, count: 4) }
    var sizes = [0, 0, 0, 0]
    for key in (0..<4000).map(String.init) {
      let owners = shards.indices.filter { shards[$0].contains(key) }
      #expect(owners.count == 1)
      for owner in owners { sizes[owner] += 1 }
    }
    #expect(sizes.allSatisfy { (900...1100).contains($0) })
    #expect(Shard(number: 1, count: 1)?.contains("") == true)
  }
}

@Suite struct SampleTests {
  private let keys = (0..<20_000).map { "post-\($0)" }

  @Test func aSampleIsTypedAsAPercentage() throws {
    #expect(try Sample(parsing: "5%").percent == 5)
    #expect(try Sample(parsing: "0.25").percent == 0.25)
    #expect(try Sample(parsing: "5.0%").description == "5%" && Sample(parsing: "0.5").description == "0.5%")
    for word in ["", "%", "0", "0%", "100.1", "-1", "nan", "inf", "0x5", "1e1", "5%%", "1.", ".5", "1.2.3"] {
      #expect(throws: OptionError.malformedSample(word)) { try Sample(parsing: word) }
    }
    #expect(Sample(percent: .nan) == nil && Sample(percent: .infinity) == nil)
  }

  @Test func aSmallerSampleIsPartOfALargerOne() throws {
    var inner: Set<String> = []
    for word in ["0.1%", "1%", "5%", "50%", "99.99999999999999%", "100%"] {
      let sample = try Sample(parsing: word)
      let outer = Set(keys.filter(sample.contains))
      #expect(inner.isSubset(of: outer))
      #expect(abs(Double(outer.count) - sample.percent * 200) < 300)
      inner = outer
    }
    #expect(inner.count == keys.count)
  }

  @Test func aSampleIsSpreadOverAllShards() throws {
    let sample = try Sample(parsing: "10%")
    let chosen = keys.filter(sample.contains)
    for number in 1...4 {
      let shard = try #require(Shard(number: number, count: 4))
      #expect(abs(chosen.filter(shard.contains).count - chosen.count / 4) < 120)
    }
  }
}

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
