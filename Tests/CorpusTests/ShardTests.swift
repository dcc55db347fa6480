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
