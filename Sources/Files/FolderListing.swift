internal import Glibc

extension RootFolder {
  /// The deepest folder that ``paths(limit:_:)`` enters.
  private static let deepest = 64

  /// The paths of the files below the folder, those near the root first; links are files here, and are not followed.
  ///
  /// Names that are not UTF-8 are left out. A folder that cannot be read is passed over.
  ///
  /// - Parameters:
  ///   - limit: the maximum number of names to look at.
  ///   - visit: called with each path, relative to the folder.
  /// - Returns: false if there are more.
  @discardableResult
  package func paths(limit: Int, _ visit: ([UInt8]) -> Void) -> Bool {
    var left = limit, level: [[[UInt8]]] = [[]]
    for _ in 0..<Self.deepest where !level.isEmpty {
      var below: [[[UInt8]]] = []
      for folder in level {
        guard let stream = stream(of: folder) else { continue }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
          let name = Self.name(entry)
          if name == [0x2E] || name == [0x2E, 0x2E] { continue }
          left -= 1
          guard left >= 0 else { return false }
          guard String(validating: name, as: UTF8.self) != nil else { continue }
          switch Self.kind(entry, name, in: dirfd(stream)) {
          case S_IFDIR: below.append(folder + [name])
          case S_IFREG, S_IFLNK: visit(Array((folder + [name]).joined(separator: [UInt8(ascii: "/")])))
          default: continue
          }
        }
      }
      level = below
    }
    return level.isEmpty
  }

  /// Opens a folder part by part, never through a link.
  private func stream(of folder: [[UInt8]]) -> OpaquePointer? {
    var current = retrying { openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    for part in folder where current >= 0 {
      let above = current
      current = part.withPath { name in
        retrying { openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
      }
      close(above)
    }
    guard current >= 0 else { return nil }
    let stream = fdopendir(current)
    if stream == nil { close(current) }
    return stream
  }

  private static func name(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
  }

  private static func kind(_ entry: UnsafeMutablePointer<dirent>, _ name: [UInt8], in folder: Int32) -> mode_t {
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): return S_IFDIR
    case Int(DT_REG): return S_IFREG
    case Int(DT_LNK): return S_IFLNK
    case Int(DT_UNKNOWN):
      // Some file systems do not say.
      var status = stat()
      guard name.withPath({ fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { return 0 }
      return status.st_mode & S_IFMT
    default: return 0
    }
  }
}
