import ArgumentParser
import Bytes
import Files
import Reporting

/// A drawn file's place on disk: it takes the place of a file of its kind, never of a store or of anything else.
enum ReportFile {
  /// Rejects a path at which something else is. Nothing is read but the beginning of a regular file.
  static func check(_ path: String, _ format: ReportFormat, flag: String) throws {
    do throws(FileProblem) {
      try OutputFile.check(path)
    } catch .isFolder {
      throw ReportingError.outputIsDirectory(path)
    } catch {
      throw ReportingError.cannotWrite(path: path, reason: error.description)
    }
    let beginning: [UInt8] =
      switch format {
      case .pdf: Array("%PDF-".utf8)
      case .png: [0x89] + Array("PNG\r".utf8)
      case .svg: Array("<?xml".utf8)
      }
    let start = OutputFile.beginning(of: path, beginning.count)
    guard !start.isEmpty, start != beginning else { return }
    throw ValidationError(
      "\(path.printable) is there and is no \(format.rawValue.uppercased()); name another file with \(flag).")
  }
}
