internal import Bytes
internal import Files

/// Why the benchmark failed.
package enum BenchmarkError: Error, Sendable {
  /// A synthetic picture could not be written as JPEG.
  case picture
  /// The caller asked to stop.
  case interrupted
  /// The same posts got different scores with another number of workers.
  case scoresDiffer(workers: Int)
  /// A post that cannot be scored; the message gives the place and the reason.
  case faulted(String)
  /// The folder for model and posts contains something else.
  case notABenchmarkFolder(String)
  /// Another benchmark uses the folder.
  case inUse(String)
  /// A file or folder cannot be written.
  case cannotWrite(path: String, reason: String)

  /// The value of `body`, which writes the file or folder at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileError) -> Value) throws(BenchmarkError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .cannotWrite(path: path, reason: error.description)
    }
  }
}

extension BenchmarkError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .picture: "a synthetic picture could not be encoded; check that libjpeg is installed"
    case .interrupted: "interrupted"
    case .scoresDiffer(let workers):
      "\(workers) workers gave other scores than one worker, so results depend on the number of threads; please report this"
    case .faulted(let reason):
      "a post cannot be scored, so nothing was measured: \(reason.printable)"
    case .notABenchmarkFolder(let folder):
      "\(folder.printable) holds files that clfa bench did not make"
    case .inUse(let folder):
      "another clfa bench is running in \(folder.printable)"
    case .cannotWrite(let path, let reason):
      "cannot write \(path.printable): \(reason); check the folder and the disk"
    }
  }
}
