import Corpus
import Testing

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
