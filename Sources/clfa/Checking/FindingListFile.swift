import Bytes
import CorpusCheck
import Files
import Queries

/// The file of `clfa check --list`: CSV that appears when it is complete.
final class FindingListFile {
  /// The path as given.
  let path: String
  /// Collects the rows.
  let list: FindingList
  /// The lines written, without the header.
  private(set) var rows = 0
  private var format: any RowFormat
  private let writer: AtomicWriter

  /// The columns, in order.
  static let columns = ["finding", "key", "file", "line", "other_key", "other_file", "other_line", "detail"]

  /// Begins a file, which must not exist yet.
  ///
  /// - Throws: `FindingListFileError`.
  init(_ path: String, format: any RowFormat) throws {
    (self.path, self.format) = (path, format)
    do throws(FileError) {
      writer = try AtomicWriter(path, .new)
      list = try FindingList(near: path)
    } catch {
      throw FindingListFileError(path: path, error: error)
    }
  }

  /// Writes all rows, after the check.
  ///
  /// - Throws: `FindingListFileError`; `CorpusCheckError.interrupted`.
  func write(shouldStop: @escaping () -> Bool) throws {
    do {
      try writer.append { format.begin(Self.columns, into: &$0) }
      try list.each(shouldStop: shouldStop) { row in
        try writer.append { format.row(Self.values(row), into: &$0) }
        rows += 1
      }
      try writer.append { format.end(into: &$0) }
      try writer.finish()
    } catch let error as FileError {
      throw FindingListFileError(path: path, error: error)
    }
  }

  private static func values(_ row: ListedRow) -> [QueryValue] {
    func place(_ place: ListedRow.Place?) -> [QueryValue] {
      guard let place else { return [.null, .null, .null] }
      return [place.key.map { .text($0) } ?? .null, .text(place.file), .integer(Int64(place.line))]
    }
    return [.text(row.finding.rawValue)] + place(row.row) + place(row.other) + [.text(row.detail)]
  }
}

/// The list of findings cannot be written.
struct FindingListFileError: Error, CustomStringConvertible {
  let path: String
  let error: FileError

  var description: String {
    switch error {
    case .alreadyThere: "\(path.printable) already exists and was left as it is; name another file with --list"
    default: "cannot write \(path.printable): \(error); check its folder and the disk"
    }
  }
}
