import ArgumentParser
import Foundation
import Reporting

/// A PDF's place on disk: it takes the place of a PDF, never of a store or of anything else.
enum PDFFile {
  /// Refuses a path at which something else is.
  static func check(_ path: String, flag: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    let start = try? file.read(upToCount: 5)
    guard let start, !start.isEmpty, start != Data("%PDF-".utf8) else { return }
    throw ValidationError("\(path) is there and is no PDF; name another file with \(flag).")
  }
}
