internal import Files

/// A file of an export: `AtomicWriter` with an export's errors. It takes the place of nothing.
final class ExportFile {
  private let path: String
  private let writer: AtomicWriter

  /// Begins a file.
  ///
  /// - Throws: `exists` where something is at the path, `cannotWrite`.
  init(_ path: String) throws(ExportError) {
    self.path = path
    writer = try ExportError.writing(path) { () throws(FileProblem) in try AtomicWriter(path, .new) }
  }

  /// Lends the buffer to be appended to, and passes on what is enough to be worth it.
  func write(_ body: (inout [UInt8]) throws -> Void) throws {
    do {
      try writer.append(body)
    } catch let problem as FileProblem {
      throw ExportError(problem, at: path)
    }
  }

  /// Writes bytes over those at a place, which must have been written before.
  func overwrite(_ bytes: [UInt8], at place: Int) throws(ExportError) {
    try ExportError.writing(path) { () throws(FileProblem) in try writer.overwrite(bytes, at: place) }
  }

  /// Ends the file and puts it in its place.
  func finish() throws(ExportError) {
    try ExportError.writing(path) { () throws(FileProblem) in try writer.finish() }
  }
}
