internal import Glibc
internal import Synchronization

/// The threads of a training run: they share the parts of one task, and wait for each other at its end.
///
/// A task ends when its parts are done, whether or not every thread has noticed it: on a busy machine a thread may wait long
/// for a core. The division into parts does not depend on the number of threads, so the results don't either.
package final class ThreadPool: @unchecked Sendable {
  /// The number of threads, including the caller's; fewer than requested if the system refuses more.
  package private(set) var members: Int

  private typealias Work = (_ part: Int, _ member: Int) throws(TensorError) -> Void

  /// The present task's work. The caller writes it before `tickets`, and again when every part is done.
  private var work: Work?
  /// The parts of the present task that no thread has taken yet.
  private let tickets = Atomic<Int>(0)
  /// The parts that are done.
  private let done = Atomic<Int>(0)
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
      done.store(0, ordering: .relaxed)
      tickets.store(parts, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeSleepers() }
      takeParts(member: 0)
      // Only for parts that are being computed: a thread that has none may be waiting for a core.
      var looks = 0
      while done.load(ordering: .acquiring) < parts {
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

  /// Takes parts until none is left.
  private func takeParts(member: Int) {
    var left = tickets.load(ordering: .acquiring)
    while left > 0 {
      let (isTaken, now) = tickets.weakCompareExchange(
        expected: left, desired: left - 1, ordering: .acquiringAndReleasing)
      left = now
      guard isTaken else { continue }
      // The task cannot change before this part is done.
      run(left - 1, member)
      done.add(1, ordering: .releasing)
      left = tickets.load(ordering: .acquiring)
    }
  }

  /// Computes a part. Not inlined, so that no reference to the work is left when the part counts as done.
  @inline(never)
  private func run(_ part: Int, _ member: Int) {
    do throws(TensorError) {
      try work?(part, member)
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  private func serve(_ member: Int) {
    while true {
      var looks = 0
      while tickets.load(ordering: .acquiring) == 0 {
        if isOver.load(ordering: .acquiring) { return }
        looks += 1
        if looks > ThreadPool.spinLimit {
          sleep()
          looks = 0
        }
      }
      takeParts(member: member)
    }
  }

  /// Waits until there are parts to take, or the pool ends.
  private func sleep() {
    pthread_mutex_lock(lock)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while tickets.load(ordering: .sequentiallyConsistent) == 0, !isOver.load(ordering: .sequentiallyConsistent) {
      pthread_cond_wait(wake, lock)
    }
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
