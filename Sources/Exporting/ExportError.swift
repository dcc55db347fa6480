internal import Files

/// What ends an export: facts only, their words are in `ExportError+Words.swift`.
public enum ExportError: Error, Equatable, Sendable {
  /// Something stands at the path already.
  case exists(path: String)
  /// The path cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The run's posts have more other columns than a corpus may have.
  case tooManyColumns(limit: Int)
  /// The files given are not those of the run.
  case otherFiles(run: String, given: [String], wanted: [String])
  /// A file is not the one that the run has read.
  case corpusDiffers(run: String, file: String, difference: Difference)
  /// The caller asked to stop.
  case interrupted

  /// How a file differs from the one that the run has read.
  public enum Difference: Equatable, Sendable {
    /// A record has another key.
    case otherKey(record: Int, line: Int)
    /// A record has another text or knowledge, or cannot be read any more.
    case otherContent(record: Int, line: Int)
    /// The file ends before records that the run has.
    case fewerRecords(found: Int)
    /// The file goes on behind the last record that the run has.
    case moreRecords(read: Int)
  }
}

extension ExportError {
  /// What kept a file or folder from being written.
  init(_ problem: FileProblem, at path: String) {
    self = problem == .alreadyThere ? .exists(path: path) : .cannotWrite(path: path, reason: problem.description)
  }

  /// The value of `body`, whose trouble is of the file or folder at `path`.
  static func writing<Value>(_ path: String, _ body: () throws(FileProblem) -> Value) throws(ExportError) -> Value {
    do throws(FileProblem) {
      return try body()
    } catch {
      throw ExportError(error, at: path)
    }
  }
}
