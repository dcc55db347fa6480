import Tensors
import Testing

@Suite struct WorkspaceTests {
  @Test func buffersInUseDoNotOverlap() throws {
    let workspace = Workspace()
    try workspace.temporarily { () throws(TensorError) in
      var matrices: [Matrix] = []
      for size in [1, 17, 100, 3000, 2, 40_000, 1] {
        let matrix = try workspace.matrix(rows: size, width: 33)
        #expect(Int(bitPattern: matrix.base).isMultiple(of: 64))
        matrix.base.update(repeating: Float(size), count: size * 33)
        matrices.append(matrix)
      }
      for matrix in matrices {
        #expect((0..<matrix.rows * 33).allSatisfy { matrix.base[$0] == Float(matrix.rows) })
      }
    }
  }

  @Test func memoryIsReused() throws {
    let workspace = Workspace()
    func pass() throws -> UnsafeMutablePointer<Float> {
      try workspace.temporarily { () throws(TensorError) in
        let kept = try workspace.matrix(rows: 1000, width: 100)
        for _ in 0..<50 {
          try workspace.temporarily { () throws(TensorError) in
            _ = try workspace.matrix(rows: 5000, width: 64)
          }
        }
        return kept.base
      }
    }
    _ = try pass()
    let second = try pass(), bytes = workspace.bytes
    #expect(try pass() == second)
    #expect(workspace.bytes == bytes)
    #expect(bytes < 4 * (1000 * 100 + 5000 * 64) * 3)
  }

  @Test func anErrorReleasesTheMemory() throws {
    let workspace = Workspace(), failure = TensorError.outOfMemory(bytes: 1)
    func fail() throws(TensorError) {
      try workspace.temporarily { () throws(TensorError) in
        _ = try workspace.matrix(rows: 100_000, width: 10)
        throw failure
      }
    }
    for _ in 0..<20 { #expect(throws: failure) { try fail() } }
    #expect(workspace.bytes < 3 * 100_100 * 10 * 4)
  }

  @Test func tooMuchMemoryIsAnError() {
    #expect(throws: TensorError.self) { try AlignedBuffer(count: 1 << 60) }
    #expect(throws: TensorError.outOfMemory(bytes: .max)) { try AlignedBuffer(count: .max) }
  }

  @Test func aBufferBeginsWithZeros() throws {
    let buffer = try AlignedBuffer(count: 1000)
    #expect((0..<1000).allSatisfy { buffer.base[$0] == 0 })
  }
}
