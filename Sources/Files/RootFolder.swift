internal import Glibc

/// A folder that files are opened beneath: even if a part of a path is swapped for a link meanwhile, nothing outside is
/// opened.
///
/// The folder's descriptor is held. A path is followed from it part by part, each opened relative to the one before and
/// never through a link; a link is read and its target followed in the same way. `openat2` would do the same for paths
/// that stay beneath, but not for absolute ones that lead back into the folder, and not every kernel lets it be called.
package final class RootFolder: Sendable {
  /// Why a folder cannot be held.
  package enum Failure: Error, Equatable, Sendable {
    /// Nothing is there.
    case missing
    /// Something other than a folder is there.
    case notAFolder
    /// The system refuses it.
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
  /// - Parameter path: relative to the folder, or absolute; links are followed as long as all leads back inside.
  /// - Returns: the open file.
  /// - Throws: `outside` if it leads out, even if nothing is there; `missing`, `isFolder`, `notAFile` and
  ///   `system` for what is inside.
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

/// `O_PATH`, which Glibc's module lacks: the same on every processor that Swift runs on. Opening so needs no right to read.
let pathOnly: Int32 = 0o10_000_000

/// Follows one path part by part with descriptors, and knows at each part whether it is in the folder.
struct PathResolver: ~Copyable {
  private let root: RootFolder
  /// The folders from the root to where the walk is, the root's own descriptor left out; all are closed with the walk.
  private var inside: [Int32] = []
  /// Where the walk is outside the root; nil inside.
  private var outside: Int32?
  /// The parts still to be followed, the next part last.
  private var rest: [[UInt8]] = []
  /// Links that may still be followed, and exchanges that may still be met with.
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

  /// Puts a path, or what a link says, before the rest.
  private mutating func begin(_ path: [UInt8]) throws(FileError) {
    var parts = path.split(separator: slash).map(Array.init)
    // A slash at the end asks for a folder, as a dot does.
    if path.last == slash { parts.append(dot) }
    rest += parts.reversed()
    guard path.first == slash else { return }
    leave(to: retrying { Glibc.open("/", pathOnly | O_DIRECTORY | O_CLOEXEC) })
    guard outside != -1 else { throw .outside }
    returnIfRoot()
  }

  /// Goes to the folder above.
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

  /// Goes into a folder, or follows a link that is in its place.
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

  /// Opens the last part; nil if it is a link, whose target is then the rest.
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
    // A device is not even opened: that alone may do something.
    if let problem = FileError.instead(ofFile: status.st_mode) { throw problem }
    let descriptor = part.withPath { name in
      retrying { openat(current, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC) }
    }
    // It was exchanged for a link since.
    if descriptor < 0, errno == ELOOP, try follow(part) { return nil }
    return try OpenFile(checking: descriptor)
  }

  /// Puts a link's target before the rest; false for what is not a link.
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

  /// Goes on outside, at a descriptor.
  private mutating func leave(to descriptor: Int32) {
    for descriptor in inside { close(descriptor) }
    inside = []
    if let outside, outside >= 0 { close(outside) }
    outside = descriptor
  }

  /// Notices that the walk has come back to the root.
  private mutating func returnIfRoot() {
    guard let place = outside, place >= 0 else { return }
    var status = stat()
    guard fstat(place, &status) == 0, FileIdentity(status) == root.identity else { return }
    close(place)
    outside = nil
  }

  /// Converts a failure. A path to the outside always gives the same error, which reveals nothing about it; so does a
  /// path that would lead out behind the part that failed.
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
  /// Lends the bytes as the system wants a path.
  func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let name = map(CChar.init(bitPattern:)) + [0]
    return name.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a name ends in a NUL") }
      return body(start)
    }
  }
}
