import Tensors
import Testing

@Suite struct StepArenaTests {
  /// More than one block of 64 MiB holds.
  private static let block = 16 * 1_048_576

  @Test func piecesAreDisjointAndAligned() throws {
    let memory = StepArena()
    var end = 0, ends: [Int] = []
    for count in [1, 15, 16, 17, 0, 1_000] {
      let address = Int(bitPattern: try memory.take(count))
      #expect(address.isMultiple(of: 64))
      #expect(address >= end)
      end = address + count * 4
      ends.append(end)
    }
    #expect(Set(ends).count == 6)
  }

  /// The same step takes the same pieces again, also where it needs several blocks.
  @Test func releasedMemoryIsReused() throws {
    let memory = StepArena(), start = memory.mark
    func step() throws -> [UnsafeMutablePointer<Float>] {
      defer { memory.release(to: start) }
      return try [100, StepArenaTests.block - 50, 3, StepArenaTests.block + 1, 64].map(memory.take)
    }
    _ = try step()
    let second = try step()
    #expect(try step() == second)
    #expect(Set(second).count == 5)
  }

  @Test func anInnerMarkKeepsEarlierPieces() throws {
    let memory = StepArena(), kept = try memory.take(32)
    kept.update(repeating: 3, count: 32)
    let mark = memory.mark, inner = try memory.take(16)
    inner.update(repeating: 4, count: 16)
    memory.release(to: mark)
    #expect(try memory.take(16) == inner)
    #expect((0..<32).allSatisfy { kept[$0] == 3 })
  }
}
