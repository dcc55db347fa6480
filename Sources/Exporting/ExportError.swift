import Bytes
internal import Files

/// Why an export fails.
package enum ExportError: Error, Equatable, Sendable {
  /// The path exists already.
  case exists(path: String)
  /// The path cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The run's posts have more other columns than a corpus may have.
  case tooManyColumns(limit: Int)
  /// The files given are not those of the run.
  case otherFiles(run: String, given: [String], wanted: [String])
  /// A file differs from the one that the run read.
  case corpusDiffers(run: String, file: String, difference: Difference)
  /// A corpus has other posts than when it was read before.
  case corpusChanged
  /// A corpus has both tables and JSON.
  case severalFormats
  /// The caller asked to stop.
  case interrupted

  /// How a file differs from the one that the run read.
  package enum Difference: Equatable, Sendable {
    /// A record has another key.
    case otherKey(record: Int, line: Int)
    /// A record has another text or knowledge, or cannot be read any more.
    case otherContent(record: Int, line: Int)
    /// The file ends before records of the run.
    case fewerRecords(found: Int)
    /// The file continues after the last record of the run.
    case moreRecords(read: Int)
  }
}

extension ExportError {
  /// Converts the error of writing a file or folder.
  init(_ problem: FileError, at path: String) {
    self = problem == .alreadyThere ? .exists(path: path) : .cannotWrite(path: path, reason: problem.description)
  }

  /// The value of `body`, whose errors concern the file or folder at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileError) -> Value) throws(ExportError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw ExportError(error, at: path)
    }
  }
}

extension ExportError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .exists(let path): "\(path.printable) already exists and was left as it is"
    case .cannotWrite(let path, let reason):
      "cannot write \(path.printable): \(reason.printable); check its folder and the disk"
    case .tooManyColumns(let limit):
      "the run's posts have over \(limit) other columns"
    case .otherFiles(let run, let given, let wanted):
      """
      run \(run.printable) is of \(Self.list(wanted)), but the corpus given is \(Self.list(given)): give the files of the \
      run, in any folder
      """
    case .corpusDiffers(let run, let file, let difference):
      "\(file.printable) is not what run \(run.printable) has read: \(Self.words(difference))"
    case .corpusChanged: "the corpus was changed while it was read; nothing was written, so run the command again"
    case .severalFormats: "the corpus has both tables and JSON, which cannot be in one file; convert one of them first"
    case .interrupted: "interrupted; nothing was written, so run the command again at any time"
    }
  }

  private static func list(_ files: [String]) -> String { files.listed(most: 5) }

  private static func words(_ difference: Difference) -> String {
    switch difference {
    case .otherKey(let record, let line):
      """
      record \(record), on line \(line), has another key
      """
    case .otherContent(let record, let line):
      """
      record \(record), on line \(line), has other content
      """
    case .fewerRecords(let found):
      "it ends after \(found) \(found == 1 ? "record" : "records"), and the run has more. Give the file as it was scored"
    case .moreRecords(let read):
      """
      it continues after record \(read), where the run ends. Give the file as it was scored, or score the rows that \
      were added
      """
    }
  }
}
