import Glibc
import Synchronization

/// Who holds a store's lock, as the lock file says it.
public struct LockHolder: Equatable, Sendable {
  /// The process' number on its machine.
  public let process: Int
  /// The machine's name.
  public let host: String

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

/// The right to write a store: `flock` on `STORE.lock`, which dies with the process that holds it.
///
/// Its holder removes the file while it still holds the lock, and whoever gets a lock checks that the
/// file under the name is still the one it locked; so the file may go without two holders meeting.
final class StoreLock: Sendable {
  private let path: String
  private let descriptor: Mutex<Int32?>

  /// Takes the lock, or says who has it.
  init(_ file: StoreFile) throws(StoreError) {
    path = file.lock
    var patience = 10
    while true {
      let descriptor = open(file.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
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
        // A reader's `isHeld` or a writer about to end is gone in a moment.
        if patience > 0 {
          patience -= 1
          Pause.milliseconds(20)
          continue
        }
        throw .locked(path: file.path, holder: holder)
      }
      if Self.isStillNamed(file.lock, descriptor) {
        Self.write(LockHolder.text, to: descriptor)
        self.descriptor = Mutex(descriptor)
        return
      }
      Glibc.close(descriptor)
    }
  }

  deinit { release() }

  /// Gives the lock back and removes its file; the second call does nothing.
  func release() {
    descriptor.withLock { held in
      guard let descriptor = held else { return }
      held = nil
      unlink(path)
      Glibc.close(descriptor)
    }
  }

  /// Whether some process holds the store's lock now.
  static func isHeld(_ file: StoreFile) -> Bool {
    let descriptor = open(file.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    // A shared lock for a moment; a writer that meets it tries again.
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
    return false
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
    // The text only serves a refusal's words: a full disk is no reason to give up the lock.
    guard ftruncate(descriptor, 0) == 0 else { return }
    let bytes = Array(text.utf8)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }
}
