internal import Glibc

/// Gives something its name where nothing may be replaced: of two that want one name, the second gets an error.
package enum Renaming {
  /// How a file or folder is kept from taking another's place.
  package enum Way: CaseIterable {
    /// One call of the kernel.
    case call
    /// What every kernel and file system has: a second name for a file, an empty folder that is then replaced.
    case claim
  }

  /// Renames a file.
  package static func file(_ old: String, to new: String, by ways: [Way] = Way.allCases) throws(FileProblem) {
    if ways.contains(.call), try call(old, new) { return }
    if link(old, new) == 0 {
      unlink(old)
      return
    }
    guard errno != EEXIST else { throw .alreadyThere }
    // A file system without second names: a look, and a name.
    var status = stat()
    guard lstat(new, &status) != 0 else { throw .alreadyThere }
    guard rename(old, new) == 0 else { throw .system(errno) }
  }

  /// Renames a folder.
  package static func folder(_ old: String, to new: String, by ways: [Way] = Way.allCases) throws(FileProblem) {
    if ways.contains(.call), try call(old, new) { return }
    // Only one process can make the folder, and only an empty one is replaced.
    guard mkdir(new, 0o777) == 0 else { throw errno == EEXIST ? .alreadyThere : .system(errno) }
    guard rename(old, new) == 0 else {
      let code = errno
      rmdir(new)
      throw .system(code)
    }
  }

  /// Renames by `renameat2`; false where the kernel or the file system lacks that.
  private static func call(_ old: String, _ new: String) throws(FileProblem) -> Bool {
    // Glibc's module does not have it.
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    let noReplace: UInt32 = 1
    if unsafeBitCast(symbol, to: Call.self)(AT_FDCWD, old, AT_FDCWD, new, noReplace) == 0 { return true }
    switch errno {
    case EEXIST, ENOTEMPTY: throw .alreadyThere
    case EINVAL, ENOSYS, EPERM, ENOTSUP: return false
    default: throw .system(errno)
    }
  }
}
