internal import Glibc

/// A folder beneath which files are opened: even if a part of a path is replaced by a link in the meantime, nothing
/// outside is opened.
///
/// The folder's descriptor stays open. A path is followed from it part by part; each part is opened relative to the
/// previous one and never through a link. A link is read, and its target is followed in the same way. `openat2` would
/// do the same for relative paths, but not for absolute ones that lead back into the folder, and not every kernel
/// allows it.
package final class RootFolder: Sendable {
  /// Why a folder cannot be opened.
  package enum Failure: Error, Equatable, Sendable {
    /// It does not exist.
    case missing
    /// It is not a folder.
    case notAFolder
    /// The system does not allow it.
    case refused(FileError)
  }

  let descriptor: Int32
  let identity: FileIdentity

  /// Opens a folder, following links to it.
  package init(_ path: String) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing }
    let descriptor = retrying { Glibc.open(path, pathOnly | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let problem = FileError.reading(errno)
      throw problem == .missing ? .missing : .refused(problem)
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0, code = errno
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard isKnown, isFolder, faccessat(descriptor, ".", X_OK, 0) == 0 else {
      let failure: Failure = isKnown && !isFolder ? .notAFolder : .refused(.system(isKnown ? errno : code))
      close(descriptor)
      throw failure
    }
    self.descriptor = descriptor
    identity = FileIdentity(status)
  }

  deinit { close(descriptor) }

  /// Opens a regular file.
  ///
  /// - Parameter path: relative to the folder, or absolute; links are followed as long as everything leads back inside.
  /// - Returns: the open file.
  /// - Throws: `outside` if it leads out, even to a missing file; `missing`, `isFolder`, `notAFile` and `system` for a
  ///   path inside.
  package func open(_ path: String) throws(FileError) -> OpenFile {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else { throw .impossiblePath }
    var walk = PathResolver(root: self)
    return try walk.open(bytes)
  }
}

/// The target of a name, by device and inode number.
struct FileIdentity: Equatable, Sendable {
  private let device: dev_t
  private let number: ino_t

  init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
}

/// `O_PATH`, which Glibc's module lacks; its value is the same on every processor that Swift supports. It opens without
/// read permission.
let pathOnly: Int32 = 0o10_000_000

/// Follows a path part by part with descriptors, and knows at each part whether it is inside the folder.
struct PathResolver: ~Copyable {
  private let root: RootFolder
  /// The folders from the root to the current position, without the root's own descriptor; all are closed at the end.
  private var inside: [Int32] = []
  /// The current position if it is outside the root; nil inside.
  private var outside: Int32?
  /// The parts that remain to be followed, in reverse order.
  private var rest: [[UInt8]] = []
  /// The number of links and replacements that are still accepted.
  private var linksLeft = 40

  init(root: RootFolder) { self.root = root }

  deinit {
    for descriptor in inside { close(descriptor) }
    if let outside { close(outside) }
  }

  private var current: Int32 { outside ?? inside.last ?? root.descriptor }

  /// Opens the regular file at a path.
  mutating func open(_ path: [UInt8]) throws(FileError) -> OpenFile {
    try begin(path)
    while let part = rest.popLast() {
      if part == dot { continue }
      if part == dotDot {
        try up()
      } else if rest.isEmpty {
        if let file = try last(part) { return file }
      } else {
        try down(part)
      }
    }
    throw outside == nil ? .isFolder : .outside
  }

  /// Puts a path, or a link's target, before the remaining parts.
  private mutating func begin(_ path: [UInt8]) throws(FileError) {
    var parts = path.split(separator: slash).map(Array.init)
    // A trailing slash requires a folder, as a dot does.
    if path.last == slash { parts.append(dot) }
    rest += parts.reversed()
    guard path.first == slash else { return }
    leave(to: retrying { Glibc.open("/", pathOnly | O_DIRECTORY | O_CLOEXEC) })
    guard outside != -1 else { throw .outside }
    returnIfRoot()
  }

