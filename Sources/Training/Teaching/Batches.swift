internal import Dispatch
internal import Synchronization
internal import Tensors

/// Work on many things, some at a time, on several threads, each with a workspace of its own.
enum Batches {
  /// Works until all is done, or somebody fails or asks for an early end.
  ///
  /// - Parameters:
  ///   - places: what there is to do, in the order in which it is begun.
  ///   - size: how many places a batch has.
  ///   - threads: how many batches are worked on at once.
  ///   - shouldStop: asked between batches.
  ///   - makeWorkspace: makes a thread's workspace.
  ///   - body: does a batch.
  /// - Throws: what the first failing batch throws; `TeachingError.interrupted` where something is left.
  static func run(
    _ places: [Int], of size: Int, threads: Int, shouldStop: @Sendable () -> Bool,
    _ makeWorkspace: @Sendable () -> Workspace, _ body: @Sendable ([Int], Workspace) throws -> Void
  ) throws {
    let state = Mutex(State())
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      OneDNN.useOneThread()
      let workspace = makeWorkspace()
      while !shouldStop(), let range = state.withLock({ $0.take(size, of: places.count) }) {
        do {
          try body(Array(places[range]), workspace)
          state.withLock { $0.done += range.count }
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      guard state.done == places.count else { throw TeachingError.interrupted }
    }
  }

  /// How far the work has come.
  private struct State: Sendable {
    var taken = 0
    var done = 0
    var failure: (any Error)?

    /// The next places; nil at the end, or when a thread failed.
    mutating func take(_ count: Int, of all: Int) -> Range<Int>? {
      guard failure == nil, taken < all else { return nil }
      defer { taken = min(taken + count, all) }
      return taken..<min(taken + count, all)
    }
  }
}
