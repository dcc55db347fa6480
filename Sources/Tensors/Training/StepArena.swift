internal import Glibc

/// Memory for the intermediate values of a step, allocated in order and released in reverse.
///
/// It grows by blocks, which later steps reuse; unused parts take no physical memory. A workspace's arena, which is
/// smaller, joins its blocks and fills them with zeros; here that would touch memory that no step uses.
package final class StepArena {
  /// A position to return to.
  package struct Mark {
    fileprivate let block: Int
    fileprivate let used: Int
  }

  private var blocks: [UnsafeMutableBufferPointer<Float>] = []
  private var block = 0
  private var used = 0

  /// Sixteen floats are a cache line.
  private static let line = 16
  /// The floats in a block, 64 MiB, unless more are requested at once.
  private static let usual = 16 * 1_048_576

  /// Creates an arena with all its memory free.
  package init() {}

  deinit { for block in blocks { free(block.baseAddress) } }

  package var mark: Mark { Mark(block: block, used: used) }

  /// Releases everything allocated after `mark`.
  package func release(to mark: Mark) { (block, used) = (mark.block, mark.used) }

  /// `count` floats whose values are not defined, aligned to 64 bytes.
  package func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> {
    let rounded = (max(count, 1) + StepArena.line - 1) / StepArena.line * StepArena.line
    while block < blocks.count {
      if rounded <= blocks[block].count - used, let base = blocks[block].baseAddress {
        defer { used += rounded }
        return base + used
      }
      // A block that is too small for this is freed; otherwise each step would leave the same gap.
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
