import Archives
import Foundation
import Evaluation
import Testing

/// Good and bad archives with random bytes changed: each is read or rejected, and all tensors are within the file.
@Suite struct ArchiveFuzzTests {
  private static let seeds = [
    "table.pt", "protocol4.pt", "legacy.pt", "training.pt", "small.pt", "zip64.pt", "arrays.npz", "array.npy",
    "table.safetensors", "others2.pt", "others4.pt",
  ]

  @Test(arguments: seeds) func changedBytesAreReadOrRejected(name: String) throws {
    let whole = try ArchiveData.bytes(name)
    var random = SeededGenerator(seed: whole.reduce(7) { ($0 &* 31) &+ UInt64($1) }), read = 0, refused = 0
    for _ in 0..<3000 {
      let bytes = Self.mutated(whole, &random)
      do {
        for tensor in try ArchiveData.read(bytes) {
          #expect(tensor.start >= 0 && tensor.count * tensor.format.bytes <= bytes.count)
          // Reading traps if a tensor is not within the bytes.
          if tensor.count <= 1000 { _ = ArchiveData.numbers(tensor, bytes) }
        }
        read += 1
      } catch {
        #expect(!"\(error)".isEmpty)
        refused += 1
      }
    }
    #expect(read > 0 && refused > 100, "\(read) read, \(refused) refused")
  }

  @Test func badOnesAreRejectedInAnyState() throws {
    var random = SeededGenerator(seed: 2022)
    for name in ArchiveData.bad {
      let whole = try ArchiveData.bytes("bad/\(name)")
      for _ in 0..<30 { _ = try? ArchiveData.read(Self.mutated(whole, &random)) }
    }
  }

  /// Some changes: bits, bytes, extreme numbers, and parts that are cut, repeated or moved.
  private static func mutated(_ whole: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &random)]
      case 3:
        let end = min(bytes.count, at + [2, 4, 8][Int.random(in: 0..<3, using: &random)])
        for index in at..<end { bytes[index] = 0xFF }
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...16, using: &random)))
      case 5: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 16)], at: at)
      default:
        let from = Int.random(in: 0..<bytes.count, using: &random)
        let piece = Array(bytes[from..<min(bytes.count, from + 8)])
        for (offset, byte) in piece.enumerated() where at + offset < bytes.count { bytes[at + offset] = byte }
      }
    }
    return bytes
  }
}
