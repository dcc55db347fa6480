import GRDB

/// Leaves one file where readers or a writer's end left more.
///
/// SQLite's read-only connections make a log and its index, but may not remove them.
enum Tidying {
  /// Opens and closes the store as a writer does, unless there is one or nothing is to do.
  /// - Returns: Whether the store is now one file.
  @discardableResult
  static func tidy(_ file: StoreFile) -> Bool {
    let sides = [file.log, file.index, file.journal]
    guard sides.contains(where: StoreFile.exists) else { return true }
    guard StoreFile.exists(file.path), file.isWritable, let lock = try? StoreLock(file) else { return false }
    defer { lock.release() }
    do {
      let queue = try DatabaseQueue(path: file.path, configuration: .store(readonly: false))
      // The log is opened by the first read only, and removed by whoever closes it last.
      _ = try queue.read(StoreIdentity.init(_:))
      try queue.close()
    } catch {
      return false
    }
    return !sides.contains(where: StoreFile.exists)
  }
}
