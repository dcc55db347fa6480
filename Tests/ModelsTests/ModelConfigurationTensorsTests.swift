import Archives
import Models
import Testing

@Suite struct ModelConfigurationTensorsTests {
  @Test(arguments: Golden.all) func everyTensorOfTheReferenceIsListed(golden: Golden) throws {
    let configuration = try golden.load().configuration
    let file = try Safetensors(path: "\(golden.path)/weights.safetensors")
    let listed = configuration.tensors.sorted { $0.name < $1.name }
    #expect(listed.map(\.name) == file.tensors.map(\.name).sorted())
    for tensor in listed { #expect(file[tensor.name]?.shape == tensor.shape, "\(tensor.name)") }
    #expect(configuration.parameters == file.tensors.reduce(0) { $0 + $1.count })
  }

  @Test func anEncoderOfACLIPHasTheNormsThatItSays() {
    var model = ModelConfiguration(labelNames: ["a"])
    (model.image.hasWhole, model.image.hasFirstNorm, model.image.hasLastNorm) = (false, true, false)
    let names = model.tensors.map(\.name)
    #expect(names.contains("image_encoder.first_norm.weight") && names.contains("image_encoder.first_norm.bias"))
    #expect(!names.contains("image_encoder.norm.weight") && !names.contains("image_encoder.cls"))
    #expect(model.tensors.first { $0.name == "image_encoder.position" }?.shape == [1, 49, 768])
  }

  @Test func thePublishedModelHasSomeTwoHundredMillionNumbers() {
    #expect(ModelConfiguration(labelNames: ["a", "b"]).parameters == 216_313_858)
  }
}
