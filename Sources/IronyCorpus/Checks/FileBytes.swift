import Glibc

/// A file, whole, where it is not too large.
enum FileBytes {
  /// Reads a file up to its end, or to one byte more than `limit`, so that who asked for it can tell.
  ///
  /// - Throws: `IronyError.cannotRead`.
  static func read(_ path: String, limit: Int) throws(IronyError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw failure(path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    guard ferror(file) == 0 else { throw failure(path) }
    return Array(bytes.prefix(limit + 1))
  }

  private static func failure(_ path: String) -> IronyError {
    .cannotRead(path: path, reason: String(cString: strerror(errno)))
  }
}
