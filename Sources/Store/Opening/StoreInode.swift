import Glibc
import Synchronization

/// A store's file as the disk knows it. All links and bind mounts of the file share it, and therefore the lock on it.
///
/// SQLite's own locks are of a kind that the kernel drops as soon as the process closes *any* descriptor of the file.
/// So everything in this process that has a store open shares one descriptor, which is closed after the last of their
/// connections.
///
/// The lock is one byte far from those that SQLite locks, so it blocks neither readers nor SQLite, even on a network
/// file system. It belongs to the open file description (`F_OFD_SETLK`), so it ends with the process, whatever the
/// reason.
final class StoreInode: Sendable {
  /// The result of requesting the lock.
  enum LockResult: Equatable {
    case taken, held
    /// The file system has no such lock, or the file may not be written.
    case unavailable
  }

  /// A file's number and the number of its file system.
  struct Identity: Hashable {
    var device, number: UInt

    init(_ status: stat) { (device, number) = (UInt(status.st_dev), UInt(status.st_ino)) }

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      self.init(status)
    }
  }

  private struct Open {
    var descriptor: Int32
    var isWritable: Bool
    var users = 0
    var isLocked = false
    /// Replaced descriptors; closing them early would release SQLite's locks.
    var retired: [Int32] = []
  }

  private static let files = Mutex<[Identity: Open]>([:])

  /// The file itself.
  let identity: Identity
  private let holdsLock = Mutex(false)

  /// Opens the file at a path; `nil` if it cannot be opened, and `errno` holds the reason.
  /// - Parameters:
  ///   - path: the path, links resolved.
  ///   - forWriting: whether the lock will be asked for.
  init?(path: String, forWriting: Bool) {
    let found = Self.files.withLock { files -> Identity? in
      if let identity = Identity(path: path), var known = files[identity], known.isWritable || !forWriting {
        known.users += 1
        files[identity] = known
        return identity
      }
      let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
      let writable = forWriting ? Glibc.open(path, O_RDWR | flags) : -1
      let descriptor = writable >= 0 ? writable : Glibc.open(path, O_RDONLY | flags)
      var status = stat()
      guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return nil }
      let identity = Identity(status)
      var known = files[identity] ?? Open(descriptor: descriptor, isWritable: writable >= 0)
      if known.descriptor != descriptor {
        if writable >= 0, !known.isWritable {
          known.retired.append(known.descriptor)
          (known.descriptor, known.isWritable) = (descriptor, true)
        } else {
          known.retired.append(descriptor)
        }
      }
      known.users += 1
      files[identity] = known
      return identity
    }
    guard let found else { return nil }
    identity = found
  }

  deinit {
    unlock()
    Self.files.withLock { files in
      guard var known = files[identity] else { return }
      known.users -= 1
      files[identity] = known.users > 0 ? known : nil
      guard known.users == 0 else { return }
      for descriptor in known.retired + [known.descriptor] { Glibc.close(descriptor) }
    }
  }

  /// Asks for the lock, without waiting.
  func lock() -> LockResult {
    Self.files.withLock { files in
      guard var known = files[identity], known.isWritable else { return .unavailable }
      if known.isLocked { return .held }
      var range = Self.range(F_WRLCK)
      guard fcntl(known.descriptor, Self.setLock, &range) == 0 else {
        return errno == EAGAIN || errno == EACCES ? .held : .unavailable
      }
      known.isLocked = true
      files[identity] = known
      holdsLock.withLock { $0 = true }
      return .taken
    }
  }

  /// Releases the lock if it is ours.
  func unlock() {
    let isOurs = holdsLock.withLock { holds in
      defer { holds = false }
      return holds
    }
    guard isOurs else { return }
    Self.files.withLock { files in
      guard let descriptor = files[identity]?.descriptor else { return }
      var range = Self.range(F_UNLCK)
      _ = fcntl(descriptor, Self.setLock, &range)
      files[identity]?.isLocked = false
    }
  }

  /// Whether this process or another has the lock.
  var isLocked: Bool {
    Self.files.withLock { files in
      guard let known = files[identity] else { return false }
      if known.isLocked { return true }
      var range = Self.range(F_RDLCK)
      return fcntl(known.descriptor, Self.getLock, &range) == 0 && range.l_type != Int16(F_UNLCK)
    }
  }

  /// How many names the file has on its file system; 0 once it was removed.
  var names: Int {
    Self.files.withLock { files in
      var status = stat()
      guard let known = files[identity], fstat(known.descriptor, &status) == 0 else { return 0 }
      return Int(status.st_nlink)
    }
  }

  // Defined in <fcntl.h> only under _GNU_SOURCE.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  /// One byte after those that SQLite locks, which are at 1 GiB; the file may be shorter than that.
  private static func range(_ type: Int32) -> flock {
    var range = flock()
    range.l_type = Int16(type)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = 0x4000_0000 + 4096
    range.l_len = 1
    return range
  }
}
