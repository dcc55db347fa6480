internal import Glibc

/// Floats that start at a cache line, zero at first, freed with the last reference.
///
/// Not `Sendable`: whoever holds it may write to it. Wrap it where it no longer changes.
public final class AlignedBuffer {
  /// The first of `count` floats, aligned to 64 bytes.
  public let base: UnsafeMutablePointer<Float>
  /// How many floats there are.
  public let count: Int

  /// Takes `count` floats of zeros.
  public init(count: Int) throws(TensorError) {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard count >= 0, !overflow, bytes <= Int.max - 63 else { throw .outOfMemory(bytes: Int.max) }
    let rounded = (bytes + 63) & ~63
    guard let memory = aligned_alloc(64, rounded) else { throw .outOfMemory(bytes: rounded) }
    memset(memory, 0, rounded)
    base = memory.bindMemory(to: Float.self, capacity: rounded / MemoryLayout<Float>.stride)
    self.count = count
  }

  deinit { free(base) }
}
