import ArgumentParser
import Foundation
import Reporting

/// A drawn file's place on disk: it takes the place of a file of its kind, never of a store or of anything else.
enum ReportFile {
  /// Refuses a path at which something else is.
  static func check(_ path: String, _ format: ReportFormat, flag: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    let start = try? file.read(upToCount: 5)
    let beginning =
      switch format {
      case .pdf: Data("%PDF-".utf8)
      case .png: Data([0x89]) + Data("PNG\r".utf8)
      case .svg: Data("<?xml".utf8)
      }
    guard let start, !start.isEmpty, start != beginning else { return }
    throw ValidationError("\(path) is there and is no \(format.rawValue.uppercased()); name another file with \(flag).")
  }
}
