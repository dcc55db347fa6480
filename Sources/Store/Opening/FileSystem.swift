import Glibc

/// Checks of the file system on which a store lies.
package enum FileSystem {
  /// The type of the network or user-space file system that holds a folder; `nil` on a local disk, or if the kernel's
  /// list of mounts cannot be read.
  ///
  /// Such systems share no memory between machines, which a write-ahead log needs.
  static func networkType(ofFolder path: String) -> String? {
    guard let mounts = contents("/proc/self/mountinfo"), let type = type(of: path, mounts: mounts) else {
      return nil
    }
    return isNetwork(type) ? type : nil
  }

  /// The type of the file system that holds an absolute path, from the kernel's list of mounts: the longest mount point
  /// above the path, and the last one if several are equal.
  package static func type(of path: String, mounts: String) -> String? {
    var best: (length: Int, type: Substring)?
    let wanted = Array(path.utf8)
    for line in mounts.split(separator: "\n") {
      // 36 35 98:0 /root /mount\040point rw,noatime master:1 - ext4 /dev/root rw
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.dropFirst(6).firstIndex(of: "-"), dash + 1 < fields.count
      else { continue }
      let point = unescaped(fields[4])
      let isAbove =
        point == [UInt8(ascii: "/")] || wanted == point || wanted.starts(with: point + [UInt8(ascii: "/")])
      if isAbove, point.count >= best?.length ?? 0 { best = (point.count, fields[dash + 1]) }
    }
    return best.map { String($0.type) }
  }

  /// Whether a single file is mounted at an absolute path, as `mount --bind FILE FILE` does.
  ///
  /// Such a file has another name elsewhere that does not count as a link.
  static func isMounted(file path: String) -> Bool {
    contents("/proc/self/mountinfo").map { isMountPoint(path, mounts: $0) } ?? false
  }

  /// Whether the kernel's list of mounts has a mount at an absolute path.
  package static func isMountPoint(_ path: String, mounts: String) -> Bool {
    let wanted = Array(path.utf8)
    return mounts.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ", maxSplits: 5)
      return fields.count > 5 && unescaped(fields[4]) == wanted
    }
  }

  /// Whether a type in the kernel's list is a network file system, or one that a program provides (FUSE).
  package static func isNetwork(_ type: String) -> Bool {
    type == "fuse" || type.hasPrefix("fuse.") || networkTypes.contains(type)
  }

  private static let networkTypes: Set<String> = [
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "drvfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "ocfs2", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
  ]

  /// A mount point's bytes: blanks and backslashes are written as three octal digits.
  private static func unescaped(_ field: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func contents(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    // Even a machine with thousands of containers has a list of mounts far below 16 MiB.
    while bytes.count < 1 << 24 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The folder where SQLite sorts and rewrites files, chosen as SQLite chooses it.
enum TemporaryFolder {
  /// The first of `SQLITE_TMPDIR`, `TMPDIR` and the usual folders that can be written to.
  static var path: String {
    let named = ["SQLITE_TMPDIR", "TMPDIR"].compactMap { (name: String) -> String? in
      getenv(name).map { String(cString: $0) }
    }
    return (named + ["/var/tmp", "/usr/tmp", "/tmp"]).first { isUsable($0) } ?? "."
  }

  /// Whether this folder is on another disk than a file, and has less free space.
  ///
  /// Call this after a write failed for lack of space. The temporary files are gone by then, so their folder's free
  /// space alone proves nothing.
  static func isFuller(thanFolderOf path: String) -> Bool {
    guard let own = room(self.path), let store = room(StoreFile.folder(of: path)) else { return false }
    return own.device != store.device && own.free < store.free
  }

  /// Whether a folder's disk has no space even for one write of SQLite.
  static func isFull(_ folder: String) -> Bool { room(folder).map { $0.free < 1 << 20 } ?? false }

  private static func isUsable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, W_OK | X_OK) == 0
  }

  private static func room(_ folder: String) -> (device: UInt, free: UInt)? {
    var status = stat()
    var system = statvfs()
    guard stat(folder, &status) == 0, statvfs(folder, &system) == 0 else { return nil }
    return (UInt(status.st_dev), UInt(system.f_bavail) &* UInt(system.f_frsize))
  }
}
