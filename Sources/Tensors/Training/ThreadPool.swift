internal import Glibc
internal import Synchronization

/// The threads of a training run: they share the parts of one task, and wait for each other at its end.
///
/// The division into parts does not depend on the number of threads, so the results don't either.
package final class ThreadPool: @unchecked Sendable {
  /// The number of threads, including the caller's; fewer than requested if the system refuses more.
  package private(set) var members: Int

  private typealias Work = (_ part: Int, _ member: Int) throws(TensorError) -> Void

  // Written by the caller before `generation` is incremented, read by the others after they see it.
  private var work: Work?
  private var parts = 0
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)
  private let failure = Mutex<TensorError?>(nil)
  private let sleepers = Atomic<Int>(0)
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private var threads: [pthread_t] = []

  /// The number of times that a thread checks for work before it sleeps: some tens of microseconds, longer than most
  /// pauses.
  private static let spinLimit = 30_000

  /// Starts the other threads; each of them, and from now on the caller, computes products alone.
  package init(members: Int) {
    self.members = max(members, 1)
    lock = .allocate(capacity: 1)
    wake = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
    OneDNN.useOneThread()
    for member in 1..<self.members {
      let start = WorkerStart(threadPool: Unmanaged.passUnretained(self), member: member)
      let raw = Unmanaged.passRetained(start)
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { raw in
          guard let raw else { return nil }
          let start = Unmanaged<WorkerStart>.fromOpaque(raw).takeRetainedValue()
          OneDNN.useOneThread()
          start.threadPool._withUnsafeGuaranteedRef { $0.serve(start.member) }
          return nil
        }, raw.toOpaque())
      guard code == 0 else {
        raw.release()
        break
      }
      threads.append(thread)
    }
    // No result depends on the number of threads, so fewer are enough. None of them has work yet.
    self.members = threads.count + 1
  }

  /// Ends the other threads.
  deinit {
    isOver.store(true, ordering: .sequentiallyConsistent)
    generation.add(1, ordering: .sequentiallyConsistent)
    wakeSleepers()
    for thread in threads { pthread_join(thread, nil) }
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(lock)
    lock.deallocate()
    wake.deallocate()
  }

  /// Runs `parts` parts of a task, in any order, each on one thread; returns when all are done.
  ///
  /// `work` gets the part's index and the thread's. The first error of any part is thrown; others may have run.
  package func share(
    _ parts: Int, _ work: (_ part: Int, _ member: Int) throws(TensorError) -> Void
  ) throws(TensorError) {
    guard members > 1, parts > 1 else {
      for part in 0..<parts { try work(part, 0) }
      return
    }
    withoutActuallyEscaping(work) { work in
      self.work = work
      self.parts = parts
      next.store(0, ordering: .relaxed)
      finished.store(0, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeSleepers() }
      takeParts(work, member: 0)
      var looks = 0
      while finished.load(ordering: .acquiring) < members - 1 {
        looks += 1
        if looks > ThreadPool.spinLimit { sched_yield() }
      }
      self.work = nil
    }
    let failed = failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
    if let failed { throw failed }
  }

  private func takeParts(_ work: Work, member: Int) {
    while true {
      let part = next.add(1, ordering: .relaxed).oldValue
      guard part < parts else { return }
      do throws(TensorError) {
        try work(part, member)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
  }

  private func serve(_ member: Int) {
    var seen = 0
    while true {
      var looks = 0
      while generation.load(ordering: .acquiring) == seen {
        looks += 1
        if looks > ThreadPool.spinLimit { sleep(after: seen) }
      }
      seen += 1
      if isOver.load(ordering: .acquiring) { return }
      if let work { takeParts(work, member: member) }
      finished.add(1, ordering: .releasing)
    }
  }

  private func sleep(after seen: Int) {
    pthread_mutex_lock(lock)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wake, lock) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(lock)
  }

  private func wakeSleepers() {
    pthread_mutex_lock(lock)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)
  }
}

/// The argument of a pool thread's start function.
private final class WorkerStart {
  let threadPool: Unmanaged<ThreadPool>
  let member: Int

  init(threadPool: Unmanaged<ThreadPool>, member: Int) { (self.threadPool, self.member) = (threadPool, member) }
}
