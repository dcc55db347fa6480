import Synchronization

/// Kernels that were needed before: the pictures of a corpus share a few sizes.
///
/// Holds at most `capacity` bytes; when full, all is dropped and the collection starts anew.
final class ResampleKernelCache: Sendable {
  private struct Key: Hashable {
    let input: Int
    let output: Int
    let made: Range<Int>
    let filter: ResampleFilter
  }
  private struct State {
    var kernels: [Key: ResampleKernel] = [:]
    var bytes = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int = 8 << 20) {
    self.capacity = capacity
  }

  /// The kernel of two counts for some of the outputs, computed where it is not at hand. Computing holds no lock.
  func kernel(input: Int, output: Int, made: Range<Int>, filter: ResampleFilter) -> ResampleKernel {
    let key = Key(input: input, output: output, made: made, filter: filter)
    if let known = state.withLock({ $0.kernels[key] }) { return known }
    let kernel = ResampleKernel(input: input, output: output, made: made, filter: filter)
    state.withLock {
      if $0.bytes + kernel.bytes > capacity { $0 = State() }
      if kernel.bytes <= capacity, $0.kernels.updateValue(kernel, forKey: key) == nil {
        $0.bytes += kernel.bytes
      }
    }
    return kernel
  }
}
