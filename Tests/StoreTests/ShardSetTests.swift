import Store
import Testing

@Suite struct ShardSetTests {
  @Test func readsWhatRunsKeep() throws {
    #expect(ShardSet("2/4")?.missing == ["1/4", "3/4", "4/4"])
    #expect(ShardSet("1,3/4")?.text == "1,3/4")
    #expect(ShardSet("1/1")?.text == nil)
    let (left, right) = (try #require(ShardSet("1,3/4")), try #require(ShardSet("2,4/4")))
    #expect(left.union(right).isComplete)
  }

  @Test func saysWhatIsMissing() {
    #expect(ShardSet("1/1")?.missingWords == nil)
    #expect(ShardSet("1/2")?.missingWords == "shard 2/2 is missing")
    #expect(ShardSet("2/3")?.missingWords == "shards 1/3, 3/3 are missing")
    #expect(ShardSet("1,9/100000")?.missingWords == "99998 of 100000 shards are missing")
  }

  @Test func rejectsShardsThatWereNotWritten() {
    for text in [
      "", "/", "1", "0/4", "5/4", "2,1/4", "1,1/4", "1/4/4", "1/0", "1/-1", "a/4", "1,/4", "1/99999999",
    ] {
      #expect(ShardSet(text) == nil, "\(text)")
    }
  }

  @Test func countsOfShardsAddUpToTheWhole() {
    // 100 records, 10 of them not sampled; each shard sees its own share of both.
    let own = [(30, 3), (20, 2), (25, 1), (25, 4)]
    let shards = own.map { FileCounts(name: "a", read: 100, otherShards: 100 - $0.0, notSampled: $0.1) }
    let whole = shards.dropFirst().reduce(shards[0]) { $0.joined(with: $1) ?? $0 }
    #expect(whole == FileCounts(name: "a", read: 100, otherShards: 0, notSampled: 10))
    // The other way of counting: the sample comes first, so every shard sees all ten.
    let others = own.map { FileCounts(name: "a", read: 100, otherShards: 90 - ($0.0 - $0.1), notSampled: 10) }
    let same = others.dropFirst().reduce(others[0]) { $0.joined(with: $1) ?? $0 }
    #expect(same == whole)
  }

  @Test func aShardThatSawLessLeavesTheRestToOthers() {
    let first = FileCounts(name: "a", read: 100, otherShards: 50)
    let second = FileCounts(name: "a", read: 60, otherShards: 30)
    #expect(first.joined(with: second) == FileCounts(name: "a", read: 100, otherShards: 20))
  }

  @Test func hostileNumbersDoNotOverflow() {
    let huge = FileCounts(name: "a", read: .max, otherShards: .max, notSampled: .max)
    #expect(huge.joined(with: huge) == nil)
  }
}
