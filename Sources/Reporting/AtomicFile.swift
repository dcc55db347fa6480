internal import Files

/// Writes a report's file whole or not at all.
package enum AtomicFile {
  /// Puts bytes at a path. A symbolic link keeps pointing where it does; a terminal or a pipe is written into.
  ///
  /// - Throws: `ReportingError.outputIsDirectory` or `.cannotWrite`; what stood at the path is then untouched.
  package static func write(_ bytes: [UInt8], to path: String) throws(ReportingError) {
    do throws(FileProblem) {
      try OutputFile.write(bytes, to: path)
    } catch {
      throw error == .isFolder ? .outputIsDirectory(path) : .cannotWrite(path: path, reason: error.description)
    }
  }
}
