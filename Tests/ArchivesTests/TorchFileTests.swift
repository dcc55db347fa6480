import Archives
import Bytes
import Testing

@Suite struct TorchFileTests {
  @Test(arguments: ["table.pt", "protocol4.pt", "legacy.pt"]) func everyTensorIsPyTorchs(name: String) throws {
    let bytes = try ArchiveData.bytes(name), tensors = try ArchiveData.read(bytes)
    let expected = try ArchiveData.expected("torch")
    #expect(tensors.count == expected.count && tensors.count == 18)
    for tensor in tensors {
      let truth = try #require(expected[tensor.name.text])
      #expect(tensor.shape == truth.shape && tensor.count == truth.numbers.count, "\(tensor.name)")
      #expect(ArchiveData.numbers(tensor, bytes) == truth.numbers, "\(tensor.name)")
    }
    #expect(tensors.map(\.name).prefix(3) == ["plain", "transposed", "slice"])
  }

  @Test func tensorsThatShareAStorageShareItsBytes() throws {
    let tensors = try ArchiveData.read(ArchiveData.bytes("table.pt"))
    func tensor(_ name: ByteText) throws -> StoredTensor { try #require(tensors.first { $0.name == name }) }
    let base = try tensor("shared.one")
    #expect(base.isContiguous && base.strides == [6, 1])
    #expect(try tensor("shared.column").start == base.start + 4 * 4)
    #expect(try tensor("slice").start == base.start + (6 + 2) * 4)
    #expect(try !tensor("transposed").isContiguous && !tensor("permuted").isContiguous)
    #expect(try tensor("positions").isContiguous, "an axis of one number has any stride")
  }

  @Test func tensorsAreFoundInATrainingCheckpoint() throws {
    let tensors = try ArchiveData.read(ArchiveData.bytes("training.pt"))
    #expect(tensors.map(\.name).contains("0.weight") && tensors.map(\.name).contains("1.num_batches_tracked"))
    #expect(tensors.count == 7)
  }

  @Test(arguments: ["small.pt", "zip64.pt", "climbing.pt"]) func directoriesInAnArchiveAreAllowed(name: String)
    throws
  {
    let bytes = try ArchiveData.bytes(name), tensors = try ArchiveData.read(bytes)
    #expect(tensors.map(\.name) == ["w"] && tensors[0].shape == [2, 2])
    #expect(ArchiveData.numbers(tensors[0], bytes) == [1, 2, 3, 4])
  }
}
