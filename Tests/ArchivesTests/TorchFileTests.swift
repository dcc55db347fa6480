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

  /// Namespaces, numbers of NumPy, dates, paths, sets, an optimizer and a generator's state: only names are kept.
  @Test(arguments: ["others2.pt", "others4.pt"]) func valuesSavedWithTheTableArePassedOver(name: String) throws {
    let bytes = try ArchiveData.bytes(name)
    let file = try bytes.withUnsafeBytes { (bytes) throws(ArchiveError) in try TorchFile(bytes) }
    #expect(file.tensors.map(\.name) == ["weight", "count"])
    #expect(ArchiveData.numbers(file.tensors[0], bytes) == [0.5, 0.5, 0.5, 0.5])
    #expect(
      file.otherKeys == [
        "epoch", "best_f1", "args", "seen", "when", "folder", "huge", "raw", "scores", "counts", "device", "type",
        "optimizer", "loss", "frozen", "rng_state",
      ])
    for name in ["argparse.Namespace", "datetime.datetime", "pathlib.PurePosixPath", "torch.device"] {
      #expect(file.objects.contains(name), "\(file.objects)")
    }
    #expect(Set(file.objects).count == file.objects.count)
  }

  @Test func aTableWithinDictionariesIsFound() throws {
    let bytes = try ArchiveData.bytes("deep.pt")
    let file = try bytes.withUnsafeBytes { (bytes) throws(ArchiveError) in try TorchFile(bytes) }
    #expect(file.tensors.map(\.name) == ["weight", "count"] && file.otherKeys == ["round"] && file.objects.isEmpty)
  }

  @Test(arguments: ["small.pt", "zip64.pt", "climbing.pt"]) func directoriesInAnArchiveAreAllowed(name: String)
    throws
  {
    let bytes = try ArchiveData.bytes(name), tensors = try ArchiveData.read(bytes)
    #expect(tensors.map(\.name) == ["w"] && tensors[0].shape == [2, 2])
    #expect(ArchiveData.numbers(tensors[0], bytes) == [1, 2, 3, 4])
  }
}
