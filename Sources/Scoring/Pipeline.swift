import Corpus
import Foundation
import Glibc
import Synchronization

/// Rows of one chunk that pass through the model together.
package struct MicroBatch: Sendable {
  package var chunk: Chunk
  package var rows: [(place: Int, row: PendingRow)]
}

/// What a pipeline's reader thread reads.
package protocol ChunkSource: ~Copyable {
  /// The next rows; `nil` at the end, or after a request to stop.
  mutating func next() throws -> Chunk?
}

/// The threads of a run: one reader and several workers; the calling thread commits.
///
/// ```
/// reader ─ chunks, in order ───────────────────────► the caller
///        └ micro-batches ─► workers ─ fill chunks ──┘
/// ```
///
/// Both queues are bounded, so the reader stays a few chunks ahead and memory does not grow with the corpus.
final class Pipeline: Sendable {
  /// Chunks in the order of the corpus, not necessarily complete.
  let chunks: BoundedQueue<Chunk>
  private let batches: BoundedQueue<MicroBatch>
  private let failure = Mutex<(any Error)?>(nil)
  private let threads = DispatchGroup()

  init(workers: Int) {
    chunks = BoundedQueue(capacity: workers + 2)
    batches = BoundedQueue(capacity: 2 * workers)
  }

  /// The error that stopped a thread before the end of the corpus.
  var threadFailure: (any Error)? { failure.withLock { $0 } }

  /// Starts the reader and the workers.
  ///
  /// - Throws: `noThreads` if the system cannot start as many; ``abandon()`` then ends those that run.
  func start<Source: ChunkSource & ~Copyable>(
    reader: consuming sending Source, microBatchRows: Int, workers: Int, clock: StageClock,
    work: @escaping @Sendable (BoundedQueue<MicroBatch>) throws -> Void
  ) throws(ScoringError) {
    let box = Mutex<Source>(reader)
    let isReading = spawn {
      do {
        while let chunk = try clock.time(.reading, { try box.withLock { try $0.next() } }), self.chunks.push(chunk) {
          let pending = chunk.pending
          // Every worker gets a part even of a small chunk.
          let size = max(1, min(microBatchRows, (pending.count + workers - 1) / workers))
          for start in stride(from: 0, to: pending.count, by: size) {
            let rows = Array(pending[start..<min(start + size, pending.count)])
            guard self.batches.push(MicroBatch(chunk: chunk, rows: rows)) else { break }
          }
        }
      } catch CorpusError.interrupted {
        // The committing thread sees the same request, and ends the run.
      } catch {
        self.fail(error)
      }
      self.chunks.close()
      self.batches.close()
    }
    guard isReading else { throw .noThreads(wanted: workers + 1) }
    for _ in 0..<workers {
      let isWorking = spawn {
        do { try work(self.batches) } catch { self.fail(error) }
      }
      guard isWorking else { throw .noThreads(wanted: workers + 1) }
    }
  }

  /// Stops the threads; what is not committed is dropped.
  func abandon() {
    chunks.cancel()
    batches.cancel()
  }

  /// Waits for every thread; after an early end, at most `seconds`.
  func join(within seconds: Double = .infinity) {
    _ = threads.wait(timeout: seconds.isFinite ? .now() + seconds : .distantFuture)
  }

  private func fail(_ error: any Error) {
    failure.withLock { $0 = $0 ?? error }
  }

  /// Starts a thread; false if the system cannot.
  private func spawn(_ body: @escaping @Sendable () -> Void) -> Bool {
    threads.enter()
    let start = Unmanaged.passRetained(
      ThreadStart {
        body()
        self.threads.leave()
      })
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    defer {
      pthread_attr_destroy(attributes)
      attributes.deallocate()
    }
    pthread_attr_setstacksize(attributes, 8 << 20)
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, attributes,
      { raw in
        guard let raw else { return nil }
        Unmanaged<ThreadStart>.fromOpaque(raw).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      threads.leave()
      return false
    }
    return true
  }
}

/// The argument of a thread's start function.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A first-in, first-out queue between threads that makes the faster side wait.
///
/// Its capacity bounds memory: nothing upstream runs further ahead than that.
package final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  /// The result of taking an element.
  package enum Next {
    case element(Element)
    case nothingYet
    case ended
  }

  private let capacity: Int
  private let condition = NSCondition()
  private var elements: [Element] = []
  private var isClosed = false

  package init(capacity: Int) {
    precondition(capacity > 0, "A queue holds at least one element.")
    self.capacity = capacity
  }

  /// Appends an element, and waits for space; if the queue is closed, drops the element and returns `false`.
  package func push(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= capacity && !isClosed { condition.wait() }
    guard !isClosed else { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }

  /// Takes the oldest element, waiting up to `seconds` for one, or as long as it takes.
  package func next(within seconds: Double? = nil) -> Next {
    let deadline = seconds.map { Date(timeIntervalSinceNow: $0) }
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty && !isClosed {
      guard let deadline else {
        condition.wait()
        continue
      }
      if !condition.wait(until: deadline) { return .nothingYet }
    }
    guard !elements.isEmpty else { return .ended }
    let element = elements.removeFirst()
    condition.broadcast()
    return .element(element)
  }

  /// Declares that no element will follow; those in the queue can still be taken.
  package func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  /// Closes the queue and drops its elements.
  package func cancel() {
    condition.withLock {
      isClosed = true
      elements = []
      condition.broadcast()
    }
  }
}
