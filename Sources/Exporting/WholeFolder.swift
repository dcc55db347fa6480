import Foundation
import Glibc

/// A folder that appears whole or not at all; it may take the place of an empty one.
final class WholeFolder {
  private let path: String
  private let partial: String
  private var isOpen = true

  /// Begins a folder.
  ///
  /// - Throws: `exists` where something other than an empty folder stands at the path, `cannotWrite`.
  init(_ path: String) throws(ExportError) {
    var bare = path
    while bare.utf8.count > 1, bare.utf8.last == UInt8(ascii: "/") { bare.removeLast() }
    guard !bare.isEmpty, !bare.utf8.contains(0) else { throw .cannotWrite(path: path, reason: "that is no name") }
    var status = stat()
    if lstat(bare, &status) == 0 {
      let names = try? FileManager.default.contentsOfDirectory(atPath: bare)
      guard status.st_mode & S_IFMT == S_IFDIR, let names, names.isEmpty else { throw .exists(path: bare) }
    }
    self.path = bare
    partial = "\(bare).\(getpid()).part"
    guard mkdir(partial, 0o777) == 0 else { throw WholeFile.failure(bare) }
  }

  deinit { if isOpen { try? FileManager.default.removeItem(atPath: partial) } }

  /// The path of a file in the folder, as long as that is not finished.
  func file(_ name: String) -> String { "\(partial)/\(name)" }

  /// Puts the folder in its place.
  func finish() throws(ExportError) {
    guard rename(partial, path) == 0 else {
      throw [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) ? .exists(path: path) : WholeFile.failure(path)
    }
    isOpen = false
  }
}
