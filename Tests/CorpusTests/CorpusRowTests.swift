import Corpus
import Testing

@Suite struct CorpusRowTests {
  @Test func everyRowBelongsToOnePart() throws {
    let rows = try Scratch().rows("id,text\n1,a\n,b\n3\n\n")
    #expect(rows.map(\.key) == ["1", nil, "3"])
    #expect(rows.map(\.partitionKey) == ["1", "posts.csv#3", "3"])
  }
}
