import Glibc
import Models
import Testing

@Suite struct SafetensorsWriterTests {
  private static let tensors: [ModelConfiguration.TensorShape] = {
    var configuration = ModelConfiguration(labelNames: ["a", "b"])
    configuration.text.vocabularySize = 7
    return Array(configuration.tensors.prefix(1) + configuration.tensors.suffix(2))
  }()

  @Test func whatIsWrittenIsReadBack() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/weights.safetensors"
    let values = Self.tensors.map { tensor in (0..<tensor.count).map { Float($0) - 0.5 } }
    let writer = try SafetensorsWriter(path: path, tensors: Self.tensors)
    for numbers in values { try writer.append(numbers) }
    #expect(access(path, F_OK) != 0, "not before it is whole")
    try writer.finish()
    let file = try Safetensors(path: path)
    #expect(file.tensors.count == Self.tensors.count)
    for (tensor, numbers) in zip(Self.tensors, values) {
      let found = try #require(file[tensor.name])
      #expect(found.shape == tensor.shape && file.floats(found) == numbers)
      #expect(found.range.lowerBound.isMultiple(of: 4))
    }
  }

  @Test func anUnfinishedFileIsRemoved() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/weights.safetensors"
    do {
      let writer = try SafetensorsWriter(path: path, tensors: Self.tensors)
      try writer.append([Float](repeating: 1, count: Self.tensors[0].count))
    }
    #expect(access(path, F_OK) != 0 && access(path + ".partial", F_OK) != 0)
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let error = #expect(throws: ModelError.self) {
      try SafetensorsWriter(path: "/nowhere/weights.safetensors", tensors: Self.tensors)
    }
    #expect("\(try #require(error))".hasPrefix("/nowhere/weights.safetensors can't be written: No such file"))
  }
}
