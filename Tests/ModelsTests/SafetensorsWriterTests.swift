import Archives
import Bytes
import Glibc
import Models
import Testing

@Suite struct SafetensorsWriterTests {
  private static let tensors: [ModelConfiguration.TensorShape] = {
    var configuration = ModelConfiguration(labelNames: ["a", "b"])
    configuration.text.vocabularySize = 7
    return Array(configuration.tensors.prefix(1) + configuration.tensors.suffix(2))
  }()

  @Test func writtenTensorsAreReadBack() throws {
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
    #expect(folder.names == [])
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let error = #expect(throws: ModelError.self) {
      try SafetensorsWriter(path: "/nowhere/weights.safetensors", tensors: Self.tensors)
    }
    #expect("\(try #require(error))".hasPrefix("/nowhere/weights.safetensors can't be written: No such file"))
  }

  @Test func metadataAreReadBackToTheByte() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/vectors.safetensors"
    let remarks: [(ByteText, String)] = [
      ("ids", #"["a,b","q\"uo\\te","é","e\u{301}"]"#), ("e\u{301}", "two scalars"), ("é", "one"),
    ]
    let writer = try SafetensorsWriter(
      path: path, entries: [.init(name: "text", type: .f32, shape: [1, 2])],
      metadata: remarks.map { (key: $0.0, text: $0.1) })
    try writer.append([Float(1), 2])
    try writer.finish()
    let file = try Safetensors(path: path)
    for (key, text) in remarks { #expect(file.metadata(key).map { Array($0.utf8) } == Array(text.utf8)) }
    #expect(file.metadata("other") == nil)
    #expect(file.floats(try #require(file["text"])) == [1, 2])
    #expect(throws: ModelError.safetensors(path: path, .headerTooLong(bytes: 168, limit: 100))) {
      try Safetensors(path: path, headerLimit: 100)
    }
  }
}
