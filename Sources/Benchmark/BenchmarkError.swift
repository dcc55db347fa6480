internal import Bytes
internal import Files

/// Why there is no measurement.
public enum BenchmarkError: Error, Sendable {
  /// A synthetic picture could not be written as JPEG.
  case picture
  /// Somebody asked for an early end.
  case interrupted
  /// The same posts got other scores from another number of workers.
  case scoresDiffer(workers: Int)
  /// A post that cannot be scored; its words say where and why.
  case faulted(String)
  /// The folder to keep model and posts in holds something else.
  case foreignFolder(String)
  /// Another benchmark works in the folder.
  case inUse(String)
  /// A file or folder cannot be written.
  case unwritable(path: String, reason: String)

  /// The value of `body`, which writes the file or folder at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileProblem) -> Value) throws(BenchmarkError) -> Value {
    do throws(FileProblem) {
      return try body()
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }
}

extension BenchmarkError: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String {
    switch self {
    case .picture: "a synthetic picture could not be encoded; see whether libjpeg is installed whole"
    case .interrupted: "interrupted"
    case .scoresDiffer(let workers):
      "\(workers) workers gave other scores than one: the library's results depend on its threads; please report this"
    case .faulted(let reason):
      "a post cannot be scored, so nothing was measured: \(reason.printable); empty the folder of --keep, if posts are kept"
    case .foreignFolder(let folder):
      "\(folder.printable) holds files that no benchmark made; name an empty folder or a new one after --keep"
    case .inUse(let folder):
      "another clfa bench is at work in \(folder.printable); wait for it, or name another folder with --keep"
    case .unwritable(let path, let reason):
      "cannot write \(path.printable): \(reason); check the folder and the disk"
    }
  }
}
