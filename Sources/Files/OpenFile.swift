package import Glibc

/// An open file that was judged by its descriptor, so that nothing can be exchanged between the look and the reading.
package struct OpenFile: ~Copyable {
  /// Its descriptor, open for reading; closed with this value.
  package let descriptor: Int32
  /// What the descriptor is, as `fstat` had it.
  package let status: stat

  /// Opens a regular file. A pipe or a device is an error, and never waited for.
  package init(_ path: String) throws(FileProblem) {
    // A NUL would cut the path short for the system and open another file.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    try self.init(judging: retrying { open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
  }

  /// Takes over what `open` or `openat` returned.
  init(judging descriptor: Int32) throws(FileProblem) {
    guard descriptor >= 0 else { throw .reading(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code)
    }
    if let problem = FileProblem.instead(ofFile: status.st_mode) {
      close(descriptor)
      throw problem
    }
    (self.descriptor, self.status) = (descriptor, status)
  }

  deinit { close(descriptor) }

  /// The bytes it had when it was opened; 0 for what the kernel makes up, too.
  package var size: Int { Int(status.st_size) }

  /// All its bytes.
  ///
  /// - Throws: `tooLarge` where there are more than `limit`; they are not read then.
  package func contents(limit: Int) throws(FileProblem) -> [UInt8] {
    guard size <= limit else { throw .tooLarge(bytes: size, limit: limit) }
    // One byte more shows where the end is, and whether the file grew beyond its limit meanwhile.
    var bytes = try beginning(size + 1)
    while bytes.count > size, bytes.count <= limit {
      let more = try beginning(1 << 16)
      if more.isEmpty { break }
      bytes += more
    }
    guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count, limit: limit) }
    return bytes
  }

  /// The next bytes, at most `count`; fewer only at the end.
  package func beginning(_ count: Int) throws(FileProblem) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      while used < count {
        let step = retrying { read(descriptor, buffer.baseAddress.map { $0 + used }, count - used) }
        if step < 0 { failure = errno }
        if step <= 0 { break }
        used += step
      }
    }
    if failure != 0 { throw .system(failure) }
    return bytes
  }
}

/// Reads files that are to be regular and small.
package enum FileReader {
  /// The bytes of the file at `path`.
  ///
  /// - Throws: `missing`, `isFolder`, `notAFile`; `tooLarge` where it has more than `limit` bytes, `system` where it
  ///   cannot be read.
  package static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
    try OpenFile(path).contents(limit: limit)
  }
}

/// Calls again as long as a signal interrupts.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
