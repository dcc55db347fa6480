internal import Glibc
package import Tensors

/// Memory for what a step computes, taken in order and given back in reverse.
///
/// It grows by blocks, which later steps take again; what was never used takes no memory of the machine's.
package final class StepArena {
  /// A place to go back to.
  package struct Mark {
    fileprivate let block: Int
    fileprivate let used: Int
  }

  private var blocks: [UnsafeMutableBufferPointer<Float>] = []
  private var block = 0
  private var used = 0

  /// Sixteen floats are a cache line.
  private static let line = 16
  /// A block's floats, 64 MiB, unless more are asked for at once.
  private static let usual = 16 * 1_048_576

  /// Memory of which nothing is taken yet.
  package init() {}

  deinit { for block in blocks { free(block.baseAddress) } }

  package var mark: Mark { Mark(block: block, used: used) }

  /// Gives back all that was taken after `mark`.
  package func release(to mark: Mark) { (block, used) = (mark.block, mark.used) }

  /// Writes `value` over all that is not taken: what is read before it is written shows.
  package func fill(_ value: Float) {
    for (index, memory) in blocks.enumerated() where index >= block {
      memory[(index == block ? used : 0)...].update(repeating: value)
    }
  }

  /// `count` floats whose values are not defined, aligned to 64 bytes.
  package func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> {
    let rounded = (max(count, 1) + StepArena.line - 1) / StepArena.line * StepArena.line
    while block < blocks.count {
      if rounded <= blocks[block].count - used, let base = blocks[block].baseAddress {
        defer { used += rounded }
        return base + used
      }
      // A block that is too small for this is dropped, else each step would leave the same hole.
      if used == 0 { free(blocks.remove(at: block).baseAddress) } else { (block, used) = (block + 1, 0) }
    }
    let size = max(rounded, StepArena.usual), bytes = size * MemoryLayout<Float>.stride
    guard let memory = aligned_alloc(64, bytes) else { throw .outOfMemory(bytes: bytes) }
    let base = memory.bindMemory(to: Float.self, capacity: size)
    blocks.append(UnsafeMutableBufferPointer(start: base, count: size))
    used = rounded
    return base
  }
}

/// Rows of numbers in a step's memory, dense.
///
/// The rows behind the last that counts, up to a multiple of 32, hold numbers that mean nothing on the way forward
/// and zeros on the way back, so that they add nothing to any gradient; with them, few sizes of products occur.
struct StepMatrix {
  /// The first number of the first row.
  let base: UnsafeMutablePointer<Float>
  /// How many rows count.
  let count: Int
  /// The numbers of a row.
  let width: Int

  private static let step = 32

  /// The rows there are, counting or not.
  var padded: Int { StepMatrix.padded(count) }

  /// `count` up to a multiple of 32.
  static func padded(_ count: Int) -> Int { (count + step - 1) / step * step }

  /// All numbers, those of the rows behind included.
  var numbers: Int { padded * width }

  /// The first number of row `index`.
  func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * width }

  /// Row `index` as an array.
  func values(ofRow index: Int) -> [Float] { Array(UnsafeBufferPointer(start: row(index), count: width)) }

  /// Makes the rows behind the last that counts zeros.
  func clearPadding() { row(count).update(repeating: 0, count: (padded - count) * width) }

  /// Makes all numbers zeros.
  func clear() { base.update(repeating: 0, count: numbers) }
}
