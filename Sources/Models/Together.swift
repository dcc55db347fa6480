internal import Dispatch
internal import Tensors

/// Runs two halves of the work at once, each on a thread that multiplies alone, and returns both results.
///
/// oneDNN's own team of threads would do the same work, but waits actively: on a busy machine that takes
/// many times as long.
func together<First: Sendable, Second: Sendable>(
  _ first: @Sendable () throws(ModelError) -> First, _ second: @Sendable () throws(ModelError) -> Second
) throws(ModelError) -> (First, Second) {
  nonisolated(unsafe) var one: Result<First, ModelError>?
  nonisolated(unsafe) var other: Result<Second, ModelError>?
  // Each iteration writes a variable of its own, and both are done before they are read.
  DispatchQueue.concurrentPerform(iterations: 2) { half in
    OneDNN.useOneThread()
    if half == 0 {
      one = Result(catching: first)
    } else {
      other = Result(catching: second)
    }
  }
  guard let one, let other else { preconditionFailure("concurrentPerform runs every iteration") }
  return (try one.get(), try other.get())
}
