import Archives
import Bytes
import Testing

@Suite struct NumpyFileTests {
  @Test func everyArrayIsNumPys() throws {
    let bytes = try ArchiveData.bytes("arrays.npz"), tensors = try ArchiveData.read(bytes)
    let expected = try ArchiveData.expected("numpy")
    #expect(tensors.count == expected.count && tensors.count == 6)
    for tensor in tensors {
      let truth = try #require(expected[tensor.name.text])
      #expect(tensor.shape == truth.shape, "\(tensor.name)")
      #expect(ArchiveData.numbers(tensor, bytes) == truth.numbers, "\(tensor.name)")
    }
    #expect(tensors.first { $0.name == "fortran" }?.strides == [1, 2])
  }
}
