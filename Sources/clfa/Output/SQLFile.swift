import Bytes
import Glibc
import Queries

/// A query in a file of somebody's own.
enum SQLFile {
  /// What is wrong with the file.
  enum Trouble: Error, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case notAFile(path: String)
    case tooLarge(path: String)
    case notUTF8(path: String)

    var description: String {
      switch self {
      case .unreadable(let path, let code):
        "cannot read \(path.printable): \(String(cString: strerror(code))); check the path"
      case .notAFile(let path): "\(path.printable) is not a file; name a file of SQL"
      case .tooLarge(let path): "\(path.printable) is over 1 MiB, which is no query; name a file of SQL"
      case .notUTF8(let path): "\(path.printable) is not UTF-8; save it as UTF-8"
      }
    }
  }

  private static let largest = 1 << 20

  /// Reads a query from a file, named by it.
  static func read(_ path: String) throws -> NamedQuery {
    // A pipe without a writer must not hold us up.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Trouble.unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Trouble.notAFile(path: path)
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Trouble.unreadable(path: path, code: errno) }
      guard count > 0 else { break }
      bytes += piece.prefix(count)
      guard bytes.count <= largest else { throw Trouble.tooLarge(path: path) }
    }
    guard let sql = String(validating: bytes, as: UTF8.self) else { throw Trouble.notUTF8(path: path) }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let file = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
    return try NamedQuery.own(name: String(file.dropLast(".sql".count)), file: path, sql: sql)
  }
}
