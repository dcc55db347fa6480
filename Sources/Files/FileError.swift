internal import Glibc

/// Why a file or a folder cannot be read or written, without its path, which the caller knows.
package enum FileError: Error, Equatable, Sendable {
  /// No such file or folder, or a part of the path is not a folder.
  case missing
  /// An empty path, or one with a NUL character, which no file can have.
  case impossiblePath
  /// A folder instead of a file.
  case isFolder
  /// A pipe, a socket or a device instead of a file.
  case notAFile(kind: String)
  /// A file larger than its kind may be.
  case tooLarge(bytes: Int, limit: Int)
  /// A path that leads out of the folder within which it must stay.
  case outside
  /// A file or folder at a path where nothing may be replaced.
  case alreadyThere
  /// A named pipe that no program reads.
  case noReader
  /// A system call failed with this `errno`.
  case system(Int32)

  /// The error for the `errno` of a failed read.
  static func reading(_ code: Int32) -> FileError {
    [ENOENT, ENOTDIR, ENAMETOOLONG].contains(code) ? .missing : .system(code)
  }

  /// The error for anything but a regular file; nil for a regular file.
  static func instead(ofFile mode: mode_t) -> FileError? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: .isFolder
    case S_IFIFO: .notAFile(kind: "pipe")
    case S_IFSOCK: .notAFile(kind: "socket")
    case S_IFCHR, S_IFBLK: .notAFile(kind: "device")
    default: .notAFile(kind: "special file")
    }
  }
}

extension FileError: CustomStringConvertible {
  /// The error in a few words that can follow a path and a colon.
  package var description: String {
    switch self {
    case .missing: "no such file"
    case .impossiblePath: "that is not a possible file name"
    case .isFolder: "it is a folder, not a file"
    case .notAFile(let kind): "it is a \(kind), not a file"
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes, more than the \(limit) allowed"
    case .outside: "the path leads out of its folder"
    case .alreadyThere: "it already exists"
    case .noReader: "it is a pipe that no program reads; start the reader first, or name a file"
    case .system(ELOOP): "its symbolic links form a loop"
    case .system(EMFILE): "too many open files; raise the limit with ulimit -n"
    case .system(let code): String(cString: strerror(code))
    }
  }
}
