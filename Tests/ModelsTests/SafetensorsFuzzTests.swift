import Archives
import Models
import Evaluation
import Testing

/// A model's weights with random bytes changed, most of them in the header: each is read or rejected, and all tensors
/// are within the file.
@Suite struct SafetensorsFuzzTests {
  @Test func changedBytesAreReadOrRejected() throws {
    let folder = try TemporaryFolder()
    let whole = try folder.bytes(of: "\(Golden(name: "gated-2").path)/batch.safetensors")
    let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var random = SeededGenerator(seed: 3), read = 0, refused = 0
    for _ in 0..<1500 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<(Bool.random(using: &random) ? 16 : header), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[at] = Array("0919{}[],:\"\\-.eE".utf8)[Int.random(in: 0..<16, using: &random)]
        case 2: bytes.remove(at: at)
        default: bytes.insert(contentsOf: bytes[at..<min(at + 9, bytes.count)], at: at)
        }
      }
      let path = try folder.write("a.safetensors", bytes)
      do throws(ModelError) {
        let file = try Safetensors(path: path)
        for tensor in file.tensors {
          #expect(tensor.range.upperBound <= bytes.count && file.floats(tensor).count == tensor.count)
        }
        read += 1
      } catch {
        #expect(!"\(error)".isEmpty)
        refused += 1
      }
    }
    #expect(read > 0 && refused > 500, "\(read) read, \(refused) refused")
  }
}
