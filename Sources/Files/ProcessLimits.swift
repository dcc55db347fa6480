internal import Foundation
internal import Glibc

/// The limits of the process, checked before any work starts: a later lack of threads or memory would cause a deadlock
/// or a crash of the language's runtime, without an error message.
package enum ProcessLimits {
  /// The resource that is insufficient.
  package enum ResourceLimitError: Error, Equatable, CustomStringConvertible {
    case files(needed: Int)
    case memory(mebibytes: Int)
    case threads(Int)
    case stack(kibibytes: Int, needed: Int)

    package var description: String {
      switch self {
      case .files(let needed):
        "a process started from this shell may open too few files; raise the limit with ulimit -n \(needed * 2)"
      case .memory(let mebibytes):
        "a process started from this shell gets too little memory: clfa needs \(mebibytes) MiB more to start; raise the "
          + "limit with ulimit -v unlimited"
      case .threads(let count):
        "the system does not let this process start \(count) threads; raise the limit with ulimit -u, or end other programs"
      case .stack(let kibibytes, let needed):
        "each thread gets a stack of \(kibibytes) KiB from this shell, but clfa needs \(needed) KiB; raise the limit with "
          + "ulimit -s 8192"
      }
    }
  }

  /// The number of descriptors that a command has open at once, in addition to inherited ones.
  private static let files = 32
  /// Address space that libraries, threads and a small model take, in bytes; a larger model takes its own size on top.
  private static let memory = 256 << 20
  /// A thread's stack in bytes; a smaller one would end in a segmentation fault.
  private static let stack = 512 << 10

  /// Checks that there is enough of everything; raises the number of open files to the system's maximum.
  package static func check() throws(ResourceLimitError) {
    try checkStack()
    raiseFiles()
    try checkFiles()
    try checkMemory()
    try checkThreads(ProcessInfo.processInfo.activeProcessorCount + 2)
    if isMemoryLimited { OutOfMemorySignal.install() }
  }

  private static var isMemoryLimited: Bool {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur < UInt(Int.max)
  }

  /// Checks the main thread's stack and those of the other threads, which have the same size by default.
  private static func checkStack() throws(ResourceLimitError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0 else { return }
    let size = min(Int(clamping: limit.rlim_cur), stackSize)
    if size < stack { throw .stack(kibibytes: size >> 10, needed: stack >> 10) }
  }

  private static func raiseFiles() {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 65_536))
    setrlimit(kind, &limit)
  }

  private static func checkFiles() throws(ResourceLimitError) {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    for _ in 0..<files {
      let descriptor = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 || errno != EMFILE else { throw .files(needed: files) }
      if descriptor >= 0 { opened.append(descriptor) }
    }
  }

  private static func checkMemory() throws(ResourceLimitError) {
    guard canMap(memory) else { throw .memory(mebibytes: memory >> 20) }
  }

  /// Whether this much address space is available, in bytes.
  private static func canMap(_ size: Int) -> Bool {
    let place = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let place, place != MAP_FAILED else { return false }
    munmap(place, size)
    return true
  }

  /// The address space of a new thread's stack, in bytes: if there is too little, the system reports the same error as
  /// for too many threads.
  private static var stackSize: Int {
    var attributes = pthread_attr_t(), size = 0
    guard pthread_attr_init(&attributes) == 0 else { return 8 << 20 }
    pthread_attr_getstacksize(&attributes, &size)
    pthread_attr_destroy(&attributes)
    return size
  }

  /// Starts threads that end at once; all are started before the first may end.
  private static func checkThreads(_ count: Int) throws(ResourceLimitError) {
    let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(gate, nil)
    pthread_mutex_lock(gate)
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { raw in
          guard let gate = raw?.assumingMemoryBound(to: pthread_mutex_t.self) else { return nil }
          pthread_mutex_lock(gate)
          pthread_mutex_unlock(gate)
          return nil
        }, gate)
      guard code == 0 else { break }
      threads.append(thread)
    }
    let missing = (count - threads.count) * stackSize
    let isMemoryShort = missing > 0 && !canMap(missing)
    pthread_mutex_unlock(gate)
    for thread in threads { pthread_join(thread, nil) }
    pthread_mutex_destroy(gate)
    gate.deallocate()
    if isMemoryShort { throw .memory(mebibytes: missing >> 20) }
    if threads.count < count { throw .threads(count) }
  }
}

/// If memory is limited (`ulimit -v`), the runtime ends the process with a signal when memory runs out: this prints a
/// message, with exit code 1. The store then contains complete commits, as after a kill.
private enum OutOfMemorySignal {
  /// The message, prepared in advance because a signal handler must not allocate memory.
  nonisolated(unsafe) private static let words: UnsafeBufferPointer<UInt8> = {
    let text = """
      Error: clfa ended early, most likely since this shell limits memory (ulimit -v); raise the limit with ulimit -v \
      unlimited. What was committed to a store is whole. If it happens without a limit, too, it is a fault of clfa.

      """
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = buffer.initialize(from: text.utf8)
    return UnsafeBufferPointer(buffer)
  }()

  static func install() {
    _ = words.count
    for number in [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        write(STDERR_FILENO, OutOfMemorySignal.words.baseAddress, OutOfMemorySignal.words.count)
        _exit(1)
      }
      sigaction(number, &action, nil)
    }
  }
}
