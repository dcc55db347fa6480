import Glibc

/// The folder where SQLite keeps what it sorts and what it writes anew, chosen as SQLite chooses it.
enum TemporaryFolder {
  /// The first of `SQLITE_TMPDIR`, `TMPDIR` and the usual folders that can be written to.
  static var path: String {
    let named = ["SQLITE_TMPDIR", "TMPDIR"].compactMap { (name: String) -> String? in
      getenv(name).map { String(cString: $0) }
    }
    return (named + ["/var/tmp", "/usr/tmp", "/tmp"]).first { isUsable($0) } ?? "."
  }

  /// Whether it is on another disk than a file, and has less room.
  ///
  /// Asked after something did not fit. What was written to the folder is gone by then, so its room alone says nothing.
  static func isFuller(thanFolderOf path: String) -> Bool {
    guard let own = room(self.path), let store = room(StoreFile.folder(of: path)) else { return false }
    return own.device != store.device && own.free < store.free
  }

  /// Whether a folder's disk has no room for what SQLite writes at once.
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
