import Models
import Tensors
import Testing

@Suite struct SentenceEncoderTests {
  @Test func aSentenceHasTheSameUnitVectorInAnyBatch() throws {
    let folder = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    let encoder = try SentenceEncoder(try HubTextEncoder.load(folder.path))
    OneDNN.useOneThread()
    let workspace = encoder.makeWorkspace()
    let sentences: [[Int32]] = [[2, 3], [2, 4, 4, 3], [2, 1, 4, 1, 4, 1, 3], [2, 4, 4, 3]]
    let together = try encoder(sentences, using: workspace)
    for (sentence, vector) in zip(sentences, together) {
      #expect(try encoder([sentence], using: workspace) == [vector])
      let length = vector.reduce(0) { $0 + $1 * $1 }
      #expect(vector.count == 8 && abs(length - 1) < 1e-6)
    }
    #expect(together[0] != together[1] && together[1] == together[3])
    #expect(try encoder([], using: workspace).isEmpty)
  }

  @Test func invalidPiecesAreRejected() throws {
    let folder = try TemporaryFolder()
    try HubFixture.bert.write(to: folder)
    let encoder = try SentenceEncoder(try HubTextEncoder.load(folder.path)), workspace = encoder.makeWorkspace()
    #expect(throws: ModelError.inputs(index: 1, .tokenOutOfRange(stream: "text", token: 5, size: 5))) {
      try encoder([[2, 3], [2, 5, 3]], using: workspace)
    }
    #expect(throws: ModelError.inputs(index: 0, .tooManyTokens(stream: "text", count: 17, limit: 16))) {
      try encoder([[Int32](repeating: 1, count: 17)], using: workspace)
    }
  }
}
