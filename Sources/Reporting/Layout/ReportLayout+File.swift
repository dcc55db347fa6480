import Glibc

extension ReportLayout {
  /// A layout by what the command line names: a file whose name ends in `.json`, else a built-in one.
  public static func find(_ name: String) throws(ReportingError) -> ReportLayout {
    guard name.hasSuffix(".json") || name.utf8.contains(UInt8(ascii: "/")) else { return try named(name) }
    let json = try read(name)
    do {
      return try ReportLayout(json: json)
    } catch {
      guard case .badLayout(let reason) = error else { throw error }
      throw .badLayoutFile(path: name, reason: reason)
    }
  }

  private static func read(_ path: String) throws(ReportingError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadableLayout(path: path, reason: String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadableLayout(path: path, reason: "it is no plain file")
    }
    // One byte over the limit is enough for the parser to refuse the rest.
    var bytes = [UInt8](repeating: 0, count: LayoutLimits.bytes + 1)
    var used = 0
    while used < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress?.advanced(by: used), $0.count - used)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadableLayout(path: path, reason: String(cString: strerror(errno))) }
      if count == 0 { break }
      used += count
    }
    return Array(bytes.prefix(used))
  }
}
