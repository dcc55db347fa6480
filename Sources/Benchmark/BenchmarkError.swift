internal import Bytes

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
    }
  }
}
