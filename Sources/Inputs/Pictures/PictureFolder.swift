public import Corpus
import Glibc

/// The folder that the picture paths of a corpus start from. Nothing outside it is read.
public struct PictureFolder: Sendable {
  /// The folder as it was named.
  public let root: String
  /// Bounds on the files; `bytes` acts here, `pixels` on decoding.
  public let limits: PictureLimits
  /// The folder's real path, all links followed, without a slash at the end.
  private let realRoot: [UInt8]

  /// Opens a folder.
  ///
  /// - Throws: where there is none, or the system refuses it.
  public init(root: String, limits: PictureLimits = PictureLimits()) throws(PictureFolderError) {
    guard !root.utf8.contains(0), let real = realPath(Array(root.utf8)) else {
      if root.utf8.contains(0) || errno == ENOENT || errno == ENOTDIR { throw .missing(path: root) }
      throw .unreadable(path: root, reason: reason(errno))
    }
    var status = stat()
    guard lstat(real.cString, &status) == 0 else { throw .unreadable(path: root, reason: reason(errno)) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: root) }
    guard access(real.cString, X_OK) == 0 else { throw .unreadable(path: root, reason: reason(errno)) }
    self.root = root
    self.limits = limits
    self.realRoot = real == [UInt8(ascii: "/")] ? [] : real
  }

  /// Reads a picture file, whole.
  ///
  /// - Parameter path: relative to the folder, or absolute and inside it.
  /// - Returns: the file's bytes and their hash.
  /// - Throws: a fault of every code up to `file_too_large`; the file is not decoded here.
  public func load(_ path: String) throws(PictureFault) -> PictureFile {
    do throws(PictureProblem) {
      return PictureFile(path: path, bytes: try read(try locate(path)))
    } catch {
      throw PictureFault(path: path, problem: error)
    }
  }

  /// What would keep ``load(_:)`` from reading a file, without reading it; `nil` where nothing is known to.
  public func find(_ path: String) -> FaultCode? {
    do throws(PictureProblem) {
      let place = try locate(path)
      guard access(place.cString, R_OK) == 0 else { throw problem(errno) }
      return nil
    } catch {
      return error.code
    }
  }

  /// The real path of a regular file of an allowed size inside the folder.
  private func locate(_ path: String) throws(PictureProblem) -> [UInt8] {
    let written = Array(path.utf8)
    if written.isEmpty || written.contains(0) { throw .impossiblePath }
    let full = written.first == slash ? written : realRoot + [slash] + written
    guard let real = realPath(full) else {
      let error = errno
      // Whatever is or is not out there, the answer is the same: it is out there.
      throw leaves(written) ? .outsideFolder(folder: root) : problem(error)
    }
    guard real.starts(with: realRoot), real.count == realRoot.count || real[realRoot.count] == slash else {
      throw .outsideFolder(folder: root)
    }
    var status = stat()
    guard lstat(real.cString, &status) == 0 else { throw problem(errno) }
    try check(status)
    return real
  }

  /// Whether a path that leads nowhere would, as spelled, lead out of the folder.
  private func leaves(_ path: [UInt8]) -> Bool {
    var path = path[...]
    if path.first == slash {
      let roots = [realRoot, Array(root.utf8)].filter { $0.first == slash || $0.isEmpty }
      guard let own = roots.first(where: { path.starts(with: $0 + [slash]) }) else { return true }
      path = path.dropFirst(own.count)
    }
    var depth = 0
    for part in path.split(separator: slash) where part != [UInt8(ascii: ".")] {
      depth += part == [UInt8(ascii: "."), UInt8(ascii: ".")] ? -1 : 1
      if depth < 0 { return true }
    }
    return false
  }

  private func check(_ status: stat) throws(PictureProblem) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .directory
    case S_IFIFO: throw .notAFile(kind: "pipe")
    case S_IFSOCK: throw .notAFile(kind: "socket")
    case S_IFCHR, S_IFBLK: throw .notAFile(kind: "device")
    default: throw .notAFile(kind: "special file")
    }
    if status.st_size == 0 { throw .emptyFile }
    if status.st_size > limits.bytes { throw .fileTooLarge(bytes: status.st_size, limit: limits.bytes) }
  }

  /// Reads a located file. It is looked at again once open, and never waited for: it may have been exchanged meanwhile.
  private func read(_ place: [UInt8]) throws(PictureProblem) -> [UInt8] {
    let file = retrying { open(place.cString, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) }
    guard file >= 0 else { throw problem(errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw problem(errno) }
    try check(status)
    var failure: Int32 = 0
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let step = retrying { Glibc.read(file, buffer.baseAddress.map { $0 + count }, size - count) }
        if step < 0 { failure = errno }
        if step <= 0 { break }
        count += step
      }
    }
    if failure != 0 { throw problem(failure) }
    if bytes.isEmpty { throw .emptyFile }
    return bytes
  }
}

private let slash = UInt8(ascii: "/")

private func problem(_ error: Int32) -> PictureProblem {
  switch error {
  case ENOENT, ENOTDIR, ENAMETOOLONG: .missing
  default: .unreadable(reason: reason(error))
  }
}

private func reason(_ error: Int32) -> String {
  error == ELOOP ? "links lead in a circle" : String(cString: strerror(error)).lowercased()
}

private func realPath(_ path: [UInt8]) -> [UInt8]? {
  guard let real = realpath(path.cString, nil) else { return nil }
  defer { free(real) }
  return Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
}

/// Calls again as long as a signal interrupts.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

extension [UInt8] {
  /// The bytes as the system wants a path.
  fileprivate var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
