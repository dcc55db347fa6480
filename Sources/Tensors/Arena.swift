/// Memory for the intermediate results of one forward pass, taken in order and given back all at once.
///
/// The first passes grow it; after that a pass takes no memory from the system. Pointers stay valid until the
/// mark they were taken after is released.
final class Arena {
  /// A place to go back to.
  struct Mark {
    fileprivate let block: Int
    fileprivate let used: Int
  }

  private var blocks: [AlignedBuffer] = []
  private var block = 0
  private var used = 0

  /// Sixteen floats are a cache line.
  private static let line = 16
  /// The least that is asked of the system: 1 MiB.
  private static let smallest = 262_144

  /// The floats that the system gave so far.
  var capacity: Int { blocks.reduce(0) { $0 + $1.count } }

  var mark: Mark { Mark(block: block, used: used) }

  /// `count` floats whose values are not defined, aligned to 64 bytes.
  func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> {
    let rounded = (count + Arena.line - 1) / Arena.line * Arena.line
    while block < blocks.count {
      if rounded <= blocks[block].count - used {
        defer { used += rounded }
        return blocks[block].base + used
      }
      block += 1
      used = 0
    }
    // Doubling keeps the blocks few until `release` joins them.
    blocks.append(try AlignedBuffer(count: max(rounded, capacity, Arena.smallest)))
    used = rounded
    return blocks[block].base
  }

  /// Gives back all that was taken after `mark`.
  func release(to mark: Mark) throws(TensorError) {
    (block, used) = (mark.block, mark.used)
    guard block == 0, used == 0, blocks.count > 1 else { return }
    let total = capacity
    blocks = []
    blocks.append(try AlignedBuffer(count: total))
  }
}
