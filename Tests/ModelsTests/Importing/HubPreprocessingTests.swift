import Bytes
import Models
import Testing

/// Picture preprocessing from `preprocessor_config.json`.
@Suite struct HubPreprocessingTests {
  /// The preprocessing of a ViT for pictures of 4 pixels, or of another kind of encoder.
  private static func load(_ json: String, size: Int? = nil) throws -> (Preprocessing, ModelConfiguration.Image) {
    let folder = try TemporaryFolder()
    var fixture = HubFixture.vit
    fixture.files.append(("preprocessor_config.json", json))
    try fixture.write(to: folder)
    let encoder = try HubImageEncoder.load(folder.path, size: size)
    return (try #require(encoder.preprocessing), encoder.configuration)
  }

  private static let bit = #""image_processor_type":"BitImageProcessor""#
  private static let deit = #""image_processor_type":"DeiTFeatureExtractor""#

  static let cases: [(json: String, size: Int, resize: Preprocessing.Resize, isBicubic: Bool, to: Int?)] = [
    ("{}", 4, .squash, false, nil), (#"{"size":4,"resample":3}"#, 4, .squash, true, nil),
    (#"{"size":{"height":6,"width":6}}"#, 6, .squash, false, nil),
    (#"{"size":8,"do_center_crop":true,"crop_size":4}"#, 4, .squash, false, 8),
    ("{\(deit),\"size\":5}", 4, .squash, true, 5), ("{\(bit)}", 4, .shortSide, true, nil),
    ("{\(bit),\"size\":{\"shortest_edge\":5},\"crop_size\":{\"height\":4,\"width\":4}}", 4, .shortSide, true, 5),
    ("{\(bit),\"size\":7,\"crop_size\":6,\"resample\":2}", 6, .shortSide, false, 7),
    (#"{"feature_extractor_type":"CLIPFeatureExtractor","size":4}"#, 4, .shortSide, true, nil),
    (#"{"image_processor_type":null,"do_resize":null,"size":null}"#, 4, .squash, false, nil),
  ]

  @Test(arguments: cases.indices) func settingsAreUsed(index: Int) throws {
    let expected = Self.cases[index], (found, image) = try Self.load(expected.json)
    #expect(found.size == expected.size && image.size == expected.size, "\(expected.json)")
    #expect(found.resize == expected.resize && found.resizeTo == expected.to, "\(expected.json)")
    #expect((found.resample == .bicubic) == expected.isBicubic, "\(expected.json)")
  }

  /// If a file has no means and deviations, those of its kind are used.
  @Test func missingColourSettingsAreThoseOfTheKind() throws {
    #expect(try Self.load("{}").0.mean == [0.5, 0.5, 0.5])
    #expect(try Self.load("{\(Self.deit)}").0.std == [0.5, 0.5, 0.5])
    let bit = try Self.load("{\(Self.bit)}").0
    #expect(bit.mean == [0.481_454_66, 0.457_827_5, 0.408_210_73])
    #expect(bit.std == [0.268_629_54, 0.261_302_58, 0.275_777_11])
    #expect(try Self.load("{\(Self.bit),\"do_normalize\":false}").0.mean == [0, 0, 0])
  }

  @Test func anotherSizeKeepsTheMargin() throws {
    let (found, image) = try Self.load("{\(Self.bit),\"size\":{\"shortest_edge\":5},\"crop_size\":4}", size: 8)
    #expect(found.size == 8 && image.size == 8 && found.resizeTo == 10)
  }

  static let refused: [(json: String, words: String)] = [
    (#"{"resample":1}"#, "resample is 1, it must be 2 to 3"), (#"{"do_resize":false}"#, "do_resize is false"),
    (#"{"do_rescale":false}"#, "do_rescale is false"), (#"{"do_pad":true}"#, "do_pad is true"),
    (#"{"size":{"height":4,"width":6}}"#, "a square or a shortest_edge"),
    (#"{"size":{"shortest_edge":4,"longest_edge":9}}"#, "unknown key size.longest_edge"),
    (#"{"size":{"shortest_edge":4}}"#, "do_center_crop is false, it must be true where"),
    (#"{"size":3,"do_center_crop":true,"crop_size":4}"#, "size is 3, it must be crop_size, 4, or more"),
    (#"{"size":"large"}"#, "size must be a side"), (#"{"size":0}"#, "size must be a side"),
    (#"{"image_processor_type":"PixtralImageProcessor"}"#, "image_processor_type is \"PixtralImageProcessor\""),
  ]

  @Test(arguments: refused.indices) func unsupportedSettingsAreNamedErrors(index: Int) throws {
    let (json, words) = Self.refused[index]
    let error = #expect(throws: HubError.self) { try Self.load(json) }
    let said = "\(try #require(error))"
    #expect(said.contains(words), "\(said)")
  }

  /// The settings survive writing and reading the model's configuration.
  @Test func theModelStoresThePreprocessing() throws {
    var model = ModelConfiguration(labelNames: ["a", "b"])
    (model.preprocessing.resize, model.preprocessing.resample) = (.shortSide, .bicubic)
    (model.preprocessing.resizeTo, model.image.registers) = (256, 4)
    let read = try ModelConfiguration(json: Array(model.json.utf8))
    #expect(read == model)
    #expect(model.tensors.contains { $0.name == "image_encoder.registers" && $0.shape == [1, 4, 768] })
    model.preprocessing.resizeTo = 223
    #expect(throws: ConfigurationError.self) { try ModelConfiguration(json: Array(model.json.utf8)) }
  }
}