  /// Goes to the parent folder.
  private mutating func up() throws(FileError) {
    if outside == nil, let last = inside.popLast() {
      close(last)
      return
    }
    let above = retrying { openat(current, "..", pathOnly | O_DIRECTORY | O_CLOEXEC) }
    guard above >= 0 else { throw .outside }
    leave(to: above)
    returnIfRoot()
  }

  /// Goes into a folder, or follows a link in its place.
  private mutating func down(_ part: [UInt8]) throws(FileError) {
    let below = part.withPath { name in
      retrying { openat(current, name, pathOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    }
    guard below >= 0 else {
      let code = errno
      guard [ENOTDIR, ELOOP].contains(code), try follow(part) else { throw failure(code, at: part) }
      return
    }
    if outside == nil {
      inside.append(below)
    } else {
      leave(to: below)
      returnIfRoot()
    }
  }

  /// Opens the last part; nil if it is a link, whose target then becomes the rest.
  private mutating func last(_ part: [UInt8]) throws(FileError) -> OpenFile? {
    var status = stat()
    let isThere = part.withPath { fstatat(current, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
    guard isThere else { throw failure(errno, at: part) }
    if status.st_mode & S_IFMT == S_IFLNK {
      guard try follow(part) else { throw failure(ENOENT, at: part) }
      return nil
    }
    guard outside == nil else {
      // The root itself may be the last part of an absolute path.
      if status.st_mode & S_IFMT == S_IFDIR, FileIdentity(status) == root.identity { throw .isFolder }
      throw .outside
    }
    // A device is not even opened, because opening alone may have an effect.
    if let problem = FileError.instead(ofFile: status.st_mode) { throw problem }
    let descriptor = part.withPath { name in
      retrying { openat(current, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC) }
    }
    // It has since been replaced by a link.
    if descriptor < 0, errno == ELOOP, try follow(part) { return nil }
    return try OpenFile(checking: descriptor)
  }

  /// Puts a link's target before the remaining parts; false if it is not a link.
  private mutating func follow(_ part: [UInt8]) throws(FileError) -> Bool {
    linksLeft -= 1
    guard linksLeft >= 0 else { throw failure(ELOOP, at: part) }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = part.withPath { name in
      readlinkat(current, name, &target, target.count)
    }
    guard length > 0 else { return false }
    try begin(target.prefix(length).map(UInt8.init(bitPattern:)))
    return true
  }

  /// Continues outside, at a descriptor.
  private mutating func leave(to descriptor: Int32) {
    for descriptor in inside { close(descriptor) }
    inside = []
    if let outside, outside >= 0 { close(outside) }
    outside = descriptor
  }

  /// Detects whether the position is the root again.
  private mutating func returnIfRoot() {
    guard let place = outside, place >= 0 else { return }
    var status = stat()
    guard fstat(place, &status) == 0, FileIdentity(status) == root.identity else { return }
    close(place)
    outside = nil
  }

  /// Converts a failure. A path to the outside always gives the same error, which reveals nothing about it; so does a
  /// path that would lead out after the part that failed.
  private func failure(_ code: Int32, at part: [UInt8]) -> FileError {
    guard outside == nil else { return .outside }
    var depth = inside.count + 1
    for part in rest.reversed() where part != dot {
      depth += part == dotDot ? -1 : 1
      if depth < 0 { return .outside }
    }
    return .reading(code)
  }
}

private let slash = UInt8(ascii: "/")
private let dot = [UInt8(ascii: ".")]
private let dotDot = [UInt8(ascii: "."), UInt8(ascii: ".")]

extension [UInt8] {
  /// Calls `body` with the bytes as a C string.
  func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let name = map(CChar.init(bitPattern:)) + [0]
    return name.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a name ends in a NUL") }
      return body(start)
    }
  }
}
