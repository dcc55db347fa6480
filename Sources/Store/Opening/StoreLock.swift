import Glibc
import Synchronization

/// The holder of a store's lock, as the lock file names it.
package struct LockHolder: Equatable, Sendable {
  /// The process id.
  package let process: Int
  /// The machine's name.
  package let host: String

  /// Reads a lock file's text: two lines, `pid 4711` and `host name`.
  init?(_ text: String) {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n").prefix(8) {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
    }
    guard let process = fields["pid"].flatMap(Int.init), let host = fields["host"] else { return nil }
    self.process = process
    self.host = host
  }

  static var text: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return "pid \(getpid())\nhost \(String(decoding: bytes, as: UTF8.self))\n"
  }
}

/// The right to write a store; it ends with the process that holds it.
///
/// The lock is on the file itself (``StoreInode``), so a second name of the file does not allow a second writer. Next
/// to it is `STORE.lock` under `flock`: it names the writer, shows a reader which name the writer uses, and is the lock
/// if the file system has no other. Its holder removes it while still holding the lock. A process that gets the lock
/// checks that the file under the name is still the one it locked, so removing the file never leads to two holders.
final class StoreLock: Sendable {
  /// The store's file; close SQLite's connections before releasing it.
  private let inode: StoreInode
  private let store: String
  private let path: String
  private let descriptor: Mutex<Int32?>

  /// Takes the lock; creates an empty file if there is none.
  /// - Throws: `locked`, with the holder, or `cannotLock`; `severalNames` if the file has other names, since SQLite
  ///   keeps its log next to only one of them; `mountedFile` if the file is mounted on its own, which is another name,
  ///   too.
  init(_ file: StoreFile) throws(StoreError) {
    store = file.path
    path = file.lock
    var (inode, wasCreated) = try Self.open(file)
    try Self.take(&inode, of: file)
    self.inode = inode
    do throws(StoreError) {
      descriptor = Mutex(try Self.takeName(file))
    } catch {
      // An empty file is not a store, and the user did not ask for one.
      if wasCreated, StoreFile.size(file.path) == 0 { unlink(file.path) }
      throw error
    }
  }

  deinit { release() }

  /// Whether the locked file still has the store's name, that is, was not removed, moved or replaced.
  var isStoreStillNamed: Bool { StoreInode.Identity(path: store) == inode.identity }

  /// Releases the lock and removes its file; the second call does nothing. Close the store first.
  func release() {
    descriptor.withLock { held in
      guard let descriptor = held else { return }
      held = nil
      unlink(path)
      Glibc.close(descriptor)
      inode.unlock()
    }
  }

  /// Whether some process writes the store, and where its log is.
  enum Writer {
    /// No process writes it.
    case none
    /// The store is written under the same name.
    case here
    /// The store is written, and the log is next to another name of it.
    case elsewhere
  }

  /// Whether some process writes the store now, and under which name.
  static func writer(of file: StoreFile, _ inode: StoreInode) -> Writer {
    var patience = 10
    while true {
      if isNameHeld(file) { return .here }
      guard inode.isLocked else { return .none }
      // A writer takes and releases both locks one after the other.
      if patience == 0 { return .elsewhere }
      patience -= 1
      Pause.milliseconds(20)
    }
  }

  /// Whether some process writes the store now.
  static func isHeld(_ file: StoreFile, _ inode: StoreInode) -> Bool { inode.isLocked || isNameHeld(file) }

  private static func isNameHeld(_ file: StoreFile) -> Bool {
    let descriptor = Glibc.open(file.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    // This is a shared lock for a moment; a writer that meets it tries again.
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
    return false
  }

  private static func open(_ file: StoreFile) throws(StoreError) -> (StoreInode, wasCreated: Bool) {
    if let inode = StoreInode(path: file.path, forWriting: true) { return (inode, false) }
    if errno == ENOENT {
      let descriptor = Glibc.open(file.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
      let code = errno
      if descriptor >= 0 { Glibc.close(descriptor) }
      if descriptor >= 0 || code == EEXIST, let inode = StoreInode(path: file.path, forWriting: true) {
        return (inode, descriptor >= 0)
      }
      if descriptor < 0 { errno = code }
    }
    throw .cannotLock(path: file.path, reason: String(cString: strerror(errno)))
  }

  /// Locks the file under the store's name.
  private static func take(_ inode: inout StoreInode, of file: StoreFile) throws(StoreError) {
    var patience = 10
    while true {
      let answer = inode.lock()
      if answer == .held {
        // A writer that is about to end releases the lock in a moment.
        guard patience > 0 else { throw .locked(path: file.path, holder: holder(of: file)) }
        patience -= 1
        Pause.milliseconds(20)
        continue
      }
      // The last holder may have removed the file that it created.
      if inode.names > 0, StoreInode.Identity(path: file.path) == inode.identity { break }
      inode = try open(file).0
    }
    let names = inode.names
    if names > 1 { throw .severalNames(path: file.path, names: names) }
    if FileSystem.isMounted(file: file.path) { throw .mountedFile(path: file.path) }
  }

  /// Takes the lock next to the store's name.
  private static func takeName(_ file: StoreFile) throws(StoreError) -> Int32 {
    var patience = 10
    while true {
      let descriptor = Glibc.open(file.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else {
        throw .cannotLock(path: file.path, reason: String(cString: strerror(errno)))
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        let holder = Self.holder(descriptor)
        Glibc.close(descriptor)
        if code == EINTR { continue }
        guard code == EWOULDBLOCK else {
          throw .cannotLock(path: file.path, reason: String(cString: strerror(code)))
        }
        // A reader's check, or a writer that is about to end, releases the lock in a moment.
        if patience > 0 {
          patience -= 1
          Pause.milliseconds(20)
          continue
        }
        throw .locked(path: file.path, holder: holder)
      }
      if Self.isStillNamed(file.lock, descriptor) {
        Self.write(LockHolder.text, to: descriptor)
        return descriptor
      }
      Glibc.close(descriptor)
    }
  }

  private static func holder(of file: StoreFile) -> LockHolder? {
    let descriptor = Glibc.open(file.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { Glibc.close(descriptor) }
    return holder(descriptor)
  }

  private static func isStillNamed(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var held = stat()
    return stat(path, &named) == 0 && fstat(descriptor, &held) == 0 && named.st_ino == held.st_ino
      && named.st_dev == held.st_dev
  }

  private static func holder(_ descriptor: Int32) -> LockHolder? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return LockHolder(String(decoding: bytes.prefix(count), as: UTF8.self))
  }

  private static func write(_ text: String, to descriptor: Int32) {
    // The text is needed only for an error message, so a full disk is no reason to release the lock.
    guard ftruncate(descriptor, 0) == 0 else { return }
    let bytes = Array(text.utf8)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }
}

/// A short wait for something that another process is about to finish.
enum Pause {
  static func milliseconds(_ count: UInt32) {
    usleep(count * 1000)
  }
}
