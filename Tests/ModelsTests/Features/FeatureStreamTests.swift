import Models
import Testing

@Suite struct FeatureStreamTests {
  private static func configuration(_ features: String, aggregation: String = "cross-attention") -> [UInt8] {
    Array(
      """
      {"format": "clfa-model/1", "label_names": ["a", "b"], "aggregation": "\(aggregation)", "features": \(features)}
      """.utf8)
  }

  @Test func areReadAndWritten() throws {
    let features = "[{\"name\": \"audio\", \"width\": 40}, {\"name\": \"tags_2\", \"width\": 3, \"max_rows\": 9}]"
    let configuration = try ModelConfiguration(json: Self.configuration(features))
    #expect(
      configuration.features == [
        FeatureStream(name: "audio", width: 40), FeatureStream(name: "tags_2", width: 3, maxRows: 9),
      ])
    #expect(configuration.contextStreams == ["image", "knowledge", "audio", "tags_2"])
    #expect(configuration.spaces == ["text", "image", "fused", "audio", "tags_2"])
    #expect(try ModelConfiguration(json: Array(configuration.json.utf8)) == configuration)
    let names = configuration.tensors.map(\.name)
    #expect(names.contains("audio_projection.fc1.weight") && names.contains("fusion.2.tags_2.attention.key.bias"))
    #expect(configuration.tensors.first { $0.name == "audio_projection.fc1.weight" }?.shape == [1536, 40])
  }

  @Test(
    arguments: [
      "[{\"name\": \"Audio\", \"width\": 4}]", "[{\"name\": \"text\", \"width\": 4}]",
      "[{\"name\": \"\", \"width\": 4}]",
      "[{\"name\": \"a\", \"width\": 4}, {\"name\": \"a\", \"width\": 4}]", "[{\"name\": \"a\"}]", "[{\"width\": 4}]",
      "[{\"name\": \"a\", \"width\": 0}]", "[{\"name\": \"a\", \"width\": 4, \"max_rows\": 5000}]", "[4]", "{}",
      "[{\"name\": \"a\", \"width\": 4, \"rows\": 5}]", "[{\"name\": \"../a\", \"width\": 4}]",
    ])
  func refusesWhatIsNone(features: String) {
    #expect(throws: ConfigurationFault.self) { try ModelConfiguration(json: Self.configuration(features)) }
  }

  @Test func areForCrossAttention() {
    #expect(throws: ConfigurationFault.featuresWithoutFusion(aggregation: .gated)) {
      try ModelConfiguration(json: Self.configuration("[{\"name\": \"a\", \"width\": 4}]", aggregation: "gated"))
    }
  }

  @Test func otherRowsAreAFault() throws {
    let golden = Golden(name: "mean-2"), classifier = try golden.classifier()
    var post = try #require(try golden.posts().first)
    post.features = [FeatureRows([1, 2], rows: 1)]
    #expect(throws: ModelError.inputs(index: 0, .featureCount(found: 1, expected: 0))) {
      try classifier([post], using: classifier.makeWorkspace())
    }
  }
}
