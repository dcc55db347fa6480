internal import Glibc

/// Free space on the disk.
package enum DiskSpace {
  /// The bytes available to this user at a file's path, whether or not it exists; `nil` if the system does not say.
  package static func free(at path: String) -> Int? {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var facts = statvfs()
    guard statvfs(folder.isEmpty ? "/" : folder, &facts) == 0 else { return nil }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }
}
