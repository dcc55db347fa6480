import Bytes
import Files
import Glibc

/// A query in a file of the user's.
package enum SQLFile {
  /// The fault of the file.
  package enum ReadError: Error, Equatable, Sendable, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case notAFile(path: String)
    case tooLarge(path: String)
    case notUTF8(path: String)

    package var description: String {
      switch self {
      case .unreadable(let path, let code):
        "cannot read \(path.printable): \(String(cString: strerror(code))); check the path"
      case .notAFile(let path): "\(path.printable) is not a file; name a file of SQL"
      case .tooLarge(let path): "\(path.printable) is over 1 MiB, too large for a query; name a file of SQL"
      case .notUTF8(let path): "\(path.printable) is not UTF-8; save it as UTF-8"
      }
    }
  }

  private static let largest = 1 << 20

  /// Reads a query from a file, named by it.
  package static func read(_ path: String) throws -> NamedQuery {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.read(path, limit: largest)
    } catch {
      switch error {
      case .tooLarge: throw ReadError.tooLarge(path: path)
      case .isFolder, .notAFile: throw ReadError.notAFile(path: path)
      case .system(let code): throw ReadError.unreadable(path: path, code: code)
      default: throw ReadError.unreadable(path: path, code: ENOENT)
      }
    }
    guard let sql = String(validating: bytes, as: UTF8.self) else { throw ReadError.notUTF8(path: path) }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let file = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
    return try NamedQuery.own(name: String(file.dropLast(".sql".count)), file: path, sql: sql)
  }
}
